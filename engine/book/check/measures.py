"""Measures: the workflows, states, events, clocks and fields they name."""

from collections.abc import Mapping

from engine.book.check.timing import DATES, events_of, fields_of, known_workflows, states_of
from engine.book.check.values import check_values
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Measure
from workflows.language import FieldSpec

COUNTED_DATES: Mapping[str, tuple[str, ...]] = {
    "items": ("opened", "closed"),
    "clocks": ("missed", "due", "overdue"),
    "events": ("at", "opened"),
}


def check_measures(context: Context) -> None:
    for id, measure in context.data.measures.items():
        _check_measure(context, ("measures", id), measure)


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
