"""Recusal 回避: who may not do what to an item, whichever of his posts he sits in."""

from collections.abc import Mapping

from engine.case import Case
from engine.desk import Desk

OWN_UNIT = "own_unit"


def recused(desk: Desk, case: Case) -> Mapping[str, frozenset[str]]:
    """By what was done, the posts of whoever did it; and those of the unit that the item is about."""
    unit = case.row.unit
    own = (post for post, spec in desk.book.posts.items() if spec.unit == unit)
    found = {**case.doers, OWN_UNIT: frozenset(own) if unit else frozenset[str]()}
    return {event: _all_posts(desk, posts) for event, posts in found.items()}


def _all_posts(desk: Desk, posts: frozenset[str]) -> frozenset[str]:
    """A person who holds two posts is one person. Name and address together: offices share mailboxes."""
    persons = {_person(desk, post) for post in posts} - {None}
    if not persons:
        return posts
    return posts | {post for post in desk.people if _person(desk, post) in persons}


def _person(desk: Desk, post: str) -> tuple[str, str] | None:
    holder = desk.people.get(post)
    return None if holder is None else (holder.name, holder.email)
