"""Clocks of a case: started, stopped and cancelled by where the item has come to; missed by time alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import Case, Running, clock_row
from engine.desk import Desk
from engine.facts import Subject, gather
from engine.words import say_moment
from rules.time import clock as life
from rules.time.calendar import Dated
from rules.time.clock_state import ClockState
from rules.time.duration import Due, due_on
from store.rows import Entry


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What a duty has computed: since when it is owed, however late the item is opened, and until when."""

    since: datetime
    due: Due


def arrange(desk: Desk, case: Case, *, event: str, owed: Owed | None = None) -> None:
    """After an event: clocks that now start, end or no longer apply.

    A budget is counted from now also where a duty opened late: that takes no time from who owes it.
    """
    opened = event == "open"
    for spec in desk.book.clocks_of(case.row.workflow):
        running = case.clocks.get(spec.id)
        if running is not None and running.live:
            _leave(spec, case, running, desk.now)
        elif _starts(spec, case, event, opened=opened) and _applies(desk, spec, case):
            _start(desk.book, spec, case, desk.now, owed if opened else None)


def _applies(desk: Desk, spec: CompiledClock, case: Case) -> bool:
    """A limit for one class of items does not run for another."""
    if spec.condition is None:
        return True
    subject = Subject(case=case, unit=case.row.unit, owner=case.row.owner)
    return bool(spec.condition.evaluate(gather(desk, spec.condition.reads, subject).values))


def _leave(spec: CompiledClock, case: Case, running: Running, now: datetime) -> None:
    """What is closed runs no more, whether or not the clock names the state (T4)."""
    if case.row.state in spec.spec.stops:
        running.settle(life.stop(running.state(), now))
    elif case.row.state in spec.spec.cancels or case.row.closed_at is not None:
        running.settle(life.cancel(running.state(), now))


def _starts(spec: CompiledClock, case: Case, event: str, *, opened: bool) -> bool:
    starts = spec.spec.starts
    if case.row.state in (*spec.spec.stops, *spec.spec.cancels) or case.row.closed_at is not None:
        return False
    if starts.opened and opened:
        return True
    # A clock that already ran does not start again with its state; an event may say that it does.
    entered = case.row.state in starts.state and spec.id not in case.clocks
    return entered or event in starts.event


def _start(book: Book, spec: CompiledClock, case: Case, now: datetime, owed: Owed | None) -> None:
    state = _first_state(book, spec, case, now, owed)
    if state is None:
        return
    assert case.touched is not None
    row = clock_row(state, case.row.id, spec.id, case.touched)
    before = case.clocks.get(spec.id)
    # Started again with a due moment it had before, it does not say again what it has said.
    case.clocks[spec.id] = Running(row=row, spoken=dict(before.spoken) if before else {}, changed=True)


def _first_state(
    book: Book, spec: CompiledClock, case: Case, now: datetime, owed: Owed | None
) -> ClockState | None:
    """None when the field that holds the due day is not given: there is no deadline then."""
    if spec.budget is not None:
        return life.start(now, spec.budget, book.calendar, time_of_day=spec.at, roll=spec.spec.roll)
    if owed is not None:
        return life.start_until(owed.since, owed.due)
    given = due_from_field(book, spec, case)
    return None if given is None else life.start_until(now, given)


def due_from_field(book: Book, spec: CompiledClock, case: Case) -> Due | None:
    assert spec.spec.due is not None
    written = case.fields.get(spec.spec.due)
    if not isinstance(written, str):
        return None
    if "T" in written:
        moment = datetime.fromisoformat(written).astimezone(UTC)
        return Due(nominal=moment, due=moment, provisional=False)
    day = date.fromisoformat(written)
    dated = Dated(day, provisional=not book.calendar.published(day))
    return due_on(dated, book.calendar, at=spec.at, roll=spec.spec.roll)


def mark_missed(desk: Desk, case: Case) -> None:
    """That it was late is entered before anybody acts on it, whether or not the daemon came round."""
    for name in miss_overdue(case, desk.now):
        row = case.clocks[name].row
        spec = desk.book.clocks[name].spec
        moment = say_moment(desk.book, row.due_at, "zh")
        late = desk.now - row.due_at
        case.touched = desk.enter(
            Entry(
                act="clock.miss",
                actor={"id": "clock", "kind": "system"},
                obj_type="item",
                obj_id=case.row.id,
                why=f"{spec.label.zh}:{moment} 到期未办结",
                sealed=case.row.sealed,
                more={
                    "clock": name,
                    "due": row.due_at.isoformat(),
                    "noticed_late_s": int(late.total_seconds()),
                    "why_en": f"{spec.label.en}: not done by {say_moment(desk.book, row.due_at, 'en')}",
                },
            )
        )


def miss_overdue(case: Case, now: datetime) -> tuple[str, ...]:
    """Mark the running clocks whose due moment has come; the names of those newly missed."""
    missed = []
    for name, running in case.clocks.items():
        row = running.row
        if row.outcome == "running" and row.due_at <= now:
            running.settle(life.miss(running.state(), now))
            missed.append(name)
    return tuple(missed)


def extend_to(case: Case, clock: str, to: datetime, book: Book, now: datetime) -> Running:
    """Raises rules.time.errors.ClockError when the clock has ended or the new end is not later."""
    running = case.clocks[clock]
    running.settle(life.extend(running.state(), now, book.calendar, to=to))
    return running
