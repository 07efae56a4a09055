"""What was acknowledged survives a kill -9, and what was not is gone without a trace."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.office import Store
from store.verify import verify

KILLS = 20
ROOT = Path(__file__).parents[2]


def write_and_kill(url: str, name: str, after_batches: int, then_seconds: float) -> int:
    """Returns how many batches were acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", url, name],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process, process.stdout as told:
        for _ in range(after_batches):
            assert told.readline(), "the writer ended by itself"
        time.sleep(then_seconds)
        process.kill()
        return after_batches + len(told.read().splitlines())


@pytest.mark.slow
@pytest.mark.faults
def test_a_killed_writer_loses_nothing_it_acknowledged(store: Store, url: str) -> None:
    store.close()
    chance = random.Random(2020)
    acknowledged: dict[str, int] = {}
    for kill in range(KILLS):
        name = f"run{kill}"
        acknowledged[name] = write_and_kill(url, name, chance.randint(1, 8), chance.uniform(0, 0.02))
        after = Store.open(url)
        with after.read() as reader:
            verdict = verify(reader)
            found = [row.id for row in reader.list_items()]
        after.close()
        assert verdict.ok, verdict.en
        assert len(found) == len(set(found)) == verdict.entries - 1
        check(acknowledged, found)


def check(acknowledged: dict[str, int], found: list[str]) -> None:
    """Whole batches only: all that were acknowledged, and at most one that was committed unheard."""
    for name, batches in acknowledged.items():
        mine = [id for id in found if id.startswith(f"{name}-")]
        assert len(mine) % 20 == 0
        assert batches <= len(mine) // 20 <= batches + 1
