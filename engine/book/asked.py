"""What of time a condition asks: facts that time alone changes, and what now is compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.book.compiled import CompiledFormula
from rules.cel import Condition, Kind
from rules.cel.tree import Arithmetic, Comparison, Constant, Expression, Presence, Reading, children

NOW = "now"
AGES = frozenset({"item.days_open", "item.workdays_open", "item.days_in_state"})
ITEM_OF_TIME = AGES | {"item.overdue"}
# Facts of a clock that time alone changes; the others change with events, or as the clock runs out.
CLOCK_OF_TIME = frozenset(
    {"running", "missed", "lapsed", "paused_days"}
    | {f"{unit}_{side}" for unit in ("days", "workdays", "hours") for side in ("left", "late")}
)
# They change with every moment, or with another item, so that nobody can say when to ask again.
UNFORESEEN = frozenset({"item.elapsed", "parent.overdue"})
MOMENTS = frozenset({"due", "started", "ended"})  # of a clock


@dataclass(frozen=True, kw_only=True)
class OfTime:
    """`facts` and `comparisons`: those whose next change can be computed; `unforeseen`: those where not."""

    facts: frozenset[str] = frozenset()
    comparisons: tuple[Comparison, ...] = ()
    unforeseen: frozenset[str] = frozenset()

    def __or__(self, other: "OfTime") -> "OfTime":
        return OfTime(
            facts=self.facts | other.facts,
            comparisons=self.comparisons + other.comparisons,
            unforeseen=self.unforeseen | other.unforeseen,
        )

    def __bool__(self) -> bool:
        return bool(self.facts or self.comparisons or self.unforeseen)


def asked_of_time(condition: Condition, formulas: Mapping[str, CompiledFormula]) -> OfTime:
    """With what the formulas ask that it reads."""
    found = _asked(condition)
    for name in condition.reads:
        place, _, key = name.partition(".")
        if place == "item" and key in formulas:
            found |= asked_of_time(formulas[key].expression, formulas)
    return found


@lru_cache(maxsize=4096)
def _asked(condition: Condition) -> OfTime:
    comparisons = tuple(_of_now(condition.tree))
    facts = {name for name in condition.reads if _is_of_time(name)}
    alone = {name for name in condition.reads if name in UNFORESEEN or name.endswith(".extendable_until")}
    if any(reading.fact.name == NOW for reading in _readings(condition.tree, comparisons)):
        alone.add(NOW)
    return OfTime(facts=frozenset(facts), comparisons=comparisons, unforeseen=frozenset(alone))


def _is_of_time(name: str) -> bool:
    place, _, key = name.rpartition(".")
    return name in ITEM_OF_TIME or (place.startswith("clock.") and key in CLOCK_OF_TIME)


def _of_now(node: Expression) -> Iterator[Comparison]:
    """Now, or now and some time, with a date or moment of the item or of a clock."""
    if isinstance(node, Comparison) and (factor(node.left) is not None and factor(node.right) is not None):
        if factor(node.left) != factor(node.right):
            yield node
        return
    for each in children(node):
        yield from _of_now(each)


def factor(node: Expression) -> int | None:
    """How often now is in a sum of moments and spans; None where it is no such sum."""
    if isinstance(node, Arithmetic) and node.operator in "+-":
        left, right = factor(node.left), factor(node.right)
        if left is None or right is None:
            return None
        return left + right if node.operator == "+" else left - right
    if isinstance(node, Constant):
        return 0 if node.shape.kind in (Kind.MOMENT, Kind.SPAN) else None
    if isinstance(node, Reading):
        return 1 if node.fact.name == NOW else 0 if _is_moment(node) else None
    return None


def _is_moment(node: Reading) -> bool:
    place, _, key = node.fact.name.rpartition(".")
    known = place == "item" or (place.startswith("clock.") and key in MOMENTS)
    return node.shape.kind is Kind.MOMENT and known


def _readings(node: Expression, without: tuple[Comparison, ...]) -> Iterator[Reading | Presence]:
    if any(node is each for each in without):
        return
    if isinstance(node, Reading):
        yield node
    for each in children(node):
        yield from _readings(each, without)
