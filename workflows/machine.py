"""Moves an item one step, or says why not. The only module that imports transitions.

The guards are ours and come before the trigger: known, open, here, allowed, separated, complete.
What is left is a plain move, and the state machine library makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType

from transitions import Machine

from workflows import refusals
from workflows.check import FATAL, check
from workflows.language import Label, Transition, WorkflowSpec
from workflows.refusals import Refused
from workflows.sides import unheard
from workflows.values import Plain, Unfit, blank, fit, parse

__all__ = [
    "Agreement",
    "Ask",
    "Moved",
    "Opening",
    "Refused",
    "Workflow",
    "begin",
    "overwrite",
    "possible",
    "read_args",
    "step",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Workflow:
    """A workflow that can be run. Holds no item: one is shared by all items and all threads."""

    id: str
    spec: WorkflowSpec
    roles: Mapping[str, Label]
    places: Mapping[tuple[str, str], Transition] = field(repr=False)
    machine: Machine = field(repr=False)

    @classmethod
    def of(cls, id: str, spec: WorkflowSpec, roles: Mapping[str, Label] | None = None) -> "Workflow":
        """`roles`: the book's labels, for sentences. Raises ValueError if the machine is not defined."""
        for problem in check(id, spec):
            if problem.code in FATAL:
                raise ValueError(problem.en)
        return cls(
            id=id,
            spec=spec,
            roles=MappingProxyType(dict(roles or {})),
            places=MappingProxyType(
                {(state, each.event): each for each in spec.transitions for state in each.from_}
            ),
            machine=_machine(spec),
        )


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What somebody wants to do to an item."""

    state: str
    event: str
    by: str  # actor
    roles: frozenset[str]  # held for this item; a rule acts with {"rule"}
    args: Mapping[str, object] = field(default_factory=dict)
    # event → actors who did it on this item; `open` → who opened it; `parent` → whoever acted on its parent,
    # `parent.event` → whoever did that to it
    doers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # who has put the same event before, since the item came into this state, and with what
    agreed: tuple["Agreement", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One of several approvers has agreed; `posts` are all of that person's."""

    posts: frozenset[str]
    args: Mapping[str, object] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()  # for which this person spoke


@dataclass(frozen=True, kw_only=True)
class Moved:
    """`missing`: so many persons have yet to agree; until then the item stays as it is."""

    before: str
    after: str
    fields: Mapping[str, Plain]  # to be written to the item
    final: bool
    missing: int = 0


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A new item: its first state and its fields, defaults included."""

    state: str
    fields: Mapping[str, Plain]


class _Row:
    """All of an item that the state machine library needs."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _machine(spec: WorkflowSpec) -> Machine:
    return Machine(
        model=None,
        states=[{"name": name, "final": state.final} for name, state in spec.states.items()],
        transitions=[
            {"trigger": f"do_{each.event}", "source": list(each.from_), "dest": each.to}
            for each in spec.transitions
        ],
        initial=spec.initial,
        auto_transitions=False,
    )


def step(workflow: Workflow, ask: Ask) -> Moved | Refused:
    transition = workflow.places.get((ask.state, ask.event))
    if transition is None:
        return _nowhere(workflow, ask)
    refused = _guard(workflow, transition, ask) or _heard(workflow, transition, ask)
    if refused is not None:
        return refused
    given = _agreed_on(workflow, ask)
    if isinstance(given, Refused):
        return given
    fields = _fields(workflow, transition.event, transition.needs, transition.takes, given)
    if isinstance(fields, Refused):
        return fields
    missing = _missing(transition, ask)
    if missing > 0:
        return Moved(before=ask.state, after=ask.state, fields=fields, final=False, missing=missing)
    row = _Row(ask.state)
    if not workflow.machine.events[f"do_{ask.event}"].trigger(row):
        raise AssertionError(f"{workflow.id}: {ask.event} did not move {ask.state}")
    return Moved(
        before=ask.state, after=row.state, fields=fields, final=workflow.spec.states[row.state].final
    )


def _agreed_on(workflow: Workflow, ask: Ask) -> Mapping[str, object] | Refused:
    """What is given with the event. Several approve one thing: what the first has given stands for all."""
    agreed: dict[str, object] = {}
    for each in ask.agreed:
        if ask.by in each.posts:
            return refusals.agreed_already(workflow.spec, ask.event)
        agreed |= each.args
    for name, value in ask.args.items():
        if name in agreed and not blank(value) and not _same(workflow.spec, name, value, agreed[name]):
            return refusals.not_the_same(workflow.spec, ask.event, name, agreed[name])
    return {**{name: value for name, value in ask.args.items() if not blank(value)}, **agreed} or ask.args


def _missing(transition: Transition, ask: Ask) -> int:
    """How many have yet to agree after this one."""
    if not transition.sides:
        return transition.persons - 1 - len(ask.agreed)
    return len(unheard(transition.sides, [*(each.roles for each in ask.agreed), ask.roles]))


def _heard(workflow: Workflow, transition: Transition, ask: Ask) -> Refused | None:
    """Nobody agrees for a side that has agreed already."""
    if not transition.sides:
        return None
    waiting = unheard(transition.sides, [each.roles for each in ask.agreed])
    if len(waiting) == _missing(transition, ask):
        return refusals.side_heard(workflow.spec, workflow.roles, ask.event, waiting)
    return None


def _same(spec: WorkflowSpec, name: str, one: object, other: object) -> bool:
    try:
        return fit(spec.fields[name], one) == fit(spec.fields[name], other)
    except Unfit:
        return False


def begin(workflow: Workflow, roles: frozenset[str], args: Mapping[str, object]) -> Opening | Refused:
    """Open an item: who may, and which fields it starts with."""
    spec = workflow.spec
    if roles.isdisjoint(spec.opened_by):
        return refusals.not_opener(spec, workflow.roles)
    takes = tuple(name for name in spec.fields if name not in spec.needs)
    fields = _fields(workflow, "open", spec.needs, takes, args)
    if isinstance(fields, Refused):
        return fields
    defaults = {
        name: fit(each, each.default) for name, each in spec.fields.items() if each.default is not None
    }
    return Opening(state=spec.initial, fields={**defaults, **fields})


def overwrite(workflow: Workflow, values: Mapping[str, object]) -> Mapping[str, Plain] | Refused:
    """Values that a rule writes, as the item keeps them; without the blank ones."""
    return _fields(workflow, "set", (), tuple(workflow.spec.fields), values)


def possible(workflow: Workflow, state: str, roles: frozenset[str] | None = None) -> tuple[str, ...]:
    """The events of a state, in the order of the file; with `roles`, those open to at least one of them."""
    return tuple(
        event
        for (place, event), each in workflow.places.items()
        if place == state and (roles is None or not roles.isdisjoint(each.by))
    )


def read_args(
    workflow: Workflow, event: str, raw: Mapping[str, str], zone: tzinfo | None = None
) -> Mapping[str, Plain] | Refused:
    """Arguments typed on a command line, as plain values; `zone` is for moments written without an offset."""
    spec = workflow.spec
    if event != "open" and all(each.event != event for each in spec.transitions):
        return refusals.unknown_event(spec, workflow.roles, None, event)
    fields: dict[str, Plain] = {}
    for name, text in raw.items():
        if name not in spec.fields:
            return refusals.unknown_argument(spec, event, name, _accepted(spec, event))
        try:
            if not blank(text):
                fields[name] = fit(spec.fields[name], parse(spec.fields[name], text, zone))
        except Unfit as unfit:
            return refusals.wrong_value(spec, name, text, unfit)
    return fields


def _accepted(spec: WorkflowSpec, event: str) -> tuple[str, ...]:
    if event == "open":
        return tuple(spec.fields)
    names = (name for each in spec.transitions if each.event == event for name in (*each.needs, *each.takes))
    return tuple(dict.fromkeys(names))


def _guard(workflow: Workflow, transition: Transition, ask: Ask) -> Refused | None:
    if ask.roles.isdisjoint(transition.by):
        return refusals.not_you(workflow.spec, workflow.roles, transition)
    for event in transition.not_by:
        if ask.by in ask.doers.get(event, ()):
            return refusals.separation(workflow.spec, workflow.roles, transition, event)
    return None


def _nowhere(workflow: Workflow, ask: Ask) -> Refused:
    """Why the event has no transition from the state."""
    spec = workflow.spec
    if ask.state not in spec.states:
        raise ValueError(f"{workflow.id}: an item cannot be in state {ask.state}, the workflow has none")
    if all(each.event != ask.event for each in spec.transitions):
        return refusals.unknown_event(spec, workflow.roles, ask.state, ask.event)
    if spec.states[ask.state].final and not possible(workflow, ask.state):
        return refusals.closed(spec, ask.state, ask.event)
    return refusals.not_here(spec, workflow.roles, ask.state, ask.event)


def _fields(
    workflow: Workflow, event: str, needs: tuple[str, ...], takes: tuple[str, ...], args: Mapping[str, object]
) -> dict[str, Plain] | Refused:
    """The arguments as the item keeps them; a blank one counts as not given."""
    spec = workflow.spec
    given = {name: value for name, value in args.items() if not blank(value)}
    for name in args:
        if name not in needs and name not in takes:
            return refusals.unknown_argument(spec, event, name, (*needs, *takes))
    missing = [name for name in needs if name not in given]
    if missing:
        return refusals.missing(spec, event, missing)
    fields: dict[str, Plain] = {}
    for name, value in given.items():
        try:
            fields[name] = fit(spec.fields[name], value)
        except Unfit as unfit:
            return refusals.wrong_value(spec, name, value, unfit)
    return fields
