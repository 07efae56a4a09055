"""What a calendar or a duration refuses, as a mistake of whoever asked."""

from duban.mistakes import FINDINGS, Mistake
from engine.book.calendar_sentences import in_chinese
from rules.time.errors import TimeError


def refused(error: TimeError) -> Mistake:
    return Mistake(in_chinese(str(error)), str(error), FINDINGS)
