"""Whether a planted bug is found, by its own invariant, in a life that is sound without it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.simulation.planted import Bug
from tests.simulation.run import run

REMEMBERED = Path(__file__).with_name("caught.txt")
DAYS = 40
ROOMS = ("engine", "rules", "workflows", "store")


def remembered() -> dict[str, int]:
    """The seed that found each before, so that most runs need only that one."""
    lines = REMEMBERED.read_text(encoding="utf-8").splitlines() if REMEMBERED.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: int(seed) for name, seed in pairs}


@cache
def is_sound(seed: int, days: int) -> bool:
    return run(seed, days).sound


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """What the sound engine remembers would hide a bug, and what the bug had it remember would outlive it."""
    forget()
    try:
        with bug.plant():
            yield
    finally:
        forget()


def forget() -> None:
    """Empties every cache of the rooms: they are keyed by what is asked, and a bug answers otherwise."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ROOMS:
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def catches(bug: Bug, seed: int, days: int) -> bool:
    if not is_sound(seed, days):
        return False
    with planted(bug):
        return bug.breaks in {violation.invariant for violation in run(seed, days).violations}


def first_caught(bug: Bug, days: int, seeds: Iterable[int]) -> int | None:
    return next((seed for seed in seeds if catches(bug, seed, days)), None)
