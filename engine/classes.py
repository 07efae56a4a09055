"""Classes: how grave an item is, by the highest threshold that it has reached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.book.compiled import Bound, CompiledClass, CompiledLevel
from engine.case import Case
from engine.desk import Desk
from engine.facts import Subject, gather
from engine.within import Given, within
from rules.cel import Language
from store.rows import Entry, Plain


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A level and by what: the values at or above their bounds, and whether its condition holds."""

    level: CompiledLevel
    bounds: tuple[tuple[Bound, Decimal], ...] = ()
    condition: bool = False


def classify(desk: Desk, case: Case, given: Given | None = None) -> None:
    """Write the classes of an item anew, each change with an entry that says by which value. `given`: what
    was given with the change; none when the item is opened."""
    for spec in desk.book.classes_of(case.row.workflow):
        if given is None or _may_change(desk, spec, case, given):
            _write(desk, spec, case)


def _may_change(desk: Desk, spec: CompiledClass, case: Case, given: Given) -> bool:
    """Only within its window, where it has one; by a date that is given, also when it is told later."""
    if spec.spec.while_ is None:
        return True
    running = case.clocks.get(spec.spec.while_.clock)
    return running is not None and within(desk, running, spec.spec.while_.by, given)


def _write(desk: Desk, spec: CompiledClass, case: Case) -> None:
    reached = highest(desk, spec, case)
    before, after = case.fields.get(spec.spec.field), reached.level.name if reached else None
    if before == after or (not spec.spec.falls and _rank(spec, after) < _rank(spec, before)):
        return
    entry = desk.enter(_entry(desk, spec, case, reached))
    case.write(entry, {spec.spec.field: after})


def _rank(spec: CompiledClass, level: Plain) -> int:
    """Its place in the order; below all of them what is none."""
    return next((at for at, each in enumerate(spec.levels) if each.name == level), -1)


def highest(desk: Desk, spec: CompiledClass, case: Case) -> Reached | None:
    found = (_reached(desk, level, case) for level in reversed(spec.levels))
    return next((each for each in found if each is not None), None)


def _reached(desk: Desk, level: CompiledLevel, case: Case) -> Reached | None:
    bounds = tuple(_bounds(level, case.fields))
    holds = level.condition is not None and _holds(desk, level, case)
    if bounds or holds or level.floor:
        return Reached(level=level, bounds=bounds, condition=holds)
    return None


def _bounds(level: CompiledLevel, fields: Mapping[str, Plain]) -> Iterator[tuple[Bound, Decimal]]:
    for bound in level.bounds:
        value = _number(fields.get(bound.field))
        if value is not None and bound.reached(value):
            yield bound, value


def _number(value: Plain) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _holds(desk: Desk, level: CompiledLevel, case: Case) -> bool:
    assert level.condition is not None
    subject = Subject(case=case, unit=case.row.unit, owner=case.row.owner)
    return bool(level.condition.evaluate(gather(desk, level.condition.reads, subject).values))


def _entry(desk: Desk, spec: CompiledClass, case: Case, reached: Reached | None) -> Entry:
    zh, en = (_said(desk, spec, case, reached, language) for language in ("zh", "en"))
    facts: dict[str, Plain] = {bound.field: str(value) for bound, value in reached.bounds} if reached else {}
    return Entry(
        act="item.classify",
        actor={"id": f"class:{spec.id}", "kind": "rule"},
        obj_type="item",
        obj_id=case.row.id,
        why=zh,
        sealed=case.row.sealed,
        facts=facts,
        more={
            "class": spec.id,
            "field": spec.spec.field,
            "from": case.fields.get(spec.spec.field),
            "to": reached.level.name if reached else None,
            **({"basis": spec.spec.basis} if spec.spec.basis else {}),
            "why_en": en,
        },
    )


def _said(desk: Desk, spec: CompiledClass, case: Case, reached: Reached | None, language: Language) -> str:
    """`事故等级：一般→较大（死亡人数 3，达到 3）`"""
    levels = desk.book.workflows[case.row.workflow].spec.fields[spec.spec.field].one_of
    before = case.fields.get(spec.spec.field)
    old, new = (
        str(getattr(levels[name], language)) if name in levels else "—"
        for name in (str(before), reached.level.name if reached else "")
    )
    because = "; ".join(_reasons(desk, case, reached, language)) if reached else ""
    label = getattr(spec.spec.label, language)
    if language == "zh":
        return f"{label}：{old} → {new}" + (f"（{because.replace('; ', '；')}）" if because else "")
    return f"{label}: {old} → {new}" + (f" ({because})" if because else "")


def _reasons(desk: Desk, case: Case, reached: Reached, language: Language) -> Iterator[str]:
    fields = desk.book.workflows[case.row.workflow].spec.fields
    for bound, value in reached.bounds:
        label = getattr(fields[bound.field].label, language)
        if language == "zh":
            yield f"{label} {value:f}，{'超过' if bound.above else '达到'} {bound.least:f}"
        else:
            yield f"{label} {value:f}, {'above' if bound.above else 'from'} {bound.least:f}"
    if reached.condition and reached.level.condition is not None:
        yield reached.level.condition.sentence(language)
