"""The books of the little regime, as the office of a simulation reads them."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.book.book import Book, read_book

TEXT = Path(__file__).with_name("regime.yaml")
# What the second edition says otherwise. The oracle knows it too (moments.py).
SECOND = (
    ('version: "1"', 'version: "2"'),
    ("{at: 36 hours before, remind: unit_liaison}", "{at: 48 hours before, remind: unit_liaison}"),
    ("times: 3\n", "times: 2\n"),
)


@cache
def edition(number: int) -> Book:
    text = TEXT.read_text(encoding="utf-8")
    for old, new in SECOND if number == 2 else ():
        assert old in text, old
        text = text.replace(old, new)
    with TemporaryDirectory() as folder:
        (Path(folder) / "regime.yaml").write_text(text, encoding="utf-8")
        return read_book(Path(folder))
