"""Clocks, duties and measures: the workflows, states, events and fields they name."""

from collections.abc import Collection, Mapping

from engine.book.check.values import check_needs, check_values
from engine.book.context import RULE, Context
from engine.book.finding import Path
from rules.language import Clock, Duty, Measure
from workflows.language import FieldSpec, WorkflowSpec

DATES = ("date", "moment")
COUNTED_DATES: Mapping[str, tuple[str, ...]] = {
    "items": ("opened", "closed"),
    "clocks": ("missed", "due", "overdue"),
    "events": ("at", "opened"),
}


def check_timing(context: Context) -> None:
    for id, clock in context.data.clocks.items():
        _check_clock(context, ("clocks", id), clock)
    for id, duty in context.data.duties.items():
        _check_duty(context, ("duties", id), duty)
    for id, measure in context.data.measures.items():
        _check_measure(context, ("measures", id), measure)


def events_of(specs: Collection[WorkflowSpec]) -> set[str]:
    """`open` is the event of being opened."""
    return {each.event for spec in specs for each in spec.transitions} | {"open"}


def states_of(specs: Collection[WorkflowSpec]) -> set[str]:
    return {state for spec in specs for state in spec.states}


def fields_of(specs: Collection[WorkflowSpec]) -> dict[str, FieldSpec]:
    return {name: field for spec in specs for name, field in spec.fields.items()}


def known_workflows(context: Context, path: Path, names: Collection[str]) -> list[WorkflowSpec] | None:
    """The workflows named; None when one is unknown or not well formed, so that no more can be said."""
    context.check_all(path, "workflow", names, context.names("workflows"))
    specs = context.specs(names)
    return specs if len(specs) == len(names) else None


def _check_clock(context: Context, path: Path, clock: Clock) -> None:
    specs = known_workflows(context, (*path, "of"), clock.of)
    if not (clock.starts.opened or clock.starts.state or clock.starts.event):
        zh = "时限从不起算：请写 opened、state 或 event"
        en = "the clock never starts: write opened, state or event"
        context.note((*path, "starts"), "never_starts", zh=zh, en=en)
    if specs is None:
        return
    states = states_of(specs)
    context.check_all((*path, "starts", "state"), "state", clock.starts.state, states)
    context.check_all((*path, "starts", "event"), "event", clock.starts.event, events_of(specs))
    context.check_all((*path, "stops"), "state", clock.stops, states)
    context.check_all((*path, "cancels"), "state", clock.cancels, states)
    for name, spec in zip(clock.of, specs, strict=True):
        if not {*clock.stops, *clock.cancels} & set(spec.states):
            zh, en = f"在流程 {name} 中没有一个停止状态", f"no state of {name} stops this clock"
            context.note((*path, "stops"), "never_stops", zh=zh, en=en, key=True)
        if clock.due is not None:
            dates = [field for field, each in spec.fields.items() if each.type in DATES]
            context.check((*path, "due"), "field", clock.due, dates, of=name)


def _check_duty(context: Context, path: Path, duty: Duty) -> None:
    _check_owner(context, path, duty)
    specs = known_workflows(context, (*path, "opens"), (duty.opens,))
    if not specs:
        return
    spec = specs[0]
    if RULE not in spec.opened_by:
        zh = f"流程 {duty.opens} 不能由规则立项，请在 opened_by 加 rule"
        en = f"rules may not open a {duty.opens}: add rule to its opened_by"
        context.note((*path, "opens"), "not_opened_by_rules", zh=zh, en=en)
    check_values(context, (*path, "with"), duty.with_, spec.fields, of=duty.opens, plain=True, roles=False)
    check_needs(context, path, spec.needs, {*duty.with_, "due"}, of=duty.opens)


def _check_owner(context: Context, path: Path, duty: Duty) -> None:
    """The post that owes a duty for each unit: one, whatever the unit."""
    owner, data = duty.owner, context.data
    if owner is None or not context.check((*path, "owner"), "role", owner, context.names("roles")):
        return
    role, group = data.roles.get(owner), data.groups.get(duty.for_)
    of_posts = group.of == "posts" if group else duty.for_ in data.roles
    if of_posts and duty.for_ not in data.units:
        zh = "owner 只用于单位或单位分组：岗位承担的责任已有责任岗位"
        en = "`owner` is for a unit or a group of units: what posts owe has its owner already"
        context.note((*path, "owner"), "owner_of_posts", zh=zh, en=en, key=True)
    elif role is not None and len(role.posts) != 1 and not (role.is_ or "").startswith("unit."):
        zh = f"角色 {owner} 不能确定一个责任岗位：请写只有一个岗位的角色，或 is: unit.head 一类的角色"
        en = f"the role {owner} names no one post: take a role with one post, or one such as `is: unit.head`"
        context.note((*path, "owner"), "owner_unclear", zh=zh, en=en)


def _check_measure(context: Context, path: Path, measure: Measure) -> None:
    source = "items" if measure.items else "clocks" if measure.clocks else "events"
    names = measure.items or measure.of
    context.check_all((*path, "clocks"), "clock", measure.clocks, context.names("clocks"))
    specs = known_workflows(context, (*path, "items" if measure.items else "of"), names)
    if specs is None:
        return
    states, fields = states_of(specs), fields_of(specs)
    context.check_all((*path, "events"), "event", measure.events, events_of(specs))
    context.check_all((*path, "states"), "state", measure.states, states)
    context.check_all((*path, "not_states"), "state", measure.not_states, states)
    where = (*path, "where")
    check_values(context, where, measure.where, fields, of=", ".join(names), plain=True, roles=False)
    _check_counted(context, path, measure, source, fields)
    for at, name in enumerate(measure.clocks):
        clock = context.data.clocks.get(name)
        if clock is not None and not set(names) & set(clock.of):
            zh, en = f"时限 {name} 不在这些流程中运行", f"the clock {name} runs in none of these workflows"
            context.note((*path, "clocks", at), "clock_elsewhere", zh=zh, en=en)


def _check_counted(
    context: Context, path: Path, measure: Measure, source: str, fields: Mapping[str, FieldSpec]
) -> None:
    dates = [name for name, field in fields.items() if field.type in DATES] if source != "clocks" else []
    known = {*COUNTED_DATES[source], *dates}
    context.check((*path, "on"), "field", measure.on if "on" in measure.model_fields_set else None, known)
    if source == "clocks" and "on" not in measure.model_fields_set:
        zh = "数时限时要写 on: missed、due 或 overdue"
        en = "a measure of clocks says on: missed, due or overdue"
        context.note(path, "missing", zh=zh, en=en, key=True)
    numbers = [name for name, field in fields.items() if field.type in ("int", "number")]
    context.check((*path, "field"), "field", measure.field, numbers)
