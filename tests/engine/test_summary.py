"""What became of items, whatever their clocks are called; and which lights were ever on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.summary import summarise
from tests.engine.city import City, small_book

EXTRA = """
clocks:
  answer:
    label: {zh: 答复时限, en: Time to answer}
    of: task
    starts: {opened: true}
    budget: 3 workdays
    stops: [completed, accepted]
  objection:
    label: {zh: 异议期, en: Time to object}
    of: interview
    window: true
    starts: {opened: true}
    budget: 1 workday
  file_again:
    label: {zh: 补报时限, en: Time to file again}
    of: interview
    starts: {opened: true}
    budget: 3 workdays
    stops: [held, refused]
rules:
  urge:
    label: {zh: 反复催办, en: Urged again}
    basis: 五
    for: task
    when: {clock: answer}
    ladder:
      - {at: 1 workday after at 10:00, every: 2 workdays, remind: unit_liaison, template: late, light: red}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    city = City(tmp_path / "office", "2020-09-28 08:00", small_book(tmp_path, extra=EXTRA))
    yield city
    city.close()


def fates(city: City, workflow: str) -> dict[str, int]:
    with city.office.store.read() as reader:
        rows = summarise(city.office.book, reader)["workflows"]
    row = next(each for each in rows if each["workflow"] == workflow)
    return {name: row[name] for name in ("kept", "late", "missed", "excused", "running") if row[name]}


def test_the_worst_of_its_clocks_is_what_became_of_an_item(city: City) -> None:
    """The task is not due before the end of October, but should have been answered by 9 October."""
    task = city.task("2020-10-30")
    assert fates(city, "task") == {"running": 1}
    city.wait("2020-10-12 09:00")
    assert fates(city, "task") == {"missed": 1}
    city.does("张三", "complete", task, result="已办")
    assert fates(city, "task") == {"late": 1}


def test_a_window_that_lapses_is_no_fate(city: City) -> None:
    interview = city.opens("督查室", "interview")
    city.wait("2020-09-30 09:00")
    assert fates(city, "interview") == {"running": 1}
    city.does("秘书长", "refuse", interview, opinion="情况不实")
    assert fates(city, "interview") == {"kept": 1}


def test_a_rung_that_comes_again_has_lit_its_light(city: City) -> None:
    city.task("2020-10-30")
    city.wait("2020-10-15 11:00")
    assert city.fired()["urge"] == 3
    with city.office.store.read() as reader:
        assert summarise(city.office.book, reader)["lights"]["red"] == 1


def test_openings_and_events_of_people_have_a_reason_in_both_languages(city: City) -> None:
    task = city.task("2020-10-30")
    city.does("张三", "report", task, progress="40")
    opened, moved = city.records("item.open")[0], city.records("item.move")[0]
    assert (opened["why"], opened["why_en"]) == ("立项：任务 建设局", "opened: Task Bureau of works")
    assert (moved["why"], moved["why_en"]) == ("report → 推进中", "report → in progress")
