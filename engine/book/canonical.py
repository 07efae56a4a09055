"""A book as bytes: the same bytes for the same content, whatever the order of keys, and enough to make it again."""

import json
from decimal import Decimal
from typing import Any

from engine.book.calendars import CalendarData
from engine.book.finding import Place
from engine.book.text import Node

# Grows when the same words of a book come to mean something else.
LANGUAGE = 1
DECIMAL = "$decimal"


def to_bytes(plain: dict[str, Any], calendar: CalendarData) -> bytes:
    content = {"language": LANGUAGE, "calendar": calendar.plain(), "book": plain}
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_decimal, allow_nan=False
    ).encode()


def from_bytes(canonical: bytes) -> tuple[Node, CalendarData]:
    """Raises ValueError when the bytes are not a book of this language."""
    content = json.loads(canonical, object_hook=_undecimal)
    if not isinstance(content, dict) or content.get("language") != LANGUAGE:
        raise ValueError(
            f"these bytes are no book of language {LANGUAGE}: another version of duban wrote them"
        )
    return node_of(content["book"], Place("book")), CalendarData.of(content["calendar"])


def node_of(plain: Any, place: Place) -> Node:
    """A tree whose nodes are all in one place, for data that was not written in a file."""
    if isinstance(plain, dict):
        return Node({key: node_of(value, place) for key, value in plain.items()}, place)
    if isinstance(plain, list):
        return Node([node_of(value, place) for value in plain], place)
    return Node(plain, place)


def _decimal(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    raise TypeError(f"a book cannot hold {value!r}")


def _undecimal(value: dict[str, Any]) -> Any:
    return Decimal(value[DECIMAL]) if value.keys() == {DECIMAL} else value
