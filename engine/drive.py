"""Drive an office over a stretch of virtual time: from wake-up to wake-up, nothing in between."""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.office import Office
from engine.turn import Turned, turn_all

TICK = timedelta(microseconds=1)


def next_wake(office: Office) -> datetime | None:
    with office.store.read() as reader:
        return reader.next_wake()


def drive(
    office: Office, since: datetime, until: datetime, on_turn: Callable[[datetime], None] = lambda _: None
) -> Turned:
    """Handle everything due up to `until`, each at its own moment; `on_turn` hears of every moment."""
    total, now = Turned(next_at=next_wake(office)), since
    while (upcoming := total.next_at) is not None and upcoming <= until:
        now = max(upcoming, now)
        done = turn_all(office, now)
        total += done
        on_turn(now)
        if not done.work:
            # Whatever still claims to be due had nothing to say: never stand still on it.
            now += TICK
    return total
