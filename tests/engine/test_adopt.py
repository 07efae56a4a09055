"""A book is changed while the office runs: new items follow it, running ones stay with theirs."""

from pathlib import Path

import pytest

from engine.adopt import adopt
from engine.office import Office
from engine.turn import turn_all
from tests.engine.city import City, at, small_book, wall

pytestmark = pytest.mark.usefixtures("each_database")


def changed(folder: Path, old: str, new: str, extra: str = "") -> City:
    city = City(folder, "2020-09-01 08:00", duties=["weekly_board"])
    city.task("2020-09-18")
    city.wait("2020-09-02 09:00")
    book = small_book(folder / "changed", [(old, new)], extra)
    assert adopt(city.office, book, {}, (), city.now)
    return city


def test_running_items_stay_pinned_and_new_ones_follow(tmp_path: Path) -> None:
    city = changed(tmp_path, 'version: "1"', 'version: "2"')
    before = city.items("task")[0].book
    task = city.task("2020-09-30")
    assert city.item(task).book == city.office.book.digest != before
    assert city.items("task")[0].book == before
    assert city.records("book.adopt")[-1]["before"] == before
    assert city.verdict().ok


def test_the_same_book_is_not_adopted_again(tmp_path: Path) -> None:
    city = changed(tmp_path, 'version: "1"', 'version: "2"')
    entries = len(city.log())
    assert not adopt(city.office, city.office.book, {}, (), city.now)
    assert len(city.log()) == entries


def test_a_duty_that_beats_as_before_goes_on_where_it_is(tmp_path: Path) -> None:
    """Neither a week lost nor a week owed twice."""
    city = changed(tmp_path, 'version: "1"', 'version: "2"')
    city.wait("2020-09-27 12:00")
    boards = [(row.unit, row.period) for row in city.items("board")]
    assert sorted(boards) == sorted(set(boards))
    assert {period for _, period in boards} == {"2020-W36", "2020-W37", "2020-W38", "2020-W39"}


def test_a_duty_that_is_gone_is_owed_no_more_and_a_new_one_begins(tmp_path: Path) -> None:
    extra = """
duties:
  monthly_board:
    label: {zh: 月看板, en: Monthly board}
    basis: 一(一)
    opens: board
    for: bureaus
    every: month
    due: last workday at 17:00
    title: {zh: "{unit}{period}看板", en: "Board of {unit} for {period}"}
"""
    city = changed(tmp_path, "every: week", "every: half month", extra)
    city.wait("2020-10-02 12:00")
    periods = sorted({row.period for row in city.items("board") if row.period})
    assert "2020-W37" not in periods, "weeks are no longer owed"
    assert {"2020-W36", "2020-09-H1", "2020-09-H2", "2020-09", "2020-10"} <= set(periods)


def test_another_process_notices_before_it_does_anything(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-01 08:00")
    other = Office.open(city.url)
    book = small_book(tmp_path / "changed", [('version: "1"', 'version: "2"')])
    adopt(other, book, {}, (), at("2020-09-01 09:00"))
    city.now = at("2020-09-01 10:00")
    turn_all(city.office, city.now)
    assert city.office.book.digest == book.digest
    assert wall(city.now) == "2020-09-01 10:00"
    other.close()
