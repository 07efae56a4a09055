"""One slip: a place in a good book, what stands there afterwards, and the finding that must come."""

from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[4]
BOOKS = {
    "town": ROOT / "tests/docs/findings_book",
    "hospital": ROOT / "duban/books/device-maintenance",
    "city": ROOT / "duban/books/wuhu-2020",
}


@dataclass(frozen=True, kw_only=True)
class Slip:
    """`old` stands once in the file. `told_at`: a text on the line of the finding, perhaps as
    `file.yaml|text`; by default the line of the slip."""

    book: str
    file: str
    old: str
    new: str
    code: str
    told_at: str | None = None

    @property
    def name(self) -> str:
        shown = " ".join(self.new.split())[:50] or "nothing"
        return f"{self.code}: {shown}"

    def changed(self) -> str:
        """The file with the slip."""
        text = self._before()
        return text.replace(self.old, self.new)

    def place(self) -> tuple[str, int]:
        """The file and line at which it must be told, counted from 1."""
        if self.told_at is None:
            text, old, new = self._before(), self.old, self.new
            same = next((at for at, signs in enumerate(zip(old, new, strict=False)) if len({*signs}) > 1), 0)
            return self.file, text[: text.index(old) + same].count("\n") + 1
        file, _, mark = self.told_at.rpartition("|")
        text = (BOOKS[self.book] / file).read_text(encoding="utf-8") if file else self.changed()
        assert mark in text, f"{mark!r} is not in {file or self.file}"
        return file or self.file, text[: text.index(mark)].count("\n") + 1

    def _before(self) -> str:
        text = (BOOKS[self.book] / self.file).read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.old!r} stands {text.count(self.old)} times in {self.file}"
        return text


def slips(book: str) -> tuple[Slip, ...]:
    """The table beside this file."""
    table = yaml.safe_load((Path(__file__).parent / f"{book}.yaml").read_text(encoding="utf-8"))
    return tuple(
        Slip(book=book, file=f"{file}.yaml", old=old, new=new, code=code, told_at=told[0] if told else None)
        for rows in table.values()
        for file, old, new, code, *told in rows
    )
