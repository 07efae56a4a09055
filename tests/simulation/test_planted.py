"""A simulator that finds nothing may be blind: every planted bug is found, by its own invariant."""

import pytest

from engine.wake import _ladder
from tests.simulation.catching import DAYS, first_caught, is_sound, planted, remembered
from tests.simulation.planted import PLANTED, Bug
from tests.simulation.run import run

SEEDS = range(60)
LEAST = 25


def test_there_are_many_and_each_breaks_something_else() -> None:
    assert len(PLANTED) >= LEAST
    assert len({bug.name for bug in PLANTED}) == len(PLANTED)
    assert remembered().keys() <= {bug.name for bug in PLANTED}, "caught.txt remembers what is not planted"


def test_nothing_that_a_bug_had_remembered_outlives_it() -> None:
    bug = next(each for each in PLANTED if each.name == "counts_days_for_workdays")
    run(0, 5)
    with planted(bug):
        assert not _ladder.cache_info().currsize, "what was remembered without it would hide it"
        run(0, 5)
        assert _ladder.cache_info().currsize
    assert not _ladder.cache_info().currsize, "a Saturday is taken for a workday in every life after it"


@pytest.mark.slow
@pytest.mark.parametrize("bug", [pytest.param(bug, id=f"{bug.name}-{bug.breaks}") for bug in PLANTED])
def test_it_is_found(bug: Bug) -> None:
    first = remembered().get(bug.name)
    seeds = [*([] if first is None else [first]), *(seed for seed in SEEDS if seed != first)]
    seed = first_caught(bug, DAYS, seeds)
    assert seed is not None, f"{bug.breaks} did not find it in {len(seeds)} lives"
    assert is_sound(seed, DAYS)
