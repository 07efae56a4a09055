"""After an outage all is as if there had been none; what was to be said is said once, at its height."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.city import City, at, wall

OUTAGES = {
    "a day": ("2020-10-13 08:00", "2020-10-14 08:00"),
    "a week": ("2020-10-13 08:00", "2020-10-20 08:00"),
    "a month": ("2020-10-13 08:00", "2020-11-13 08:00"),
    "over new year": ("2020-12-15 08:00", "2021-01-15 08:00"),
    "four months": ("2020-10-13 08:00", "2021-02-10 08:00"),
}
ENDS = "2021-03-05 12:00"
# Due before, within and after the outages; the second is done late, the third in time, the fourth sent back.
TASKS = ("2020-10-09", "2020-10-15", "2020-10-30", "2020-12-18", "2021-01-29", "2021-02-26")


def live(folder: Path, outage: tuple[str, str] | None) -> City:
    """People do the same at the same moments, whether or not the daemon is up."""
    city = City(folder, "2020-09-01 08:00", duties=["weekly_board"])
    tasks = [city.task(due) for due in TASKS]
    went: list[tuple[str, Any]] = [
        ("2020-09-10 10:00", lambda: file_board(city, "2020-W37")),
        ("2020-09-24 10:00", lambda: file_board(city, "2020-W39")),
        ("2020-10-12 11:00", lambda: hold_interview(city, 0, "2020-10-12")),
        ("2020-10-16 10:00", lambda: city.does("张三", "complete", tasks[1], result="迟了一天")),
        ("2020-10-29 10:00", lambda: city.does("张三", "complete", tasks[2], result="完成")),
        ("2020-12-17 10:00", lambda: city.does("张三", "complete", tasks[3], result="完成")),
        ("2020-12-21 10:00", lambda: city.does("督查室", "send_back", tasks[3], reason="不实")),
    ]
    down, up = (at(moment) for moment in outage) if outage else (at(ENDS), at(ENDS))
    for moment, act in went:
        pass_time(city, moment, down, up)
        act()
    pass_time(city, ENDS, down, up)
    return city


def pass_time(city: City, until: str, down: Any, up: Any) -> None:
    for stop in (down, up, at(until)):
        if city.now < stop <= at(until):
            (city.sleep if down < stop <= up else city.wait)(wall(stop))
    if not down < city.now < up:
        city.turn()


def file_board(city: City, period: str) -> None:
    board = next(row for row in city.items("board") if row.period == period and row.unit == "works")
    city.does("张三", "file", board.id)


def hold_interview(city: City, number: int, day: str) -> None:
    interview = [row for row in city.items("interview") if row.unit == "works"][number]
    city.does("秘书长", "approve", interview.id, planned_on=day)
    city.does("督查室", "hold", interview.id, held_on=day)


def outcome(city: City) -> Mapping[str, Any]:
    items = {row.id: row for row in city.items()}
    name = {
        row.id: (row.workflow, row.unit, row.period, json.loads(row.fields).get("due"))
        for row in items.values()
    }
    return {
        "items": Counter((*name[row.id], row.state, row.rule) for row in items.values() if row.rule is None),
        "misses": Counter(
            (*name[each.item], each.due_at, each.outcome, each.missed_at)
            for each in city.clocks()
            if each.clock == "due"
        ),
        "red": sorted(str(name[row.id]) for row in items.values() if row.light == "red"),
        "evaluated": sorted(
            (each["obj"]["id"], each["idem"].split("|")[-1], each["nth"])
            for each in city.records("rule.fire")
            if each["rule"] == "monthly_interview"
        ),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> City:
    return live(tmp_path_factory.mktemp("up"), None)


@pytest.mark.slow
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_changes_nothing_that_counts(undisturbed: City, tmp_path: Path, outage: str) -> None:
    city = live(tmp_path, OUTAGES[outage])
    assert outcome(city) == outcome(undisturbed)
    assert city.verdict().ok, city.verdict().en
    city.close()


@pytest.mark.slow
@pytest.mark.parametrize("outage", OUTAGES)
def test_what_is_said_late_is_said_once_and_at_its_height(
    undisturbed: City, tmp_path: Path, outage: str
) -> None:
    city = live(tmp_path, OUTAGES[outage])
    since, until = (at(moment) for moment in OUTAGES[outage])
    late = [each for each in city.notices() if since < each.created_at <= until]
    by_item = Counter((each.rule, each.item, each.recipient, each.created_at) for each in late)
    assert set(by_item.values()) <= {1}, "once for each time that somebody came, or the daemon came back"
    before = Counter((each.rule, each.subject, each.recipient) for each in undisturbed.notices())
    after = Counter((each.rule, each.subject, each.recipient) for each in city.notices())
    assert not {key for key in after - before if key[0] != "approval_reminder"}, (
        "nobody hears what he did not owe"
    )
    city.close()


def test_a_whole_month_of_one_late_task_is_one_notice_to_the_leader(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 09:00")
    task = city.task("2020-10-20")
    city.sleep("2020-11-20 09:00").turn()
    assert city.told("overdue") == [("王副市长", "2020-11-20 09:00")]
    assert city.told("due_reminder") == [("李主任", "2020-11-20 09:00"), ("张三", "2020-11-20 09:00")]
    clock = city.clock(task)
    assert (clock.outcome, clock.missed_at) == ("missed", clock.due_at)
    city.close()


def test_an_office_that_begins_late_owes_nothing_of_before(tmp_path: Path) -> None:
    """Six weeks of boards used to be missed on its first day, and two interviews proposed for them."""
    city = City(tmp_path, "2020-10-14 09:00", duties=["weekly_board"])
    city.wait("2020-10-14 18:00")
    assert [row.period for row in city.items()] == ["2020-W42"] * 2
    assert city.fired() == Counter()
    city.wait("2020-11-03 09:00")
    assert [row.period for row in city.items("interview")] == ["2020-10"] * 2
    city.close()


def test_a_board_opened_late_is_owed_since_its_week_began(tmp_path: Path) -> None:
    """Opened after its due moment, it used to stay dark: its rungs lay before its start."""
    city = City(tmp_path, "2020-10-12 09:00", duties=["weekly_board"])
    city.sleep("2020-10-19 10:00").turn()
    late = [row for row in city.items("board") if row.period == "2020-W42"]
    assert [row.light for row in late] == ["red", "red"]
    assert wall(late[0].opened_at) == "2020-10-19 10:00", "when it was really opened"
    assert wall(city.clock(late[0].id).started_at) == "2020-10-12 00:00"
    city.close()
