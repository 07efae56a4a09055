"""When cases of budgets and levels of classes may have another answer by time alone, to be asked again then.

A moment at which something that they read changes; the answer itself may well stay the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache, reduce
from operator import or_

from engine.book.asked import AGES, NOW, OfTime, asked_of_time, factor
from engine.book.book import Book
from engine.case import Case, Running
from rules.cel import Condition
from rules.cel.tree import Arithmetic, Comparison, Constant, Expression, Reading
from rules.time.instant import instant, local_day

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)  # the least time: what holds until a moment may hold at it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked of time for the budget of a clock; for a class, of no clock."""

    clock: str | None
    asked: OfTime


@lru_cache(maxsize=4096)
def askings(book: Book, workflow: str) -> tuple[Asking, ...]:
    """None for most workflows, so that most items never wake for it."""
    varying = (spec for spec in book.clocks_of(workflow) if spec.varies)
    clocks = ((spec.id, [each.condition for each in spec.budgets]) for spec in varying)
    classes = [level.condition for each in book.classes_of(workflow) for level in each.levels]
    found = (
        Asking(clock=id, asked=_all_of(book, conditions)) for id, conditions in (*clocks, (None, classes))
    )
    return tuple(each for each in found if each.asked)


def _all_of(book: Book, conditions: list[Condition | None]) -> OfTime:
    asked = (asked_of_time(each, book.formulas) for each in conditions if each is not None)
    return reduce(or_, asked, OfTime())


def asked_next(book: Book, case: Case, now: datetime) -> datetime | None:
    """The next moment at which something of it changes."""
    if case.row.closed_at is not None:
        return None
    moments = (
        moment
        for each in askings(book, case.row.workflow)
        if each.clock is None or _may_change(case.clocks.get(each.clock))
        for moment in _moments(book, case, each.asked, now)
    )
    return min((moment for moment in moments if moment > now), default=None)


def _may_change(running: Running | None) -> bool:
    return running is not None and (running.live or running.unlimited)


def _moments(book: Book, case: Case, asked: OfTime, now: datetime) -> Iterator[datetime]:
    for name in asked.facts:
        place, _, key = name.rpartition(".")
        if name in AGES:
            yield _midnight(book.zone, now)
        elif place.startswith("clock.") and (running := case.clocks.get(place.removeprefix("clock."))):
            yield from _of_clock(book, running, key, now)
    for comparison in asked.comparisons:
        if (moment := _equal_at(book, case, comparison)) is not None:
            yield from (moment, moment + TICK)


def _of_clock(book: Book, running: Running, key: str, now: datetime) -> Iterator[datetime]:
    """That it starts or runs out; as long as it goes on, days with the day and hours with the hour."""
    row, calendar = running.row, book.calendar_of(book.clocks[running.row.clock].spec.calendar)
    yield row.started_at
    yield row.due_at
    if not running.live:
        return
    if key.startswith("hours"):
        hours = (now - row.due_at) // HOUR
        yield from (row.due_at + hours * HOUR + TICK, row.due_at + (hours + 1) * HOUR + TICK)
    elif "days" in key:
        midnight = _midnight(calendar.zone, now)
        # 24:00 is of the day that it ends: nobody is late by another day before it is over.
        yield from (midnight - DAY + TICK, midnight, midnight + TICK)


def _midnight(zone: tzinfo, now: datetime) -> datetime:
    return instant(local_day(now, zone) + DAY, 0, zone)


def _equal_at(book: Book, case: Case, comparison: Comparison) -> datetime | None:
    """When both sides are the same; None where a date is not given."""
    times = (factor(comparison.left) or 0) - (factor(comparison.right) or 0)
    left, right = _rest(book, case, comparison.left), _rest(book, case, comparison.right)
    if left is None or right is None:
        return None
    try:
        return EPOCH + (right - left) / times
    except OverflowError:
        return None  # beyond the calendar


def _rest(book: Book, case: Case, node: Expression) -> timedelta | None:
    """A sum without now in it, moments as the time since an epoch."""
    if isinstance(node, Arithmetic):
        left, right = _rest(book, case, node.left), _rest(book, case, node.right)
        if left is None or right is None:
            return None
        return left + right if node.operator == "+" else left - right
    if isinstance(node, Constant):
        return node.value - EPOCH if isinstance(node.value, datetime) else _span(node.value)
    assert isinstance(node, Reading), "only sums of moments are compared with now"
    if node.fact.name == NOW:
        return timedelta()
    moment = _moment(book, case, node.fact.name)
    return moment - EPOCH if moment is not None else None


def _span(value: object) -> timedelta:
    assert isinstance(value, timedelta), "a constant in such a sum is a moment or a span"
    return value


def _moment(book: Book, case: Case, name: str) -> datetime | None:
    """A date of the item begins with its day."""
    place, _, key = name.rpartition(".")
    if place != "item":
        running = case.clocks.get(place.removeprefix("clock."))
        found = {"due": "due_at", "started": "started_at", "ended": "ended_at"}[key]
        return getattr(running.row, found) if running is not None else None
    if key == "opened":
        return case.row.opened_at
    written = case.fields.get(key)
    if not isinstance(written, str):
        return None
    if "T" in written:
        return datetime.fromisoformat(written).astimezone(UTC)
    return instant(date.fromisoformat(written), 0, book.zone)
