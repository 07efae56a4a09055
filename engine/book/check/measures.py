"""Measures: the workflows, states, events, clocks, fields and other measures they name."""

from collections.abc import Collection, Mapping

from engine.book.check.ranks import check_within
from engine.book.check.timing import DATES, events_of, fields_of, known_workflows, states_of
from engine.book.compiled import CompiledMeasure, CompiledRule
from engine.book.context import Context
from engine.book.facts import ITEM, OWNER, UNIT
from engine.book.finding import Path
from engine.book.unit_facts import unit_facts
from rules.cel import Kind
from rules.language import Measure
from workflows.language import FieldSpec, WorkflowSpec

COUNTED_DATES: Mapping[str, tuple[str, ...]] = {
    "items": ("opened", "closed"),
    "clocks": ("missed", "due", "overdue", "met", "ended"),
    "events": ("at", "opened"),
}
OF_TIME = ("item.days_open", "item.workdays_open", "item.days_in_state", "item.overdue")
OVER = ("own", "below")
NUMBERS = (Kind.INT, Kind.NUMBER)
ORDERED = (*NUMBERS, Kind.MOMENT)
GIVEN = {"unit": UNIT, "owner": (OWNER,), "item": ITEM, "office": ()}


def check_measures(context: Context) -> None:
    check_hierarchy(context)
    for id, measure in context.data.measures.items():
        path = ("measures", id)
        _check_name(context, path, id, measure)
        if measure.recorded:
            _check_recorded(context, path, measure)
        _check_others(context, path, measure)
        _check_fixed(context, path, measure)


def _check_fixed(context: Context, path: Path, measure: Measure) -> None:
    """By a rule that speaks about a period: its own, or that of the items it is for."""
    name = measure.fixed_by
    if name is None or not context.check((*path, "fixed_by"), "rule", name, context.names("rules")):
        return
    rule = context.data.rules[name]
    if rule.when.every is None and rule.when.dates is None and not _has_period(context, rule.for_):
        zh = f"规则 {name} 不按周期运行，它的事项也没有周期：没有哪一期可以定下来"
        en = f"the rule {name} is not by period, and its items have none: there is no period to fix"
        context.note((*path, "fixed_by"), "no_period", zh=zh, en=en)


def _has_period(context: Context, workflows: Collection[str]) -> bool:
    """Opened by a duty, or by a rule by period."""
    data = context.data
    opened = {duty.opens for duty in data.duties.values()}
    for rule in data.rules.values():
        if rule.when.every is not None or rule.when.dates is not None:
            places = (rule.then, *rule.times)
            opened |= {each.workflow for place in places for each in (*place.open, *place.propose)}
    return bool(opened & set(workflows))


def check_hierarchy(context: Context) -> None:
    """What a unit is part of exists, and nothing is part of itself."""
    units = context.data.units
    for id, unit in units.items():
        path = ("units", id, "part_of")
        context.check(path, "unit", unit.part_of, context.names("units"))
        way = [id]
        while (above := units[way[-1]].part_of) in units and above not in way:
            way.append(above)
        if above == id:
            shown = " → ".join([*way, id])
            zh, en = f"上下级绕成了圈：{shown}", f"these units are part of each other in a circle: {shown}"
            context.note(path, "part_of_circle", zh=zh, en=en)


def check_windows(context: Context, rule: CompiledRule) -> None:
    """A measure within `period` has an answer only when a rule speaks about a period."""
    read = {*rule.reads, *rule.lines} | ({rule.spec.count.measure} if rule.spec.count else set())
    for name in sorted(read):
        measure = _measure(context, name)
        if measure is not None:
            _check_like(context, rule, measure)
        window = _window_of_a_period(context, measure) if measure is not None else None
        if window is not None and rule.occasion != "period":
            zh = f"指标 {name} 的窗口是 {window}，只能用于按周期运行的规则"
            en = f"the measure {name} is within {window}: only a rule with `every` can read it"
            context.note(("rules", rule.id, "when"), "no_period", zh=zh, en=en)


def check_as_of(context: Context, rule: CompiledRule) -> None:
    """Whoever looks from another moment reads something that is otherwise seen from now."""
    read = rule.reads | ({rule.spec.count.measure} if rule.spec.count else set())
    if rule.moment is None or any(_is_seen_from(context, name) for name in read):
        return
    zh = "规则没有读指标，也没有读时限：从哪一刻看都一样，请删去 as_of"
    en = "the rule reads no measure and no clock: it sees the same from every moment, drop `as_of`"
    context.note(("rules", rule.id, "as_of"), "as_of_nothing", zh=zh, en=en, severity="warning")


def _is_seen_from(context: Context, name: str) -> bool:
    return name.startswith("clock.") or name in OF_TIME or _measure(context, name) is not None


def _window_of_a_period(context: Context, measure: CompiledMeasure) -> str | None:
    """Its own, or that of one it is made of; a row of periods gives them theirs."""
    if measure.spec.recorded and measure.window.of_a_period:
        return str(measure.window)
    if measure.spec.periods is not None:
        return None
    others = (_measure(context, name) for name in sorted(measure.reads))
    windows = (_window_of_a_period(context, each) for each in others if each is not None)
    return next((window for window in windows if window is not None), None)


def _measure(context: Context, name: str) -> CompiledMeasure | None:
    scope, _, id = name.partition(".")
    found = context.measures.get(id)
    return found if found is not None and found.spec.for_ == scope else None


def _check_like(context: Context, rule: CompiledRule, measure: CompiledMeasure) -> None:
    """Nothing is like an item that has no such field; a field that no item has is told at the measure."""
    known = fields_of(context.specs(measure.spec.items))
    for name in rule.workflows:
        own = context.data.workflows[name].fields
        lacking = [field for field in measure.spec.same if field in known and field not in own]
        if lacking:
            zh = f"流程 {name} 没有字段 {lacking[0]}，在这条规则里指标 {measure.fact} 永远是 0"
            en = f"{name} has no field {lacking[0]}: in this rule {measure.fact} is always 0"
            context.note(("rules", rule.id, "for"), "same_of_nothing", zh=zh, en=en)


def _check_name(context: Context, path: Path, id: str, measure: Measure) -> None:
    """A fact of its own: a field, or what everybody has, would hide it."""
    own = unit_facts(context) if measure.for_ == "unit" else ()
    taken = {fact.name for fact in (*GIVEN[measure.for_], *own)}
    fields = {name for spec in context.data.workflows.values() for name in spec.fields}
    if f"{measure.for_}.{id}" in taken or (measure.for_ == "item" and id in fields):
        zh = f"已有名为 {measure.for_}.{id} 的事实：请给指标改名"
        en = f"there is a fact {measure.for_}.{id} already: rename the measure"
        context.note(path, "measure_hidden", zh=zh, en=en, key=True)


# ---------------------------------------------------------------- recorded


def _check_recorded(context: Context, path: Path, measure: Measure) -> None:
    names = measure.items or measure.of
    context.check_all((*path, "clocks"), "clock", measure.clocks, context.names("clocks"))
    _check_over(context, (*path, "over"), measure.over)
    specs = known_workflows(context, (*path, "items" if measure.items else "of"), names)
    if specs is None:
        return
    states, fields = states_of(specs), fields_of(specs)
    context.check_all((*path, "events"), "event", measure.events, events_of(specs) - {"open"})
    context.check_all((*path, "states"), "state", measure.states, states)
    context.check_all((*path, "not_states"), "state", measure.not_states, states)
    wanted = "post" if measure.for_ == "owner" else "unit"
    named = [name for name, field in fields.items() if field.type == wanted]
    context.check((*path, "by"), "field", measure.by, named)
    _check_date(context, path, measure, specs, fields)
    for at, name in enumerate(measure.clocks):
        clock = context.data.clocks.get(name)
        if clock is not None and not set(names) & set(clock.of) and context.know("workflows", clock.of):
            zh, en = f"时限 {name} 不在这些流程中运行", f"the clock {name} runs in none of these workflows"
            context.note((*path, "clocks", at), "clock_elsewhere", zh=zh, en=en)


def _check_over(context: Context, path: Path, over: str) -> None:
    kinds = {unit.kind for unit in context.data.units.values()}
    context.check(path, "kind", over, {*OVER, *kinds})


def _check_date(
    context: Context,
    path: Path,
    measure: Measure,
    specs: Collection[WorkflowSpec],
    fields: Mapping[str, FieldSpec],
) -> None:
    source = "items" if measure.items else "clocks" if measure.clocks else "events"
    dates = [name for name, field in fields.items() if field.type in DATES] if source != "clocks" else []
    if source == "events":
        given = {
            name
            for spec in specs
            for each in spec.transitions
            if each.event in measure.events
            for name in (*each.needs, *each.takes)
        }
        dates = [name for name in dates if name in given]
    known = {*COUNTED_DATES[source], *dates}
    context.check((*path, "on"), "field", measure.on if "on" in measure.model_fields_set else None, known)
    if source == "clocks" and "on" not in measure.model_fields_set:
        zh = "数时限时要写 on: missed、due、overdue、met 或 ended"
        en = "a measure of clocks says on: missed, due, overdue, met or ended"
        context.note(path, "missing", zh=zh, en=en, key=True)


# ---------------------------------------------------------------- made of other measures


def _check_others(context: Context, path: Path, measure: Measure) -> None:
    _check_other(context, (*path, "after"), measure, measure.after, (Kind.MOMENT,))
    if measure.sample is not None:
        _check_other(context, (*path, "sample", "of"), measure, measure.sample.of, NUMBERS)
    if measure.rank is not None:
        _check_other(context, (*path, "rank", "of"), measure, measure.rank.of, ORDERED)
        _check_group(context, (*path, "rank", "among"), measure, measure.rank.among)
        check_within(context, (*path, "rank", "within"), measure.rank)


def _check_other(
    context: Context, path: Path, measure: Measure, name: str | None, kinds: Collection[Kind]
) -> None:
    """One for the same, and of a kind that will do."""
    specs = context.data.measures
    known = {f"{spec.for_}.{id}" for id, spec in specs.items() if spec.for_ == measure.for_}
    if name is None or not context.check(path, "measure", name, known):
        return
    found = _measure(context, name)
    if found is not None and found.kind not in kinds:
        zh = f"{name} 是{found.kind.zh}，这里应为{'或'.join(each.zh for each in kinds)}"
        en = f"{name} is {found.kind.phrase}: here it must be {' or '.join(each.phrase for each in kinds)}"
        context.note(path, "wrong_measure", zh=zh, en=en)


def _check_group(context: Context, path: Path, measure: Measure, name: str) -> None:
    wanted = "units" if measure.for_ == "unit" else "posts"
    if not context.check(path, "group", name, context.names("groups")):
        return
    group = context.data.groups.get(name)
    if group is not None and group.of != wanted:
        zh_wanted, zh_found = ("单位", "岗位") if wanted == "units" else ("岗位", "单位")
        zh = f"分组 {name} 的成员是{zh_found}，这里排的是{zh_wanted}"
        en = f"the group {name} is of {group.of}: here {wanted} are ranked"
        context.note(path, "wrong_group", zh=zh, en=en)
