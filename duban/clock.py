"""The one clock of duban: everybody below is handed `now`."""

from datetime import UTC, datetime


def read_clock() -> datetime:
    return datetime.now(UTC)
