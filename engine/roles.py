"""Who holds a role for an item: from role to posts, found anew each time because leaders change."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.book.book import Book
from engine.book.hierarchy import above
from store.rows import Plain

RULE = frozenset({"rule"})


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom something is about, as far as roles need to know."""

    unit: str | None
    owner: str | None = None
    fields: Mapping[str, Plain] | None = None


def resolve(book: Book, role: str, about: About) -> tuple[str, ...]:
    """The posts that hold the role; empty when nobody does."""
    spec = book.roles[role]
    if spec.posts:
        return spec.posts
    if spec.is_ is None:  # a person outside, who holds no post
        return ()
    kind, *way = spec.is_.split(".")
    if kind == "unit":
        unit = about.unit if len(way) == 1 else above(book.units, about.unit, way[0])
        return _of_unit(book, unit, way[-1])
    named = about.owner if way == ["owner"] else (about.fields or {}).get(way[0])
    if not isinstance(named, str) or not named:
        return ()
    return (named,) if len(way) == 1 else _of_unit(book, named, way[1])


def _of_unit(book: Book, unit: str | None, name: str) -> tuple[str, ...]:
    """Its head, liaison or leader in charge."""
    if unit is None or unit not in book.units:
        return ()
    post = book.units[unit].leader if name == "leader" else f"{unit}.{name}"
    return (post,) if post else ()


def held_by(book: Book, post: str, about: About) -> frozenset[str]:
    """The roles that a post holds for an item. Roles outside the office are told, they never act."""
    return frozenset(
        role for role, spec in book.roles.items() if not spec.external and post in resolve(book, role, about)
    )


def find_post(book: Book, value: str, about: About) -> str | None:
    """A post written as a post or as a role; the first one when a role has several."""
    if value in book.posts:
        return value
    if value in book.roles:
        return next(iter(resolve(book, value, about)), None)
    return None
