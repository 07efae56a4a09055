"""What rules may know of the item that theirs belongs to."""

from pathlib import Path

import pytest

from engine.facts import Subject, gather
from engine.guards import Forbidden
from tests.engine.city import City, small_book

GUARD = "rules:\n  extension_in_time: {from: extension/extension_in_time}\n"
READS = ("parent.overdue", "parent.state", "parent.workflow")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path, "2020-10-09 09:00", small_book(tmp_path, extra=GUARD))


def facts(city: City, item: str) -> dict[str, object]:
    with city.office.store.write(city.now) as tx:
        desk = city.office.desk(tx, city.now)
        return dict(gather(desk, READS, Subject(case=desk.case(item))).values)


def test_the_parent_is_overdue_from_its_due_moment_on(city: City) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.sleep("2020-10-20 23:59")
    assert facts(city, asked) == {"parent.overdue": False, "parent.state": "open", "parent.workflow": "task"}
    city.sleep("2020-10-21 00:00")
    assert facts(city, asked)["parent.overdue"] is True, "though nobody has entered it yet"
    city.wait("2020-10-21 10:00").does("李主任", "complete", task, result="完工")
    assert facts(city, asked)["parent.state"] == "completed"


def test_an_item_without_a_parent_knows_nothing_of_one(city: City) -> None:
    assert facts(city, city.task("2020-10-20")) == {}


@pytest.mark.parametrize(("when", "guarded"), [("2020-10-20 23:59", False), ("2020-10-21 00:00", True)])
def test_no_extension_is_approved_after_the_end(city: City, when: str, guarded: bool) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    outcome = city.sleep(when).tries("督查室", "approve", asked)
    assert isinstance(outcome, Forbidden) is guarded
    if isinstance(outcome, Forbidden):
        assert outcome.rule == "extension_in_time"
        assert "到期后不能再批准延期" in outcome.zh
        assert "refuse this one" in outcome.en
    assert city.fields(task)["due"] == ("2020-10-20" if guarded else "2020-11-10")
