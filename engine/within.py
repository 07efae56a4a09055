"""Whether something lies within a window: done now, or done on a day within it and told later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.case import Running
from engine.desk import Desk
from rules.language.time import HAPPENED
from rules.time.instant import due_day, local_day
from store.rows import Plain


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is given with an event or a change, and the event's own date where it was not now."""

    values: Mapping[str, Plain] = field(default_factory=dict)
    happened: datetime | None = None


def within(desk: Desk, running: Running, on: str | None, given: Given) -> bool:
    """`on`: by which date it is judged; by now where none is named or given. Never by one to come."""
    told = _told(on, given)
    if told is None:
        return running.row.outcome in ("running", "paused") and _covers(running, desk.now)
    if isinstance(told, datetime):
        return told <= desk.now and _covers(running, told)
    zone, row = desk.book.zone, running.row
    last = due_day(_until(running), zone) if row.outcome != "paused" else local_day(desk.now, zone)
    began = local_day(row.started_at, zone) <= told <= local_day(desk.now, zone)
    return row.outcome != "cancelled" and began and told <= last


def _told(on: str | None, given: Given) -> date | datetime | None:
    if on == HAPPENED:
        return given.happened
    written = given.values.get(on) if on is not None else None
    if isinstance(written, date):
        return written
    if not isinstance(written, str):
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def _covers(running: Running, at: datetime) -> bool:
    """A paused window has no end yet; what it was for, or a cancel, may have ended one early."""
    row = running.row
    if row.outcome == "cancelled" or at < row.started_at:
        return False
    return row.outcome == "paused" or at < _until(running)


def _until(running: Running) -> datetime:
    row = running.row
    return min(row.due_at, row.ended_at or row.due_at)
