"""A followed folder: the book in it is adopted whenever it has changed and has no errors."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from engine.adopt import adopt, refuse
from engine.book.book import read_book
from engine.book.finding import BookError
from engine.office import Office, files_of, paths_of


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
        happened = self._take_up(office, now)
        self._seen = seen  # not before: what failed for another reason is tried again
        if happened is not None:
            yield happened

    def _take_up(self, office: Office, now: datetime) -> str | None:
        try:
            book = read_book(self.folder)
        except BookError as error:
            refuse(office, error.findings, self.folder.name, now)
            return "book.refuse"
        return "book.adopt" if adopt(office, book, files_of(self.folder), (), now) else None

    def _look_at_files(self) -> bytes:
        content = hashlib.sha256()
        for path in paths_of(self.folder):
            name = path.relative_to(self.folder).as_posix().encode()
            content.update(name + b"\0" + _held(path) + b"\0")
        return content.digest()


def _held(path: Path) -> bytes:
    """Of a file that cannot be read, why: the check of the book tells it to its author."""
    try:
        return path.read_bytes()
    except OSError as error:
        return f"unreadable: {error.strerror}".encode()
