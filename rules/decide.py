"""Which rung of a ladder by time speaks: the one hit policy of all ladders.

The highest rung that has been reached and has not yet spoken speaks, once. What an outage
swallowed is caught up by that one notice; nothing is said twice. A rung whose moment lies before
the clock's own start was never reached: an item opened on Thursday is not reminded of Monday.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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


def reached_rung(moments: Sequence[datetime], *, started: datetime, spoken: int, now: datetime) -> int | None:
    """The highest rung reached and not yet spoken; `spoken` is the highest that spoke, −1 for none."""
    for position in range(len(moments) - 1, spoken, -1):
        if started <= moments[position] <= now:
            return position
    return None


def next_moment(
    moments: Sequence[datetime], *, started: datetime, spoken: int, now: datetime
) -> datetime | None:
    """The next moment after `now` at which a rung above `spoken` will be reached."""
    future = [at for at in moments[spoken + 1 :] if at > now and at >= started]
    return min(future) if future else None
