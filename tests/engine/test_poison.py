"""What cannot be handled is set aside with its reason, is tried again, and delays nobody (T7, T8)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.turn import Turned
from store.rows import Parked
from tests.engine.city import City, at, small_book
from tests.store.behind import behind_the_back

pytestmark = pytest.mark.usefixtures("each_database")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00")
    yield made
    made.close()


def corrupt(city: City, statement: str, *values: object) -> None:
    """Past the triggers, as a bad tool or a bad disk would."""
    with behind_the_back(city.url) as execute:
        execute(statement, values)


def parked(city: City) -> dict[str, Parked]:
    with city.office.store.read() as reader:
        return {each.subject: each for each in reader.parked()}


def turn_at(city: City, text: str) -> Turned:
    return city.sleep(text).turn()


BROKEN = {
    "no json": ("{broken", "JSONDecodeError"),
    "a list": ("[]", "AssertionError"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_poisoned_item_is_parked_and_the_others_are_reminded(city: City, kind: str) -> None:
    fields, error = BROKEN[kind]
    first, bad, last = (city.task("2020-10-20") for _ in range(3))
    corrupt(city, "UPDATE items SET fields = ? WHERE id = ?", fields, bad)
    done = turn_at(city, "2020-10-13 09:00")
    assert done.items == 2, done
    assert set(parked(city)) == {bad}
    assert parked(city)[bad].error.startswith(error)
    assert [notice.item for notice in city.notices("due_reminder")] == [first, last]
    [entry] = city.records("park")
    assert (entry["obj"]["id"], entry["ok"], entry["tries"]) == (bad, False, 1)
    assert error in entry["why"]


@pytest.mark.parametrize("column", ["spoken", "state"])
def test_a_clock_that_cannot_be_read_parks_its_item_alone(city: City, column: str) -> None:
    bad, good = city.task("2020-10-12"), city.task("2020-10-12")
    corrupt(city, f"UPDATE clocks SET {column} = '{{' WHERE item = ?", bad)
    turn_at(city, "2020-10-13 09:00")
    assert set(parked(city)) == {bad}
    assert city.item(good).light == "red"


def test_it_is_tried_again_ever_later_and_then_left_to_a_person(city: City) -> None:
    bad, good = city.task("2020-10-20"), city.task("2020-11-20")
    corrupt(city, "UPDATE items SET fields = '{' WHERE id = ?", bad)
    city.wait("2020-10-14 09:00")
    assert [each["tries"] for each in city.records("park")] == [1, 2, 3, 4, 5]
    assert parked(city)[bad].next_at is None
    city.wait("2020-11-30 09:00")
    assert len(city.records("park")) == 5, "for good"
    assert city.item(good).light == "red", "the other went its way"


def test_once_mended_it_is_handled_and_set_aside_no_longer(city: City) -> None:
    """It used to stay in the register: the next wake-up was in the past for ever, and time stood still."""
    bad = city.task("2020-10-20")
    fields = city.item(bad).fields
    corrupt(city, "UPDATE items SET fields = '{' WHERE id = ?", bad)
    turn_at(city, "2020-10-13 09:00")
    corrupt(city, "UPDATE items SET fields = ? WHERE id = ?", fields, bad)
    done = turn_at(city, "2020-10-13 09:05")
    assert (parked(city), done.spoke) == ({}, 1)
    assert done.next_at == at("2020-10-19 09:00")
    city.wait("2020-10-21 10:00")
    assert city.item(bad).light == "red"
    assert city.verdict().ok, city.verdict().en


def test_what_a_person_finished_meanwhile_is_not_tried_for_ever(city: City) -> None:
    bad = city.task("2020-10-20")
    fields = city.item(bad).fields
    corrupt(city, "UPDATE items SET fields = '{' WHERE id = ?", bad)
    turn_at(city, "2020-10-13 09:00")
    corrupt(city, "UPDATE items SET fields = ? WHERE id = ?", fields, bad)
    city.does("秘书长", "drop", bad, reason="重复")
    done = turn_at(city, "2020-10-13 09:05")
    assert parked(city) == {}
    assert done.next_at is not None
    assert done.next_at > city.now


def test_one_that_the_store_itself_refuses_is_parked_as_well(city: City, tmp_path: Path) -> None:
    """A firing that stands in the store already used to stop every turn, for everybody."""
    bad, good = city.task("2020-10-20"), city.task("2020-10-20")
    due = city.clock(bad).due_at.isoformat()
    corrupt(
        city,
        "INSERT INTO firings (subject, rule, occasion, at, outcome, because, proposed, audit_seq)"
        " VALUES (?, 'due_reminder', ?, '2020-10-12T01:00:00.000000Z', 'acted', 'x', 0, 1)",
        f"item:{bad}",
        f"due|{due}|0|0|2020-10-13T01:00:00+00:00",
    )
    turn_at(city, "2020-10-13 09:00")
    assert parked(city)[bad].error.startswith("AlreadyFired")
    assert [notice.item for notice in city.notices()] == [good]


RAISES = """
rules:
  alarm:
    label: {zh: 预警, en: Alarm}
    basis: 五
    for: bureaus
    when: {every: month, on: first workday at 09:00}
    if: 10 / unit.tasks_overdue > 3
    then: {propose: {workflow: alarm, title: {zh: 预警, en: Alarm}}}
"""


def test_a_schedule_whose_rule_raises_is_parked_and_the_others_go_on(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-28 00:00", small_book(tmp_path, extra=RAISES), duties=["weekly_board"])
    city.task("2020-09-29")
    city.wait("2020-10-26 09:00")
    assert set(parked(city)) == {"rule:alarm"}
    assert parked(city)["rule:alarm"].tries == 5
    assert len(city.items("board")) == 10, "the duty opened its boards"
    assert city.items("interview"), "the other rule was evaluated"
    assert city.verdict().ok
    city.close()


@pytest.mark.parametrize("period", ["2020-99", "tomorrow", None])
def test_a_schedule_without_a_readable_period_is_parked(tmp_path: Path, period: str | None) -> None:
    city = City(tmp_path, "2020-10-12 09:00", duties=["weekly_board"])
    corrupt(city, "UPDATE schedules SET period = ? WHERE id = 'duty:weekly_board'", period)
    turn_at(city, "2020-10-12 09:00")
    assert set(parked(city)) == {"duty:weekly_board"}
    assert city.items("interview") == []
    assert len(city.records("park")) == 1
    city.close()


def test_a_book_that_is_not_here_parks_its_items_and_no_others(city: City) -> None:
    stranger, own = city.task("2020-10-20"), city.task("2020-10-20")
    corrupt(city, "UPDATE items SET book = 'sha256:0' WHERE id = ?", stranger)
    turn_at(city, "2020-10-13 09:00")
    assert parked(city)[stranger].error.startswith("UnknownBookError")
    assert [notice.item for notice in city.notices()] == [own]


def test_a_hundred_others_are_not_delayed_by_ten(city: City) -> None:
    tasks = [city.task("2020-10-20") for _ in range(110)]
    for bad in tasks[::11]:
        corrupt(city, "UPDATE items SET fields = '{' WHERE id = ?", bad)
    assert turn_at(city, "2020-10-13 09:00").parked == 10
    assert len(city.notices("due_reminder")) == 100
    assert json.loads(city.log("park")[0].rec)["next"] == (at("2020-10-13 09:00") + MINUTE).isoformat()
