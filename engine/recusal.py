"""Recusal 回避: who may not do what to an item, whichever of his posts he sits in."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.case import Case
from engine.desk import Desk

OWN_UNIT = "own_unit"


def recused(desk: Desk, case: Case, by: str) -> Mapping[str, frozenset[str]]:
    """By what was done, the posts of whoever did it; and those of the unit that the item is about."""
    unit, done = case.row.unit, {**case.doers}
    for event, post in _agreed(desk, case):
        done[event] = done.get(event, frozenset()) | {post}
    own = (post for post, spec in desk.book.posts.items() if spec.unit == unit)
    found = {**done, OWN_UNIT: frozenset(own) if unit else frozenset[str]()}
    before = frozenset(_done_elsewhere(desk, case, by))
    return {
        event: _all_posts(desk, posts) | ({by} if event in before else set())
        for event, posts in found.items()
    }


def _agreed(desk: Desk, case: Case) -> Iterator[tuple[str, str]]:
    """Each of several who approved something, of this item or of the one it belongs to."""
    for record in _agreements(desk, case.row.id):
        yield record["event"], record["actor"]["id"]
    for record in _agreements(desk, case.row.parent):
        yield "parent", record["actor"]["id"]
        yield f"parent.{record['event']}", record["actor"]["id"]


def _agreements(desk: Desk, item: str | None) -> Iterator[Any]:
    steps = desk.tx.steps_of(item) if item is not None else ()
    return (record for record in steps if record["act"] == "item.agree")


def _done_elsewhere(desk: Desk, case: Case, by: str) -> Iterator[str]:
    """What a person did in a post that he has left since. The log knows his name, and not his address."""
    holder = desk.people.get(by)
    if holder is None:
        return
    for record in desk.tx.steps_of(case.row.id):
        if _left(desk, record["actor"], holder.name):
            yield record.get("event", "open")
    if case.row.parent is not None:
        for record in desk.tx.steps_of(case.row.parent):
            if _left(desk, record["actor"], holder.name):
                yield "parent"
                yield f"parent.{record.get('event', 'open')}"


def posts_of(desk: Desk, actor: Mapping[str, str]) -> frozenset[str]:
    """All posts of the person who acted, found by the name in the log where that person has moved on."""
    holder = desk.people.get(actor["id"])
    if holder is not None and holder.name == actor.get("name"):
        return _all_posts(desk, frozenset({actor["id"]}))
    return frozenset(post for post, each in desk.people.items() if each.name == actor.get("name"))


def _left(desk: Desk, actor: Mapping[str, str], name: str) -> bool:
    now = desk.people.get(actor["id"])
    return actor.get("name") == name and (now is None or now.name != name)


def _all_posts(desk: Desk, posts: frozenset[str]) -> frozenset[str]:
    """A person who holds two posts is one person. Name and address together: offices share mailboxes."""
    persons = {_person(desk, post) for post in posts} - {None}
    if not persons:
        return posts
    return posts | {post for post in desk.people if _person(desk, post) in persons}


def _person(desk: Desk, post: str) -> tuple[str, str] | None:
    holder = desk.people.get(post)
    return None if holder is None else (holder.name, holder.email)
