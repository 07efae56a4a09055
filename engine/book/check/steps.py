"""Steps never taken: moves out of the wrong state, clocks that no way stops, doers who may not."""

from collections.abc import Collection, Iterator, Mapping

from engine.book.check.rules import actions_of
from engine.book.compiled import CompiledRule
from engine.book.context import RULE, Context
from engine.book.finding import Path
from rules.language import Clock, Rule
from workflows.language import Transition, WorkflowSpec

OPEN = "open"
PARENT = "parent."
NO_EVENTS = frozenset({OPEN, "parent", "own_unit"})
LIBRARY = "workflows/library/"


def check_steps(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    for id, rule in rules.items():
        for actions, path in actions_of(rule.spec, ("rules", id)):
            if actions.move is not None and actions.move.item == "self":
                _check_move(context, rule, actions.move.event, (*path, "move"))
    for id, clock in context.data.clocks.items():
        for name in clock.of:
            spec = context.data.workflows.get(name)
            if spec is not None and clock.starts != type(clock.starts)():
                _check_stops(context, ("clocks", id), clock, name, spec)
    for id, spec in context.data.workflows.items():
        _check_outsiders(context, ("workflows", id), spec)
        for at, transition in enumerate(spec.transitions):
            _check_doers(context, ("workflows", id, "transitions", at), spec, transition)


def _check_move(context: Context, rule: CompiledRule, event: str, path: Path) -> None:
    """An event that is not possible in any state in which the rule may speak is refused each time."""
    moves = {id: _froms(context.data.workflows[id], event) for id in rule.workflows}
    if not any(moves.values()):
        return  # told as an unknown event
    at: dict[str, set[str]] = {
        id: set(_states_of(context.data.workflows[id], rule.spec, context)) for id in rule.workflows
    }
    if any(moves[id] & at[id] for id in rule.workflows):
        return
    states = "、".join(sorted(set().union(*at.values()))) or "—"
    zh = f"{event} 永远做不成：规则发生时事项在 {states}，这些状态下没有事件 {event}"
    found = ", ".join(sorted(set().union(*at.values()))) or "no state"
    en = f"{event} is refused each time: the rule speaks in {found}, where there is no {event}"
    context.note(path, "impossible_move", zh=zh, en=en)


def _froms(spec: WorkflowSpec, event: str) -> set[str]:
    return {state for each in spec.transitions if each.event == event for state in each.from_}


def _states_of(spec: WorkflowSpec, rule: Rule, context: Context) -> Iterator[str]:
    """The states in which an item may be when the rule speaks."""
    if rule.when.event:
        for event in rule.when.event:
            yield from _after(spec, event)
    elif rule.when.clock:
        clock = context.data.clocks.get(rule.when.clock)
        ended = {*clock.stops, *clock.cancels} if clock is not None and not clock.window else set()
        yield from (name for name, state in spec.states.items() if not state.final and name not in ended)
    else:
        yield from spec.states


def _after(spec: WorkflowSpec, event: str) -> set[str]:
    if event == OPEN:
        return {spec.initial}
    ends = (each for each in spec.transitions if each.event == event)
    return {state for each in ends for state in ((each.to,) if each.to else each.from_)}


def _check_stops(context: Context, path: Path, clock: Clock, name: str, spec: WorkflowSpec) -> None:
    """From where it starts no way leads to where it stops."""
    starts = _begins(clock, spec)
    if not starts or not {*clock.stops, *clock.cancels} & set(spec.states):
        return  # starts by other clocks, or told as having no such state
    reached = _reached(spec, starts)
    if not set(clock.stops) & reached and not clock.stopped_by:
        states_zh, states_en = "、".join(sorted(starts)), ", ".join(sorted(starts))
        zh = f"从 {name} 的 {states_zh} 起算后，走不到它的停止状态，永远算作逾期"
        en = f"from {states_en} of {name}, where it starts, no way leads to a state that stops it"
        context.note((*path, "stops"), "never_stops", zh=zh, en=en, key=True)
    elif not starts - {*clock.stops, *clock.cancels} - _closed(clock, spec):
        zh = f"在 {name} 中起算时事项已经停止或办结，所以从不起算"
        en = f"where it starts in {name} it stops as well, or its item is closed: it never runs"
        context.note((*path, "starts"), "never_starts", zh=zh, en=en)


def _closed(clock: Clock, spec: WorkflowSpec) -> set[str]:
    """Only a window runs while its item is closed."""
    return set() if clock.window else {name for name, state in spec.states.items() if state.final}


def _begins(clock: Clock, spec: WorkflowSpec) -> set[str]:
    """The states in which the clock begins to run, as far as the workflow itself begins it."""
    begins = {state for state in clock.starts.state if state in spec.states}
    if clock.starts.opened:
        begins.add(spec.initial)
    for event in clock.starts.event:
        begins |= _after(spec, event)
    return begins


def _reached(spec: WorkflowSpec, starts: Collection[str], avoiding: str | None = None) -> set[str]:
    ways = [each for each in spec.transitions if each.to is not None and each.event != avoiding]
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [each.to for each in ways if each.to is not None and state in each.from_]
    return reached


def _check_outsiders(context: Context, path: Path, spec: WorkflowSpec) -> None:
    """Who is outside the office is told and never acts: somebody inside must be able to."""
    named = [((*path, "opened_by", 0), spec.opened_by)]
    named += [((*path, "transitions", at, "by", 0), each.by) for at, each in enumerate(spec.transitions)]
    for place, names in named:
        roles = [context.data.roles.get(name) for name in names]
        if all(role is not None and role.external for role in roles):
            zh = f"{'、'.join(names)} 是外部机关(external)，只被告知，不能在系统中办理"
            en = f"{', '.join(names)} is outside the office (external): it is told, and never acts here"
            context.note(place, "external_acts", zh=zh, en=en)


def _check_doers(context: Context, path: Path, spec: WorkflowSpec, transition: Transition) -> None:
    """Where one post alone may do two steps that one person may not both do, and no way avoids the first."""
    for at, event in enumerate(transition.not_by):
        if event.startswith(PARENT):
            context.check((*path, "not_by", at), "event", event, _above(context))
        elif event not in NO_EVENTS and not set(transition.from_) & _reached(spec, _after(spec, event)):
            zh = f"到了 {transition.event} 这一步，{event} 不可能已经发生，不必回避"
            en = f"before {transition.event} there can have been no {event}: this parts nobody"
            context.note((*path, "not_by", at), "never_before", zh=zh, en=en, severity="warning")
    posts = _posts(context, transition.by)
    # A library parts them as a rule; how many stand behind a role there is the office's own affair.
    if posts is None or len(posts) != 1 or context.root.find(path).place.file.startswith(LIBRARY):
        return
    for at, event in enumerate(transition.not_by):
        doers = [role for each in spec.transitions if each.event == event for role in each.by]
        by = _posts(context, spec.opened_by if event == OPEN else doers)
        if by == posts and (event == OPEN or not set(transition.from_) & _without(spec, event)):
            zh = f"没有人能办 {transition.event}：{event} 只能由 {min(posts)} 办，而办过的人不得再办"
            en = f"nobody may {transition.event}: only {min(posts)} can {event}, and whoever did may not"
            context.note((*path, "not_by", at), "nobody_may", zh=zh, en=en, severity="warning")


def _events(spec: WorkflowSpec) -> set[str]:
    return {OPEN, *(each.event for each in spec.transitions)}


def _above(context: Context) -> set[str]:
    """The events of what an item may belong to, as they are named from below."""
    return {f"{PARENT}{event}" for spec in context.data.workflows.values() for event in _events(spec)}


def _without(spec: WorkflowSpec, event: str) -> set[str]:
    """The states that can be reached without this event."""
    return _reached(spec, [spec.initial], avoiding=event)


def _posts(context: Context, roles: Collection[str]) -> frozenset[str] | None:
    """The posts behind the roles; None where one differs from item to item or is a rule."""
    found: set[str] = set()
    for name in roles:
        role = context.data.roles.get(name)
        if name == RULE or role is None or not role.posts:
            return None
        found |= set(role.posts)
    return frozenset(found)
