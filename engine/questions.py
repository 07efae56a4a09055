"""A measure as a question to the store, its window fixed to instants; and the answer as a value."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.book.where import NOW
from engine.tree import counted_under
from rules.cel import Kind
from rules.time.instant import END_OF_DAY, instant, local_day
from rules.time.period import Period
from store.instants import instant_text
from store.rows import Reduce, Tally, Where

Value = object
DEADLINE = timedelta(microseconds=1)
CITED = 50  # items that an entry names
DAY_LENGTH = len("2020-08-04")
# What is only ever recorded when it happens: nothing of it is known before.
RECORDED = ("opened", "closed", "at", "missed", "overdue", "met", "ended")
# What may come at 24:00: that is of the day which it ends.
DEADLINES = ("missed", "due", "overdue")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For whom a measure is asked, as of which moment, and for a rule by period about which one."""

    whose: str | None  # unit, post, "office" or item, as the measure counts
    at: datetime
    period: Period | None = None
    complete: bool = False  # every item that was counted is named, however many
    fields: tuple[tuple[str, object], ...] = ()  # of the item, for what is the same in others


def question_of(book: Book, found: CompiledMeasure, asked: Asked, now: datetime) -> Tally:
    """The measure as a question to the store, its window fixed to instants."""
    spec = found.spec
    clocks, events = bool(spec.clocks), bool(spec.events)
    on = "at" if events and spec.on == "opened" else spec.on
    first, until = _window(book, found, asked, now if on in RECORDED else None)
    return Tally(
        of="clocks" if clocks else "events" if events else "items",
        workflows=spec.items or spec.of,
        by=spec.for_,
        key=spec.by,
        under=counted_under(book, spec.over),
        only=asked.whose or "" if spec.for_ == "item" else None,
        states=spec.states,
        not_states=spec.not_states,
        clocks=spec.clocks,
        events=spec.events,
        on=on,
        where=tuple(_as_of(book, each, asked.at) for each in found.where),
        reduce=_reduce(found),
        field=spec.field,
        order=found.order,
        each_at_most=None if spec.each_at_most is None else Decimal(spec.each_at_most),
        zone=book.zone,
        first=first,
        until=until,
        cited=None if asked.complete else CITED,
    )


def _as_of(book: Book, where: Where, at: datetime) -> Where:
    """A bound on `now` is one on the moment that is asked about."""
    if where.values != (NOW,) or where.test not in ("<", "<=", ">", ">="):
        return where
    said = instant_text(at) if where.of == "moment" else local_day(at, book.zone).isoformat()
    return replace(where, values=(said,))


def _reduce(found: CompiledMeasure) -> Reduce:
    """Of one item there is one item to count: what is counted is how often."""
    once = found.spec.for_ == "item" and not found.spec.items and found.spec.reduce == "count"
    return "times" if once else found.spec.reduce


def _window(
    book: Book, found: CompiledMeasure, asked: Asked, now: datetime | None
) -> tuple[datetime | None, datetime | None]:
    programme = (book.info.programme.start, book.info.programme.end)
    calendar = book.calendar_of(found.spec.calendar)
    first, last = found.window.bounds(
        asked.at, programme=programme, period=asked.period, zone=book.zone, calendar=calendar
    )
    # A deadline of 24:00 belongs to the day that it ends: the bounds of clocks lie just behind midnight.
    shift = DEADLINE if found.spec.clocks and found.spec.on in DEADLINES else timedelta()
    until = None if last == date.max else instant(last, END_OF_DAY, book.zone) + shift
    if now is not None and asked.at < now:
        # What was recorded since is not counted: asked late, it is what it would have been in time.
        asked_until = _end_of(book, asked.at)
        until = asked_until if until is None else min(until, asked_until)
    return None if first == date.min else instant(first, 0, book.zone) + shift, until


def _end_of(book: Book, at: datetime) -> datetime:
    """Just after the moment; of a day, which is written as its beginning, the end of the day."""
    local = at.astimezone(book.zone)
    return instant(local.date(), END_OF_DAY, book.zone) if local.time() == time.min else at + DEADLINE


def later_than(book: Book, at: datetime) -> tuple[str, str]:
    """After a day, which is written as its beginning, is from the next day on."""
    local = at.astimezone(book.zone)
    bound = _end_of(book, at) - DEADLINE if local.time() == time.min else at
    return instant_text(bound), local.date().isoformat()


def read_answer(book: Book, kind: Kind, text: str) -> Value:
    """What the store says as conditions read it."""
    if kind is Kind.NUMBER:
        return Decimal(text)
    if kind is Kind.BOOL:
        return text == "true"
    if kind is not Kind.MOMENT:
        return text
    if len(text) == DAY_LENGTH:
        return instant(date.fromisoformat(text), 0, book.zone)
    return datetime.fromisoformat(text).astimezone(UTC)
