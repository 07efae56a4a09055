"""What a person must decide, and what not everybody may know: rules that would get round either."""

import re
from collections.abc import Iterator, Mapping, Set

from engine.book.compiled import CompiledRule
from engine.book.context import RULE, Context
from engine.book.finding import Path
from rules.language import Measure

ADDRESS = re.compile(r"\b(?:item|unit|owner|office)\.[a-z][a-z0-9_]*")


def check_persons(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    for workflow in sorted(_proposed(context)):
        _check_decided(context, workflow)
    sealed = {id for id, spec in context.data.workflows.items() if spec.sealed}
    for rule in rules.values():
        _check_secrets(context, rule, sealed)


def _proposed(context: Context) -> set[str]:
    """Workflows of which some rule proposes items."""
    found = set()
    for spec in context.data.rules.values():
        for actions in (spec.then, *spec.ladder, *spec.times):
            found |= {opening.workflow for opening in actions.propose}
    return found & context.data.workflows.keys()


def _check_decided(context: Context, id: str) -> None:
    """Out of its first state only a person takes it, unless to an end where nothing was done."""
    spec = context.data.workflows[id]
    for at, each in enumerate(spec.transitions):
        target = spec.states.get(each.to or "")
        if RULE not in each.by or spec.initial not in each.from_ or target is None or each.to == spec.initial:
            continue
        if target.final and not target.success:
            continue
        zh = f"规则可以用 {each.event} 替人决定拟议的 {id}：去掉 by 中的 rule，或另设一个由人决定的状态"
        en = f"by {each.event} a rule may decide what a rule has proposed ({id}): leave `rule` out of `by`"
        context.note(("workflows", id, "transitions", at, "by"), "rule_decides", zh=zh, en=en)


def _check_secrets(context: Context, rule: CompiledRule, sealed: Set[str]) -> None:
    """What counts sealed items is read by rules about such items only: a count tells that there are some."""
    if not sealed or (rule.workflows and set(rule.workflows) <= sealed):
        return
    for name in sorted(rule.reads | rule.lines):
        measure = context.data.measures.get(name.partition(".")[2])
        if measure is not None and sealed & set(_counted(context, measure)):
            zh = f"指标 {name} 数的是保密事项，这条规则的理由和通知会泄露：只有保密流程的规则可以读它"
            en = f"{name} counts sealed items, and this rule would tell: only rules of sealed ones may"
            path: Path = ("rules", rule.id)
            context.note(path, "sealed_counted", zh=zh, en=en, key=True)


def _counted(context: Context, measure: Measure, deep: int = 0) -> Iterator[str]:
    """The workflows that a measure counts, by itself or through those that it is reckoned from."""
    yield from (*measure.items, *measure.of)
    if deep > len(context.data.measures):
        return
    for name in _named(measure):
        below = context.data.measures.get(name.partition(".")[2])
        if below is not None:
            yield from _counted(context, below, deep + 1)


def _named(measure: Measure) -> Iterator[str]:
    """The measures that it is calculated from, however they stand in it."""
    addressed = (measure.sample and measure.sample.of, measure.rank and measure.rank.of, measure.after)
    yield from filter(None, addressed)
    for text in (measure.is_, measure.periods and measure.periods.if_):
        yield from ADDRESS.findall(text or "")
