"""The due minute itself is late; an event that starts a clock changes nothing while it runs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.city import City, at, small_book, wall

BOOK = """
workflows:
  letter:
    label: {zh: 来函, en: Letter}
    prefix: LH
    opened_by: [supervisor]
    initial: open
    states: {open: {zh: 在办, en: open}, done: {zh: 已复, en: answered, final: true}}
    transitions:
      - {event: ask, from: open, by: supervisor, label: {zh: 再催, en: ask again}}
      - {event: answer, from: open, to: done, by: unit_liaison, label: {zh: 答复, en: answer}}
clocks:
  until:
    label: {zh: 某时前, en: Before}
    of: letter
    starts: {event: ask}
    budget: 2 days
    at: "17:00"
    stops: done
  by:
    label: {zh: 某时止, en: Inclusive}
    of: letter
    starts: {event: ask}
    budget: 2 days
    at: "17:01"
    stops: done
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("moment", "outcomes"),
    [
        (timedelta(seconds=-1), ("met", "met")),
        (timedelta(), ("missed", "met")),
        (timedelta(seconds=59), ("missed", "met")),
        (timedelta(minutes=1), ("missed", "missed")),
    ],
)
def test_by_five_o_clock_and_five_o_clock_inclusive(
    city: City, moment: timedelta, outcomes: tuple[str, str]
) -> None:
    letter = city.opens("督查室", "letter")
    city.does("督查室", "ask", letter)
    city.now = at("2020-10-14 17:00") + moment
    city.does("张三", "answer", letter)
    assert (city.clock(letter, "until").outcome, city.clock(letter, "by").outcome) == outcomes


def test_it_starts_anew_only_after_it_has_ended(city: City) -> None:
    letter = city.opens("督查室", "letter")
    city.does("督查室", "ask", letter)
    city.wait("2020-10-13 09:00").does("督查室", "ask", letter)
    assert wall(city.clock(letter, "until").due_at) == "2020-10-14 17:00"
