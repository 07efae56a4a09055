"""Classes made ready: bounds read, conditions compiled, levels in the order of the field that holds them."""

from decimal import Decimal

from engine.book.compiled import Bound, CompiledClass, CompiledLevel
from engine.book.conditions import compile_at
from engine.book.context import Context
from engine.book.facts import Catalogue, Scene
from rules.cel import Condition
from rules.language import Class
from rules.language.classes import IF, parse_bound
from rules.shape import Scalar


def compile_classes(context: Context) -> dict[str, CompiledClass]:
    found = {}
    for id, spec in context.data.classes.items():
        order = levels_of(context, spec)
        levels = tuple(_level(context, id, spec, name) for name in order if name in spec.levels)
        found[id] = CompiledClass(id=id, spec=spec, levels=levels)
    return found


def levels_of(context: Context, spec: Class) -> tuple[str, ...]:
    """The values that the field may take, the lowest first; those written where the field has none."""
    specs = context.specs(spec.of)
    field = specs[0].fields.get(spec.field) if specs else None
    return tuple(field.one_of) if field is not None and field.one_of else tuple(spec.levels)


def _level(context: Context, id: str, spec: Class, name: str) -> CompiledLevel:
    written = spec.levels[name]
    bounds = tuple(bound_of(field, bound) for field, bound in written.items() if field != IF)
    condition = _condition(context, id, spec, name) if IF in written else None
    return CompiledLevel(name=name, bounds=bounds, condition=condition)


def bound_of(field: str, written: Scalar) -> Bound:
    least, above = parse_bound(written)
    return Bound(field=field, least=Decimal(least), above=above)


def _condition(context: Context, id: str, spec: Class, name: str) -> Condition | None:
    """It may read the item, its unit and the parameters; what is counted is not yet counted in mid-step."""
    path = ("classes", id, "levels", name, IF)
    scene = Scene(subject="item", occasion="clock", workflows=spec.of)
    condition = compile_at(context, str(spec.levels[name][IF]), path, Catalogue(context).facts(scene))
    counted = {
        read
        for read in (condition.reads if condition else ())
        if read.split(".")[-1] in context.data.measures
    }
    if counted:
        zh = f"等级的条件只能读事项、单位和参数，不能读指标 {min(counted)}"
        en = f"the condition of a level may read the item, its unit and parameters, not {min(counted)}"
        context.note(path, "class_reads_measure", zh=zh, en=en)
    return condition
