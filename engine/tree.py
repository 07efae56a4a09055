"""Which unit is part of which, as measures count over it."""

from functools import lru_cache

from engine.book.book import Book
from engine.book.hierarchy import above as unit_above
from engine.book.hierarchy import upwards
from engine.case import canonical


@lru_cache(maxsize=65536)
def top_of(book: Book, unit: str, over: str) -> str | None:
    """Under whom a unit reads a measure: itself, or the next unit of a kind that it is in or is."""
    if over in ("own", "below"):
        return unit
    return unit_above(book.units, unit, over)


@lru_cache(maxsize=64)
def counted_under(book: Book, over: str) -> str | None:
    """Canonical JSON of [[unit, counted under], …]; None when each counts for itself alone."""
    if over == "own":
        return None
    if over == "below":
        pairs = [[unit, above] for unit in book.units for above in upwards(book.units, unit)]
    else:
        tops = ((unit, top_of(book, unit, over)) for unit in book.units)
        pairs = [[unit, top] for unit, top in tops if top is not None]
    return canonical(pairs)
