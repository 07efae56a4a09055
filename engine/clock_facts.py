"""What conditions may read of time: how much of a clock is left or lost, and how long an item has been there.

Days are those of the office's zone, working days those of the clock's calendar. A day that has begun
counts: on the day after the due day one is one day late. So does an hour that has begun. Midnight
belongs to the day that it ends: at a due time of 24:00 nobody is late by a day yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.desk import Desk
from rules.time.calendar import Calendar
from rules.time.clock import Bounds
from rules.time.extension import latest_due
from rules.time.instant import due_day, local_day

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Value = object
# Of a clock that the item has not, or not yet; moments are not known then.
ABSENT: dict[str, Value] = {
    **dict.fromkeys(("running", "paused", "met", "missed", "lapsed"), False),
    **dict.fromkeys(("days_left", "workdays_left", "hours_left"), 0),
    **dict.fromkeys(("days_late", "workdays_late", "hours_late"), 0),
    **dict.fromkeys(("pauses", "extensions", "extensions_left", "paused_days"), 0),
}
ITEM = ("days_open", "workdays_open", "days_in_state")


def clock_fact(desk: Desk, key: str, case: Case | None, at: datetime) -> Value:
    """`key`: `<clock>.<fact>`."""
    clock, _, name = key.partition(".")
    running = case.clocks.get(clock) if case is not None else None
    if running is None:
        return ABSENT.get(name)
    spec = desk.book.clocks[clock]
    face = Face(
        running=running,
        window=spec.spec.window,
        calendar=desk.book.calendar_of(spec.spec.calendar),
        bounds=spec.bounds,
        rolled=calendar_of(desk.book, spec),
        at=at,
    )
    return face.read(name)


def item_time(desk: Desk, name: str, case: Case, at: datetime) -> int:
    """Days since the opening, or since the item came into its state; of a closed one, until it was closed."""
    zone = desk.book.zone
    last = local_day(min(at, case.row.closed_at or at), zone)
    if name == "days_in_state":
        return max((local_day(at, zone) - local_day(_entered(desk, case), zone)).days, 0)
    first = local_day(case.row.opened_at, zone)
    if name == "days_open":
        return max((last - first).days, 0)
    return desk.book.calendar.workdays(first + DAY, last)


def _entered(desk: Desk, case: Case) -> datetime:
    """When the item came into its state, by the date of the event that brought it there."""
    stored = desk.tx.events_of([case.row.id]).get(case.row.id, [])
    events = [*stored, *(event for event in desk.events if event.item == case.row.id)]
    moves = [event.at for event in events if event.before != event.after]
    return moves[-1] if moves else case.row.opened_at


@dataclass(frozen=True, kw_only=True)
class Face:
    """One clock as it stands at one moment: by the time, whether or not its miss is entered yet."""

    running: Running
    window: bool
    calendar: Calendar
    bounds: Bounds
    rolled: Calendar  # with the named dates that its end is moved to
    at: datetime

    def read(self, name: str) -> Value:  # noqa: PLR0911  # one for each fact
        row = self.running.row
        match name:
            case "running":
                return row.outcome == "running" and row.started_at <= self.at < row.due_at
            case "paused" | "met":
                return str(row.outcome) == name
            case "missed":
                return not self.window and self._over
            case "lapsed":
                return self.window and self._over
            case "due" if self.running.unlimited:
                return None
            case "due" | "started" | "ended":
                return {"due": row.due_at, "started": row.started_at, "ended": row.ended_at}[name]
            case "hours_left" | "hours_late":
                return self._hours(late=name == "hours_late")
            case "days_left" | "workdays_left":
                return self._left(workdays=name.startswith("work"))
            case "days_late" | "workdays_late":
                return self._late(workdays=name.startswith("work"))
        return self._history(name)

    @property
    def _over(self) -> bool:
        row = self.running.row
        passed = row.outcome == "running" and row.due_at <= self.at
        missed = row.missed_at is not None and row.missed_at <= self.at
        return passed or missed or (str(row.outcome) == "lapsed" and row.due_at <= self.at)

    def _left(self, *, workdays: bool) -> int:
        if not self.running.live or self._over:
            return 0
        return self._days(self._day(self.at), self._due_day, workdays=workdays)

    def _late(self, *, workdays: bool) -> int:
        if self.window or not self._over:
            return 0
        return self._days(self._due_day, due_day(self._until, self.calendar.zone), workdays=workdays)

    @property
    def _until(self) -> datetime:
        return min(self.at, self.running.row.ended_at or self.at)

    def _hours(self, *, late: bool) -> int:
        """Whole hours that are left; begun ones that were lost."""
        row = self.running.row
        if late:
            return 0 if self.window or not self._over else max(-((row.due_at - self._until) // HOUR), 0)
        if not self.running.live or self._over:
            return 0
        return max((row.due_at - self.at) // HOUR, 0)

    def _days(self, after: date, until: date, *, workdays: bool) -> int:
        """The first not counted, the last counted."""
        return self.calendar.workdays(after + DAY, until) if workdays else max((until - after).days, 0)

    def _history(self, name: str) -> Value:
        state = self.running.state()
        if name == "extensions":
            return len(state.extensions)
        if name == "extensions_left":
            return max((self.bounds.times or 0) - len(state.extensions), 0)
        if name == "extendable_until":
            return None if state.never_limited else latest_due(state, self.bounds, self.rolled, self.at)
        pauses = [(pause.since, pause.until) for pause in state.suspensions]
        pauses += [(hold.since, max(self.at, hold.since)) for hold in state.holds]
        if name == "pauses":
            return len(pauses)
        return sum((self._day(until) - self._day(since)).days for since, until in _joined(pauses))

    def _day(self, at: datetime) -> date:
        return local_day(at, self.calendar.zone)

    @property
    def _due_day(self) -> date:
        return due_day(self.running.row.due_at, self.calendar.zone)


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Two causes may hold a clock at once; its time stands still once."""
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined
