"""What a clock keeps: its budget and history, never only an instant. To and from plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rules.time.calendar import Roll
from rules.time.duration import Due, Duration
from rules.time.instant import END_OF_DAY, format_time, parse_time

Outcome = Literal["running", "paused", "met", "missed", "cancelled"]
Base = Literal["nominal", "rolled"]


@dataclass(frozen=True)
class Suspension:
    since: datetime
    until: datetime
    cause: str


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Approved `at`, either `by` a duration counted from the nominal or rolled end, or `to` an instant."""

    at: datetime
    by: Duration | None = None
    to: datetime | None = None
    base: Base = "nominal"


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """Either a `budget` (with its `time_of_day` and `roll`) or a listed due date, `given`."""

    started: datetime
    budget: Duration | None = None
    time_of_day: int = END_OF_DAY
    roll: Roll = "none"
    given: Due | None = None
    nominal: datetime
    due: datetime
    provisional: bool = False
    paused_at: datetime | None = None
    cause: str | None = None
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    ended: datetime | None = None
    outcome: Outcome = "running"
    missed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Neither ended nor run out."""
        return self.outcome in ("running", "paused")


def to_plain(state: ClockState) -> dict[str, Any]:
    """For JSON: instants as ISO strings, durations as written."""
    return {
        "started": state.started.isoformat(),
        "budget": str(state.budget) if state.budget else None,
        "time_of_day": format_time(state.time_of_day),
        "roll": state.roll,
        "given": _due_to_plain(state.given) if state.given else None,
        **_due_to_plain(Due(nominal=state.nominal, due=state.due, provisional=state.provisional)),
        "paused_at": _iso(state.paused_at),
        "cause": state.cause,
        "suspensions": [[s.since.isoformat(), s.until.isoformat(), s.cause] for s in state.suspensions],
        "extensions": [
            {"at": _iso(e.at), "by": str(e.by) if e.by else None, "to": _iso(e.to), "base": e.base}
            for e in state.extensions
        ],
        "ended": _iso(state.ended),
        "outcome": state.outcome,
        "missed_at": _iso(state.missed_at),
    }


def from_plain(plain: Mapping[str, Any]) -> ClockState:
    due = _due_from_plain(plain)
    return ClockState(
        started=datetime.fromisoformat(plain["started"]),
        budget=_duration(plain["budget"]),
        time_of_day=parse_time(plain["time_of_day"]),
        roll=plain["roll"],
        given=_due_from_plain(plain["given"]) if plain["given"] else None,
        nominal=due.nominal,
        due=due.due,
        provisional=due.provisional,
        paused_at=_instant(plain["paused_at"]),
        cause=plain["cause"],
        suspensions=tuple(
            Suspension(datetime.fromisoformat(since), datetime.fromisoformat(until), cause)
            for since, until, cause in plain["suspensions"]
        ),
        extensions=tuple(_extension(entry) for entry in plain["extensions"]),
        ended=_instant(plain["ended"]),
        outcome=plain["outcome"],
        missed_at=_instant(plain["missed_at"]),
    )


def _due_to_plain(due: Due) -> dict[str, Any]:
    return {
        "nominal": due.nominal.isoformat(),
        "due": due.due.isoformat(),
        "provisional": due.provisional,
    }


def _due_from_plain(plain: Mapping[str, Any]) -> Due:
    return Due(
        nominal=datetime.fromisoformat(plain["nominal"]),
        due=datetime.fromisoformat(plain["due"]),
        provisional=plain["provisional"],
    )


def _extension(plain: Mapping[str, Any]) -> Extension:
    return Extension(
        at=datetime.fromisoformat(plain["at"]),
        by=_duration(plain["by"]),
        to=_instant(plain["to"]),
        base=plain["base"],
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _duration(text: str | None) -> Duration | None:
    return Duration.parse(text) if text else None
