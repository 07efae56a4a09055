"""Clocks that hand on to others: what has ended, run out or is due starts the next."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from engine.book.compiled import CompiledClock
from engine.case import Case, Running, clock_row
from engine.clock_calendar import calendar_of
from engine.clock_words import Told, enter_clock, say_due, say_since, waiting
from engine.desk import Desk
from engine.starts import Trigger, counted_from, first_state, holds, may_run
from engine.wake import keep_said
from engine.words import say_moment
from rules.time import clock as life
from rules.time.clock_state import ClockState, Hold, Origin, Passing

LANGUAGES = ("zh", "en")


def begin(desk: Desk, case: Case, spec: CompiledClock, moment: datetime, trigger: Trigger) -> bool:
    """A new run of the clock, if it has a deadline at all."""
    state = first_state(desk, spec, case, moment, trigger)
    if state is None:
        return False
    _put_clock(desk, case, spec, replace(state, origin=trigger.origin))
    return True


def _put_clock(desk: Desk, case: Case, spec: CompiledClock, state: ClockState) -> None:
    # By time alone the entry that says so comes after it.
    entry = case.touched if case.touched is not None else case.row.entry
    row = clock_row(state, case.row.id, spec.id, entry)
    before = case.clocks.get(spec.id)
    # Started again with a due moment it had before, it does not say again what it has said.
    spoken = dict(before.spoken) if before else {}
    case.clocks[spec.id] = Running(row=row, spoken=spoken, changed=True, begun=True)
    if not state.without_limit:
        hand_on(desk, case, spec.id, state.due, "due")


def settle(desk: Desk, case: Case, name: str, state: ClockState, *, quiet: bool = False) -> None:
    """The clock as it is now; those that begin when it is due begin with it, each with an entry unless
    whoever asks enters them all."""
    running = case.clocks[name]
    before = running.state()
    running.settle(state)
    keep_said(desk.book, case, running, before)
    for spec in _following(desk, case, name):
        _tie(desk, case, spec, name, state, quiet=quiet)


def hand_on(desk: Desk, case: Case, name: str, moment: datetime, *passing: Passing) -> None:
    """Start what waits for this clock to be met, missed, ended, lapsed or due, as of that moment."""
    for spec in _following(desk, case, name):
        relay = spec.spec.starts.clock
        assert relay is not None
        on = next((each for each in relay.on if each in passing), None)
        running = case.clocks.get(spec.id)
        waits = running is None or not running.live or _not_begun(running, name, moment)
        if on is None or not waits or not may_run(spec, case) or not holds(desk, case, spec.condition):
            continue
        if begin(desk, case, spec, moment, Trigger(event="", origin=Origin(name, on))) and on != "due":
            _enter_start(desk, case, spec, name)


def _not_begun(running: Running, name: str, moment: datetime) -> bool:
    """Only to begin later, by itself or with an earlier run of the same clock."""
    state = running.state()
    return state.started > moment and (state.presumed or state.origin == Origin(name, "due"))


def enter_withdrawn(desk: Desk, case: Case, spec: CompiledClock, missed_at: datetime) -> None:
    """It was late by what was known then, and is not by what is known now. The entry of the miss stays."""
    zh, en = (say_moment(desk.book, missed_at, language) for language in LANGUAGES)
    told = Told(
        act="clock.withdraw",
        zh=f"撤回{zh}的逾期：{_say_state(desk, case, spec, 'zh')}",
        en=f"the miss of {en} is withdrawn: {_say_state(desk, case, spec, 'en')}",
        more={"missed_at": missed_at.isoformat(), "due": case.clocks[spec.id].row.due_at.isoformat()},
    )
    enter_clock(desk, case, spec, told)
    _withdraw(desk, case, spec.id)


def _say_state(desk: Desk, case: Case, spec: CompiledClock, language: str) -> str:
    state = case.clocks[spec.id].state()
    if state.without_limit:
        return "现无时限" if language == "zh" else "there is no limit"
    if state.outcome == "met" and state.ended is not None:
        done, due = say_since(desk.book, state.ended, language), say_moment(desk.book, state.due, language)
        return f"实际于{done}办结，{due}到期" if language == "zh" else f"it was done {done}, due {due}"
    if state.outcome == "paused":
        return "当时已中止计时" if language == "zh" else "it was stopped then"
    return say_due(desk.book, spec, state, language)


def _withdraw(desk: Desk, case: Case, name: str) -> None:
    """A miss that was none has started nothing."""
    for spec in _following(desk, case, name):
        running = case.clocks.get(spec.id)
        if running is None or not running.live or running.state().origin != Origin(name, "missed"):
            continue
        settle(desk, case, spec.id, life.cancel(running.state(), desk.now))
        label = desk.book.clocks[name].spec.label
        zh, en = f"不再计算：{label.zh}并未逾期", f"runs no more: {label.en} was not missed"
        enter_clock(desk, case, spec, Told(act="clock.withdraw", zh=zh, en=en, more={"by": name}))


def _following(desk: Desk, case: Case, name: str) -> Iterator[CompiledClock]:
    for spec in desk.book.clocks_of(case.row.workflow):
        relay = spec.spec.starts.clock
        if relay is not None and relay.of == name:
            yield spec


def _tie(desk: Desk, case: Case, spec: CompiledClock, name: str, other: ClockState, *, quiet: bool) -> None:
    running = case.clocks.get(spec.id)
    if running is None or not running.live:
        return
    state = running.state()
    waits = state.held(waiting(name)) is not None
    if state.origin == Origin(name, "missed") and other.missed_at is not None:
        _move(desk, case, spec, state, other.missed_at, quiet=quiet)
    if state.origin != Origin(name, "due"):
        return
    if other.outcome == "cancelled":
        if state.started > desk.now or waits:
            settle(desk, case, spec.id, life.cancel(state, desk.now))
    elif other.paused_at is not None:
        _wait(desk, case, spec, name, other.paused_at)
    elif other.ended is None or waits:
        _move(desk, case, spec, state, other.due, quiet=quiet)


def _move(
    desk: Desk, case: Case, spec: CompiledClock, state: ClockState, moment: datetime, *, quiet: bool
) -> None:
    """It begins with another clock, which has moved, or is waited for no longer."""
    assert state.origin is not None
    calendar, freed = calendar_of(desk.book, spec), _freed(state, state.origin.clock)
    trigger = Trigger(event="", origin=state.origin)
    started, ends_day = counted_from(spec, case, moment, trigger, calendar)
    if freed is state and started == state.started:
        return
    later = life.begun_at(freed, started, calendar, desk.now, ends_day=ends_day)
    settle(desk, case, spec.id, later, quiet=quiet)
    if later.due != state.due and not quiet:
        _enter_move(desk, case, spec, state.due)
    if state.missed_at is not None and later.missed_at is None:
        enter_withdrawn(desk, case, spec, state.missed_at)


def _enter_move(desk: Desk, case: Case, spec: CompiledClock, before: datetime) -> None:
    """It has moved because another has: no event of its own says so."""
    state = case.clocks[spec.id].state()
    if state.origin is None or state.without_limit:
        return
    label = desk.book.clocks[state.origin.clock].spec.label
    old, new = (
        [say(each) for each in LANGUAGES]
        for say in (partial(say_moment, desk.book, before), partial(say_due, desk.book, spec, state))
    )
    zh = f"随{label.zh}变动，原{old[0]}，改为{new[0]}"
    en = f"moves with {label.en}, was {old[1]}, now {new[1]}"
    more = {"by": state.origin.clock, "from": before.isoformat(), "to": state.due.isoformat()}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))


def _wait(desk: Desk, case: Case, spec: CompiledClock, name: str, since: datetime) -> None:
    """Nobody knows when the other will be due, so what begins then waits with it."""
    state = case.clocks[spec.id].state()
    if state.started <= since or state.held(waiting(name)) is not None:
        return
    holds_ = (*state.holds, Hold(since, waiting(name)))
    settle(desk, case, spec.id, replace(state, outcome="paused", missed_at=None, holds=holds_))
    if state.missed_at is not None:
        enter_withdrawn(desk, case, spec, state.missed_at)


def _freed(state: ClockState, name: str) -> ClockState:
    if state.held(waiting(name)) is None:
        return state
    holds_left = tuple(hold for hold in state.holds if hold.cause != waiting(name))
    return replace(state, holds=holds_left, outcome="paused" if holds_left else "running")


def _enter_start(desk: Desk, case: Case, spec: CompiledClock, name: str) -> None:
    """Time alone may have started it: no event of the item says so."""
    state = case.clocks[spec.id].state()
    label = desk.book.clocks[name].spec.label
    zh = f"接续{label.zh}，{say_due(desk.book, spec, state, 'zh')}"
    en = f"follows {label.en}, {say_due(desk.book, spec, state, 'en')}"
    more = {"by": name, "started": state.started.isoformat(), "due": state.due.isoformat()}
    enter_clock(desk, case, spec, Told(act="clock.start", zh=zh, en=en, more={**more}))
