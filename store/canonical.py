"""Canonical JSON: the one way to write a value as bytes, so that what is hashed can be written again.

RFC 8785 narrowed until the standard library writes it: no floats, no integers beyond 2^53 - 1, valid Unicode,
and no keys beyond the basic plane, where the two orders of keys part.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from store.errors import NotCanonical

LARGEST = 2**53 - 1

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: Any) -> str:
    """Raises NotCanonical for what has no canonical form."""
    _check(value)
    return _encode(value)


def canonical_bytes(value: Any) -> bytes:
    return as_bytes(canonical(value))


def as_bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"not valid Unicode: {text[error.start : error.end]!r}") from None


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{value} is beyond 2^53 - 1: write it as a string")
    elif kind is dict:
        for key, member in value.items():
            _check_key(key)
            if type(member) is not str:
                _check(member)
    elif kind is list or kind is tuple:
        for member in value:
            _check(member)
    else:
        raise NotCanonical(
            f"{value!r} is a {kind.__name__}: the log knows text, whole numbers, yes and no only"
        )


def _check_key(key: Any) -> None:
    if type(key) is not str:
        raise NotCanonical(f"{key!r} is no key: keys are text")
    if not key.isascii() and max(key) > "\uffff":
        raise NotCanonical(f"{key!r} is no key: its characters have no fixed order")


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without what is absent: in a record an absent field is absent, never null."""
    return {key: member for key, member in value.items() if member is not None}
