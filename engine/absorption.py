"""Absorption 吸收: on one occasion only the gravest speaks, whichever rule is looked at first."""

from collections.abc import Callable

from engine.book.compiled import CompiledRule
from engine.desk import Desk
from engine.facts import Subject

# Before the id of a rule, in the name of its schedule.
RULES = "rule"
Speaks = Callable[[CompiledRule], bool]


def gives_way(desk: Desk, rule: CompiledRule, subject: Subject, occasion: str, speaks: Speaks) -> bool:
    """Whether a rule that this one yields to has spoken on the occasion, or is going to.

    Rules for an event or a change come in the order of yielding, so that those have had their turn. Rules by
    period have schedules of their own: one that is still to come is asked what it would say.
    """
    return any(
        desk.has_spoken(other.id, subject.name, occasion)
        or (_is_to_come(desk, other, subject) and speaks(other))
        for other in desk.book.absorbers(rule.id)
        if concerns(desk, other, subject) and _counts(other, rule)
    )


def absorbed_by(desk: Desk, rule: CompiledRule, subject: Subject, speaks: Speaks) -> tuple[str, ...]:
    """The rules that are silent because this one speaks."""
    return tuple(
        other.id
        for other in desk.book.absorbed(rule.id)
        if concerns(desk, other, subject) and _counts(rule, other) and speaks(other)
    )


def concerns(desk: Desk, rule: CompiledRule, subject: Subject) -> bool:
    """Whether the rule is for this subject at all."""
    if subject.case is not None:
        return subject.case.row.workflow in rule.workflows
    if rule.group is None:
        return subject.unit is None and subject.owner is None
    group = desk.book.groups[rule.group]
    return (subject.unit if group.of == "units" else subject.owner) in group.members


def _counts(speaking: CompiledRule, silent: CompiledRule) -> bool:
    """A rule on trial does nothing, so it silences none that does something."""
    return speaking.spec.mode == "live" or silent.spec.mode == "shadow"


def _is_to_come(desk: Desk, rule: CompiledRule, subject: Subject) -> bool:
    if rule.occasion in ("event", "change") or subject.as_of is None:
        return False
    row = desk.schedule(f"{RULES}:{rule.id}")
    return row is not None and row.next_at is not None and row.next_at <= subject.as_of
