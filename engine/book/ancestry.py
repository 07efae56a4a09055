"""What the items of a workflow may belong to, and which of its fields can be read from below."""

from collections.abc import Collection, Iterable, Mapping

from engine.book.context import RULE
from engine.book.shape import BookData
from workflows.language import FieldSpec, FieldType


def parent_fields(data: BookData, parents: Iterable[str]) -> list[Mapping[str, FieldSpec]]:
    """By workflow that may be above: the fields that are of one type wherever they are called so."""
    specs = [data.workflows[name] for name in parents]
    types: dict[str, set[FieldType]] = {}
    for name, field in ((name, field) for each in specs for name, field in each.fields.items()):
        types.setdefault(name, set()).add(field.type)
    return [{name: each for name, each in spec.fields.items() if len(types[name]) == 1} for spec in specs]


def parents(data: BookData, names: Collection[str]) -> tuple[str, ...]:
    """Those whose rules open such items; any, where people open them and say where they belong."""
    specs = [data.workflows[name] for name in names if name in data.workflows]
    if any(each != RULE for spec in specs for each in spec.opened_by):
        return tuple(data.workflows)
    opening = {
        name
        for rule in data.rules.values()
        for actions in (rule.then, *rule.ladder, *rule.times)
        for _, _, each in actions.openings
        if each.workflow in names
        for name in rule.for_
    }
    return tuple(name for name in data.workflows if name in opening)
