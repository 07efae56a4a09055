"""Stores to measure with: tasks that are all due at once, as after a long outage."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from engine.book.book import Book, read_book
from engine.case import canonical, clock_row
from engine.office import Founding, Office, found
from engine.testing import everybody
from engine.turn import turn_all
from rules.time.calendar import Dated
from rules.time.clock import start_until
from rules.time.duration import due_on
from store.rows import Batch, ClockRow, Entry, ItemRow
from tests.bench.measure import say

BOOK = Path(__file__).parent / "book"
BEGINS = datetime(2021, 1, 4, 1, tzinfo=UTC)
NOW = datetime(2021, 5, 11, 1, tzinfo=UTC)  # the first rung of every task is reached, the second of none
DUE_DAYS = tuple(date(2021, 5, day) for day in (13, 14, 15, 16, 17))
AT_ONCE = 5_000


class Workshop:
    """Makes each store once and hands out copies, in a folder that is somebody else's to remove."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copies = 0

    @cached_property
    def book(self) -> Book:
        return read_book(BOOK)

    def backlog(self, count: int) -> Path:
        """An office with `count` tasks that are due at NOW."""
        path = self.folder / f"backlog-{count}.db"
        if not path.exists():
            say(f"making a backlog of {count:,} items")
            fill(path, self.book, count)
        return path

    def drained(self, count: int) -> Path:
        """The same after its backlog was worked off."""
        path = self.folder / f"drained-{count}.db"
        if not path.exists():
            copy(self.backlog(count), path)
            office = open_office(path)
            turn_all(office, NOW)
            office.close()
        return path

    def copy_of(self, path: Path) -> Path:
        self._copies += 1
        return copy(path, self.folder / f"copy-{self._copies}.db")


def copy(path: Path, to: Path) -> Path:
    """A closed store is one file: its last connection has emptied the write-ahead log."""
    assert not Path(f"{path}-wal").exists(), f"{path} is still open"
    return Path(shutil.copyfile(path, to))


def open_office(path: Path) -> Office:
    return Office.open(f"sqlite:///{path}")


def fill(path: Path, book: Book, count: int) -> None:
    founding = Founding(url=f"sqlite:///{path}", book=book, files={}, holders=everybody(book), ledger=False)
    office = found(founding, BEGINS)
    for first in range(0, count, AT_ONCE):
        with office.store.write(BEGINS) as tx:
            tx.commit_batch(batch_of(book, range(first, min(first + AT_ONCE, count))))
    office.close()


def batch_of(book: Book, numbers: range) -> Batch:
    opened, clocks = zip(*tasks(book, numbers), strict=True)
    return Batch(entries=tuple(entry_of(row) for row in opened), opened=opened, clocks=clocks)


def tasks(book: Book, numbers: range) -> Iterator[tuple[ItemRow, ClockRow]]:
    """Each opened at a moment of its own, as people open them, so that no cache knows it already."""
    units = sorted(book.units)
    for position, number in enumerate(numbers):
        day = DUE_DAYS[number % len(DUE_DAYS)]
        due = due_on(Dated(day, provisional=False), book.calendar)
        opened_at = BEGINS + timedelta(seconds=60 * number % (90 * 86_400), microseconds=number)
        row = task_of(number, day, opened_at)
        row = replace(row, unit=units[number % len(units)], book=book.digest, entry=position)
        yield row, clock_row(start_until(opened_at, due), row.id, "due", position)


def task_of(number: int, due: date, opened_at: datetime) -> ItemRow:
    return ItemRow(
        id=f"T-2021-{number:07d}",
        workflow="task",
        state="open",
        title=f"第{number}号任务：按期完成并报送情况",
        unit=None,
        owner=None,
        parent=None,
        fields=canonical({"category": "重点任务", "due": due.isoformat(), "progress": str(number % 100)}),
        light="none",
        sealed=False,
        duty=None,
        rule=None,
        period=None,
        period_first=None,
        period_last=None,
        opened_at=opened_at,
        opened_by="north.head",
        closed_at=None,
        book="",
        rev=1,
        wake_at=NOW - timedelta(days=2, minutes=number % 1440),
        entry=0,
    )


def entry_of(row: ItemRow) -> Entry:
    actor = {"id": row.opened_by, "kind": "person"}
    return Entry(
        act="item.open", actor=actor, obj_type="item", obj_id=row.id, why="立项", more={"to": row.state}
    )
