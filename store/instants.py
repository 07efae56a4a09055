"""Instants as text; apart from the column types, so that whoever checks a book loads no database library."""

from datetime import UTC, datetime
from functools import lru_cache


def instant_text(value: datetime) -> str:
    """Fixed width, so that text order is time order: 2020-08-04T01:00:00.000000Z."""
    if value.tzinfo is not UTC:
        if value.utcoffset() is None:
            raise ValueError(f"{value.isoformat()} has no time zone: give an instant, for example with UTC")
        value = value.astimezone(UTC)
    return _utc_text(value)


@lru_cache(maxsize=4096)
def _utc_text(value: datetime) -> str:
    """Rows written together share their moments, so most are asked for again at once."""
    return value.isoformat(timespec="microseconds")[:26] + "Z"
