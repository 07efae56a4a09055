"""A turn of the engine: everything that is due now, in order of its moment, in small transactions.

What was due earlier is handled first, so that after an outage a deadline that was missed before the
monthly evaluation is known to it. One poisoned item is set aside and delays nobody (T8).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.book.garbage import uncollected
from engine.desk import Desk
from engine.office import SYSTEM, Office
from engine.react import react, speak
from engine.schedules import handle
from engine.step import Queue
from store.errors import TransactionLost
from store.office import Tx
from store.rows import Entry, ItemRow, ScheduleRow

BATCH_ITEMS = 500
Waited = Callable[[timedelta], None]  # told of each item and schedule how late it is handled


def ignore(_late: timedelta) -> None:
    """Nobody measures."""


@dataclass(frozen=True, kw_only=True)
class Turned:
    """What one turn did. `more`: it stopped at its limit, before everything due was handled."""

    items: int = 0
    schedules: int = 0
    spoke: int = 0
    parked: int = 0
    more: bool = False
    next_at: datetime | None = None  # when there is something to do again

    def __add__(self, other: "Turned") -> "Turned":
        return Turned(
            items=self.items + other.items,
            schedules=self.schedules + other.schedules,
            spoke=self.spoke + other.spoke,
            parked=self.parked + other.parked,
            more=other.more,
            next_at=other.next_at,
        )

    @property
    def work(self) -> int:
        return self.items + self.schedules + self.parked


@uncollected()
def turn(office: Office, now: datetime, waited: Waited = ignore) -> Turned:
    """One transaction: what is due, earliest first, up to a bound on how long others wait for the writer."""
    with office.store.write(now) as tx:
        office.follow(tx)
        return turn_within(office, tx, waited)


def turn_within(office: Office, tx: Tx, waited: Waited = ignore) -> Turned:
    """The same in a transaction that somebody else has begun."""
    total, now = Turned(), tx.now
    while total.work < BATCH_ITEMS:
        done = _next_work(office, tx, now, waited)
        if done.work == 0:
            return replace(total, next_at=_next_at(tx, now))
        total += done
    return replace(total, more=True, next_at=now)


def _next_at(tx: Tx, now: datetime) -> datetime | None:
    """What was set aside until now has been handled, or has nothing to say: it is no longer aside."""
    upcoming = tx.next_wake()
    if upcoming is None or upcoming > now:
        return upcoming
    for parked in tx.parked():
        if parked.next_at is not None and parked.next_at <= now:
            tx.unpark(parked.subject)
    return tx.next_wake()


def _next_work(office: Office, tx: Tx, now: datetime, waited: Waited) -> Turned:
    """The items that are due before the next schedule, or else that schedule."""
    schedules = tx.due_schedules(now)
    horizon = next((row.next_at for row in schedules if row.next_at is not None), now)
    items = tx.due_items(horizon, BATCH_ITEMS)
    for moment in [item.wake_at for item in items] or [row.next_at for row in schedules[:1]]:
        waited(now - (moment or now))
    if items:
        return _turn_items(office, tx, items, now)
    return _turn_schedule(office, tx, schedules[0], now) if schedules else Turned()


def turn_all(
    office: Office, now: datetime, *, stop: Callable[[], bool] = lambda: False, waited: Waited = ignore
) -> Turned:
    """Turn until nothing is due, or until `stop` says so between two transactions."""
    total = Turned(more=True)
    while total.more and not stop():
        total += turn(office, now, waited)
    return total


def _turn_items(office: Office, tx: Tx, items: Sequence[ItemRow], now: datetime) -> Turned:
    """All at once when nothing is wrong; one by one, each in its own savepoint, when something is."""
    try:
        with tx.savepoint():
            return _together(office, tx, items, now)
    except TransactionLost:
        raise  # nothing is left to go on in
    except Exception:  # whatever a poisoned item raises: it is found and set aside below
        # What ails the store itself comes up again when the parking is to be written.
        return sum((_alone(office, tx, item, now) for item in items), Turned())


def _together(office: Office, tx: Tx, items: Sequence[ItemRow], now: datetime) -> Turned:
    spoke = 0
    for digest in sorted({item.book for item in items}):
        mine = {item.id: item for item in items if item.book == digest}
        desk = office.desk(tx, now, office.book_of(tx, digest))
        desk.take(mine, mine)
        for id in mine:
            _wake(desk, id)
        desk.flush()
        tx.set_wakes(desk.untouched_wakes(mine))
        spoke += desk.spoke
    return Turned(items=len(items), spoke=spoke)


def _wake(desk: Desk, id: str) -> None:
    queue: Queue = Queue()
    speak(desk, queue, desk.cases[id])
    react(desk, queue)


def _alone(office: Office, tx: Tx, item: ItemRow, now: datetime) -> Turned:
    try:
        with tx.savepoint():
            fresh = tx.items_by_id([item.id])  # one handled before it may have changed it
            return _together(office, tx, tuple(fresh.values()), now)
    except TransactionLost:
        raise
    except Exception as poison:  # set aside with its reason, tried again later (T8)
        return _park(tx, item.id, "item", poison, now, sealed=item.sealed)


def _turn_schedule(office: Office, tx: Tx, row: ScheduleRow, now: datetime) -> Turned:
    try:
        with tx.savepoint():
            desk = office.desk(tx, now)
            handle(desk, row)
            desk.flush()
            return Turned(items=len(desk.cases), schedules=1, spoke=desk.spoke)
    except TransactionLost:
        raise
    except Exception as poison:  # set aside with its reason, tried again later (T8)
        return _park(tx, row.id, "schedule", poison, now)


def _park(
    tx: Tx, subject: str, kind: str, poison: Exception, now: datetime, *, sealed: bool = False
) -> Turned:
    error = f"{type(poison).__name__}: {poison}"
    parked = tx.park(subject, error, now)
    again = parked.next_at.isoformat() if parked.next_at else f"duban item retry {subject}"
    tx.write_entry(
        Entry(
            act="park",
            actor=SYSTEM,
            obj_type=kind,
            obj_id=subject,
            ok=False,
            why=f"暂置：{error}",
            sealed=sealed,
            more={"tries": parked.tries, "next": again, "why_en": f"set aside: {error}"},
        )
    )
    return Turned(parked=1)
