"""When an item next has something to hear: the next due moment or rung of any of its clocks."""

from datetime import date, datetime
from functools import lru_cache

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Case, Running
from rules.decide import next_moment
from rules.time.calendar import Calendar
from rules.time.moment import Offset
from rules.time.period import Period, once, parse_period


@lru_cache(maxsize=65536)
def _moment(
    offset: Offset, started: datetime, due: datetime, calendar: Calendar, period: Period | None
) -> datetime:
    return offset.moment(start=started, due=due, calendar=calendar, period=period)


def rung_moments(book: Book, rule: CompiledRule, case: Case, running: Running) -> tuple[datetime, ...]:
    row = running.row
    period = period_of(book, case)
    return tuple(_moment(each.offset, row.started_at, row.due_at, book.calendar, period) for each in rule.ladder)


def period_of(book: Book, case: Case) -> Period | None:
    if case.row.period is None or case.row.period_first is None or case.row.period_last is None:
        return None
    return _period(case.row.period, case.row.period_first, case.row.period_last)


@lru_cache(maxsize=4096)
def _period(id: str, first: date, last: date) -> Period:
    return once(first, last) if ".." in id else parse_period(id)


def next_wake(book: Book, case: Case, now: datetime) -> datetime | None:
    """None when nothing will ever be said of it again unless somebody acts."""
    moments: list[datetime] = []
    for name, running in case.clocks.items():
        if not running.live or running.row.outcome == "paused":
            continue
        if running.row.missed_at is None:
            moments.append(running.row.due_at)
        for rule in book.ladder_rules(case.row.workflow, name):
            upcoming = next_moment(
                rung_moments(book, rule, case, running),
                started=running.row.started_at,
                spoken=running.highest_spoken(rule.id),
                now=now,
            )
            if upcoming is not None:
                moments.append(upcoming)
    return min(moments, default=None)
