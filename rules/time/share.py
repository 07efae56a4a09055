"""A share of a clock's own time: of the time that it has in all, when so much of it is used."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.time.calendar import Calendar
from rules.time.clock_state import ClockState
from rules.time.duration import BUSINESS_MINUTES
from rules.time.instant import local, resolve, utc
from rules.time.projection import stretches

MINUTE = timedelta(minutes=1)


def share_at(state: ClockState, percent: int, calendar: Calendar) -> datetime:
    """Business minutes where the budget counts these, else time by the clock; never what it stood still."""
    business = state.budget is not None and state.budget.unit in BUSINESS_MINUTES
    spans = [*_running(state)]
    lengths = [_length(since, until, calendar, business=business) for since, until in spans]
    wanted = sum(lengths, timedelta()) * percent // 100
    for (since, _), length in zip(spans, lengths, strict=True):
        if wanted <= length:
            return _after(since, wanted, calendar, business=business)
        wanted -= length
    return utc(state.due)


def _running(state: ClockState) -> Iterator[tuple[datetime, datetime]]:
    """From start to due moment, without the pauses."""
    since = utc(state.started)
    for pause in stretches(state):
        if pause.since > since:
            yield since, min(utc(pause.since), utc(state.due))
        since = max(since, utc(pause.until))
    if since < state.due:
        yield since, utc(state.due)


def _length(since: datetime, until: datetime, calendar: Calendar, *, business: bool) -> timedelta:
    if not business:
        return max(until - since, timedelta())
    return calendar.business_minutes(local(since, calendar.zone), local(until, calendar.zone)) * MINUTE


def _after(since: datetime, wanted: timedelta, calendar: Calendar, *, business: bool) -> datetime:
    if not business or not wanted:
        return since + wanted
    wall, _ = calendar.add_business_minutes(local(since, calendar.zone), -(-wanted // MINUTE))
    return utc(resolve(wall, calendar.zone))
