"""Roles that are relative: to the unit and those above it, to the item and what its fields name."""

from engine.book.context import Context
from engine.book.finding import Path
from engine.book.hierarchy import PART_OF


def check_relative(context: Context, path: Path, written: str | None) -> None:
    """A post of the unit or of one above it, the owner, a post that a field names, or one of its unit."""
    kind, *way = (written or "").split(".")
    if kind == "item" and way != ["owner"]:
        posts, units = fields_of_type(context, "post"), fields_of_type(context, "unit")
        context.check(path, "field", way[0], {*posts, "owner"} if len(way) == 1 else units)
    elif kind == "unit" and len(way) > 1:
        kinds = {unit.kind for unit in context.data.units.values()}
        context.check(path, "kind", way[0], {*kinds, PART_OF})


def fields_of_type(context: Context, type: str) -> set[str]:
    return {
        name
        for spec in context.data.workflows.values()
        for name, each in spec.fields.items()
        if each.type == type
    }
