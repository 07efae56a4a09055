"""A clock whose item has changed: its time chosen anew, its date followed."""

from dataclasses import replace

from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.clock_words import Told, enter_clock, say_due
from engine.desk import Desk
from engine.lights import relight, said
from engine.pauses import ask_pauses, pause_and_resume
from engine.relays import begin, enter_withdrawn, hand_on, settle
from engine.starts import Trigger, budget_of, due_from, holds, may_run, written_due
from engine.words import say_moment
from rules.time import clock as life
from rules.time.clock_state import ClockState, Limit, Until


def choose_anew(desk: Desk, case: Case) -> None:
    """After every change of the item: the class it now belongs to has its own time."""
    for spec in desk.book.clocks_of(case.row.workflow):
        running = case.clocks.get(spec.id)
        if running is None:
            _condition_comes(desk, case, spec)
        elif spec.varies:
            _choose(desk, case, spec, running)
        elif spec.spec.due is not None:
            _follow(desk, case, spec, running)
    ask_pauses(desk, case)


def _condition_comes(desk: Desk, case: Case, spec: CompiledClock) -> None:
    """What starts anew each time waits for its condition, which a rule or time may bring, and no event."""
    starts = spec.spec.starts
    waits = starts.again and (starts.opened or case.row.state in starts.state) and may_run(spec, case)
    if spec.condition is None or not waits or not holds(desk, case, spec.condition):
        return
    if not begin(desk, case, spec, desk.now, Trigger(event="", anew=True)):
        return
    pause_and_resume(desk, case, Trigger(event="", before=case.row.state))
    state = case.clocks[spec.id].state()
    if state.without_limit:
        return
    zh, en = (say_due(desk.book, spec, state, language) for language in ("zh", "en"))
    zh, en = f"起算的条件成立：{zh}", f"its condition has come to hold: {en}"
    more = {"started": state.started.isoformat(), "due": state.due.isoformat()}
    enter_clock(desk, case, spec, Told(act="clock.start", zh=zh, en=en, more={**more}))


def _choose(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> None:
    state = running.state()
    if not running.live and not state.without_limit:
        return
    budget = budget_of(desk, spec, case)
    if budget is None:
        if running.live:
            _without_limit(desk, case, spec, state)
    elif state.without_limit:
        if may_run(spec, case):
            _limit_comes(desk, case, spec, budget)
    elif isinstance(budget, Until) and isinstance(state.limit, Until):
        if not running.overdue:
            _follow_date(desk, case, spec, state, budget)
    elif budget != state.limit:
        later = life.chosen_anew(state, budget, calendar_of(desk.book, spec), desk.now)
        _settle(desk, case, spec, later)


def _without_limit(desk: Desk, case: Case, spec: CompiledClock, state: ClockState) -> None:
    """As if it had never had one; what starts anew each time has ended, and what it missed is missed."""
    lit, ends = said(desk, case), spec.spec.starts.again
    later = replace(life.cancel(state, desk.now), without_limit=True) if ends else None
    settle(desk, case, spec.id, later or life.unlimited(state, desk.now))
    zh, en = "事项情况变化，现无时限", "the item has changed: there is no limit now"
    more = {"from": state.due.isoformat(), **_limit_told(state, "from")}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))
    if state.missed_at is not None and not ends:
        enter_withdrawn(desk, case, spec, state.missed_at)
    relight(desk, case, spec, lit)


def _limit_told(state: ClockState, which: str) -> dict[str, str]:
    limit = state.limit
    if isinstance(limit, Until):
        return {f"until_{which}": limit.written}
    return {f"budget_{which}": str(limit)} if limit is not None else {}


def _limit_comes(desk: Desk, case: Case, spec: CompiledClock, limit: Limit) -> None:
    """Counted from its true start; from now where it starts anew each time. What has held it holds it."""
    lit, state = said(desk, case), case.clocks[spec.id].state()
    if spec.spec.starts.again:
        begin(desk, case, spec, desk.now, Trigger(event="", anew=True))
        pause_and_resume(desk, case, Trigger(event="", before=case.row.state))
    else:
        later = life.chosen_anew(state, limit, calendar_of(desk.book, spec), desk.now)
        settle(desk, case, spec.id, later)
        hand_on(desk, case, spec.id, later.due, "due")
    now = case.clocks[spec.id].state()
    zh, en = (say_due(desk.book, spec, now, language) for language in ("zh", "en"))
    zh, en = f"事项情况变化，现有时限：{zh}", f"the item has changed: there is a limit now, {en}"
    more = {"started": now.started.isoformat(), "to": now.due.isoformat(), **_limit_told(now, "to")}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))
    relight(desk, case, spec, lit)


def _follow(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> None:
    """The date in its field: one that comes at last, or another one while it runs in time."""
    written = written_due(spec, case)
    given = due_from(desk.book, spec, written)
    if written is None or given is None:
        return
    if running.unlimited:
        if may_run(spec, case):
            _limit_comes(desk, case, spec, Until(given, written))
    elif running.live and not running.overdue and not spec.spec.fixed:
        _follow_date(desk, case, spec, running.state(), Until(given, written))


def _follow_date(desk: Desk, case: Case, spec: CompiledClock, state: ClockState, until: Until) -> None:
    if until.written == state.written:
        return
    later = life.follow(state, until.given, until.written, calendar_of(desk.book, spec), desk.now)
    if later.due == state.due:
        settle(desk, case, spec.id, later)  # what has been granted before is now written down
    else:
        _settle(desk, case, spec, later)


def _settle(desk: Desk, case: Case, spec: CompiledClock, later: ClockState) -> None:
    before, lit = case.clocks[spec.id].state(), said(desk, case)
    settle(desk, case, spec.id, later)
    old = {language: say_moment(desk.book, before.due, language) for language in ("zh", "en")}
    zh = f"原{old['zh']}，改为{say_due(desk.book, spec, later, 'zh')}"
    en = f"was {old['en']}, now {say_due(desk.book, spec, later, 'en')}"
    more = {"from": before.due.isoformat(), "to": later.due.isoformat()}
    if before.budget or later.budget:
        more |= {**_limit_told(before, "from"), **_limit_told(later, "to")}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))
    if before.missed_at is not None and later.missed_at is None:
        enter_withdrawn(desk, case, spec, before.missed_at)
    relight(desk, case, spec, lit)
