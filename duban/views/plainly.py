"""Conditions made ready to be read aloud: shorter where nothing is lost, and clear about what is meant."""

from dataclasses import replace

from rules.cel import Fact
from rules.cel.tree import (
    Choice,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    Matching,
    Membership,
    Negation,
    Presence,
    Reading,
    facts_read,
    rebuild,
    walk,
)

# Their own labels are short, because authors may write them as names: 单位.标识, 上级.状态.
CALLED = {
    "unit.id": ("该单位", "the unit"),
    "owner.id": ("责任岗位", "the post that owes it"),
    "period.id": ("所评周期", "the period it is about"),
    "parent.overdue": ("上级事项已逾期", "the parent is overdue"),
    "parent.state": ("上级事项的状态", "state of the parent"),
    "parent.workflow": ("上级事项的流程", "workflow of the parent"),
}
CARRYING = (Conjunction, Disjunction, Choice)  # whose parts are said as they stand where they are
STATEMENTS = (Comparison, Membership, Matching, Reading)


def plainly(node: Expression, *, asserted: bool = True) -> Expression:
    """`asserted`: said as it stands and not as its contrary, where every part has to be said."""
    inner = not asserted if isinstance(node, Negation) else asserted and isinstance(node, CARRYING)
    made = rebuild(node, lambda each: plainly(each, asserted=inner))
    match made:
        case Reading() | Presence():
            return replace(made, fact=_called(made.fact))
        case Conjunction() if asserted:
            return _shortened(made)
        case Negation(inner=Reading() as reading) if asserted:
            return _denied(made, reading)
    return made


def _called(fact: Fact) -> Fact:
    zh, en = CALLED.get(fact.name, (fact.zh, fact.en))
    return replace(fact, zh=zh, en=en)


def _shortened(node: Conjunction) -> Expression:
    """What is compared is known: `the risk is known and the risk is high` says the same twice."""
    sure = {name for part in node.parts if _is_statement(part) for name in facts_read(part)}
    kept = [part for part in node.parts if not (isinstance(part, Presence) and part.fact.name in sure)]
    return replace(node, parts=tuple(kept)) if len(kept) > 1 else kept[0]


def _is_statement(part: Expression) -> bool:
    bare = part.inner if isinstance(part, Negation) else part
    return isinstance(bare, STATEMENTS) and not any(
        isinstance(each, Choice | Presence) for each in walk(bare)
    )


def _denied(node: Negation, reading: Reading) -> Expression:
    """`未逾期` for `并非已逾期`, `the item is not overdue`; other labels do not say it so easily."""
    fact = reading.fact
    if not (fact.zh.startswith("已") or "事项已" in fact.zh) or " is " not in fact.en:
        return node
    zh, en = fact.zh.replace("已", "未", 1), fact.en.replace(" is ", " is not ", 1)
    return replace(reading, fact=replace(fact, zh=zh, en=en))
