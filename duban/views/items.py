"""Items as people ask for them: one line each, or one with everything about it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from duban.output import as_moment
from duban.texts import LIGHTS, NO_LIMIT, NOTICE_STATES, OUTCOMES
from duban.views.audit import audit_row, said_actor
from duban.views.view import View
from engine.approval import agreed
from engine.case import Running
from engine.desk import Desk
from engine.recusal import recused as posts_recused
from engine.roles import About, resolve
from engine.words import say_value
from rules.time.duration import Duration
from store.office import Tx
from store.rows import ClockRow, ItemRow, OutboxNotice
from workflows.language import WorkflowSpec
from workflows.machine import possible

Data = dict[str, Any]


def item_rows(view: View, rows: Iterable[ItemRow]) -> list[Data]:
    listed = list(rows)
    clocks = view.reader.clocks_of(row.id for row in listed)
    parents = view.parents(listed)
    return [item_row(view, row, clocks.get(row.id, ()), parents) for row in listed]


def item_row(view: View, row: ItemRow, clocks: Iterable[ClockRow], parents: Collection[str]) -> Data:
    """`parents`: those that the viewer may know of."""
    spec = view.book.workflows[row.workflow].spec
    due = running_clock(view, clocks)
    return {
        "id": row.id,
        "workflow": row.workflow,
        "workflow_label": view.label(spec.label),
        "title": row.title,
        "unit": row.unit,
        "unit_label": view.name(row.unit),
        "owner": row.owner,
        "owner_label": view.name(row.owner),
        "state": row.state,
        "state_label": view.label(spec.states[row.state]),
        "light": row.light,
        "light_label": LIGHTS[row.light].in_(view.language),
        "due": view.local(due.due_at) if due else None,
        "overdue": is_overdue(view, due),
        "period": row.period,
        "opened_at": view.local(row.opened_at),
        "closed_at": view.local(row.closed_at),
        "parent": row.parent if row.parent in parents else None,
        "duty": row.duty,
        "rule": row.rule,
        "sealed": row.sealed,
    }


def running_clock(view: View, clocks: Iterable[ClockRow]) -> ClockRow | None:
    """The one that ends first of those that still run; nobody owes anything in a window."""
    live = [
        clock
        for clock in clocks
        if clock.ended_at is None
        and clock.outcome != "cancelled"
        and not view.book.clocks[clock.clock].spec.window
    ]
    return min(live, key=lambda clock: clock.due_at, default=None)


def is_overdue(view: View, due: ClockRow | None) -> bool:
    if due is None or due.outcome == "paused":
        return False
    return due.missed_at is not None or due.due_at <= view.now


def item_document(view: View, row: ItemRow) -> Data:
    """Everything about one item; nothing in it is about another that the viewer may not see."""
    clocks = view.reader.clocks_of([row.id]).get(row.id, [])
    notices = view.reader.notices_of(row.id)
    return {
        **item_row(view, row, clocks, view.parents([row])),
        "fields": fields_of(view, row),
        "clocks": [clock_row(view, clock) for clock in clocks],
        "possible": list(possible_events(view, row)),
        "history": history_of(view, row),
        "notices": [notice_row(view, each) for each in notices],
        "documents": [
            {"title": each.title, "at": view.local(each.at), "body": each.body}
            for each in view.reader.documents_of(row.id)
        ],
        "children": item_rows(view, view.items(parent=row.id)),
    }


def fields_of(view: View, row: ItemRow) -> list[Data]:
    spec = view.book.workflows[row.workflow].spec.fields
    values: Mapping[str, Any] = json.loads(row.fields)
    return [
        {
            "field": name,
            "label": view.label(spec[name].label) if name in spec else name,
            "value": value,
            "said": said_field(view, spec.get(name), value),
        }
        for name, value in values.items()
        if value is not None
    ]


def said_field(view: View, spec: Any, value: Any) -> str:
    """As people read it: a closed value by its label, a moment by the clock on the wall, a time in words."""
    if spec is not None and isinstance(value, str):
        if value in spec.one_of:
            return view.label(spec.one_of[value])
        if spec.type == "moment":
            return as_moment(view.moment(value))
        if spec.type == "duration":
            return Duration.parse(value).text(view.language)
    return say_value(view.book, value, view.language)


def clock_row(view: View, clock: ClockRow) -> Data:
    spec = view.book.clocks[clock.clock].spec
    no_limit = Running.of(clock).state().no_limit
    outcome = NO_LIMIT if no_limit else OUTCOMES[clock.outcome]
    return {
        "clock": clock.clock,
        "clock_label": view.label(spec.label),
        "started_at": view.local(clock.started_at),
        "due": None if no_limit else view.local(clock.due_at),
        "outcome": clock.outcome,
        "outcome_label": outcome.in_(view.language),
        "missed_at": view.local(clock.missed_at),
        "ended_at": view.local(clock.ended_at),
        "provisional": clock.provisional,
    }


def possible_events(view: View, row: ItemRow) -> Iterator[Data]:
    """What may follow now, and which posts may ask for it."""
    workflow = view.book.workflows[row.workflow]
    about = About(unit=row.unit, owner=row.owner, fields=json.loads(row.fields))
    events = possible(workflow, row.state)
    several = any(workflow.places[(row.state, event)].persons > 1 for event in events)
    steps = view.reader.steps_of(row.id) if several else []
    parted = any(workflow.places[(row.state, event)].not_by for event in events)
    barred = Barred(view, row) if parted else None
    for event in events:
        transition = workflow.places[(row.state, event)]
        roles = [role for role in transition.by if role in view.book.roles]
        posts = dict.fromkeys(post for role in roles for post in resolve(view.book, role, about))
        if not posts:
            continue  # only a rule may, or nobody holds the role
        recused = [post for post in posts if barred is not None and barred.is_barred(post, transition.not_by)]
        named = {
            post: view.pick(f"{view.name(post)}（{post}）", f"{view.name(post)} ({post})") for post in posts
        }
        yield {
            "event": event,
            "event_label": view.label(workflow.spec.label_of(event)),
            "to": transition.to or row.state,
            "who": [post for post in posts if post not in recused],
            "who_label": [named[post] for post in posts if post not in recused],
            "recused": recused,
            "recused_label": [named[post] for post in recused],
            "needs": list(transition.needs),
            "needs_label": [named_field(view, workflow.spec, name) for name in transition.needs],
            "takes": list(transition.takes),
            "takes_label": [named_field(view, workflow.spec, name) for name in transition.takes],
            "approvers": transition.persons,
            "agreed": [said_actor(view, record["actor"]) for record in agreed(steps, event)],
        }


class Barred:
    """Who may not take a step, whichever of his posts he sits in, because of what he did before."""

    def __init__(self, view: View, row: ItemRow) -> None:
        # A reader answers all that a desk asks, as long as nothing is written; and nothing is.
        self.desk = Desk(view.book, cast("Tx", view.reader), view.reader.people(), view.now)
        found = self.desk.case(row.id)
        assert found is not None, "the viewer has just read it"
        self.case = found
        self.desk.know_doers(found)

    def is_barred(self, post: str, not_by: Collection[str]) -> bool:
        doers = posts_recused(self.desk, self.case, post) if not_by else {}
        return any(post in doers.get(event, ()) for event in not_by)


def named_field(view: View, spec: WorkflowSpec, name: str) -> str:
    """With the id, which is what `duban item do` takes."""
    label = view.label(spec.fields[name].label)
    return name if label == name else view.pick(f"{label}（{name}）", f"{label} ({name})")


def history_of(view: View, row: ItemRow) -> list[Data]:
    lines = reversed(view.reader.list_audit(obj=row.id))
    return [audit_row(view, line) for line in lines if line.obj_type == "item"]


def notice_row(view: View, found: OutboxNotice) -> Data:
    notice = found.notice
    rule = view.book.rules.get(notice.rule or "")
    return {
        "id": found.id,
        "created_at": view.local(notice.created_at),
        "kind": notice.kind,
        "kind_label": view.pick("提醒", "reminder")
        if notice.kind == "remind"
        else view.pick("告知", "formal notice"),
        "item": notice.item,
        "rule": notice.rule,
        "rule_label": view.label(rule.spec.label) if rule else None,
        "to": notice.recipient,
        "to_label": view.name(notice.recipient),
        "name": notice.name,
        "subject": notice.subject,
        "formal": notice.formal,
        "state": found.state,
        "state_label": NOTICE_STATES[found.state].in_(view.language),
        "attempts": found.attempts,
        "outcome": found.outcome,
    }
