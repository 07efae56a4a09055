"""What a clock keeps: its budget and history, never only an instant. To and from plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rules.time.calendar import Roll
from rules.time.duration import Due, Duration
from rules.time.instant import END_OF_DAY, format_time, parse_time

Outcome = Literal["running", "paused", "met", "missed", "cancelled", "lapsed"]
Base = Literal["nominal", "rolled", "start"]
Passing = Literal["met", "missed", "ended", "lapsed", "due"]


@dataclass(frozen=True)
class Until:
    """A limit that is a date: as `written` in a field, and the end that this is."""

    given: Due
    written: str


Limit = Duration | Until


@dataclass(frozen=True)
class Suspension:
    since: datetime
    until: datetime
    cause: str


@dataclass(frozen=True)
class Hold:
    """Time stands still since then, for this cause. Several causes may hold a clock at once."""

    since: datetime
    cause: str


@dataclass(frozen=True)
class Origin:
    """The clock that handed on to this one, and by which of its moments."""

    clock: str
    on: Passing


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Approved `at`, either `by` a duration, counted from the nominal or rolled end, or from the start with a
    budget in the same unit, or `to` an instant."""

    at: datetime
    by: Duration | None = None
    to: datetime | None = None
    base: Base = "nominal"


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """Either a `budget` (with its `time_of_day` and `roll`) or a listed due date, `given`.

    `started` may lie in the future. `presumed`: only if nothing starts it before. `ends_day`: started at
    24:00, so that the day that ends then, and not the next, is the day of the start. `written`: the text of
    the field that gave the date; pauses and extensions up to `given_at` were known to whoever wrote it.
    `next_hour`: times in hours begin with the hour after. `at_least`: it ends no sooner than so much would.
    `without_limit`: cancelled because no case of its budget holds; it still knows since when it counts, and
    what has held it. `awaits`: ended, and its item has come back to where it starts without the condition.
    """

    started: datetime
    ends_day: bool = False
    budget: Duration | None = None
    first_day: bool = False
    next_hour: bool = False
    at_least: Duration | None = None
    time_of_day: int = END_OF_DAY
    roll: Roll = "none"
    given: Due | None = None
    given_at: datetime | None = None
    written: str | None = None
    nominal: datetime
    due: datetime
    provisional: bool = False
    presumed: bool = False
    origin: Origin | None = None
    holds: tuple[Hold, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    ended: datetime | None = None
    outcome: Outcome = "running"
    missed_at: datetime | None = None
    without_limit: bool = False
    awaits: bool = False

    @property
    def open(self) -> bool:
        """Neither ended nor run out."""
        return self.outcome in ("running", "paused")

    @property
    def never_limited(self) -> bool:
        """No case of its budget has held yet; `due` is its start then, and says nothing."""
        return self.budget is None and self.given is None

    @property
    def no_limit(self) -> bool:
        """Nobody owes anything by it: it waits for a limit, or has ended without ever one."""
        return self.without_limit or self.never_limited

    @property
    def limit(self) -> Limit | None:
        """What a case of its budget has given it."""
        if self.budget is None and self.given is not None:
            return Until(self.given, self.written or "")
        return self.budget

    @property
    def paused_at(self) -> datetime | None:
        return min((hold.since for hold in self.holds), default=None)

    @property
    def cause(self) -> str | None:
        return self.holds[0].cause if self.holds else None

    def held(self, cause: str) -> Hold | None:
        return next((hold for hold in self.holds if hold.cause == cause), None)


def to_plain(state: ClockState) -> dict[str, Any]:
    """For JSON: instants as ISO strings, durations as written; what few clocks have only where it is."""
    return {
        "started": state.started.isoformat(),
        "budget": str(state.budget) if state.budget else None,
        "time_of_day": format_time(state.time_of_day),
        "roll": state.roll,
        "given": _due_to_plain(state.given) if state.given else None,
        **_due_to_plain(Due(nominal=state.nominal, due=state.due, provisional=state.provisional)),
        "suspensions": [[s.since.isoformat(), s.until.isoformat(), s.cause] for s in state.suspensions],
        "extensions": [
            {"at": _iso(e.at), "by": str(e.by) if e.by else None, "to": _iso(e.to), "base": e.base}
            for e in state.extensions
        ],
        "ended": _iso(state.ended),
        "outcome": state.outcome,
        "missed_at": _iso(state.missed_at),
        **{name: value for name, value in _seldom(state).items() if value},
    }


def _seldom(state: ClockState) -> dict[str, Any]:
    return {
        "ends_day": state.ends_day,
        "first_day": state.first_day,
        "next_hour": state.next_hour,
        "at_least": str(state.at_least) if state.at_least else None,
        "given_at": _iso(state.given_at),
        "written": state.written,
        "presumed": state.presumed,
        "origin": [state.origin.clock, state.origin.on] if state.origin else None,
        "holds": [[hold.since.isoformat(), hold.cause] for hold in state.holds],
        "without_limit": state.without_limit,
        "awaits": state.awaits,
    }


def from_plain(plain: Mapping[str, Any]) -> ClockState:
    due = _due_from_plain(plain)
    origin = plain.get("origin")
    return ClockState(
        started=datetime.fromisoformat(plain["started"]),
        ends_day=plain.get("ends_day", False),
        budget=_duration(plain["budget"]),
        first_day=plain.get("first_day", False),
        next_hour=plain.get("next_hour", False),
        at_least=_duration(plain.get("at_least")),
        time_of_day=parse_time(plain["time_of_day"]),
        roll=plain["roll"],
        given=_due_from_plain(plain["given"]) if plain["given"] else None,
        given_at=_instant(plain.get("given_at")),
        written=plain.get("written"),
        nominal=due.nominal,
        due=due.due,
        provisional=due.provisional,
        presumed=plain.get("presumed", False),
        origin=Origin(*origin) if origin else None,
        holds=tuple(Hold(datetime.fromisoformat(since), cause) for since, cause in plain.get("holds", ())),
        suspensions=tuple(
            Suspension(datetime.fromisoformat(since), datetime.fromisoformat(until), cause)
            for since, until, cause in plain["suspensions"]
        ),
        extensions=tuple(_extension(entry) for entry in plain["extensions"]),
        ended=_instant(plain["ended"]),
        outcome=plain["outcome"],
        missed_at=_instant(plain["missed_at"]),
        without_limit=plain.get("without_limit", False),
        awaits=plain.get("awaits", False),
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
