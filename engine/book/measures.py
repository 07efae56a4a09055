"""Measures made ready: windows parsed, expressions compiled, each after those that it builds on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from engine.book.clockwork import parse
from engine.book.compiled import CompiledMeasure
from engine.book.conditions import compile_at
from engine.book.context import Context
from engine.book.facts import KINDS, SCOPES_ZH, Catalogue
from engine.book.finding import Path
from engine.book.where import NUMBERS, compile_where, shared_field
from rules.cel import Condition, ConditionError, Facts, Kind, compile_condition
from rules.language import Measure
from rules.language.measure import NUMBERED
from rules.time.period import parse_every
from rules.time.window import Window, parse_window
from workflows.language import FieldSpec, FieldType, WorkflowSpec

SCOPES = ("unit", "owner", "office", "item")
WORD = r"[A-Za-z_\u3400-\u9fff][A-Za-z0-9_\u3400-\u9fff]*"
NAMED = re.compile(rf"\b(?:{'|'.join((*SCOPES, *(SCOPES_ZH[each] for each in SCOPES)))})\.{WORD}")
ALIKE: tuple[FieldType, ...] = ("text", "int", "unit", "post")
UNIT = "unit"
WHOLE = ("count", "times", "distinct")

KINDS_OF_RESULT = (Kind.INT, Kind.NUMBER, Kind.BOOL, Kind.TEXT, Kind.MOMENT)
EVER = parse_window("ever")


def compile_measures(context: Context) -> dict[str, CompiledMeasure]:
    """Also in the context, as they become known: they read each other as facts."""
    for id in _in_order(context):
        spec = context.data.measures[id]
        make = _recorded if spec.recorded else _ranked if spec.rank else _calculated
        made = make(context, id, spec)
        if made is not None:
            context.measures[id] = made
    return context.measures


def named(context: Context, name: str) -> str | None:
    """The measure that a fact is, by its id."""
    scope, _, id = name.partition(".")
    spec = context.data.measures.get(id)
    return id if spec is not None and spec.for_ == scope else None


# ---------------------------------------------------------------- recorded


def _recorded(context: Context, id: str, spec: Measure) -> CompiledMeasure | None:
    path = ("measures", id)
    window: Window | None = parse(context, (*path, "within"), parse_window, spec.within)
    specs = context.specs(spec.items or spec.of)
    complete = len(specs) == len(spec.items or spec.of)
    where = compile_where(context, (*path, "where"), spec.where, specs) if complete else ()
    field = None
    if spec.field is not None and complete:
        field = shared_field(context, (*path, "field"), spec.field, specs)
        if field is None or not _fits(context, (*path, "field"), spec, field):
            return None
    if complete:
        _check_same(context, (*path, "same"), spec, specs)
    if window is None:
        return None
    return CompiledMeasure(
        id=id,
        spec=spec,
        window=window,
        kind=_kind(spec, field),
        optional=spec.reduce not in WHOLE,
        where=where,
        order=_order(field),
        reads=frozenset({spec.after}) if spec.after else frozenset(),
        same_unit=UNIT in spec.same and not _has_field(specs, UNIT),
    )


def _has_field(specs: Sequence[WorkflowSpec], name: str) -> bool:
    return any(name in spec.fields for spec in specs)


def _check_same(context: Context, path: Path, spec: Measure, specs: Sequence[WorkflowSpec]) -> None:
    """What can be equal without doubt: texts, whole numbers, units and posts."""
    for at, name in enumerate(spec.same):
        if name == UNIT and not _has_field(specs, UNIT):
            continue  # that of the item itself
        field = shared_field(context, (*path, at), name, specs)
        if field is not None and field.type not in ALIKE:
            zh = f"字段 {name} 的类型是 {field.type}：same 只比较 {'、'.join(ALIKE)} 类型的字段"
            en = f"the field {name} is of type {field.type}: `same` compares only {', '.join(ALIKE)}"
            context.note((*path, at), "unfit_field", zh=zh, en=en)


def _fits(context: Context, path: Path, spec: Measure, field: FieldSpec) -> bool:
    if spec.reduce in NUMBERED:
        allowed = {*NUMBERS}
    elif spec.reduce in ("least", "greatest"):
        allowed = {*NUMBERS, "date", "moment"}
    else:
        allowed = {*KINDS} - {"texts"}
    if field.type in allowed:
        return True
    zh = f"字段 {spec.field} 的类型是 {field.type}，不能用 reduce: {spec.reduce}"
    en = f"the field {spec.field} is of type {field.type}: it has no {spec.reduce}"
    context.note(path, "unfit_field", zh=zh, en=en)
    return False


def _kind(spec: Measure, field: FieldSpec | None) -> Kind:
    if spec.reduce in WHOLE:
        return Kind.INT
    if spec.reduce in NUMBERED:
        return Kind.NUMBER
    if field is None:
        return Kind.MOMENT
    return Kind.NUMBER if field.type == "int" else KINDS[field.type]


def _order(field: FieldSpec | None) -> Literal["text", "number", "moment"]:
    if field is None or field.type in NUMBERS:
        return "number"
    return "moment" if field.type == "moment" else "text"


# ---------------------------------------------------------------- made of other measures


def _ranked(_context: Context, id: str, spec: Measure) -> CompiledMeasure:
    assert spec.rank is not None
    reads = frozenset({spec.rank.of})
    return CompiledMeasure(id=id, spec=spec, window=EVER, kind=Kind.INT, optional=True, reads=reads)


def _calculated(context: Context, id: str, spec: Measure) -> CompiledMeasure | None:
    facts = Catalogue(context).calculation(spec.for_)
    path: Path = ("measures", id)
    if spec.periods is not None:
        every = parse(context, (*path, "periods", "every"), parse_every, spec.periods.every)
        found = _expression(context, spec.periods.if_, (*path, "periods", "if"), facts, Kind.BOOL)
        if every is None or found is None:
            return None
        condition, guarded = found
        return CompiledMeasure(
            id=id,
            spec=spec,
            window=EVER,
            kind=Kind.INT,
            condition=condition,
            guarded=guarded,
            every=every,
            reads=condition.reads,
        )
    assert spec.is_ is not None
    kind = _kind_of(spec.is_, facts)
    found = _expression(context, spec.is_, (*path, "is"), facts, kind)
    if found is None or not _check_result(context, (*path, "is"), kind):
        return None
    condition, guarded = found
    may_fail = any(sign in spec.is_ for sign in "/%")  # divisions
    return CompiledMeasure(
        id=id,
        spec=spec,
        window=EVER,
        kind=kind,
        optional=spec.sample is not None or may_fail or not guarded,
        condition=condition,
        guarded=guarded,
        reads=condition.reads | ({spec.sample.of} if spec.sample else set()),
    )


def _expression(
    context: Context, source: str, path: Path, facts: Facts, kind: Kind
) -> tuple[Condition, bool] | None:
    """With its own guards, or where it has none as if all were known: then it is unknown with its facts."""
    if "has(" not in source.replace(" ", ""):
        sure = Facts([replace(fact, optional=False) for fact in facts])
        try:
            unguarded = compile_condition(source, sure, kind)
            optional = {fact.name for fact in facts if fact.optional}
            return unguarded, not (optional & unguarded.reads)
        except ConditionError:
            facts = sure
    condition = compile_at(context, source, path, facts, kind=kind)
    return None if condition is None else (condition, True)


def _kind_of(source: str, facts: Facts) -> Kind:
    """What the source yields; of one that is wrong, anything: compiling it says why."""
    # lark takes longer to import than most commands to run, and most books calculate no measure
    from rules.cel.check import Checker  # noqa: PLC0415
    from rules.cel.parse import parse as read  # noqa: PLC0415

    known = facts if "has(" in source else Facts([replace(fact, optional=False) for fact in facts])
    try:
        return Checker(source, known).check(read(source)).shape.kind
    except ConditionError:
        return Kind.NUMBER


def _check_result(context: Context, path: Path, kind: Kind) -> bool:
    if kind in KINDS_OF_RESULT:
        return True
    zh = f"算式的结果是{kind.zh}：应为整数、小数、文本、时刻或是非"
    en = f"the result is {kind.phrase}: it must be an int, a number, a text, a moment, or true or false"
    context.note(path, "measure_kind", zh=zh, en=en)
    return False


# ---------------------------------------------------------------- order


def _in_order(context: Context) -> Iterator[str]:
    """Each after those that it builds on; those that run in a circle are told and left out."""
    measures = context.data.measures
    ids = {f"{SCOPES_ZH[spec.for_]}.{spec.label.zh}": id for id, spec in measures.items()}
    ids |= {f"{spec.for_}.{id}": id for id, spec in measures.items()}
    left = {id: {ids[name] for name in _names(spec) if name in ids} for id, spec in measures.items()}
    while ready := [id for id, others in left.items() if not others & left.keys()]:
        for id in ready:
            del left[id]
        yield from ready
    if circle := _circle(left):
        shown = " → ".join(circle)
        zh, en = (
            f"指标互相依赖，绕成了圈：{shown}",
            f"these measures build on each other in a circle: {shown}",
        )
        context.note(("measures", circle[0]), "measure_circle", zh=zh, en=en, key=True)


def _names(spec: Measure) -> Iterator[str]:
    for text in (spec.is_, spec.periods and spec.periods.if_):
        yield from NAMED.findall(text or "")
    for name in (spec.after, spec.rank and spec.rank.of, spec.sample and spec.sample.of):
        yield name or ""


def _circle(left: Mapping[str, set[str]]) -> list[str]:
    """One way around, from the first that comes back to itself."""
    way: list[str] = []
    at = next(iter(left), None)
    while at is not None and at not in way:
        way.append(at)
        at = next((each for each in left if each in left[at]), None)
    return [*way[way.index(at) :], at] if at is not None else []
