"""Every firing once: however often it is turned, by however many, and wherever it is killed."""

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from engine.office import Office
from engine.turn import turn_all
from tests.engine import month
from tests.engine.city import City, at, picture

KILLS = 30
ROOT = Path(__file__).parents[2]
on_each_database = pytest.mark.usefixtures("each_database")


def busy(folder: Path) -> City:
    """An office with a lot to do: a month of boards, and tasks about to be missed."""
    city = City(folder, "2020-09-28 08:00", duties=["weekly_board"])
    for due in ("2020-10-09", "2020-10-15", "2020-10-20"):
        for unit in ("works", "traffic"):
            city.task(due, unit)
    return city


def start(what: str, where: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.engine.month", what, str(where)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


@on_each_database
def test_a_second_turn_at_the_same_moment_writes_nothing(tmp_path: Path) -> None:
    city = busy(tmp_path)
    for moment in ("2020-10-09 09:00", "2020-10-16 09:00", "2020-11-02 09:00"):
        assert city.sleep(moment).turn().work > 0
        before, entries = picture(city), len(city.log())
        again = city.turn()
        assert (again.work, again.spoke, len(city.log())) == (0, 0, entries)
        assert picture(city) == before
    city.close()


@on_each_database
def test_two_daemons_on_one_file_speak_once(tmp_path: Path) -> None:
    alone, shared = busy(tmp_path / "alone"), busy(tmp_path / "shared")
    days = [f"2020-10-{day:02d} 09:00" for day in range(1, 32)]
    for day in days:
        alone.sleep(day).turn()
    offices = [shared.office, Office.open(shared.url), Office.open(shared.url)]
    failures: list[BaseException] = []
    gate = threading.Barrier(len(offices))

    def daemon(office: Office) -> None:
        try:
            for day in days:
                gate.wait(60)
                turn_all(office, at(day))
        except BaseException as error:  # whatever it is, the other threads must not wait for this one
            failures.append(error)
            gate.abort()

    threads = [threading.Thread(target=daemon, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert picture(shared) == picture(alone)
    assert shared.verdict().ok, shared.verdict().en
    for office in (alone.office, *offices):
        office.close()


@pytest.mark.slow
@pytest.mark.faults
@on_each_database
def test_two_processes_live_the_same_month_in_one_office(tmp_path: Path) -> None:
    """Both also act for the same people: what the other did first is refused, and nothing is done twice."""
    alone, shared = (City(tmp_path / name, month.BEGINS, duties=["weekly_board"]) for name in ("a", "s"))
    month.live(alone, month.ENDS)
    month.live(shared, "2020-10-19 12:00")  # all acts are behind: from here on there are only turns
    both = [start("live", shared.url) for _ in range(2)]
    assert [process.communicate(timeout=120)[0] for process in both] == ["ready\ndone\n"] * 2
    assert picture(shared) == picture(alone)
    assert shared.verdict().ok, shared.verdict().en
    alone.close()
    shared.close()


@pytest.mark.slow
@pytest.mark.faults
@on_each_database
def test_killed_at_thirty_points_it_ends_as_if_never_killed(tmp_path: Path) -> None:
    undisturbed, killed = (
        City(tmp_path / name, month.BEGINS, duties=["weekly_board"]) for name in ("u", "k")
    )
    month.live(undisturbed, month.ENDS)
    killed.close()
    draw = random.Random(20201012)
    kills = 0
    for _ in range(KILLS):
        process = start("live", killed.url)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(draw.uniform(0, 0.12))
        except subprocess.TimeoutExpired:
            process.kill()
            kills += 1
        process.wait()
        process.stdout.close()
        seen = month.reopen(killed.url)
        assert seen.verdict().ok, seen.verdict().en
        seen.close()
    last = start("live", killed.url)
    out, _ = last.communicate(timeout=120)
    assert out == "ready\ndone\n"
    survivor = month.reopen(killed.url)
    assert kills >= KILLS // 3, "the month went by too quickly to be killed in"
    assert picture(survivor) == picture(undisturbed)
    assert survivor.verdict().ok
    assert (
        max(
            Counter(
                (each.rule, each.item, each.entry, each.recipient) for each in survivor.notices()
            ).values()
        )
        == 1
    )
    survivor.close()
    undisturbed.close()


@pytest.mark.slow
def test_a_year_hashes_to_the_same_log_whatever_the_hash_seed(tmp_path: Path) -> None:
    seeds = ("0", "4711")
    for seed in seeds:
        (tmp_path / seed).mkdir()
    runs = [start("digest", tmp_path / seed, PYTHONHASHSEED=seed) for seed in seeds]
    digests = {run.communicate(timeout=120)[0] for run in runs}
    assert len(digests) == 1
    assert len(digests.pop()) == 64
