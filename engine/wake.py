"""When an item next has something to hear: the next due moment or rung of any of its clocks."""

from datetime import UTC, date, datetime
from functools import lru_cache

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Case, Running
from rules.decide import next_moment
from rules.time.period import Period, once, parse_period

# A rung that its rule has no force for is never reached.
NEVER = datetime.max.replace(tzinfo=UTC)


def rung_moments(book: Book, rule: CompiledRule, case: Case, running: Running) -> tuple[datetime, ...]:
    row = running.row
    started = row.started_at if _counts_from_start(book, rule.id) else row.due_at
    item = case.row
    about = (item.period, item.period_first, item.period_last)
    return _moments(book, rule.id, started, row.due_at, about)


@lru_cache(maxsize=4096)
def _counts_from_start(book: Book, rule: str) -> bool:
    """Most rungs hang on the due moment alone, and items that share it share them."""
    return any(
        rung.offset.anchor == "start" or rung.offset.side == "share" for rung in book.rules[rule].ladder
    )


@lru_cache(maxsize=65536)
def _moments(
    book: Book,
    rule: str,
    started: datetime,
    due: datetime,
    period: tuple[str | None, date | None, date | None],
) -> tuple[datetime, ...]:
    about = period_named(*period)
    compiled = book.rules[rule]
    moments = (
        rung.offset.moment(start=started, due=due, calendar=book.calendar, period=about)
        for rung in compiled.ladder
    )
    return tuple(at if in_force(book, compiled, at) else NEVER for at in moments)


def in_force(book: Book, rule: CompiledRule, at: datetime) -> bool:
    """By the moment that counts, not by when it was noticed: an outage makes no law."""
    effective = rule.spec.effective
    if effective.from_ is None and effective.until is None:
        return True
    day = at.astimezone(book.zone).date()
    return (effective.from_ or day) <= day <= (effective.until or day)


@lru_cache(maxsize=4096)
def period_named(id: str | None, first: date | None, last: date | None) -> Period | None:
    if id is None or first is None or last is None:
        return None
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
