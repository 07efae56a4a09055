"""A followed folder: the book in it is adopted whenever it has changed and has no errors."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from engine.adopt import adopt, refuse
from engine.book.book import read_book
from engine.book.finding import BookError
from engine.office import Office, files_of


class Followed:
    """What was seen last is remembered by its bytes, so that one mistake is told once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: bytes | None = None

    def look(self, office: Office, now: datetime) -> Iterator[str]:
        """What the log says of it now: "book.adopt", "book.refuse", or nothing."""
        seen = self._look_at_files()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            book = read_book(self.folder)
        except BookError as error:
            refuse(office, error.findings, self.folder.name, now)
            yield "book.refuse"
            return
        if adopt(office, book, files_of(self.folder), (), now):
            yield "book.adopt"

    def _look_at_files(self) -> bytes:
        content = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.yaml")):
            content.update(
                path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
            )
        return content.digest()
