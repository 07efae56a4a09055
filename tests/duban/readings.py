"""Clocks that tests hold in their hands."""

from collections.abc import Callable
from datetime import UTC, datetime

from engine.trusted import Reading

BEGIN = datetime(2000, 1, 1, tzinfo=UTC)


def on_time(now: Callable[[], datetime]) -> Callable[[], Reading]:
    """A machine whose clock is right: as much time passes as it says."""
    return lambda: Reading(wall=now(), steady=now() - BEGIN, boot="test")
