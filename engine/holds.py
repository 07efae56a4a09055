"""What two persons decide about something that the brake holds: release or drop, and the number itself.

After a release the rule is asked anew, on the facts of that moment: what has been settled meanwhile is not
proposed. Rungs that waited behind have their turn then, in their order, and the brake weighs them again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.anew import decide_anew
from engine.book.book import Book
from engine.brake import Braked, Wanted, ladder_of, weigh
from engine.carry import NOWHERE, let_through
from engine.decide import Spoken
from engine.desk import Desk
from engine.doing import Doing
from engine.facts import Subject
from engine.happening import Queue
from engine.office import Office
from engine.opening import proposals
from engine.react import react
from engine.recusal import posts_of
from engine.roles import About, held_by
from engine.rulings import RULED, Ruling, Word, number_set, read, ruled, settled, turn_come
from engine.turn import turn_all
from store.office import Tx
from store.read import Reader
from store.rows import HoldRow

Code = Literal["not_found", "decided", "own_unit", "order"]


@dataclass(frozen=True, kw_only=True)
class Denied:
    code: Code
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    """`proposed`: it has been; else there is nothing left to propose. `next`: what waited behind it."""

    hold: HoldRow
    proposed: bool
    next: tuple[HoldRow, ...] = ()


def release(office: Office, seq: int, ruling: Ruling, now: datetime) -> Decided | Denied:
    """Let it through: whatever it proposes now counts neither against the brake nor for its past."""
    return _decide(office, seq, ruling, now, "release")


def drop(office: Office, seq: int, ruling: Ruling, now: datetime) -> Decided | Denied:
    """It has spoken for good: its occasion does not come again."""
    return _decide(office, seq, ruling, now, "drop")


def _decide(office: Office, seq: int, ruling: Ruling, now: datetime, word: Word) -> Decided | Denied:
    _, _, state = RULED[word]
    turn_all(office, now)
    with office.store.write(now) as tx:
        office.follow(tx)
        row = _open_hold(office, tx, seq, ruling)
        if isinstance(row, Denied):
            return row
        tx.settle_hold(seq, state, ruled(row, word, ruling))
        proposed = word == "release" and _carry_out_anew(office, tx, row)
        return Decided(hold=row, proposed=proposed, next=_go_on(office, tx, row))


def set_brake(office: Office, most: int | None, ruling: Ruling, now: datetime) -> None:
    """None: the number is again what the book or the office's past says."""
    with office.store.write(now) as tx:
        tx.write_entry(number_set(most, ruling))


def enter_reading(office: Office, seq: int, post: str, now: datetime) -> None:
    """Reading what is sealed is itself an act (A5)."""
    with office.store.write(now) as tx:
        row, holder = tx.hold(seq), tx.people().get(post)
        if row is not None:
            tx.write_entry(read(row, post, holder.name if holder else None))


def may_know(book: Book, reader: Reader, row: HoldRow, post: str | None) -> bool:
    """A hold about something sealed exists for its readers only; also where just its proposal is (S2)."""
    if not row.sealed:
        return True
    kind, _, id = row.subject.partition(":")
    item = reader.items_by_id([id]).get(id) if kind == "item" else None
    about = About(unit=None)
    if item is not None:
        about = About(unit=item.unit, owner=item.owner, fields=json.loads(item.fields))
    named = {*json.loads(row.workflows), *([item.workflow] if item else [])}
    specs = [book.workflows[name].spec for name in sorted(named & book.workflows.keys())]
    roles = held_by(book, post, about) if post is not None else frozenset[str]()
    return all(not roles.isdisjoint(spec.readers) for spec in specs if spec.sealed)


# ---------------------------------------------------------------- who may


def _open_hold(office: Office, tx: Tx, seq: int, ruling: Ruling) -> HoldRow | Denied:
    row = tx.hold(seq)
    if row is None or not all(may_know(office.book, tx, row, actor.id) for actor in ruling.by):
        return no_hold(seq)
    if not row.is_open:
        return Denied(
            code="decided", zh=f"{seq} 已经处理过", en=f"{seq} has been decided: `duban hold show {seq}`"
        )
    first = next(each for each in _line(tx, row) if each.is_open)
    if first.seq != row.seq:
        return Denied(
            code="order",
            zh=f"{seq} 排在 {first.seq} 之后：请先处理 {first.seq}",
            en=f"{seq} waits behind {first.seq}: decide that one first",
        )
    return _recused(office.desk(tx, tx.now), row, ruling) or row


def _recused(desk: Desk, row: HoldRow, ruling: Ruling) -> Denied | None:
    """Neither may belong to the unit concerned, in whichever of his posts he sits (D2)."""
    concerned, posts = set(json.loads(row.units)), desk.book.posts
    for actor in ruling.by:
        sits = {actor.id, *posts_of(desk, {"id": actor.id, "name": actor.name or ""})}
        own = {posts[post].unit for post in sits & posts.keys()}
        if own & concerned:
            return Denied(
                code="own_unit",
                zh=f"{actor.id} 属于所涉单位，应当回避",
                en=f"{actor.id} belongs to a unit concerned, and may not decide this",
            )
    return None


def no_hold(seq: int) -> Denied:
    return Denied(
        code="not_found", zh=f"没有暂扣 {seq}；`duban hold list`", en=f"no hold {seq}: `duban hold list`"
    )


def _line(tx: Tx, row: HoldRow) -> Sequence[HoldRow]:
    """The rungs of the same ladder, in their order; an occasion that is no rung's stands alone."""
    if "spoke" not in json.loads(row.told):
        return [row]
    mine = tx.holds_of(row.subject, row.rule)
    return [each for each in mine if ladder_of(each.occasion) == ladder_of(row.occasion)]


# ---------------------------------------------------------------- carrying it out


def _carry_out_anew(office: Office, tx: Tx, row: HoldRow) -> bool:
    desk = _desk_for(office, tx, row)
    found = decide_anew(desk, row)
    if found is None:
        tx.write_entry(settled(row))
        return False
    _let_through(desk, *found, proposed=0)
    return True


def _go_on(office: Office, tx: Tx, before: HoldRow) -> tuple[HoldRow, ...]:
    """Those that waited have their turn, until one exceeds the brake itself."""
    done: list[HoldRow] = []
    while row := next((each for each in _line(tx, before) if each.is_open), None):
        if row.state == "held":
            break
        desk = _desk_for(office, tx, row)
        found = decide_anew(desk, row)
        weighed = weigh(desk, _wanted(desk, *found)) if found is not None else Braked()
        state = weighed.state or "released"
        tx.settle_hold(row.seq, state, turn_come(row, state, weighed.used, weighed.cap))
        done.append(row)
        if state == "released" and found is None:
            tx.write_entry(settled(row))
        elif state == "released" and found is not None:
            _let_through(desk, *found, proposed=len(weighed.wanted))
    return tuple(done)


def _desk_for(office: Office, tx: Tx, row: HoldRow) -> Desk:
    """An item is judged by the book that it follows now; what is no item's, by the book in force."""
    kind, _, id = row.subject.partition(":")
    item = tx.items_by_id([id]).get(id) if kind == "item" else None
    return office.desk(tx, tx.now, office.book_of(tx, item.book) if item is not None else None)


def _wanted(desk: Desk, spoken: Spoken, subject: Subject) -> Wanted:
    doing = Doing(desk=desk, queue=Queue(), spoken=spoken, subject=subject, entry=NOWHERE, depth=0)
    return tuple(proposals(doing)) if doing.actions.propose else ()


def _let_through(desk: Desk, spoken: Spoken, subject: Subject, *, proposed: int) -> None:
    queue: Queue = Queue()
    let_through(desk, queue, spoken, subject, 0, proposed=proposed)
    react(desk, queue)
    desk.flush()
