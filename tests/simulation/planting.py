"""What a planted bug is: a patch of the running engine, with the invariant that must find it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

Patch = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Bug:
    name: str
    breaks: str
    plant: Patch


PLANTED: list[Bug] = []


def bug(breaks: str) -> Callable[[Patch], Patch]:
    def add(plant: Patch) -> Patch:
        PLANTED.append(Bug(plant.__name__, breaks, plant))
        return plant

    return add
