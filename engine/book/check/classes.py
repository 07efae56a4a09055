"""Classes: the fields they weigh and write, levels in order, thresholds that rise, levels never reached."""

from engine.book.check.timing import DATES, fields_of, known_workflows
from engine.book.classes import bound_of, levels_of
from engine.book.compiled import Bound
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Class
from rules.language.classes import IF, While
from rules.language.time import HAPPENED
from workflows.language import WorkflowSpec

NUMBERS = ("int", "number")


def check_classes(context: Context) -> None:
    written: dict[tuple[str, str], str] = {}
    for id, spec in context.data.classes.items():
        path = ("classes", id)
        if spec.while_ is not None:
            context.check((*path, "while", "clock"), "clock", spec.while_.clock, context.names("clocks"))
            _check_window(context, (*path, "while"), spec, spec.while_)
        for name in spec.of:
            other = written.setdefault((name, spec.field), id)
            if other != id:
                zh = f"流程 {name} 的字段 {spec.field} 已由分级 {other} 写入"
                en = f"{name}.{spec.field} is written by the class {other} already"
                context.note((*path, "field"), "classed_twice", zh=zh, en=en)
        specs = known_workflows(context, (*path, "of"), spec.of)
        if specs is not None and _check_field(context, path, spec, specs):
            _check_levels(context, path, spec, specs)


def _check_window(context: Context, path: Path, spec: Class, within: While) -> None:
    clock = context.data.clocks.get(within.clock)
    for name in spec.of:
        if (workflow := context.data.workflows.get(name)) is not None:
            dates = {field for field, each in workflow.fields.items() if each.type in DATES} | {HAPPENED}
            context.check((*path, "by"), "field", within.by, dates, of=name)
        if clock is not None and name in context.data.workflows and name not in clock.of:
            zh, en = (
                f"时限 {within.clock} 不在流程 {name} 中运行",
                f"the clock {within.clock} does not run in {name}",
            )
            context.note(path, "clock_elsewhere", zh=zh, en=en)


def _check_field(context: Context, path: Path, spec: Class, specs: list[WorkflowSpec]) -> bool:
    """The field holds one of its levels, the same in every workflow, and people do not give it."""
    for name, workflow in zip(spec.of, specs, strict=True):
        if not context.check((*path, "field"), "field", spec.field, workflow.fields, of=name):
            return False
        field = workflow.fields[spec.field]
        if not field.one_of or tuple(field.one_of) != levels_of(context, spec):
            zh = f"流程 {name} 的字段 {spec.field} 须为 text，并用 one_of 由低到高列出各级"
            en = f"{name}.{spec.field} must be a text whose `one_of` are the levels, lowest first"
            context.note((*path, "field"), "no_levels", zh=zh, en=en)
            return False
        if spec.falls and spec.while_ is None:
            _check_given(context, path, spec, workflow)
    return True


def _check_given(context: Context, path: Path, spec: Class, workflow: WorkflowSpec) -> None:
    events = [each.event for each in workflow.transitions if spec.field in (*each.needs, *each.takes)]
    if events:
        zh = (
            f"事件 {events[0]} 填写的 {spec.field} 会立即被算出的等级取代：请写 falls: false 或 while，或不填"
        )
        en = (
            f"what {events[0]} gives for {spec.field} is overruled at once by what is calculated: "
            f"write `falls: false` or `while`, or do not ask for it"
        )
        context.note((*path, "field"), "class_overrules", zh=zh, en=en, severity="warning")


def _check_levels(context: Context, path: Path, spec: Class, specs: list[WorkflowSpec]) -> None:
    order = levels_of(context, spec)
    fields = fields_of(specs)
    numbers = {name for name, field in fields.items() if field.type in NUMBERS}
    for name, level in spec.levels.items():
        context.check((*path, "levels", name), "level", name, order, key=True)
        for field in level:
            if field != IF:
                context.check((*path, "levels", name, field), "field", field, numbers, key=True)
    known = [name for name in spec.levels if name in order]
    if known != [name for name in order if name in spec.levels]:
        zh = f"各级须按字段 {spec.field} 的 one_of 由低到高书写：{'、'.join(order)}"
        en = f"write the levels in the order of {spec.field}, lowest first: {', '.join(order)}"
        context.note((*path, "levels"), "level_order", zh=zh, en=en, key=True)
        return
    _check_rising(context, path, spec, known)
    _check_reached(context, path, spec, known)


def _check_rising(context: Context, path: Path, spec: Class, names: list[str]) -> None:
    last: dict[str, tuple[str, Bound]] = {}
    for name in names:
        for field, written in spec.levels[name].items():
            if field == IF:
                continue
            bound = bound_of(field, written)
            if field in last and not _above(bound, last[field][1]):
                below = last[field][0]
                zh = f"{field} 的界限应高于下一级 {below}"
                en = f"the threshold for {field} must be above that of {below}"
                context.note((*path, "levels", name, field), "threshold_order", zh=zh, en=en)
            last[field] = (name, bound)


def _above(one: Bound, other: Bound) -> bool:
    return one.least > other.least or (one.least == other.least and one.above and not other.above)


def _check_reached(context: Context, path: Path, spec: Class, names: list[str]) -> None:
    for place, name in enumerate(names):
        if place and not spec.levels[name]:
            zh = f"{name} 没有界限，因此总是达到：比它低的 {'、'.join(names[:place])} 永远轮不到"
            en = f"{name} has no threshold, so it is always reached: {', '.join(names[:place])} never stand"
            context.note((*path, "levels", name), "unreachable_level", zh=zh, en=en, key=True)
    for name in levels_of(context, spec):
        if name not in spec.levels:
            zh = f"字段 {spec.field} 的 {name} 没有写在 levels 中，永远达不到"
            en = f"{name} of {spec.field} is not among the levels, so it is never reached"
            context.note((*path, "levels"), "unreachable_level", zh=zh, en=en, key=True, severity="warning")
