"""A book as bytes: the same bytes for the same content, and enough to make the book again.

The order of the language's own keys says nothing, so they are sorted. The order in which an author lists
units, items, states or fields is seen by everybody who works with them, so it is content and kept.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.book.calendars import CalendarData
from engine.book.finding import Place
from engine.book.shape import KEYED
from engine.book.text import Node

# Grows when the same words of a book come to mean something else.
LANGUAGE = 1
DECIMAL = "$decimal"
ORDERED = "$ordered"
LISTED = frozenset({*KEYED, "states", "fields", "one_of"})


def to_bytes(plain: dict[str, Any], calendar: CalendarData, others: Mapping[str, CalendarData]) -> bytes:
    """With its calendar, and the others that it has or names."""
    named = {id: each.plain() for id, each in others.items()}
    content = {
        "language": LANGUAGE,
        "calendar": calendar.plain(),
        **({"calendars": named} if named else {}),
        "book": _ordered(plain),
    }
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_decimal, allow_nan=False
    ).encode()


def from_bytes(canonical: bytes) -> tuple[Node, CalendarData, Mapping[str, CalendarData]]:
    """Raises ValueError when the bytes are not a book of this language."""
    content = json.loads(canonical, object_hook=_restored)
    if not isinstance(content, dict) or content.get("language") != LANGUAGE:
        raise ValueError(
            f"these bytes are no book of language {LANGUAGE}: another version of duban wrote them"
        )
    others = {id: CalendarData.of(plain) for id, plain in content.get("calendars", {}).items()}
    return node_of(content["book"], Place("book")), CalendarData.of(content["calendar"]), others


def node_of(plain: Any, place: Place) -> Node:
    """A tree whose nodes are all in one place, for data that was not written in a file."""
    if isinstance(plain, dict):
        return Node({key: node_of(value, place) for key, value in plain.items()}, place)
    if isinstance(plain, list):
        return Node([node_of(value, place) for value in plain], place)
    return Node(plain, place)


def _ordered(plain: Any, key: str = "") -> Any:
    """Mappings whose order an author chose, as pairs."""
    if isinstance(plain, list):
        return [_ordered(value) for value in plain]
    if not isinstance(plain, dict):
        return plain
    inner = {name: _ordered(value, name) for name, value in plain.items()}
    return {ORDERED: [[name, value] for name, value in inner.items()]} if key in LISTED else inner


def _decimal(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    raise TypeError(f"a book cannot hold {value!r}")


def _restored(value: dict[str, Any]) -> Any:
    if value.keys() == {DECIMAL}:
        return Decimal(value[DECIMAL])
    return dict(value[ORDERED]) if value.keys() == {ORDERED} else value
