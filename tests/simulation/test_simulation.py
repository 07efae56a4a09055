"""Many lives of one office in which everything breaks: nothing is lost, doubled, early, or out of order."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.counters import Counters
from tests.simulation.run import run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FAILED = [
    (int(line.split()[0]), int(line.split()[1]))
    for line in (HERE / "seeds.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
QUICK = range(10)
QUICK_DAYS = 15
MANY = range(1000, 1040)
DAYS = 60
ROOMS = ("duban", "engine", "rules", "workflows", "store")


def check(seed: int, days: int) -> Counters:
    ran = run(seed, days)
    assert not ran.violations, f"seed {seed}, {days} days: " + "\n".join(map(str, ran.violations[:10]))
    return ran.counted


def test_some_lives_are_sound() -> None:
    counted = Counters()
    for seed in QUICK:
        counted.plus(check(seed, QUICK_DAYS))
    assert counted.vacuous(len(QUICK) * QUICK_DAYS) is None


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "days"), FAILED)
def test_what_failed_once_is_sound(seed: int, days: int) -> None:
    check(seed, days)


@pytest.mark.slow
def test_many_lives_are_sound_and_none_is_vacuous() -> None:
    counted = Counters()
    for seed in MANY:
        one = check(seed, DAYS)
        assert one.vacuous(DAYS) is None, f"seed {seed}: {one.vacuous(DAYS)}"
        counted.plus(one)
    assert counted.steps_back * 5 >= len(MANY), "a clock that goes back in every fifth life"
    assert counted.restores
    assert counted.upgrades
    assert counted.poisoned


def test_the_same_seed_is_the_same_life() -> None:
    assert run(3, 10).log == run(3, 10).log


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_it_is_the_same_in_another_process(hash_seed: str) -> None:
    """Nothing hangs on the order of sets, which differs from process to process."""
    script = "from tests.simulation.run import run; print(run(3, 30).log)"
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == run(3, 30).log


@pytest.mark.parametrize(
    "name", ["moments", "clocks", "records", "evidence", *(path.stem for path in HERE.glob("oracle*.py"))]
)
def test_the_oracle_knows_nothing_of_the_engine(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert not {each for each in imported if each.partition(".")[0] in ROOMS}
    ours = {each.rpartition(".")[2] for each in imported if each.startswith("tests.")}
    allowed = {
        "moments",
        "clocks",
        "records",
        "evidence",
        "simulation",
        *(p.stem for p in HERE.glob("oracle*.py")),
    }
    assert ours <= allowed
