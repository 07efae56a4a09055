"""Measures: how often, how much and how well, as of a moment, from what is recorded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.desk import Desk
from rules.time.instant import END_OF_DAY, instant
from rules.time.period import Period
from store.rows import Tallied, Tally

Value = object
DEADLINE = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For whom a measure is asked, as of which moment, and for a rule by period about which one."""

    whose: str | None  # unit, post, "office" or item, as the measure counts
    at: datetime
    period: Period | None = None


def measure(desk: Desk, found: CompiledMeasure, asked: Asked) -> tuple[Value, tuple[str, ...]] | None:
    """A declared measure with the items that it counts."""
    answers = desk.tally(question_of(desk.book, found, asked.at, asked.period))
    tallied = answers.get(asked.whose or "", Tallied(value=0, cites=()))
    if found.spec.reduce == "count":
        return int(tallied.value), tallied.cites
    if not tallied.cites and found.spec.reduce == "latest":
        return None
    return Decimal(tallied.value), tallied.cites


def question_of(book: Book, found: CompiledMeasure, at: datetime, period: Period | None) -> Tally:
    """The measure as a question to the store, its window fixed to instants."""
    spec = found.spec
    programme = (book.info.programme.start, book.info.programme.end)
    first, last = found.window.bounds(at, programme=programme, period=period, zone=book.zone)
    clocks, events = bool(spec.clocks), bool(spec.events)
    # A deadline of 24:00 belongs to the day that it ends: the bounds of clocks lie just behind midnight.
    shift = DEADLINE if clocks else timedelta()
    return Tally(
        of="clocks" if clocks else "events" if events else "items",
        workflows=spec.items or spec.of,
        by=spec.for_,
        states=spec.states,
        not_states=spec.not_states,
        clocks=spec.clocks,
        events=spec.events,
        on=spec.on if spec.on != "opened" or not events else "at",
        where=tuple(sorted((key, str(value)) for key, value in spec.where.items())),
        reduce=spec.reduce,
        field=spec.field,
        zone=book.zone,
        first=None if first == date.min else instant(first, 0, book.zone) + shift,
        until=None if last == date.max else instant(last, END_OF_DAY, book.zone) + shift,
    )


def unit_fact(book: Book, key: str, unit: str | None) -> Value:
    if unit is None:
        # What belongs to no unit has no members, no kind and nothing to count.
        return () if key == "groups" else ""
    if key == "groups":
        return tuple(name for name, group in book.groups.items() if unit in group.members)
    return {"id": unit, "kind": book.units[unit].kind}.get(key)
