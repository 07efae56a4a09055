"""A simulator that finds nothing may be blind: every planted bug is found, by its own invariant."""

import pytest

from tests.simulation.catching import DAYS, first_caught, is_sound, remembered
from tests.simulation.planted import PLANTED, Bug

SEEDS = range(60)
LEAST = 25


def test_there_are_many_and_each_breaks_something_else() -> None:
    assert len(PLANTED) >= LEAST
    assert len({bug.name for bug in PLANTED}) == len(PLANTED)
    assert remembered().keys() <= {bug.name for bug in PLANTED}, "caught.txt remembers what is not planted"


@pytest.mark.slow
@pytest.mark.parametrize("bug", [pytest.param(bug, id=f"{bug.name}-{bug.breaks}") for bug in PLANTED])
def test_it_is_found(bug: Bug) -> None:
    first = remembered().get(bug.name)
    seeds = [*([] if first is None else [first]), *(seed for seed in SEEDS if seed != first)]
    seed = first_caught(bug, DAYS, seeds)
    assert seed is not None, f"{bug.breaks} did not find it in {len(seeds)} lives"
    assert is_sound(seed, DAYS)
