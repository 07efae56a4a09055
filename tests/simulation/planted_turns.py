"""Bugs in transactions, in the log, and in turns."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from engine import desk, schedules, turn, wake
from store import commit
from store.audit import Log
from store.commit import Commits
from store.errors import StoreError
from store.instants import instant_text
from store.outbox import OutboxWrites
from store.read_items import ItemQueries
from store.registers import RegisterWrites
from store.sqlite import SqliteDatabase as Sqlite
from tests.simulation.planting import bug
from tests.simulation.world import World


@bug("A2")
def commits_half_a_batch() -> Any:
    """The entries are on the disk before the rows that go with them."""
    whole = Commits._write_rest

    def rest(self: Commits, *arguments: Any) -> None:
        if self._depth == 0:
            self.connection.exec_driver_sql("COMMIT")
            self.connection.exec_driver_sql("BEGIN IMMEDIATE")
        whole(self, *arguments)

    return patch.object(Commits, "_write_rest", rest)


@bug("A6")
def says_done_though_the_commit_failed() -> Any:
    whole = Sqlite.writing

    @contextmanager
    def writing(self: Sqlite) -> Iterator[Any]:
        done = False
        try:
            with whole(self) as connection:
                yield connection
                done = True
        except StoreError:
            if not done:
                raise

    return patch.object(Sqlite, "writing", writing)


@bug("A1")
def settles_a_notice_without_an_entry() -> Any:
    whole = OutboxWrites.settle_notice

    def settle(self: Any, id: int, *, entry: Any, **more: Any) -> int:
        if more["state"] != "sent":
            return whole(self, id, entry=entry, **more)
        self.connection.exec_driver_sql(f"UPDATE notices SET state = 'sent' WHERE id = {int(id)}")
        return 0

    return patch.object(OutboxWrites, "settle_notice", settle)


@bug("A1")
def makes_the_image_before_the_last_change() -> Any:
    whole = commit.image_digest
    return patch.object(commit, "image_digest", lambda row, secret: whole({**row, "light": "none"}, secret))


@bug("A8")
def lets_time_run_back() -> Any:
    whole = Log._common

    def common(self: Log, at: datetime | None, count: int) -> dict[str, Any]:
        self.last_ts = ""
        made = whole(self, at, count)
        return {**made, "ts": self._now}

    return patch.object(Log, "_common", common)


@bug("A8")
def hides_that_a_clock_went_back() -> Any:
    whole = Log._common

    def common(self: Log, at: datetime | None, count: int) -> dict[str, Any]:
        made = whole(self, at, count)
        made.pop("clk", None)
        return made

    return patch.object(Log, "_common", common)


@bug("D5")
def tidies_the_log() -> Any:
    """What was tried in vain is cut out of an old entry, as if it had never stood there."""
    whole = OutboxWrites.settle_notice

    def settle(self: Any, id: int, **more: Any) -> int:
        seq = whole(self, id, **more)
        run = self.connection.exec_driver_sql
        run("DROP TRIGGER IF EXISTS audit_no_update")
        run("UPDATE audit SET leaf = zeroblob(32) WHERE act = 'notice.retry' AND seq < ?", (seq,))
        return seq

    return patch.object(OutboxWrites, "settle_notice", settle)


@bug("C1")
def writes_instants_in_local_time() -> Any:
    east = timedelta(hours=8)
    whole = instant_text
    return patch("store.statements.instant_text", lambda value: whole(value + east)[:-1] + "+08:00")


@bug("D6")
def skips_a_number() -> Any:
    whole = RegisterWrites.reserve_numbers

    def reserve(self: RegisterWrites, prefix: str, year: int, count: int) -> range:
        return whole(self, prefix, year, count + (prefix == "K"))[:count]

    return patch.object(RegisterWrites, "reserve_numbers", reserve)


@bug("T3")
def reads_the_clock_of_the_machine() -> Any:
    return patch.object(World, "believed", World.wall)


@bug("T3")
def rounds_up_to_the_next_quarter() -> Any:
    """Moments that will have come in a quarter of an hour are taken as come."""
    whole = turn.turn
    return patch.object(
        turn, "turn", lambda office, now, *more: whole(office, now + timedelta(minutes=15), *more)
    )


@bug("T7")
def lets_one_poisoned_item_undo_the_batch() -> Any:
    def items(office: Any, tx: Any, found: Any, now: datetime) -> Any:
        try:
            with tx.savepoint():
                return turn._together(office, tx, found, now)
        except Exception:  # this is the bug
            return turn.Turned()

    return patch.object(turn, "_turn_items", items)


@bug("N2")
def has_no_savepoints() -> Any:
    """Whoever comes back after his lease leaves the entry of what he could not settle."""
    return patch.object(Commits, "savepoint", lambda self: nullcontext())


@bug("T7")
def stops_at_a_parked_row() -> Any:
    whole = ItemQueries.due_items

    def due(self: Any, now: datetime, limit: int) -> Any:
        parked = self.connection.exec_driver_sql("SELECT 1 FROM parked WHERE next_at IS NULL").first()
        return [] if parked else whole(self, now, limit)

    return patch.object(ItemQueries, "due_items", due)


@bug("T8")
def never_gives_up_on_a_poisoned_row() -> Any:
    def park(self: Any, subject: str, error: str, now: datetime) -> Any:
        whole(self, subject, error, now)
        again = now + timedelta(hours=1)
        self.connection.exec_driver_sql(
            "UPDATE parked SET next_at = ? WHERE subject = ?", (instant_text(again), subject)
        )
        return next(each for each in self.parked() if each.subject == subject)

    whole = RegisterWrites.park
    return patch.object(RegisterWrites, "park", park)


@bug("T1")
def forgets_who_was_due_when_others_touch_him() -> Any:
    """As it was until this simulator found it."""
    return patch.object(desk.Desk, "_wakes", lambda self, case: wake.next_wake(self.book, case, self.now))


@bug("T1")
def sleeps_through_due_moments() -> Any:
    whole = wake.next_wake
    return patch.object(desk, "next_wake", lambda book, case, now: _rungs_only(whole, book, case, now))


def _rungs_only(whole: Any, book: Any, case: Any, now: datetime) -> datetime | None:
    with patch.object(wake, "passes_at", lambda *_: None):
        found: datetime | None = whole(book, case, now)
        return found


@bug("T1")
def skips_weeks_it_slept_through() -> Any:
    """What fell due meanwhile is dropped, as a scheduler drops what misfired (F3)."""
    whole = schedules._open_duty

    def open_duty(on: Any, duty: Any, period: Any, since: datetime) -> None:
        if schedules.due_for(on.book, duty, period).due > on.now:
            whole(on, duty, period, since)

    return patch.object(schedules, "_open_duty", open_duty)
