"""Every how-to book, lived by made-up people: however time goes by, it comes to the same."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.replay import found_for, replay
from tests.docs.test_howto import TOPICS
from tests.engine.hostile.lives import Crashing, Life, Teller, dying, lived, picture_of

SHOWN = [pytest.param(each, marks=pytest.mark.slow) for each in TOPICS]


@pytest.fixture(params=SHOWN)
def life(request: pytest.FixtureRequest, tmp_path: Path) -> Life:
    return lived(tmp_path, request.param, seed=7, days=60)


def of(picture: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: picture[name] for name in names}


def test_asleep_for_a_month_it_comes_to_the_same(life: Life, tmp_path: Path) -> None:
    up, down = Teller(life, tmp_path / "up.db"), Teller(life, tmp_path / "down.db")
    first, second = up.tell(up.awake), down.tell(down.asleep_for_a_month)
    what = ("items", "published", "clocks", "parked", "whole")
    assert of(first, *what) == of(second, *what)
    assert first["whole"]


def test_nothing_happens_at_a_moment_for_which_nobody_wakes(life: Life, tmp_path: Path) -> None:
    up, asked = Teller(life, tmp_path / "up.db"), Teller(life, tmp_path / "asked.db")
    assert up.tell(up.awake) == asked.tell(asked.asked_every_hour)


def test_two_processes_that_keep_dying_do_nothing_twice(life: Life, tmp_path: Path) -> None:
    up, dies = Teller(life, tmp_path / "up.db"), Crashing(life, tmp_path / "dies.db", seed=1)
    with dying(Random(2), 0.05):
        second = dies.tell(dies.awake)
    assert up.tell(up.awake) == second


def test_its_own_history_makes_the_same_world(life: Life, tmp_path: Path) -> None:
    office = found_for(life.history, life.book, f"sqlite:///{tmp_path / 'again.db'}")
    left = replay(office, life.history, life.until).left
    what = ("items", "published", "clocks", "firings", "notices", "parked")
    assert of(picture_of(office), *what) == of(life.picture, *what)
    assert left == []
