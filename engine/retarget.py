"""A clock whose item has changed: its time chosen anew, its date followed."""

from dataclasses import replace

from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_words import Told, enter_clock, say_due
from engine.desk import Desk
from engine.relays import enter_withdrawn, settle
from engine.starts import budget_of, calendar_of, due_from, may_run, written_due
from engine.words import say_moment
from rules.time import clock as life
from rules.time.clock_state import ClockState


def choose_anew(desk: Desk, case: Case) -> None:
    """After every change of the item: the class it now belongs to has its own time."""
    for spec in desk.book.clocks_of(case.row.workflow):
        running = case.clocks.get(spec.id)
        if running is None or spec.spec.fixed:
            continue
        if spec.varies:
            _choose(desk, case, spec, running)
        elif spec.spec.due is not None and running.live and not running.overdue:
            _follow(desk, case, spec, running)


def _choose(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> None:
    state = running.state()
    if not running.live and not state.without_limit:
        return
    budget = budget_of(desk, spec, case)
    if budget is None:
        if running.live:
            _without_limit(desk, case, spec, state)
        return
    if state.without_limit and may_run(spec, case):
        state = replace(state, without_limit=False, ended=None, outcome="running")
    elif state.without_limit or budget == state.budget:
        return
    calendar = calendar_of(desk.book, spec)
    _settle(desk, case, spec, life.chosen_anew(state, budget, calendar, desk.now))


def _without_limit(desk: Desk, case: Case, spec: CompiledClock, state: ClockState) -> None:
    settle(desk, case, spec.id, replace(life.cancel(state, desk.now), without_limit=True))
    zh, en = "事项情况变化，现无时限", "the item has changed: there is no limit now"
    more = {"from": state.due.isoformat(), "budget_from": str(state.budget)}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))


def _follow(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> None:
    written, state = written_due(spec, case), running.state()
    given = due_from(desk.book, spec, written)
    if written is None or given is None or written == state.written:
        return
    later = life.follow(state, given, written, calendar_of(desk.book, spec), desk.now)
    if later.due == state.due:
        settle(desk, case, spec.id, later)  # what has been granted before is now written down
    else:
        _settle(desk, case, spec, later)


def _settle(desk: Desk, case: Case, spec: CompiledClock, later: ClockState) -> None:
    before = case.clocks[spec.id].state()
    settle(desk, case, spec.id, later)
    old = {language: say_moment(desk.book, before.due, language) for language in ("zh", "en")}
    zh = f"原{old['zh']}，改为{say_due(desk.book, spec, later, 'zh')}"
    en = f"was {old['en']}, now {say_due(desk.book, spec, later, 'en')}"
    more = {"from": before.due.isoformat(), "to": later.due.isoformat()}
    if before.budget and later.budget:
        more |= {"budget_from": str(before.budget), "budget_to": str(later.budget)}
    enter_clock(desk, case, spec, Told(act="clock.retarget", zh=zh, en=en, more={**more}))
    if before.missed_at is not None and later.missed_at is None:
        enter_withdrawn(desk, case, spec, before.missed_at)
