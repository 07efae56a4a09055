"""Step: one event on one item, or one item opened. What follows from it is queued, not done here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.actor import Actor
from engine.approval import agreements
from engine.approval import entry_of as agreed_entry
from engine.border import crosses
from engine.case import Case, canonical
from engine.changes import live_on, queue_changes
from engine.classes import classify
from engine.clocks import Owed, Trigger, arrange
from engine.desk import Desk
from engine.facts import Subject, plain_fact
from engine.guards import Forbidden, forbid
from engine.happening import Happening, Queue
from engine.names import unfit_argument, unfit_date
from engine.privacy import withheld
from engine.recusal import recused
from engine.windows import outside
from engine.within import Given
from engine.words import name_of
from rules.time.period import Period
from store.rows import Entry, EventRow, ItemRow, Plain
from workflows.machine import Ask, Moved, Refused, begin, step

__all__ = ["Actor", "Happening", "Opened", "Put", "Queue", "open_item", "put"]

LOOKED = ""  # no event: nothing has happened but that somebody looked


@dataclass(frozen=True, kw_only=True)
class Put:
    event: str
    actor: Actor
    args: Mapping[str, Plain] = field(default_factory=dict)
    at: datetime | None = None  # its own date, when it was not now
    why: str | None = None
    why_en: str | None = None
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new item as it is wanted, before it has a number."""

    workflow: str
    title: str
    actor: Actor
    unit: str | None = None
    owner: str | None = None
    parent: str | None = None
    fields: Mapping[str, Plain] = field(default_factory=dict)
    duty: str | None = None
    rule: str | None = None
    period: Period | None = None
    owed: Owed | None = None
    why: str | None = None
    why_en: str | None = None
    facts: Mapping[str, Plain] = field(default_factory=dict)
    depth: int = 0
    guarded: bool = True  # false for what is there already when the office begins


def put(desk: Desk, queue: Queue, case: Case, wish: Put) -> Moved | Refused | Forbidden:
    """Refused changes nothing but the log. What was late by now is entered as late, whoever acts."""
    live_on(desk, queue, case, wish.depth)
    outcome = _try(desk, case, wish)
    if isinstance(outcome, Moved):
        outcome = _unfit(desk, case.row.workflow, wish) or outcome
    if isinstance(outcome, Moved) and outcome.missing:
        case.touched = desk.enter(agreed_entry(desk, case, wish.actor, wish.event, outcome))
    elif isinstance(outcome, Moved):
        _move(desk, queue, case, wish, outcome)
    else:
        desk.enter(_refusal(case, wish, outcome))
    if case.touched is not None and not (isinstance(outcome, Moved) and not outcome.missing):
        # It was looked at and not moved: what its ladders owe by now is said as if nobody had come.
        queue.append(_happening(case, LOOKED, wish.actor.id, {}, wish.depth))
    return outcome


def _unfit(desk: Desk, workflow: str, wish: Put) -> Refused | None:
    unfit = unfit_argument(desk.book, workflow, wish.args, desk.now)
    return unfit or unfit_date(desk.book, workflow, wish.event, wish.at)


def _try(desk: Desk, case: Case, wish: Put) -> Moved | Refused | Forbidden:
    row = case.row
    workflow = desk.book.workflows[row.workflow]
    place = workflow.places.get((row.state, wish.event))
    separated = wish.actor.kind == "person" and place is not None and bool(place.not_by)
    if separated:
        desk.know_doers(case)
    several = place is not None and place.persons > 1
    outcome = step(
        workflow,
        Ask(
            state=row.state,
            event=wish.event,
            by=wish.actor.id,
            roles=wish.actor.roles,
            args=wish.args,
            doers=recused(desk, case, wish.actor.id) if separated else {},
            agreed=agreements(desk, case, wish.event) if several else (),
        ),
    )
    if isinstance(outcome, Refused):
        return outcome
    subject = Subject(
        case=case, unit=row.unit, owner=row.owner, event=wish.event, by=wish.actor.id, args=wish.args
    )
    return (
        outside(desk, case, wish.event, _given(wish, outcome)) or forbid(desk, wish.event, subject) or outcome
    )


def _move(desk: Desk, queue: Queue, case: Case, wish: Put, moved: Moved) -> None:
    spec = desk.book.workflows[case.row.workflow].spec
    label, event = spec.states[moved.after], spec.label_of(wish.event)
    before, args = dict(case.fields), _args_of(wish, moved)
    given = {key: plain_fact(value) for key, value in args.items()}
    entry = desk.enter(
        Entry(
            act="item.move",
            actor=wish.actor.plain(),
            obj_type="item",
            obj_id=case.row.id,
            why=wish.why or f"{event.zh} → {label.zh}",
            sealed=case.row.sealed,
            more={
                "event": wish.event,
                "from": moved.before,
                "to": moved.after,
                **({"at": plain_fact(wish.at)} if wish.at else {}),
                "why_en": wish.why_en or wish.why or f"{event.en} → {label.en}",
                **({"args": withheld(desk.book, case.row.workflow, given)} if given else {}),
            },
        )
    )
    at = wish.at or desk.now
    closed = min(at, desk.now) if moved.final else None
    case.change(entry, state=moved.after, closed_at=closed)
    case.write(entry, {key: plain_fact(value) for key, value in moved.fields.items()})
    case.did(wish.event, wish.actor.id)
    case.steps += 1
    classify(desk, case, _given(wish, moved))
    arrange(desk, case, Trigger(event=wish.event, before=moved.before, happened=wish.at))
    desk.events.append(
        EventRow(
            item=case.row.id,
            name=wish.event,
            at=at,
            learnt_at=desk.now,
            by=wish.actor.id,
            args=canonical(given),
            before=moved.before,
            after=moved.after,
            entry=entry,
        )
    )
    queue.append(_happening(case, wish.event, wish.actor.id, args, wish.depth))
    queue_changes(desk, queue, case, before, by=wish.actor.id, depth=wish.depth)


def _args_of(wish: Put, moved: Moved) -> Mapping[str, Plain]:
    """What was given with the event, also by those who have agreed to it before."""
    earlier = {key: plain_fact(value) for key, value in moved.fields.items() if key not in wish.args}
    return {**wish.args, **earlier}


def _given(wish: Put, moved: Moved) -> Given:
    values = {key: plain_fact(value) for key, value in _args_of(wish, moved).items()}
    return Given(values=values, happened=wish.at)


def _happening(case: Case, event: str, by: str, args: Mapping[str, Plain], depth: int) -> Happening:
    # rev grows with each transaction, steps with each event within one: the occasion is unique forever
    occasion = f"{event}|{case.row.rev}.{case.steps}"
    return Happening(case=case, event=event, by=by, args=args, occasion=occasion, depth=depth)


def _refusal(case: Case, wish: Put, refused: Refused | Forbidden) -> Entry:
    return Entry(
        act="item.refuse",
        actor=wish.actor.plain(),
        obj_type="item",
        obj_id=case.row.id,
        ok=False,
        why=refused.zh,
        sealed=case.row.sealed,
        more={"event": wish.event, "code": refused.code, "why_en": refused.en},
    )


def open_item(desk: Desk, queue: Queue, wish: Opened) -> Case | Refused | Forbidden:
    workflow = desk.book.workflows[wish.workflow]
    unknown = unfit_argument(desk.book, wish.workflow, wish.fields, desk.now)
    opening = unknown or begin(workflow, wish.actor.roles, wish.fields)
    if isinstance(opening, Refused):
        desk.enter(_not_opened(desk, wish, opening))
        return opening
    fields = {key: plain_fact(value) for key, value in opening.fields.items()}
    forbidden = forbid(desk, "open", _subject_of_new(wish, fields)) if wish.guarded else None
    if forbidden is not None:
        desk.enter(_not_opened(desk, wish, forbidden))
        return forbidden
    doers = _doers_of_new(desk, wish)
    case = _new_case(desk, wish, opening.state, fields)
    case.doers, case.known = doers, True
    classify(desk, case)
    fields = dict(case.fields)
    arrange(desk, case, Trigger(event="open", owed=wish.owed))
    desk.cases[case.row.id] = case
    queue.append(_happening(case, "open", wish.actor.id, fields, wish.depth))
    return case


def _subject_of_new(wish: Opened, fields: Mapping[str, Plain]) -> Subject:
    return Subject(
        unit=wish.unit,
        owner=wish.owner,
        event="open",
        by=wish.actor.id,
        args=fields,
        workflow=wish.workflow,
        parent=wish.parent,
        owed_at=wish.owed.since if wish.owed is not None else None,
    )


def _not_opened(desk: Desk, wish: Opened, refused: Refused | Forbidden) -> Entry:
    guard: dict[str, Plain] = {"rule": refused.rule} if isinstance(refused, Forbidden) else {}
    return Entry(
        act="item.refuse",
        actor=wish.actor.plain(),
        obj_type="office",
        obj_id=desk.book.info.id,
        ok=False,
        why=refused.zh,
        sealed=desk.book.workflows[wish.workflow].spec.sealed,
        more={
            "event": "open",
            "workflow": wish.workflow,
            "code": refused.code,
            "why_en": refused.en,
            **guard,
        },
    )


def _doers_of_new(desk: Desk, wish: Opened) -> dict[str, frozenset[str]]:
    """Also whoever acted on the parent, so that nobody judges his own act one item further down."""
    doers = {"open": frozenset({wish.actor.id})}
    parent = desk.case(wish.parent) if wish.parent is not None else None
    if parent is not None:
        desk.know_doers(parent)
        own = {event: who for event, who in parent.doers.items() if event.partition(".")[0] != "parent"}
        doers |= {f"parent.{event}": who for event, who in own.items()}
        doers["parent"] = frozenset[str]().union(*own.values())
    return doers


def _hides(desk: Desk, wish: Opened) -> bool:
    """Whether the number of what it belongs to is for fewer people than the item."""
    parent = desk.case(wish.parent) if wish.parent is not None else None
    return crosses(parent, sealed=desk.book.workflows[wish.workflow].spec.sealed)


def _new_case(desk: Desk, wish: Opened, state: str, fields: dict[str, Plain]) -> Case:
    workflow = desk.book.workflows[wish.workflow]
    number = desk.number(workflow.spec.prefix)
    label, told = workflow.spec.label, bool(fields) and wish.actor.kind == "person"
    entry = desk.enter(
        Entry(
            act="item.open",
            actor=wish.actor.plain(),
            obj_type="item",
            obj_id=number,
            why=wish.why or f"立项：{label.zh} {name_of(desk.book, wish.unit, 'zh')}",
            sealed=workflow.spec.sealed,
            facts=wish.facts,
            more={
                "to": state,
                "workflow": wish.workflow,
                "why_en": wish.why_en
                or wish.why
                or f"opened: {label.en} {name_of(desk.book, wish.unit, 'en')}",
                **({"parent": wish.parent} if wish.parent and not _hides(desk, wish) else {}),
                **({"args": withheld(desk.book, wish.workflow, fields)} if told else {}),
            },
        )
    )
    period = wish.period
    row = ItemRow(
        id=number,
        workflow=wish.workflow,
        state=state,
        title=wish.title,
        unit=wish.unit,
        owner=wish.owner,
        parent=wish.parent,
        fields="{}",
        light="none",
        sealed=workflow.spec.sealed,
        duty=wish.duty,
        rule=wish.rule,
        period=period.id if period else None,
        period_first=period.first if period else None,
        period_last=period.last if period else None,
        opened_at=desk.now,
        opened_by=wish.actor.id,
        closed_at=desk.now if workflow.spec.states[state].final else None,
        book=desk.book.digest,
        rev=0,
        wake_at=None,
        entry=entry,
    )
    return Case(row=row, fields=fields, fresh=True, touched=entry)
