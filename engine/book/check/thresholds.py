"""Rules that divide one number among them: between their limits there should be no hole."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from engine.book.check.conflicts import Writing, group
from engine.book.compiled import CompiledRule
from engine.book.context import Context
from rules.cel import Condition, ConditionFailed, Kind, Value
from rules.cel.tree import Constant, facts_read, walk

Number: TypeAlias = int | Decimal

PARAMS = "params."
NUMBERS = (Kind.INT, Kind.NUMBER)


def check_thresholds(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    told: set[str] = set()
    for writings in group(rules).values():
        for key in dict.fromkeys(name for each in writings for name in each.values):
            _check(context, [each for each in writings if key in each.values], told)


def _check(context: Context, writings: Sequence[Writing], told: set[str]) -> None:
    """`told`: rules of which it was said, because an occasion may come in several workflows."""
    conditions = [each.conditions[0] for each in writings if len(each.conditions) == 1]
    fact = _divided(conditions) if len(conditions) == len(writings) > 1 else None
    if fact is None or writings[-1].rule.id in told:
        return
    hole = _hole(conditions, fact, _params(context))
    if hole is not None:
        told.add(writings[-1].rule.id)
        ids = [each.rule.id for each in writings]
        zh = f"{'、'.join(ids)} 之间有空档：{fact} 为 {hole} 时没有一条成立"
        en = f"{' and '.join(ids)} leave a gap: none of them holds when {fact} is {hole}"
        path = ("rules", writings[-1].rule.id, "if")
        context.note(path, "threshold_gap", zh=zh, en=en, severity="warning")


def _divided(conditions: Iterable[Condition]) -> str | None:
    """The one number that all of them read, beside parameters."""
    facts = {name: fact for each in conditions for name, fact in facts_read(each.tree).items()}
    read = [fact for name, fact in facts.items() if not name.startswith(PARAMS)]
    each_reads = all(any(not name.startswith(PARAMS) for name in each.reads) for each in conditions)
    return read[0].name if len(read) == 1 and read[0].kind in NUMBERS and each_reads else None


def _params(context: Context) -> dict[str, Value]:
    return {f"{PARAMS}{id}": param.value for id, param in context.data.params.items()}


def _hole(conditions: Sequence[Condition], fact: str, params: Mapping[str, Value]) -> Number | None:
    """A value for which none holds, though one holds below it and one above."""
    points = _points(conditions, params)
    held = [any(_holds(each, {**params, fact: point}) for each in conditions) for point in points]
    holes = (at for at in range(len(held)) if not held[at] and True in held[:at] and True in held[at:])
    return next((points[at] for at in holes), None)


def _points(conditions: Sequence[Condition], params: Mapping[str, Value]) -> list[Number]:
    """Every limit, and what lies close to it on either side."""
    written = (node.value for each in conditions for node in walk(each.tree) if isinstance(node, Constant))
    named = {name for each in conditions for name in each.reads if name.startswith(PARAMS)}
    limits = {
        value
        for value in (*written, *(params.get(name) for name in named))
        if isinstance(value, int | Decimal) and not isinstance(value, bool)
    }
    step = 1 if all(isinstance(each, int) for each in limits) else Decimal("0.5")
    return sorted({near for each in limits for near in (each - step, each, each + step)})


def _holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    try:
        return condition.evaluate(values) is True
    except ConditionFailed:
        return False
