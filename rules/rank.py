"""Places in a ranking, and what becomes of those who are equal."""

from collections.abc import Mapping
from typing import Any, Literal

Ties = Literal["shared", "dense", "last"]


def places(values: Mapping[str, Any], highest_first: bool, ties: Ties) -> dict[str, int]:
    """Of 9, 8, 8, 7: shared 1,2,2,4, dense 1,2,2,3, last 1,3,3,4."""
    equals: dict[Any, list[str]] = {}
    for name, value in values.items():
        equals.setdefault(value, []).append(name)
    found: dict[str, int] = {}
    before = 0
    for step, value in enumerate(sorted(equals, reverse=highest_first), start=1):
        equal = equals[value]
        place = {"shared": before + 1, "dense": step, "last": before + len(equal)}[ties]
        found |= dict.fromkeys(equal, place)
        before += len(equal)
    return found
