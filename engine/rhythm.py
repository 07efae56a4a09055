"""Where duties and rules by period go on when another book is adopted: nothing twice, nothing left out.

What comes round as often as before goes on with the period that is next, whichever day of it is meant now.
What comes round otherwise begins with the first period that is not over.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from engine.book.book import Book
from engine.book.compiled import CompiledDuty, CompiledRule
from engine.rounds import Round, round_of, rounds_of
from engine.schedules import DUTY, due_for, duty_row, rule_row
from rules.time.errors import PeriodError
from rules.time.period import Every, Period, parse_period
from store.office import Tx
from store.rows import ScheduleRow

DAY = timedelta(days=1)
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Since:
    """`first`: of the periods from this day on; `begins`: of those that are not over at this moment."""

    first: date
    begins: datetime


def rhythm(book: Book, schedule: str) -> object:
    """What decides when a schedule comes round; None for one that the book does not have."""
    kind, _, id = schedule.partition(":")
    if kind == DUTY:
        duty = book.duties.get(id)
        return duty and (duty.spec.every, duty.first, duty.last, duty.spec.opens_at)
    rule = book.rules.get(id)
    if rule is None:
        return None
    dates = book.dates.get(rule.spec.when.dates or "")
    calendar = book.calendar_of(rule.spec.calendar).digest
    return rule.spec.when, calendar, dates and dates.spec, book.info.programme.end


def stopped(kept: ScheduleRow) -> ScheduleRow:
    """It remembers where it had got to: a later book may want it again."""
    return replace(kept, next_at=None)


def gone_on(tx: Tx, before: Book, after: Book, kept: ScheduleRow) -> ScheduleRow:
    kind, _, id = kept.id.partition(":")
    if kind == DUTY:
        duty = after.duties[id]
        return duty_row(after, duty, next(_owed(tx, before, after, duty, kept), None))
    rule = after.rules[id]
    return rule_row(rule, next(_rounds(before, after, rule, kept, tx.now), None))


# ---------------------------------------------------------------- duties


def _owed(tx: Tx, before: Book, after: Book, duty: CompiledDuty, kept: ScheduleRow) -> Iterator[Period]:
    opened, since = _opened(tx, duty.id), _owed_since(before, duty, kept, tx.now)
    if opened and isinstance(duty.every, str):
        return  # it was owed once, and is not owed again for other dates
    for period in duty.periods():
        due = due_for(after, duty, period).due
        if period.first >= since.first and due > since.begins and period.id not in opened:
            yield period


def _opened(tx: Tx, duty: str) -> frozenset[str]:
    """The periods for which it was, under whatever book."""
    return frozenset(json.loads(line.rec)["period"] for line in tx.list_audit(obj=duty, act="duty.open"))


def _owed_since(before: Book, duty: CompiledDuty, kept: ScheduleRow, now: datetime) -> Since:
    old = before.duties.get(duty.id)
    if kept.period_first is not None and _is_one(kept.period, duty.every):
        return _next(kept, kept.period_first, now)
    if kept.period is None and old is not None and old.every == duty.every:
        return Since(first=old.last + DAY, begins=now)
    return _anew(kept, now)


# ---------------------------------------------------------------- rules


def _rounds(
    before: Book, after: Book, rule: CompiledRule, kept: ScheduleRow, now: datetime
) -> Iterator[Round]:
    since = _looked_at_since(before, after, rule, kept, now)
    for found in rounds_of(after, rule, since.begins):
        first = found.first if rule.every is None else found.about.first
        if first >= since.first and found.at >= since.begins:
            yield found


def _looked_at_since(
    before: Book, after: Book, rule: CompiledRule, kept: ScheduleRow, now: datetime
) -> Since:
    """By what it looks at: a month that was looked at on its fifth day is not looked at on its tenth."""
    known = rule.id in before.rules
    old, book = (before.rules[rule.id], before) if known else (rule, after)
    if old.every is None or rule.every is None:
        return _listed_since(book, old, rule, kept, now)
    if kept.period is None and known and old.every == rule.every:
        return Since(first=before.info.programme.end + DAY, begins=now)
    if kept.period is not None and old.every == rule.every and _is_one(kept.period, rule.every):
        return _next(kept, round_of(book, old, kept.period).about.first, now)
    return _anew(kept, now)


def _listed_since(
    book: Book, old: CompiledRule, rule: CompiledRule, kept: ScheduleRow, now: datetime
) -> Since:
    """Not on the listed day again on which it has spoken, at whatever time of the day."""
    anew = _anew(kept, now)
    if old.every is not None or rule.every is not None or kept.period_first is None:
        return anew
    last = book.dates[old.spec.when.dates or ""].days.preceding(kept.period_first)
    return replace(anew, first=last + DAY) if last is not None else anew


# ---------------------------------------------------------------- both


def _is_one(period: str | None, every: Every | str) -> bool:
    try:
        return period is not None and parse_period(period).every == every
    except PeriodError:
        return False


def _next(kept: ScheduleRow, first: date, now: datetime) -> Since:
    return Since(first=first, begins=EVER if kept.next_at is not None else now)


def _anew(kept: ScheduleRow, now: datetime) -> Since:
    """What had come round and could not be handled is not over."""
    return Since(first=date.min, begins=min(now, kept.next_at or now))
