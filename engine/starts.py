"""When a clock starts, and since when it counts: an event, a date of the item, another clock, or later."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine.book.book import Book
from engine.book.compiled import CompiledBudget, CompiledClock
from engine.case import Case
from engine.clock_calendar import calendar_of
from engine.desk import Desk
from engine.facts import Subject, gather
from engine.wake import in_force, owed_at
from rules.cel import Condition
from rules.language.time import HAPPENED
from rules.time import clock as life
from rules.time.beginning import after_cutoff, deemed
from rules.time.calendar import Calendar, Dated
from rules.time.clock_state import ClockState, Limit, Origin, Until
from rules.time.duration import Due, Duration, due_on
from rules.time.instant import instant, local, local_day
from rules.time.projection import INSTANT


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What a duty has computed: since when it is owed, however late the item is opened, and until when."""

    since: datetime
    due: Due


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """What makes clocks start, pause and stop: an event, with its own date and where the item came from."""

    event: str
    before: str | None = None  # the state; none for an item just opened
    happened: datetime | None = None
    owed: Owed | None = None
    origin: Origin | None = None  # no event, but another clock
    anew: bool = False  # no event, but a limit that comes: counted from then, whatever day it went by before

    @property
    def opened(self) -> bool:
        return self.event == "open"

    @property
    def runs_out(self) -> bool:
        """Set off by the end of another clock's time, which may be the end of a day."""
        return self.origin is not None and self.origin.on in ("due", "missed", "lapsed")


def holds(desk: Desk, case: Case, condition: Condition | None) -> bool:
    if condition is None:
        return True
    subject = Subject(case=case, unit=case.row.unit, owner=case.row.owner)
    return bool(condition.evaluate(gather(desk, condition.reads, subject).values))


def may_run(spec: CompiledClock, case: Case) -> bool:
    """Not where its duty is done or none. Of what is closed only a window still runs."""
    done = case.row.state in (*spec.spec.stops, *spec.spec.cancels)
    return not done and (spec.spec.window or case.row.closed_at is None)


def sets_off(spec: CompiledClock, case: Case, trigger: Trigger) -> bool:
    starts = spec.spec.starts
    if not may_run(spec, case):
        return False
    if starts.opened and (trigger.opened or _awaits(spec, case)):
        return True
    return trigger.event in starts.event or _enters(spec, case, trigger)


def _awaits(spec: CompiledClock, case: Case) -> bool:
    """Its condition did not hold when the item was opened, and it is asked anew each time."""
    return spec.spec.starts.again and spec.condition is not None and spec.id not in case.clocks


def _enters(spec: CompiledClock, case: Case, trigger: Trigger) -> bool:
    """One that already ran does not start again with its state, unless it starts anew each time."""
    starts, running = spec.spec.starts, case.clocks.get(spec.id)
    if case.row.state not in starts.state:
        return False
    if running is None or running.live:
        return True
    if running.state().never_limited and not running.unlimited:
        return True  # it was done before it had a date
    return starts.again and (trigger.before not in starts.state or running.state().awaits)


def first_state(
    desk: Desk, spec: CompiledClock, case: Case, moment: datetime, trigger: Trigger
) -> ClockState | None:
    """None when it does not start: no law is in force, or it is fixed without a limit. One whose case comes
    to hold, or whose date is given, later starts without a limit."""
    book, calendar = desk.book, calendar_of(desk.book, spec)
    by_opening = spec.force.by_opening or trigger.owed is not None
    if not in_force(book, spec.force, owed_at(book, case.row) if by_opening else moment):
        return None
    if spec.budgets:
        return _counted(desk, spec, case, moment, trigger)
    written = written_due(spec, case)
    if trigger.owed is not None:
        return life.start_until(trigger.owed.since, trigger.owed.due, written=written)
    given = due_from(book, spec, written)
    since, _ = counted_from(spec, case, moment, trigger, calendar)
    if given is None:
        return life.start_unlimited(since, roll=spec.roll)
    return life.start_until(since, given, roll=spec.roll, written=written)


def _counted(
    desk: Desk, spec: CompiledClock, case: Case, moment: datetime, trigger: Trigger
) -> ClockState | None:
    calendar = calendar_of(desk.book, spec)
    budget = budget_of(desk, spec, case)
    if budget is None and not spec.varies:
        return None
    since, ends_day = counted_from(spec, case, moment, trigger, calendar)
    state = life.start_unlimited(
        since,
        time_of_day=spec.at,
        roll=spec.roll,
        first_day=spec.spec.first_day == "counted",
        next_hour=spec.spec.first_hour == "not counted",
        at_least=spec.at_least,
        ends_day=ends_day,
    )
    return state if budget is None else life.chosen_anew(state, budget, calendar, desk.now)


def budget_of(desk: Desk, spec: CompiledClock, case: Case) -> Limit | None:
    """Of the first case that holds; none where it has no limit. One whose time has not been agreed yet is
    passed over."""
    for each in spec.budgets:
        limit = each.length or _agreed(desk.book, spec, case, each)
        if (limit is not None or each.unlimited) and holds(desk, case, each.condition):
            return limit
    return None


def _agreed(book: Book, spec: CompiledClock, case: Case, budget: CompiledBudget) -> Limit | None:
    written = case.fields.get(budget.field) if budget.field else None
    if not isinstance(written, str):
        return None
    given = due_from(book, spec, written) if budget.dated else None
    return Until(given, written) if given is not None else Duration.parse(written)


def counted_from(
    spec: CompiledClock, case: Case, moment: datetime, trigger: Trigger, calendar: Calendar
) -> tuple[datetime, bool]:
    """And whether that is 24:00 of a day on which another clock has run out: it then starts on that day."""
    starts = spec.spec.starts
    at = moment
    if starts.on == HAPPENED:
        at = trigger.happened or moment
    elif starts.on is not None and not trigger.anew:
        at = date_in(case, starts.on, calendar) or moment
    ends_day = at == moment and trigger.runs_out and local(at, calendar.zone).time() == time.min
    if spec.cutoff is None and spec.after is None:
        return at, ends_day
    at -= INSTANT if ends_day else timedelta()
    if spec.cutoff is not None:
        at = after_cutoff(at, spec.cutoff, calendar)
    return (deemed(at, spec.after, calendar) if spec.after is not None else at), False


def presumed_from(spec: CompiledClock, case: Case, calendar: Calendar) -> datetime | None:
    """When it starts by itself, if nothing starts it before."""
    return deemed(case.row.opened_at, spec.latest, calendar) if spec.latest is not None else None


def done_at(desk: Desk, spec: CompiledClock, case: Case, started: datetime, trigger: Trigger) -> datetime:
    """When what it is for was done, also when that is told later. A date from before this run, which an
    earlier one has left in the item, says nothing of it; nor does one to come."""
    on, calendar = spec.spec.done_on, calendar_of(desk.book, spec)
    if on is None:
        return desk.now
    if on == HAPPENED:
        return min(trigger.happened or desk.now, desk.now)
    at = date_in(case, on, calendar)
    if at is None or local_day(at, calendar.zone) < local_day(started, calendar.zone):
        return desk.now
    return min(max(at, started), desk.now)


def date_in(case: Case, field: str, calendar: Calendar) -> datetime | None:
    """The moment in a field; a day begins at its first minute."""
    written = case.fields.get(field)
    if not isinstance(written, str):
        return None
    if "T" in written:
        return datetime.fromisoformat(written).astimezone(UTC)
    return instant(date.fromisoformat(written), 0, calendar.zone)


def written_due(spec: CompiledClock, case: Case) -> str | None:
    written = case.fields.get(spec.spec.due) if spec.spec.due else None
    return written if isinstance(written, str) else None


def due_from(book: Book, spec: CompiledClock, written: str | None) -> Due | None:
    if written is None:
        return None
    if "T" in written:
        moment = datetime.fromisoformat(written).astimezone(UTC)
        return Due(nominal=moment, due=moment, provisional=False)
    day, calendar = date.fromisoformat(written), calendar_of(book, spec)
    dated = Dated(day, provisional=not calendar.published(day))
    return due_on(dated, calendar, at=spec.at, roll=spec.roll)
