"""How many proposals of rules are let through in a day, as far as it is known beforehand."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`book`: what the book in force says. `by_history`: where nobody says a number, the office's own past
    does; else nothing is held."""

    book: int | None = None
    by_history: bool = False


NO_LIMITS = Limits()
