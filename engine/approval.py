"""Approval by several 多人同意: who has agreed since the item came to where it stands, as the log knows."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.actor import Actor
from engine.case import Case
from engine.desk import Desk
from engine.privacy import is_address
from engine.recusal import posts_of
from store.rows import Entry, Plain
from workflows.machine import Agreement, Moved

AGREED = "item.agree"
Record = Mapping[str, Any]


def agreements(desk: Desk, case: Case, event: str) -> tuple[Agreement, ...]:
    desk.flush()  # what was agreed a moment ago counts too
    return tuple(
        Agreement(
            posts=posts_of(desk, record["actor"]),
            args=record.get("args", {}),
            roles=frozenset(record.get("roles", ())),
        )
        for record in agreed(desk.tx.steps_of(case.row.id), event)
    )


def agreed(records: Iterable[Record], event: str) -> list[Record]:
    """The entries that still hold: leaving the state begins anew, and so does the event itself."""
    standing: list[Record] = []
    for record in records:
        if record["act"] == AGREED:
            standing += [record] if record["event"] == event else []
        elif record.get("from") != record.get("to") or record.get("event") == event:
            standing = []
    return standing


def entry_of(desk: Desk, case: Case, actor: Actor, event: str, moved: Moved) -> Entry:
    label = desk.book.workflows[case.row.workflow].spec.label_of(event)
    place = desk.book.workflows[case.row.workflow].places[case.row.state, event]
    roles: list[Plain] = [*sorted(actor.roles & set(place.sides))]
    args: Plain = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in moved.fields.items()
        if not is_address(desk.book, case.row.workflow, name)  # which whoever agrees last gives
    }
    return Entry(
        act=AGREED,
        actor=actor.plain(),
        obj_type="item",
        obj_id=case.row.id,
        why=f"同意{label.zh}，还须{moved.missing}人同意",
        sealed=case.row.sealed,
        more={
            "event": event,
            "missing": moved.missing,
            **({"args": args} if args else {}),
            **({"roles": roles} if roles else {}),
            "why_en": f"agrees to {label.en}; {moved.missing} more must agree",
        },
    )
