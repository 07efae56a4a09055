"""What can be wrong with a time; every message is a sentence for the person who wrote it."""

from collections.abc import Iterable
from difflib import get_close_matches


class TimeError(ValueError):
    """Root of every error of this package."""


class CalendarError(TimeError):
    """A calendar's data cannot be used as written."""


class CalendarGap(TimeError):
    """A day lies where the calendar has no data at all."""


class BeforeCalendar(CalendarGap):
    """Earlier than its first year; other gaps lie beyond what it can guess at."""


class DurationError(TimeError):
    """A duration cannot be read, or does not make sense where it is used."""


class MomentError(TimeError):
    """An expression for a moment cannot be read, or has no answer in its period."""


class PeriodError(TimeError):
    """A period or window cannot be read, or has no bounds here."""


class ClockError(TimeError):
    """A clock cannot do what was asked of it in its present state."""


def guess(word: str, known: Iterable[str]) -> str:
    """`, did you mean …` for a likely slip of the pen, else nothing."""
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f", did you mean '{near[0]}'?" if near else ""
