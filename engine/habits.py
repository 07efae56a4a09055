"""When people do what they owe, by their character."""

from datetime import datetime, timedelta
from random import Random

from engine.book.book import Book
from engine.language import Character
from rules.time.instant import due_day, instant

SOON = timedelta(hours=1)


def around(book: Book, due: datetime, minutes: int, character: Character, draw: Random) -> datetime | None:
    """Around the due moment, at this time of day: never, some days late, or some days early."""
    chance, day = draw.randrange(100), due_day(due, book.zone)
    if chance < character.never:
        return None
    if chance < character.never + character.late:
        late = book.calendar.add_workdays(day, draw.randint(*character.late_days))
        return instant(late.day, minutes, book.zone)
    early = draw.randint(*character.early_days)
    day = book.calendar.roll(day, "back").day
    if early:
        day = book.calendar.add_workdays(day, -early).day
    return min(instant(day, minutes, book.zone), due - SOON)
