"""What the log does not hold: addresses of persons whom an item names, no more than those of posts (A7).

In its place stands an address that belongs to nobody, so that a history can be lived through again.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from engine.book.book import Book
from engine.facts import plain_fact
from store.rows import Plain

WITHHELD = "withheld@log.invalid"
Value = TypeVar("Value")


def is_address(book: Book, workflow: str | None, field: str) -> bool:
    spec = book.workflows[workflow].spec.fields.get(field) if workflow is not None else None
    return spec is not None and spec.type == "mail"


def withheld(book: Book, workflow: str, fields: Mapping[str, Plain]) -> dict[str, Plain]:
    """Fields as the log may have them."""
    return {
        name: WITHHELD if value is not None and is_address(book, workflow, name) else value
        for name, value in fields.items()
    }


def withheld_facts(book: Book, workflow: str | None, facts: Mapping[str, Value]) -> dict[str, Value | str]:
    """Facts, by name, as the log may have them."""
    found = dict[str, Value | str](facts)
    for name in _addresses(book, workflow, tuple(facts)):
        found[name] = WITHHELD
    return found


def entered_facts(book: Book, workflow: str | None, facts: Mapping[str, object]) -> dict[str, Plain]:
    """Facts, by name, as an entry keeps them."""
    return {name: plain_fact(value) for name, value in withheld_facts(book, workflow, facts).items()}


@lru_cache(maxsize=4096)
def _addresses(book: Book, workflow: str | None, facts: tuple[str, ...]) -> tuple[str, ...]:
    places = ((name, *name.partition(".")[::2]) for name in facts)
    return tuple(
        name
        for name, place, field in places
        if place in ("item", "args") and is_address(book, workflow, field)
    )
