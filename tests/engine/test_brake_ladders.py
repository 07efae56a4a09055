"""Ladders with something held, and other occasions than those of clocks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.holds import Denied, release, set_brake
from tests.engine.braking import (
    AFTER,
    DUE,
    STEPS,
    TALK,
    WRONG,
    dropped,
    fill,
    holds,
    released,
    ruling,
)
from tests.engine.city import City, small_book

pytestmark = pytest.mark.usefixtures("each_database")


# ---------------------------------------------------------------- a ladder with something held


def stepped(folder: Path) -> tuple[City, str]:
    city = City(folder, "2020-10-12 09:00", small_book(folder, extra=STEPS))
    fill(city)
    task = city.task(DUE)
    return city, task


def told_of(city: City, task: str) -> list[str]:
    return [each.recipient for each in city.notices("steps") if each.item == task]


def test_later_rungs_wait_and_are_not_skipped_while_reminders_go_on(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    city.wait("2020-10-23 10:00")
    mine = [each for each in holds(city) if each.subject == f"item:{task}"]
    assert [(json.loads(each.told)["spoke"], each.state) for each in mine] == [
        ([0, 0], "held"),
        ([2, 0], "waiting"),
    ]
    assert told_of(city, task) == ["works.liaison", "works.head"], "the reminders above it"
    denied = release(city.office, mine[1].seq, ruling(city), city.now)
    assert isinstance(denied, Denied)
    assert denied.code == "order"
    done = released(city, mine[0])
    assert [each.seq for each in done.next] == [mine[1].seq]
    assert [row.rule for row in city.items("interview") if row.parent == task] == ["steps", "steps"]
    fired = [each for each in city.records("rule.fire") if each["obj"]["id"] == task]
    rungs = [each["idem"].split("|")[4] for each in fired if each["rule"] == "steps"]
    assert rungs == ["1", "3", "0", "2"], "in their order, each once"
    assert city.records("park") == []
    assert city.verdict().ok, city.verdict()
    city.close()


def test_what_waited_is_weighed_itself_when_its_turn_comes(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    set_brake(city.office, 5, ruling(city), city.now)
    city.wait("2020-10-22 00:00")  # the others have just proposed for the second time
    mine = [each for each in holds(city) if each.subject == f"item:{task}"]
    done = dropped(city, mine[0])
    assert [each.seq for each in done.next] == [mine[1].seq]
    states = {each.seq: each.state for each in holds(city)}
    assert (states[mine[0].seq], states[mine[1].seq]) == ("dropped", "held")
    assert released(city, mine[1]).proposed
    assert city.verdict().ok, city.verdict()
    city.close()


def test_the_rest_of_the_ladder_goes_on_after_a_drop(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    city.wait(AFTER)
    dropped(city, next(each for each in holds(city) if each.subject == f"item:{task}"))
    city.wait("2020-10-23 10:00")
    assert "deputy_mayor" in told_of(city, task), "the next rung has its own turn"
    assert [row.rule for row in city.items("interview") if row.parent == task] == ["steps"]
    assert city.verdict().ok


# ---------------------------------------------------------------- other occasions


OTHERS = f"""
rules:
  at_opening:
    label: {{zh: 立项即约谈, en: At opening}}
    basis: 三(四)
    for: task
    when: {{event: report}}
    if: args.progress < 50.0
    then: {{propose: {TALK}}}
  everybody:
    label: {{zh: 集体约谈, en: Everybody}}
    basis: 三(五)
    for: office
    when: {{every: month, on: first workday at 09:00}}
    then: {{propose: {TALK[:-1]}, for_each: bureaus}}}}
"""


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[City]:
    """Rules may propose one thing a day."""
    change = [("  calendar: cn\n", "  calendar: cn\n  brake: 1\n")]
    made = City(tmp_path, "2020-09-28 08:00", small_book(tmp_path, change, OTHERS))
    yield made
    made.close()


def test_one_that_answers_to_an_event_is_decided_anew_with_what_was_said_then(stopped: City) -> None:
    tasks = [stopped.task("2021-03-31") for _ in range(3)]
    for task in tasks:
        stopped.does("张三", "report", task, progress="10")
    first, second = holds(stopped)
    assert json.loads(first.told)["args"] == {"progress": "10"}
    assert released(stopped, first).proposed
    assert dropped(stopped, second).next == ()
    parents = [row.parent for row in stopped.items("interview")]
    assert parents == tasks[:2]
    stopped.does("张三", "report", tasks[2], progress="20")
    assert len(holds(stopped, "held")) == 1, "another report is another occasion"
    assert stopped.verdict().ok, stopped.verdict()


def test_one_of_a_period_is_for_all_or_for_nobody(stopped: City) -> None:
    stopped.wait("2020-10-12 09:00")
    [hold] = holds(stopped)
    assert (hold.subject, hold.proposes, json.loads(hold.units)) == ("office", 2, ["traffic", "works"])
    assert stopped.items("interview") == []
    denied = release(stopped.office, hold.seq, ruling(stopped, "督查室", "交通局局长"), stopped.now)
    assert isinstance(denied, Denied)
    assert denied.code == "own_unit"
    assert released(stopped, hold).proposed
    assert [(row.unit, row.period) for row in stopped.items("interview")] == [
        ("works", "2020-09"),
        ("traffic", "2020-09"),
    ]
    assert stopped.verdict().ok, stopped.verdict()


def test_a_rule_on_trial_is_not_held(tmp_path: Path) -> None:
    extra = WRONG.replace("    for: task\n", "    for: task\n    mode: shadow\n")
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=extra))
    fill(city, 9)
    city.wait(AFTER)
    assert (holds(city), len(city.records("rule.shadow"))) == ([], 9)
    city.close()
