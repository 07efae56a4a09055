"""Pauses that are told afterwards: whoever owes a clock might take back his own miss by the day he writes."""

from collections.abc import Iterator, Mapping

from engine.book.compiled import CompiledRule
from engine.book.context import Context
from rules.language import Clock, Pause
from workflows.language import Transition, WorkflowSpec

# Of the unit that the item is about, or the post that owes it.
OWING = ("unit.head", "unit.liaison", "item.owner")
OPEN, OWN_UNIT = "open", "own_unit"


def check_pauses(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    own = frozenset(id for id, role in context.data.roles.items() if role.is_ in OWING)
    for id, clock in context.data.clocks.items():
        for name, pause in clock.pauses.items():
            event = None if clock.window else _alone(context, clock, pause, own, rules)
            if event is None:
                continue
            zh = (
                f"欠办单位自己就能用 {event} 中止计时，并填写过去的 {pause.since}，从而撤回自己的逾期："
                "请由他人提出或同意(approvers)，或写 not_by: own_unit，或用规则在此事之前核对日期"
            )
            en = (
                f"`since`: by {event} the unit that owes the clock may itself stop it from an earlier "
                f"{pause.since} on, and so take back its own miss: let others put it or agree to it "
                "(`approvers`), write `not_by: own_unit`, or look at the day in a rule before the event"
            )
            path = ("clocks", id, "pauses", name, "since")
            context.note(path, "own_pause", zh=zh, en=en, severity="warning")


def _alone(
    context: Context, clock: Clock, pause: Pause, own: frozenset[str], rules: Mapping[str, CompiledRule]
) -> str | None:
    """The event by which those who owe can begin the pause, where they can also write its day."""
    since = pause.since
    if since is None:
        return None
    for spec in context.specs(clock.of):
        looked_at = set(_looked_at(rules, since))
        free = [each for each in spec.transitions if each.event not in looked_at and _by_own(each, own)]
        told = any(since in (*each.needs, *each.takes) for each in free)
        dated = told or _given_at_opening(spec, since, own)
        begun = (each.event for each in free if _begins(pause, each))
        if dated and (event := next(begun, None)) is not None:
            return event
    return None


def _looked_at(rules: Mapping[str, CompiledRule], since: str) -> Iterator[str]:
    """Events before which a rule looks at the day."""
    for rule in rules.values():
        if {f"args.{since}", f"item.{since}"} & rule.reads:
            yield from rule.spec.when.before


def _by_own(transition: Transition, own: frozenset[str]) -> bool:
    """Whether those of the unit can put it without anybody else."""
    mine = own & set(transition.by)
    if OWN_UNIT in transition.not_by or not mine:
        return False
    return set(transition.sides) <= mine if transition.sides else transition.persons <= len(mine)


def _given_at_opening(spec: WorkflowSpec, since: str, own: frozenset[str]) -> bool:
    return since in spec.fields and bool(own & set(spec.opened_by))


def _begins(pause: Pause, transition: Transition) -> bool:
    entered = transition.to in pause.states and not set(transition.from_) <= set(pause.states)
    return entered or transition.event in pause.from_
