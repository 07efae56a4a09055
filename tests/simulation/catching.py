"""Whether a planted bug is found, by its own invariant, in a life that is sound without it."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.simulation.planted import Bug
from tests.simulation.run import run

REMEMBERED = Path(__file__).with_name("caught.txt")
DAYS = 40


def remembered() -> dict[str, int]:
    """The seed that found each before, so that most runs need only that one."""
    lines = REMEMBERED.read_text(encoding="utf-8").splitlines() if REMEMBERED.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: int(seed) for name, seed in pairs}


@cache
def is_sound(seed: int, days: int) -> bool:
    return run(seed, days).sound


def catches(bug: Bug, seed: int, days: int) -> bool:
    if not is_sound(seed, days):
        return False
    with bug.plant():
        return bug.breaks in {violation.invariant for violation in run(seed, days).violations}


def first_caught(bug: Bug, days: int, seeds: Iterable[int]) -> int | None:
    return next((seed for seed in seeds if catches(bug, seed, days)), None)
