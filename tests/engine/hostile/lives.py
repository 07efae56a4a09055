"""A made-up stretch of a how-to book, told again: awake, asleep, asked every hour, or crashing."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.act import act, open_new
from engine.book.book import Book
from engine.drive import TICK, drive, next_wake
from engine.history import History, history_of
from engine.office import Founding, Office, found
from engine.pretend import pretend
from engine.published import PUBLISHED
from engine.replay import Replayed, _World, found_for
from engine.simulate import people_of, simulate
from engine.turn import turn_all, turn_within
from store.commit import Commits
from store.rows import Batch
from store.verify import verify
from tests.engine.hostile.yard import SHANGHAI, page_book

SINCE = datetime(2026, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Life:
    book: Book
    history: History
    until: datetime
    picture: dict[str, Any]


def lived(folder: Path, topic: str, seed: int, days: int) -> Life:
    book, until = page_book(folder / "book", topic), SINCE + timedelta(days=days)
    scenario = pretend(book, seed, SINCE, until)
    founding = Founding(
        url=f"sqlite:///{folder / 'first.db'}", book=book, files={}, holders=people_of(book, scenario)
    )
    office = found(founding, SINCE)
    simulate(office, scenario, SINCE, until, strict=False)
    with office.store.read() as reader:
        history = history_of(reader, topic)
    picture = picture_of(office)
    office.close()
    return Life(book=book, history=history, until=until, picture=picture)


def picture_of(office: Office) -> dict[str, Any]:
    """What the office came to, but for when it was noticed."""
    with office.store.read() as reader:
        rows = reader.list_items(include_sealed=True)
        clocks = [row for each in reader.clocks_of([row.id for row in rows]).values() for row in each]
        return {
            # By number, not by opening: what was due while it slept is opened when it wakes, after others.
            "items": sorted(
                (row.id, row.workflow, row.state, row.unit, row.period, row.light, row.rule, row.fields)
                for row in rows
            ),
            "published": sorted(
                (line.obj_id or "", json.dumps(json.loads(line.rec)["values"], sort_keys=True))
                for line in reader.list_audit(act=PUBLISHED)
            ),
            "clocks": {
                (row.item, row.clock, row.started_at, row.due_at, row.outcome, row.missed_at, row.ended_at)
                for row in clocks
            },
            "firings": [(each.key, each.count) for each in reader.count_firings()],
            "notices": sorted(
                (each.notice.rule or "", each.notice.item or "", each.notice.recipient, each.notice.subject)
                for each in reader.list_notices()
            ),
            "parked": [each.subject for each in reader.parked()],
            "whole": verify(reader).ok,
        }


class Teller:
    """Stands where a replay has its virtual time, and does everything in transactions of its own."""

    def __init__(self, life: Life, folder: Path) -> None:
        self.office = found_for(life.history, life.book, f"sqlite:///{folder}")
        self.life, self.now = life, SINCE

    def tell(self, go_on: Callable[[datetime, datetime], None]) -> dict[str, Any]:
        """`go_on(since, until)` lets time go by."""
        world = _World(self, self.life.history, Replayed(until=self.life.until))  # type: ignore[arg-type]
        world.observe = lambda: self.observe(world)  # type: ignore[method-assign]
        for happened in self.life.history.happened:
            go_on(self.now, happened.at)
            self.now = happened.at
            world.repeat(happened)
        go_on(self.now, self.life.until)
        return picture_of(self.office)

    def observe(self, world: _World) -> None:
        with self.office.store.read() as reader:
            self.at = lambda _: reader
            _World.observe(world)

    def expect(self, *_: object) -> None:
        pass

    def open(self, wish: Any, now: datetime) -> Any:
        return open_new(self.office, wish, now)

    def act_one(self, wish: Any, now: datetime) -> Any:
        return act(self.office, wish, now)

    # ---------------------------------------------------------------- how time goes by

    def awake(self, since: datetime, until: datetime) -> None:
        drive(self.office, since, until)

    def asleep_for_a_month(self, since: datetime, until: datetime) -> None:
        down, up = SINCE + timedelta(days=20), SINCE + timedelta(days=50)
        if since < down:
            drive(self.office, since, min(down, until))
        if since < up <= until:
            turn_all(self.office, up)
        if until > up:
            drive(self.office, max(since, up), until)

    def asked_every_hour(self, since: datetime, until: datetime) -> None:
        """Everything is woken and asked, whatever it says of when it wakes."""
        at = since.replace(minute=0, second=0, microsecond=0) + HOUR
        while at <= until:
            self.ask(at)
            at += HOUR
        self.ask(until)

    def ask(self, now: datetime) -> None:
        with self.office.store.write(now) as tx:
            tx.set_wakes({row.id: now for row in tx.list_items(include_sealed=True)})
            turn_within(self.office, tx)


class Crash(BaseException):
    """The machine stops here."""


class Crashing(Teller):
    """Two processes on one file, either of which dies at any write and is started again."""

    def __init__(self, life: Life, folder: Path, seed: int) -> None:
        super().__init__(life, folder)
        self.url, self.draw, self.crashes = f"sqlite:///{folder}", Random(seed), 0
        self.offices = [self.office, Office.open(self.url)]

    def again(self, do: Callable[[Office], Any]) -> Any:
        while True:
            number = self.draw.randrange(2)
            try:
                return do(self.offices[number])
            except Crash:
                self.crashes += 1
                self.offices[number].close()
                self.offices[number] = Office.open(self.url)
                self.office = self.offices[0]

    def open(self, wish: Any, now: datetime) -> Any:
        return self.again(lambda office: open_new(office, wish, now))

    def act_one(self, wish: Any, now: datetime) -> Any:
        return self.again(lambda office: act(office, wish, now))

    def awake(self, since: datetime, until: datetime) -> None:
        now = since
        while (wake := self.again(next_wake)) is not None and wake <= until:
            now = max(wake, now)
            turn_now = partial(turn_all, now=now)
            done = [self.again(turn_now) for _ in range(3)]
            now += TICK * (not done[0].work)


@contextmanager
def dying(draw: Random, share: float) -> Iterator[None]:
    """A write dies before, within or after so often."""
    whole, rest = Commits._write, Commits._write_rest

    def die() -> None:
        if draw.random() < share:
            raise Crash

    def write(self: Commits, batch: Batch) -> Any:
        die()
        committed = whole(self, batch)
        die()
        return committed

    def write_rest(self: Commits, batch: Batch, first: int) -> None:
        die()
        rest(self, batch, first)
        die()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Commits, "_write", write)
        patch.setattr(Commits, "_write_rest", write_rest)
        yield
