"""The days by which a clock counts."""

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from rules.time.calendar import Calendar
from rules.time.listed import rolling_to


def calendar_of(book: Book, spec: CompiledClock) -> Calendar:
    """Its days; one that rolls to named dates, instead of workdays, has them with it."""
    calendar, dates = book.calendar_of(spec.spec.calendar), spec.spec.roll_to
    return calendar if dates is None else rolling_to(calendar, book.dates[dates].days)
