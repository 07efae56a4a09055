"""Rules that answer to one occasion: what they write must agree, and their limits must leave no hole.

Told only when it is sure: where both conditions can hold, an example was found that makes both true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.book.compiled import CompiledRule, Wanted
from engine.book.context import Context
from engine.book.finding import Path
from rules.cel import Condition
from rules.cel.solve import exclusive, never
from rules.cel.tree import Expression
from rules.language import Actions, During

Occasion = tuple[str, ...]
Asked = dict[tuple[Expression, Expression], bool]
# More rules on one occasion than this are compared only with their neighbours in the file.
MOST_TOGETHER = 60


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What a rule writes on an occasion; `values` by what is written: a field, the light, the state."""

    rule: CompiledRule
    path: Path
    conditions: tuple[Condition, ...]
    values: Mapping[str, object]


def check_conflicts(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    asked: Asked = {}
    for writings in group(rules).values():
        for one, other in combinations(writings[:MOST_TOGETHER], 2):
            clash = _clash(one, other, asked)
            if clash is not None:
                _note(context, one, other, clash)


def group(rules: Mapping[str, CompiledRule]) -> dict[Occasion, list[Writing]]:
    """Writings by the occasion on which they come."""
    found: dict[Occasion, list[Writing]] = {}
    for rule in rules.values():
        if rule.spec.mode == "live":
            for occasion, writing in _writings(rule):
                found.setdefault(occasion, []).append(writing)
    return found


def _writings(rule: CompiledRule) -> Iterator[tuple[Occasion, Writing]]:
    path: Path = ("rules", rule.id)
    when = rule.spec.when
    for workflow in rule.workflows:
        if rule.occasion == "clock":
            for rung in rule.ladder:
                on: Occasion = ("clock", workflow, str(when.clock), str(rung.offset))
                conditions = (rule.condition, rung.condition)
                yield from _writing(rule, on, rung.wanted, (*path, "ladder", rung.index), *conditions)
        elif rule.occasion == "event" and not rule.times:
            for event in when.event:
                yield from _writing(
                    rule, ("event", workflow, event), rule.then, (*path, "then"), rule.condition
                )
        elif rule.occasion == "period" and not rule.times and when.every:
            on = ("period", workflow, when.every, str(when.on), when.about)
            yield from _writing(rule, on, rule.then, (*path, "then"), rule.condition)


def _writing(
    rule: CompiledRule, occasion: Occasion, wanted: Wanted, path: Path, *conditions: Condition | None
) -> Iterator[tuple[Occasion, Writing]]:
    values = written(wanted.spec)
    if values:
        given = tuple(each for each in conditions if each is not None)
        yield occasion, Writing(rule=rule, path=path, conditions=given, values=values)


def written(actions: Actions) -> dict[str, object]:
    """By the key that stands in the file."""
    values: dict[str, object] = {f"set.{name}": value for name, value in actions.set.items()}
    if actions.light is not None:
        values["light"] = actions.light
    if actions.move is not None and actions.move.item == "self":
        values["move"] = actions.move.event
    return values


def _clash(one: Writing, other: Writing, asked: Asked) -> str | None:
    """The first thing on which they differ, if both can come together."""
    if one.rule.id == other.rule.id or not _together(one.rule.spec.effective, other.rule.spec.effective):
        return None
    if one.rule.spec.law != other.rule.spec.law or _yields(one.rule, other.rule):
        return None
    clashes = (key for key, value in one.values.items() if other.values.get(key, value) != value)
    clash = next(clashes, None)
    return clash if clash is not None and _both(one, other, asked) else None


def _yields(one: CompiledRule, other: CompiledRule) -> bool:
    """Absorption: one is silent where the other speaks."""
    return other.id in one.spec.yields_to or one.id in other.spec.yields_to


def _together(one: During, other: During) -> bool:
    """Whether there is a day on which both are in force."""
    begins = max(filter(None, (one.from_, other.from_)), default=None)
    ends = min(filter(None, (one.until, other.until)), default=None)
    return begins is None or ends is None or begins <= ends


def _both(one: Writing, other: Writing, asked: Asked) -> bool:
    """Whether facts are known for which both hold. `asked`: rules of many workflows often ask the same."""
    if len(one.conditions) > 1 or len(other.conditions) > 1:
        return False  # the conditions of rule and rung would have to be weighed together
    if one.conditions and other.conditions:
        pair = (one.conditions[0].tree, other.conditions[0].tree)
        if pair not in asked:
            asked[pair] = exclusive(one.conditions[0], other.conditions[0]) is False
        return asked[pair]
    return all(never(each) is False for each in (*one.conditions, *other.conditions))


def _note(context: Context, one: Writing, other: Writing, key: str) -> None:
    path = (*other.path, *key.split("."))
    before = context.root.place_of(("rules", one.rule.id), key=True)
    where = f"{before.file}:{before.line}"
    zh = f"与规则 {one.rule.id}({where})冲突：同一场合两者都可能发生，{key} 却写了不同的内容"
    said = f"{key} is written otherwise by {one.rule.id} ({where}) on the same occasion"
    en = f"{said}, and both can come together: make the conditions exclude each other"
    context.note(path, "conflict", zh=zh, en=en, key=True)
