"""Conditions whose verdict is settled before any case comes, though they read facts."""

from collections.abc import Iterator, Mapping

from engine.book.compiled import CompiledClock, CompiledRule
from engine.book.context import Context
from engine.book.finding import Path
from rules.cel import Condition
from rules.cel.solve import NOTHING_GIVEN, always, boxes_where
from rules.cel.tree import Membership, Reading, walk


def check_verdicts(
    context: Context, rules: Mapping[str, CompiledRule], clocks: Mapping[str, CompiledClock]
) -> None:
    for path, condition in _conditions(rules, clocks):
        if condition.constant is not None:  # told where it was compiled
            continue
        if boxes_where([(condition, True)], NOTHING_GIVEN) == []:
            zh, en = (
                "这个条件不可能成立：各部分互相矛盾",
                "this condition can never hold: its parts contradict each other",
            )
            context.note(path, "never_holds", zh=zh, en=en, severity="warning")
        elif boxes_where([(condition, False)], NOTHING_GIVEN) == [] and _always(condition):
            zh, en = "这个条件总是成立，等于没有写", "this condition always holds, as if it were not there"
            context.note(path, "always_holds", zh=zh, en=en, severity="warning")


def _always(condition: Condition) -> bool:
    """A list of all choices says which they are, as the regulation does; another may be added later."""
    lists = (node.item for node in walk(condition.tree) if isinstance(node, Membership))
    spelt_out = any(isinstance(item, Reading) and bool(item.fact.one_of) for item in lists)
    return not spelt_out and always(condition) is True


def _conditions(
    rules: Mapping[str, CompiledRule], clocks: Mapping[str, CompiledClock]
) -> Iterator[tuple[Path, Condition]]:
    for id, rule in rules.items():
        path: Path = ("rules", id)
        if rule.condition is not None:
            yield (*path, "if"), rule.condition
        if rule.then.require is not None:
            yield (*path, "then", "require"), rule.then.require
        for rung in rule.ladder:
            if rung.condition is not None:
                yield (*path, "ladder", rung.index, "if"), rung.condition
    for id, clock in clocks.items():
        if clock.condition is not None:
            yield ("clocks", id, "if"), clock.condition
