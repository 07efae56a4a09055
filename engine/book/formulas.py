"""Formulas made ready: in the order in which they build on each other, each with the kind that it yields."""

import re
from collections.abc import Collection, Iterator, Mapping

from engine.book.compiled import CompiledFormula
from engine.book.conditions import compile_at
from engine.book.context import Context
from engine.book.facts import ITEM, Catalogue, Scene
from rules.cel import ConditionError, Facts, Kind
from rules.cel.facts import RESERVED
from rules.language import Formula

NAMED = re.compile(r"(?:item|事项)\.([A-Za-z_\u3400-\u9fff][A-Za-z0-9_\u3400-\u9fff]*)")
KINDS = (Kind.INT, Kind.NUMBER, Kind.BOOL, Kind.TEXT, Kind.MOMENT)


def compile_formulas(context: Context) -> dict[str, CompiledFormula]:
    """Also in the context: rules, clocks and other formulas read them as facts."""
    for id in _in_order(context):
        spec = context.data.formulas[id]
        if _check_name(context, id, spec):
            _compile(context, id, spec)
    return context.formulas


def with_formulas(context: Context, reads: Collection[str]) -> frozenset[str]:
    """What formulas build on is read too, so that the log holds what a sum was made of."""
    built = (context.formulas.get(name.removeprefix("item.")) for name in reads if name.startswith("item."))
    return frozenset(reads).union(*(formula.reads for formula in built if formula is not None))


def _compile(context: Context, id: str, spec: Formula) -> None:
    path = ("formulas", id, "is")
    facts = Catalogue(context).facts(Scene(subject="item", occasion="clock", workflows=spec.of))
    kind = _kind(spec.is_, facts)
    expression = compile_at(context, spec.is_, path, facts, kind=kind)
    if kind not in KINDS:
        zh = f"算式的结果是{kind.zh}：应为整数、小数、文本、是非或时刻"
        en = f"the formula is {kind.phrase}: it must be an int, a number, a text, a moment, or true or false"
        context.note(path, "formula_kind", zh=zh, en=en)
    elif expression is not None:
        reads = with_formulas(context, expression.reads)
        context.formulas[id] = CompiledFormula(
            id=id, spec=spec, kind=kind, expression=expression, reads=reads
        )


def _kind(source: str, facts: Facts) -> Kind:
    """What the source yields; of one that is wrong, anything: compiling it says why."""
    # lark takes longer to import than most commands to run, and most books have no formula
    from rules.cel.check import Checker  # noqa: PLC0415
    from rules.cel.parse import parse  # noqa: PLC0415

    try:
        return Checker(source, facts).check(parse(source)).shape.kind
    except ConditionError:
        return Kind.BOOL


def _check_name(context: Context, id: str, spec: Formula) -> bool:
    """A fact `item.<id>` of its own: no field, no measure and nothing that every item has."""
    context.check_all(("formulas", id, "of"), "workflow", spec.of, context.names("workflows"))
    hidden = next((name for name in spec.of if id in _fields(context, name)), None)
    of_items = id in context.data.measures and context.data.measures[id].for_ == "item"
    if (
        hidden is None
        and not of_items
        and all(fact.name != f"item.{id}" for fact in ITEM)
        and id not in RESERVED
    ):
        return True
    what_zh = f"流程 {hidden} 的字段" if hidden else "指标" if of_items else "每个事项都有的事实"
    what_en = f"the field of {hidden}" if hidden else "the measure" if of_items else "what every item has"
    zh, en = f"算式 {id} 与{what_zh}同名：请改名", f"the formula {id} has the name of {what_en}: rename it"
    context.note(("formulas", id), "formula_hides", zh=zh, en=en, key=True)
    return False


def _fields(context: Context, workflow: str) -> Collection[str]:
    spec = context.data.workflows.get(workflow)
    return () if spec is None else spec.fields


def _in_order(context: Context) -> Iterator[str]:
    """Each after those that it builds on; those of a circle are told and left out."""
    formulas = context.data.formulas
    names = {**{spec.label.zh: id for id, spec in formulas.items()}, **{id: id for id in formulas}}
    built_on = {
        id: {names[name] for name in NAMED.findall(spec.is_) if name in names}
        for id, spec in formulas.items()
    }
    left = dict(built_on)
    while ready := [id for id, others in left.items() if not others & left.keys()]:
        for id in ready:
            del left[id]
        yield from ready
    circle = _circle(left)
    if circle:
        shown = " → ".join(circle)
        zh, en = f"算式循环：{shown}", f"the formulas go in a circle: {shown}"
        context.note(("formulas", circle[0], "is"), "formula_circle", zh=zh, en=en)


def _circle(left: Mapping[str, set[str]]) -> list[str]:
    """One of the circles among formulas each of which builds on another of them."""
    if not left:
        return []
    path = [next(iter(left))]
    while path.count(path[-1]) == 1:
        path.append(min(left[path[-1]] & left.keys()))
    return path[path.index(path[-1]) :]
