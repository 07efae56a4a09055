"""Canonical JSON: the one way to write a value as bytes, so that what is hashed can be written again.

RFC 8785 narrowed until the standard library writes it: no floats, no integers beyond 2^53 - 1, valid Unicode,
and no keys beyond the basic plane, where the two orders of keys part.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from store.errors import NotCanonical

LARGEST = 2**53 - 1
NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
ALWAYS_PLAIN = frozenset({str, bool, type(None)})

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def canonical(value: Any) -> str:
    """Raises NotCanonical for what has no canonical form."""
    _check(value)
    text = _encode(value)
    if has_null(text):
        raise NotCanonical(f"{text!r} holds a null character, which not every database keeps: take it out")
    return text


def has_null(text: str) -> bool:
    """Whether JSON says a null character. What only looks like one has another backslash before it."""
    return "\\u0000" in text and NULL.search(text) is not None


def encode_checked(value: Any) -> str:
    """For what is known to have a canonical form, such as a row of the database."""
    return _encode(value)


def as_bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"not valid Unicode: {text[error.start : error.end]!r}") from None


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _check(value: Any) -> None:
    """Looks at whole containers at once: a call for each member would cost more than the encoding."""
    kind = type(value)
    if kind is dict:
        _check_keys(value)
        members = value.values()
    elif kind is list or kind is tuple:
        members = value
    else:
        _check_scalar(value)
        return
    if not ALWAYS_PLAIN.issuperset(map(type, members)):
        for member in members:
            if type(member) not in ALWAYS_PLAIN:
                _check(member)


def _check_scalar(value: Any) -> None:
    if type(value) is int:
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{value} is beyond 2^53 - 1: write it as a string")
    elif type(value) not in ALWAYS_PLAIN:
        kind = type(value).__name__
        raise NotCanonical(f"{value!r} is a {kind}: the log knows text, whole numbers, yes and no only")


def _check_keys(value: dict[Any, Any]) -> None:
    try:
        joined = "".join(value)
    except TypeError:
        raise NotCanonical(f"the keys of {value!r} are not all text") from None
    if not joined.isascii() and max(joined) > "\uffff":
        raise NotCanonical(f"a key of {value!r} has characters without a fixed order")


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without what is absent: in a record an absent field is absent, never null."""
    return {key: member for key, member in value.items() if member is not None}
