"""When an item next has something to hear: the next due moment or rung of any of its clocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from engine.asking import asked_next
from engine.book.book import Book
from engine.book.compiled import CompiledDuty, CompiledRule, CompiledRung
from engine.case import Case, Running
from rules.decide import Coming, Ladder, Series, Spoke, coming
from rules.time.calendar import Calendar
from rules.time.clock import held_until
from rules.time.clock_state import ClockState
from rules.time.errors import BeforeCalendar, CalendarGap
from rules.time.force import Force
from rules.time.instant import due_day, instant, local
from rules.time.period import Period, once, parse_period
from rules.time.share import share_at
from store.rows import ItemRow

# A rung that its rule has no force for is never reached.
NEVER = datetime.max.replace(tzinfo=UTC)
EVER = datetime.min.replace(tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Start and due moment of a clock, and for a share of its own time all that it has been through."""

    start: datetime
    due: datetime
    course: ClockState | None = None


def ladder_of(book: Book, rule: CompiledRule, case: Case, running: Running) -> Ladder:
    """The moments of every rung; of one that comes again, all of them."""
    row = running.row
    own = _counts_own_time(book, rule.id)
    span = Span(
        start=row.started_at if own or _counts_from_start(book, rule.id) else row.due_at,
        due=row.due_at,
        course=running.state() if own else None,
    )
    item = case.row
    about = (item.period, item.period_first, item.period_last)
    opened = owed_at(book, item) if rule.force.by_opening else None
    return _ladder(book, rule.id, span, about, opened)


@lru_cache(maxsize=4096)
def _counts_from_start(book: Book, rule: str) -> bool:
    """Most rungs hang on the due moment alone, and items that share it share them."""
    return any(rung.offset.anchor == "start" for rung in book.rules[rule].ladder)


@lru_cache(maxsize=4096)
def _counts_own_time(book: Book, rule: str) -> bool:
    return any(rung.offset.side == "share" for rung in book.rules[rule].ladder)


@lru_cache(maxsize=65536)
def _ladder(
    book: Book,
    rule: str,
    span: Span,
    period: tuple[str | None, date | None, date | None],
    opened: datetime | None,
) -> Ladder:
    compiled = book.rules[rule]
    if opened is not None and not in_force(book, compiled.force, opened):
        return ()
    about = period_named(*period)
    return tuple(_moments(book, compiled, rung, span, about) for rung in compiled.ladder)


def _moments(
    book: Book, rule: CompiledRule, rung: CompiledRung, span: Span, about: Period | None
) -> datetime | Series:
    """By the moment that counts, not by when it was noticed: an outage makes no law."""
    calendar = book.calendar_of(book.clocks[rule.spec.when.clock or ""].spec.calendar)
    first = _within(lambda: _first(rung, span, calendar, about), span.due, calendar)
    always = rule.force.by_opening
    if rung.every is None or first in (EVER, NEVER):
        at = first if first in (EVER, NEVER) else _moved(book, rung.only, first)
        return at if always or at in (EVER, NEVER) or in_force(book, rule.force, at) else NEVER
    since, until = (EVER, NEVER) if always else rule.force.bounds(book.zone)
    every, offset = rung.every, rung.offset
    return Series(
        at=lambda times: _within(
            lambda: _moved(book, rung.only, offset.again(first, every, times, calendar)), span.due, calendar
        ),
        most=rung.times,
        since=since,
        until=until,
    )


def _within(moment: Callable[[], datetime], due: datetime, calendar: Calendar) -> datetime:
    """Before all days that the calendar has it was never reached, after them it never will be. Where it lacks
    the due day itself a person has to look: the error stays."""
    try:
        return moment()
    except BeforeCalendar:
        if due_day(due, calendar.zone) < calendar.first:
            raise
        return EVER
    except CalendarGap:
        return NEVER


def _first(rung: CompiledRung, span: Span, calendar: Calendar, about: Period | None) -> datetime:
    length = rung.offset.length
    if rung.offset.side == "share" and span.course is not None and length is not None:
        return share_at(span.course, length.amount, calendar)
    return rung.offset.moment(start=span.start, due=span.due, calendar=calendar, period=about)


def keep_said(book: Book, case: Case, running: Running, before: ClockState) -> None:
    """A pause moves the due moment, and not what counts from the start: what was said of it stays said."""
    pauses = running.state().suspensions
    if pauses == before.suspensions or before.due == running.row.due_at:
        return
    since = max((each.since for each in pauses), default=EVER)
    for rule in book.ladder_rules(case.row.workflow, running.row.clock):
        ladder = ladder_of(book, rule, case, running)
        said = running.spoken_for(rule.id, before.due).rung
        for position in range(min(said, len(ladder) - 1), running.last_spoken(rule.id).rung, -1):
            rung, offset = ladder[position], rule.ladder[position].offset
            own = offset.anchor == "start" or offset.side == "share"
            if own and isinstance(rung, datetime) and rung <= since:
                running.speak(rule.id, Spoke(position))
                break


def _moved(book: Book, only: str | None, at: datetime) -> datetime:
    """To the next day of a list, at the same time of day."""
    if only is None:
        return at
    day = due_day(at, book.zone)
    passed = local(at, book.zone) - datetime.combine(day, time())
    listed = book.dates[only].days.following(day)
    return NEVER if listed is None else instant(listed, passed // MINUTE, book.zone)


def in_force(book: Book, force: Force, at: datetime) -> bool:
    return force.holds(at.astimezone(book.zone).date())


def owed_at(book: Book, item: ItemRow) -> datetime:
    """When it was opened; of what a duty opened late, when it was owed: an outage makes no law."""
    duty = book.duties.get(item.duty or "")
    period = period_named(item.period, item.period_first, item.period_last)
    if duty is None or period is None:
        return item.opened_at
    return min(item.opened_at, opens_at(book, duty, period))


def opens_at(book: Book, duty: CompiledDuty, period: Period) -> datetime:
    return period.starts(book.zone) if duty.spec.opens_at == "start" else period.ends(book.zone)


@lru_cache(maxsize=4096)
def period_named(id: str | None, first: date | None, last: date | None) -> Period | None:
    if id is None or first is None or last is None:
        return None
    return once(first, last) if ".." in id else parse_period(id)


def next_wake(book: Book, case: Case, now: datetime) -> datetime | None:
    """None when nothing will ever be said of it again unless somebody acts."""
    moments: list[datetime] = []
    for name, running in case.clocks.items():
        passes = passes_at(book, running)
        if passes is not None:
            moments.append(passes)
        if not speaks(book, case, running):
            continue
        for rule in book.ladder_rules(case.row.workflow, name):
            moments += (each.at for each in rungs_to_come(book, rule, case, running, now))
    asked = asked_next(book, case, now)
    if asked is not None:
        moments.append(asked)
    return min(moments, default=None)


def speaks(book: Book, case: Case, running: Running) -> bool:
    """While it runs, in time or late; a window also after it has lapsed, until what it was for is done."""
    if running.row.outcome == "lapsed":
        spec = book.clocks[running.row.clock].spec
        return case.row.state not in (*spec.stops, *spec.cancels)
    return running.live and running.row.outcome != "paused"


def passes_at(book: Book, running: Running) -> datetime | None:
    """When time alone will end it or set it going again."""
    row = running.row
    if row.outcome == "running":
        return row.due_at
    clock = book.clocks[row.clock]
    if row.outcome != "paused" or not clock.limits:
        return None
    held = held_until(running.state(), clock.limits, book.calendar_of(clock.spec.calendar))
    return held[0] if held is not None else None


def rungs_to_come(
    book: Book, rule: CompiledRule, case: Case, running: Running, now: datetime
) -> Iterator[Coming]:
    return coming(
        ladder_of(book, rule, case, running),
        started=running.heard_from,
        spoken=running.last_spoken(rule.id),
        now=now,
    )
