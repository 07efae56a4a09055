"""What people do: open an item, put an event to one. Enters at step, leaves by the same commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Literal

from engine.desk import Desk
from engine.guards import Forbidden
from engine.office import Office
from engine.react import react
from engine.roles import About, held_by
from engine.step import Actor, Opened, Put, Queue, open_item, put
from engine.turn import turn_all
from store.office import Tx
from store.rows import Entry, ItemRow, Plain
from workflows.machine import Moved, Refused


@dataclass(frozen=True, kw_only=True)
class Wish:
    """An event that a post puts to an item."""

    item: str
    event: str
    by: str  # post
    args: Mapping[str, Plain] = field(default_factory=dict)
    at: datetime | None = None  # its own date, when it happened before it was told


@dataclass(frozen=True, kw_only=True)
class NewItem:
    workflow: str
    title: str
    by: str  # post
    unit: str | None = None
    owner: str | None = None
    parent: str | None = None
    fields: Mapping[str, Plain] = field(default_factory=dict)


Absence = Literal["not_found", "vacant"]


@dataclass(frozen=True, kw_only=True)
class NotFound:
    zh: str
    en: str
    code: Absence = "not_found"


Outcome = Moved | Refused | Forbidden | NotFound


def act(office: Office, wish: Wish, now: datetime) -> Outcome:
    """One event, with everything that follows from it, in one transaction. A refusal is logged too."""
    return act_all(office, (wish,), now)[0]


def act_all(office: Office, wishes: tuple[Wish, ...], now: datetime) -> tuple[Outcome, ...]:
    """Several events at the same moment, in one transaction."""
    turn_all(office, now)  # what was due before is handled before, so that nobody overtakes a deadline (T5)
    with office.store.write(now) as tx:
        office.follow(tx)
        return act_within(office, tx, wishes)


def act_within(office: Office, tx: Tx, wishes: tuple[Wish, ...]) -> tuple[Outcome, ...]:
    """The same in a transaction that somebody else has begun."""
    rows = tx.items_by_id({wish.item for wish in wishes})
    outcomes: list[Outcome] = []
    # An item keeps the book it was opened under, for people as for rules (R1).
    for digest, some in groupby(wishes, lambda wish: _book_of(rows, wish, office)):
        mine = tuple(some)
        desk = office.desk(tx, tx.now, office.book_of(tx, digest))
        # An earlier group may have changed what was read above, by a rule that moves a parent.
        desk.take((wish.item for wish in mine), rows if not outcomes else None)
        outcomes.extend(act_on(desk, wish) for wish in mine)
        desk.flush()
    return tuple(outcomes)


def _book_of(rows: Mapping[str, ItemRow], wish: Wish, office: Office) -> str:
    return rows[wish.item].book if wish.item in rows else office.book.digest


def act_on(desk: Desk, wish: Wish) -> Outcome:
    case = desk.case(wish.item)
    if case is None:
        return not_found(wish.item)
    about = About(unit=case.row.unit, owner=case.row.owner, fields=case.fields)
    actor = person(desk, wish.by, about)
    if isinstance(actor, NotFound):
        return actor
    if case.row.sealed and actor.roles.isdisjoint(desk.book.workflows[case.row.workflow].spec.readers):
        desk.enter(_probed(wish, actor))
        return not_found(wish.item)  # as if it did not exist (S2)
    queue: Queue = Queue()
    outcome = put(desk, queue, case, Put(event=wish.event, actor=actor, args=wish.args, at=wish.at))
    react(desk, queue)
    return outcome


def _probed(wish: Wish, actor: Actor) -> Entry:
    """Whoever reached for what is sealed stands in the log, where only its readers see it."""
    return Entry(
        act="item.refuse",
        actor=actor.plain(),
        obj_type="item",
        obj_id=wish.item,
        ok=False,
        sealed=True,
        why="无权办理保密事项",
        more={"event": wish.event, "code": "not_found", "why_en": "no reader of a sealed item"},
    )


def open_new(office: Office, wish: NewItem, now: datetime) -> str | Refused | Forbidden | NotFound:
    """The id of the new item, or why not."""
    turn_all(office, now)
    with office.store.write(now) as tx:
        office.follow(tx)
        return open_within(office, tx, wish)


def open_within(office: Office, tx: Tx, wish: NewItem) -> str | Refused | Forbidden | NotFound:
    """The same in a transaction that somebody else has begun."""
    desk = office.desk(tx, tx.now)
    outcome = open_on(desk, wish)
    desk.flush()
    return outcome


def open_on(desk: Desk, wish: NewItem) -> str | Refused | Forbidden | NotFound:
    if wish.workflow not in desk.book.workflows:
        return NotFound(zh=f"没有工作流 {wish.workflow}", en=f"there is no workflow {wish.workflow}")
    owner = desk.book.posts.get(wish.owner) if wish.owner else None
    unit = wish.unit or (owner.unit if owner else None)
    if unit is not None and unit not in desk.book.units:
        return NotFound(zh=f"没有单位 {unit}", en=f"there is no unit {unit}")
    actor = person(desk, wish.by, About(unit=unit, owner=wish.owner, fields=wish.fields))
    if isinstance(actor, NotFound):
        return actor
    queue: Queue = Queue()
    opened = open_item(
        desk,
        queue,
        Opened(
            workflow=wish.workflow,
            title=wish.title,
            actor=actor,
            unit=unit,
            owner=wish.owner,
            parent=wish.parent,
            fields=wish.fields,
        ),
    )
    if isinstance(opened, Refused | Forbidden):
        return opened
    react(desk, queue)
    return opened.row.id


def person(desk: Desk, post: str, about: About) -> Actor | NotFound:
    """The post with its holder's name and the roles it has for this item."""
    if post not in desk.book.posts:
        return NotFound(zh=f"没有岗位 {post}", en=f"there is no post {post}; `duban unit show` lists them")
    holder = desk.people.get(post)
    if holder is None:
        # What hurts somebody is decided by a named person; an empty post is nobody.
        return NotFound(
            code="vacant",
            zh=f"岗位 {post}（{desk.book.posts[post].zh}）尚未登记人员，不能办理；请先 duban people set",
            en=f"post {post} has no holder, so nobody can act in it; name one with `duban people set`",
        )
    roles = held_by(desk.book, post, about)
    return Actor(id=post, kind="person", roles=roles, name=holder.name)


def not_found(item: str) -> NotFound:
    return NotFound(
        zh=f"没有事项 {item}", en=f"there is no item {item}; `duban item list` shows what there is"
    )
