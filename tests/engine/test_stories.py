"""What authors of real regimes found: each file of stories/ is a book beside the office of the how-to pages,
and its own tests come true."""

from pathlib import Path

import pytest

from engine.book.book import read_book
from engine.testing import run_test
from tests.docs.test_howto import HOWTO

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))


@pytest.mark.parametrize("file", STORIES, ids=lambda path: path.stem)
def test_it_comes_true(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    for path in (HOWTO / "office.yaml", file):
        (folder / path.name).write_bytes(path.read_bytes())
    book = read_book(folder)
    assert book.tests
    for name, case in book.tests.items():
        assert run_test(book, name, case, tmp_path).failures == (), name
