"""An office of the how-to pages for stories that want to break it; any text is a book."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.act import NewItem, Outcome, Wish, act, open_new
from engine.book.book import Book, read_book
from engine.drive import drive
from engine.office import Founding, found
from engine.testing import everybody
from engine.turn import Turned, turn_all
from store.rows import ClockRow, ItemRow
from store.verify import Verdict, verify
from tests.docs.test_howto import HOWTO, write_book
from workflows.machine import Moved

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def wall(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def book_of(folder: Path, text: str) -> Book:
    """The office that all how-to pages share, and this text."""
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_bytes((HOWTO / "office.yaml").read_bytes())
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return read_book(folder)


def page_book(folder: Path, topic: str) -> Book:
    return read_book(write_book(HOWTO / f"{topic}.en.md", folder))


class Yard:
    """An office on a file, with a hand on its clock; `up`: the daemon runs while time goes by."""

    def __init__(
        self, folder: Path, begins: str, book: Book | str, *, duties: Iterable[str] = (), up: bool = True
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url, self.now, self.up = f"sqlite:///{folder / 'office.db'}", at(begins), up
        self.folder = folder
        self.office = found(
            Founding(
                url=self.url,
                book=book_of(folder / "book", book) if isinstance(book, str) else book,
                files={},
                holders=everybody(book_of(folder / "whole", book) if isinstance(book, str) else book),
                duties=frozenset(duties),
            ),
            self.now,
        )

    def until(self, moment: str) -> "Yard":
        if self.up:
            drive(self.office, self.now, at(moment))
        self.now = at(moment)
        return self

    def turn(self) -> Turned:
        return turn_all(self.office, self.now)

    def opens(self, workflow: str, unit: str | None = "water", by: str = "supervisor", **fields: Any) -> str:
        opened = open_new(
            self.office, NewItem(workflow=workflow, title=workflow, by=by, unit=unit, fields=fields), self.now
        )
        assert isinstance(opened, str), opened
        return opened

    def tries(self, event: str, item: str, by: str = "supervisor", **args: Any) -> Outcome:
        return act(self.office, Wish(item=item, event=event, by=by, args=args), self.now)

    def does(self, event: str, item: str, by: str = "supervisor", **args: Any) -> None:
        outcome = self.tries(event, item, by, **args)
        assert isinstance(outcome, Moved), outcome

    # ---------------------------------------------------------------- looking

    def items(self, workflow: str | None = None) -> list[ItemRow]:
        with self.office.store.read() as reader:
            return reader.list_items(workflow=workflow, include_sealed=True)

    def clock(self, item: str, clock: str) -> ClockRow | None:
        with self.office.store.read() as reader:
            return next((row for row in reader.clocks_of([item]).get(item, ()) if row.clock == clock), None)

    def clocks(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        with self.office.store.read() as reader:
            found = reader.clocks_of([row.id for row in self.items()])
        return {
            (row.item, row.clock): (
                wall(row.started_at), wall(row.due_at), row.outcome, wall(row.missed_at), wall(row.ended_at)
            )
            for rows in found.values()
            for row in rows
        }  # fmt: skip

    def records(self, *acts: str) -> list[Mapping[str, Any]]:
        with self.office.store.read() as reader:
            return [json.loads(line.rec) for line in reader.audit_lines() if not acts or line.act in acts]

    def told(self) -> list[tuple[str | None, str | None, str, str | None]]:
        with self.office.store.read() as reader:
            found = sorted(reader.list_notices(), key=lambda each: each.id)
        return [(n.notice.rule, n.notice.item, n.notice.recipient, wall(n.notice.created_at)) for n in found]

    def verdict(self) -> Verdict:
        with self.office.store.read() as reader:
            return verify(reader)

    def close(self) -> None:
        self.office.close()
