"""When people do what they owe, and how far they have come, by their character."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from engine.book.book import Book
from engine.language import Character
from rules.time.calendar import Calendar
from rules.time.errors import CalendarGap
from rules.time.instant import due_day, instant
from store.rows import ClockRow

SOON = timedelta(hours=1)


def around(book: Book, due: datetime, minutes: int, character: Character, draw: Random) -> datetime | None:
    """Around the due moment, at this time of day: never, some days late, or some days early."""
    chance, day = draw.randrange(100), due_day(due, book.zone)
    if chance < character.never:
        return None
    if chance < character.never + character.late:
        late = workdays_from(book.calendar, day, draw.randint(*character.late_days))
        return instant(late, minutes, book.zone)
    early = draw.randint(*character.early_days)
    day = _workdays_before(book.calendar, day, early)
    return min(instant(day, minutes, book.zone), due - SOON)


def workdays_from(calendar: Calendar, day: date, count: int) -> date:
    """Where the calendar has no such days, people count all of them."""
    try:
        return calendar.add_workdays(day, count).day
    except CalendarGap:
        return day + timedelta(days=count)


def _workdays_before(calendar: Calendar, day: date, count: int) -> date:
    """From the last workday up to that day."""
    try:
        day = calendar.roll(day, "back").day
        return calendar.add_workdays(day, -count).day
    except CalendarGap:
        return day - timedelta(days=count)


def next_due(book: Book, clocks: Iterable[ClockRow]) -> ClockRow | None:
    """What is owed first."""
    running = (each for each in clocks if each.ended_at is None and _is_owed(book, each))
    return min(running, key=lambda each: each.due_at, default=None)


def _is_owed(book: Book, clock: ClockRow) -> bool:
    """Nobody owes anything in a window."""
    return not book.clocks[clock.clock].spec.window


def progress(book: Book, character: Character, clocks: Iterable[ClockRow], now: datetime) -> Decimal:
    """In proportion to the time gone by, up to what the character reaches by the due day."""
    due = next((clock for clock in clocks if _is_owed(book, clock)), None)
    reaches = Decimal(character.progress)
    if due is None or due.due_at <= due.started_at:
        return reaches
    whole = (due.due_at - due.started_at).total_seconds()
    gone = min((now - due.started_at).total_seconds(), whole)
    return min(Decimal(100), Decimal(int(reaches * Decimal(int(gone)) / Decimal(int(whole)) + 2)))
