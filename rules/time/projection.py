"""When a clock is due, replayed from its budget and its history on a calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from rules.time.calendar import Calendar, Dated, Roll
from rules.time.clock_state import ClockState, Extension, Suspension
from rules.time.duration import BUSINESS_MINUTES, MINUTES, Due, due_on, roll_moment
from rules.time.instant import due_day, local, local_day, resolve

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def project(state: ClockState, calendar: Calendar) -> ClockState:
    """Nominal and rolled end from budget and history, in the order in which things happened."""
    due = _unmoved(_lengthened(state), calendar)
    floor = replace(state, budget=state.at_least)
    least = _unmoved(floor, calendar) if state.at_least else due
    extensions = (each for each in _counted(state) if not _from_start(state, each))
    marks: list[Suspension | Extension] = [*stretches(state), *extensions]
    for mark in sorted(marks, key=_when):
        if isinstance(mark, Suspension):
            due = _after_suspension(due, mark, state, calendar)
            least = _after_suspension(least, mark, floor, calendar) if state.at_least else due
        else:
            due = _after_extension(_no_sooner(due, least), mark, state.roll, calendar)
    due = _no_sooner(due, least)
    return replace(state, nominal=due.nominal, due=due.due, provisional=due.provisional)


def _counted(state: ClockState) -> Iterator[Extension]:
    """What was granted before a date was written is known to whoever wrote it."""
    return (each for each in state.extensions if state.given_at is None or each.at > state.given_at)


def _from_start(state: ClockState, extension: Extension) -> bool:
    by, budget = extension.by, state.budget
    return extension.base == "start" and by is not None and budget is not None and by.unit == budget.unit


def _lengthened(state: ClockState) -> ClockState:
    """One month and two more from the start are three months, and are cut to the month's end once."""
    more = [each.by.amount for each in _counted(state) if each.by is not None and _from_start(state, each)]
    if not more or state.budget is None:
        return state
    return replace(state, budget=replace(state.budget, amount=state.budget.amount + sum(more)))


def _unmoved(state: ClockState, calendar: Calendar) -> Due:
    """Before any pause or extension."""
    if state.budget is None:
        assert state.given is not None, "a clock has a budget or a listed due date"
        return state.given
    start = counted_start(state, calendar)
    return state.budget.due(start, calendar, at=state.time_of_day, roll=state.roll, first_day=state.first_day)


def _no_sooner(due: Due, least: Due) -> Due:
    """Only the end moves, as when it is rolled; what was counted stays known."""
    provisional = due.provisional or least.provisional
    return replace(due, due=least.due, provisional=provisional) if least.due > due.due else due


def counted_start(state: ClockState, calendar: Calendar) -> datetime:
    """What starts at 24:00 starts on the day that ends then, unless its own first day is to be counted; what
    is counted in hours perhaps with the first full hour after."""
    assert state.budget is not None, "a listed date is not counted"
    if state.budget.in_days:
        return state.started - INSTANT if state.ends_day and not state.first_day else state.started
    if not state.next_hour:
        return state.started
    wall = local(state.started, calendar.zone)
    begun = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    return state.started - begun + HOUR


def stretches(state: ClockState) -> tuple[Suspension, ...]:
    """The times during which the clock stood still, each moment once, none before its time began.

    Whoever wrote a due date knew of the pauses before it.
    """
    first = max(state.started, state.given_at or state.started)
    merged: list[Suspension] = []
    for each in sorted(state.suspensions, key=lambda each: (each.since, each.until)):
        since = max(each.since, first)
        if each.until <= since:
            continue
        if merged and since <= merged[-1].until:
            last = merged.pop()
            each = replace(last, until=max(last.until, each.until))  # noqa: PLW2901  # one stretch of both
            since = each.since
        merged.append(replace(each, since=since))
    return tuple(merged)


def _when(mark: Suspension | Extension) -> datetime:
    return mark.until if isinstance(mark, Suspension) else mark.at


def _after_suspension(due: Due, pause: Suspension, state: ClockState, calendar: Calendar) -> Due:
    unit = state.budget.unit if state.budget else "days"
    zone = calendar.zone
    if state.budget and state.next_hour and not state.budget.in_days:  # before it nothing was used up
        first = counted_start(state, calendar)
        pause = replace(pause, since=max(pause.since, first), until=max(pause.until, first))
    if unit in MINUTES:
        moved = roll_moment(due.nominal + (pause.until - pause.since), due.provisional, calendar, state.roll)
    elif unit in BUSINESS_MINUTES:
        left = calendar.business_minutes(local(pause.since, zone), local(due.nominal, zone))
        wall, provisional = calendar.add_business_minutes(local(pause.until, zone), left)
        moved = roll_moment(resolve(wall, zone), due.provisional or provisional, calendar, state.roll)
    else:
        at = _time_of_day(due.nominal, zone)
        day = _shifted_day(due_day(due.nominal, zone), pause, unit == "workdays", at, calendar)
        moved = due_on(day, calendar, at=at, roll=state.roll)
        if moved.due <= pause.until:  # rolled back to before it was resumed
            moved = due_on(day, calendar, at=at, roll="forward")
    return replace(moved, provisional=moved.provisional or due.provisional)


def _shifted_day(last: date, pause: Suspension, workdays: bool, at: int, calendar: Calendar) -> Dated:
    """The last day again, with what was left of the budget counted from the day of resuming."""
    since, until = local_day(pause.since, calendar.zone), local_day(pause.until, calendar.zone)
    left = calendar.workdays(since + DAY, last) if workdays else max(0, (last - since).days)
    wall = local(pause.until, calendar.zone)
    if left == 0 and wall >= datetime.combine(until, time()) + at * MINUTE:
        left = 1  # resumed after the time of day it was due at: the next day is the first that can be met
    if not workdays:
        return Dated(until + timedelta(days=left), provisional=False)
    return calendar.add_workdays(until, left)


def _after_extension(due: Due, extension: Extension, roll: Roll, calendar: Calendar) -> Due:
    if extension.to:
        return Due(nominal=extension.to, due=extension.to)
    assert extension.by is not None, "an extension is by a duration or to an instant"
    base = due.due if extension.base == "rolled" else due.nominal
    if not extension.by.in_days:
        moment, provisional = extension.by.shift(base, calendar)
        return roll_moment(moment, due.provisional or provisional, calendar, roll)
    day = extension.by.shift_day(due_day(base, calendar.zone), calendar)
    moved = due_on(day, calendar, at=_time_of_day(base, calendar.zone), roll=roll)
    return replace(moved, provisional=moved.provisional or due.provisional)


def _time_of_day(due: datetime, zone: tzinfo) -> int:
    """Minutes after the midnight of the due day, 1440 for its end."""
    return (local(due, zone) - datetime.combine(due_day(due, zone), time())) // MINUTE
