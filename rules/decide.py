"""Which rung of a ladder speaks: the one hit policy of all ladders, by time and by count.

The highest rung that has been reached and has not yet spoken speaks, once. What an outage
swallowed is caught up by that one notice; nothing is said twice. A rung whose moment lies before
the clock's own start was never reached: an item opened on Thursday is not reminded of Monday.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A rule has spoken: about whom, on which occasion, because of what."""

    rule: str
    subject: str  # "item:…", "unit:…", "post:…", "office"
    occasion: str  # unique with rule and subject, forever
    rung: int | None
    shadow: bool
    zh: str  # the reason in one sentence, with its clause
    en: str
    facts: Mapping[str, object] = field(default_factory=dict)  # what was read, with the items counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Nth:
    """A rung by count: `first` to `last`, both included; `last` None is open-ended."""

    first: int
    last: int | None

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.first}+"
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"


def parse_nth(text: str) -> Nth:
    """`1`, `2+` or `3..5`, already checked for its shape by the language."""
    if text.endswith("+"):
        return Nth(first=int(text[:-1]), last=None)
    first, _, last = text.partition("..")
    return Nth(first=int(first), last=int(last or first))


def choose_rung(rungs: Sequence[Nth], nth: int) -> int | None:
    """The position of the rung for the nth time; None when no rung says so."""
    for position, rung in enumerate(rungs):
        if rung.first <= nth and (rung.last is None or nth <= rung.last):
            return position
    return None


def find_ladder_gaps(rungs: Sequence[Nth]) -> Literal["", "start", "gap", "overlap", "end"]:
    """What is wrong with a ladder by count; empty when it covers every number from 1 up, once."""
    expected = 1
    for rung in rungs:
        if rung.first > expected:
            return "start" if expected == 1 else "gap"
        if rung.first < expected:
            return "overlap"
        if rung.last is None:
            return "" if rung is rungs[-1] else "overlap"
        if rung.last < rung.first:
            return "overlap"
        expected = rung.last + 1
    return "end"


def reached_rung(
    moments: Sequence[datetime], *, started: datetime, spoken: int, now: datetime
) -> int | None:
    """The highest rung reached and not yet spoken; `spoken` is the highest that spoke, −1 for none."""
    for position in range(len(moments) - 1, spoken, -1):
        if started <= moments[position] <= now:
            return position
    return None


def next_moment(moments: Sequence[datetime], *, started: datetime, spoken: int, now: datetime) -> datetime | None:
    """The next moment after `now` at which a rung above `spoken` will be reached."""
    future = [at for at in moments[spoken + 1 :] if at > now and at >= started]
    return min(future) if future else None
