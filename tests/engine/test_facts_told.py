"""Stories expect what conditions read: formulas, fields, clocks and measures of an item, unit or office."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.book.book import Book, check_book, read_book
from engine.language import ExpectFacts
from engine.testing import run_test
from tests.engine.city import small_book
from tests.engine.test_formulas import BOOK, FIELD

STORY = """
tests:
  story:
    label: Late
    begins: 2020-10-12 08:00
    timeline:
      - at: 2020-10-12 09:00
        open: {{name: t, workflow: task, unit: works, by: supervisor, with: {{due: 2020-10-12}}}}
      - at: 2020-10-15 09:00
        expect: {{facts: [{expected}]}}
"""
SHARE = "measures: {share: {label: Share, for: unit, is: double(unit.tasks_all) * 100.0 / 7.0}}\n"


def told(folder: Path, expected: str) -> list[str]:
    book = book_with(folder, expected)
    return [each.en for each in run_test(book, "story", book.tests["story"], folder).failures]


def book_with(folder: Path, expected: str) -> Book:
    small_book(folder, FIELD, BOOK)
    (folder / "book" / "story.yaml").write_text(STORY.format(expected=expected) + SHARE, encoding="utf-8")
    return read_book(folder / "book")


@pytest.mark.parametrize(
    "expected",
    [
        "{item: t, fact: item.fine, is: 150}",
        '{item: t, fact: item.fine, is: "150"}',
        "{item: t, fact: item.heavy, is: false}",
        "{item: t, fact: item.due, is: 2020-10-12}",
        "{item: t, fact: item.charged, unknown: true}",
        "{item: t, fact: clock.due.days_late, is: 3}",
        "{item: t, fact: clock.due.missed, is: true}",
        "{item: t, fact: clock.due.due, is: 2020-10-13}",
        "{item: t, fact: clock.due.due, is: 2020-10-13 00:00}",
        "{item: t, fact: item.state, is: open}",
        "{item: t, fact: unit.tasks_all, is: 1}",
        "{unit: works, fact: unit.tasks_all, is: 1}",
        '{unit: works, fact: unit.share, is: "14.29"}',
        "{unit: works, measure: share, is: 14.286}",
        "{unit: traffic, fact: unit.tasks_all, is: 0}",
    ],
)
def test_it_comes_true(expected: str, tmp_path: Path) -> None:
    assert told(tmp_path, expected) == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("{item: t, fact: item.fine, is: 151}", "item.fine of t should be 151, it is 150"),
        ('{item: t, fact: item.fine, is: "fine"}', "should be fine, it is 150"),
        ("{item: t, fact: item.charged, is: 1}", "should be 1, it is unknown"),
        ("{item: t, fact: item.charged, unknown: false, is: 0}", "should be 0, it is unknown"),
        ("{item: t, fact: item.fine, unknown: true}", "should be unknown, it is 150"),
        ('{item: t, fact: clock.due.missed, is: "true"}', 'should be the text "true", it is true'),
        ("{item: t, fact: clock.due.days_late, is: 2}", "clock.due.days_late of t should be 2, it is 3"),
        ("{item: t, fact: clock.due.due, is: 2020-10-12}", "should be 2020-10-12, it is 2020-10-13 00:00"),
        ("{unit: traffic, fact: unit.tasks_all, is: 1}", "unit.tasks_all of traffic should be 1, it is 0"),
        ("{item: t, fact: clock.due.missed, is: false}", "it is true"),
        ('{unit: works, fact: unit.share, is: "14.2"}', "unit.share of works should be 14.2, it is 14.28"),
    ],
)
def test_and_when_it_does_not_the_fact_is_named(expected: str, said: str, tmp_path: Path) -> None:
    (failure,) = told(tmp_path, expected)
    assert said in failure


def test_the_check_knows_the_facts(tmp_path: Path) -> None:
    small_book(tmp_path, FIELD, BOOK)
    story = STORY.format(expected="{item: t, fact: item.fin, is: 1}")
    (tmp_path / "book" / "story.yaml").write_text(story, encoding="utf-8")
    (found,) = check_book(tmp_path / "book")
    assert (found.code, found.suggestion) == ("unknown_fact", "item.fine")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fact": "item.fine", "is": 1}, "say whose"),
        ({"fact": "clock.due.missed", "is": True}, "say whose"),
        ({"fact": "unit.rate", "is": 1}, "say whose"),
        ({"fact": "unit.rate", "measure": "rate", "unit": "n1", "is": 1}, "one of the two"),
        ({"unit": "n1", "is": 1}, "one of the two"),
    ],
)
def test_it_is_said_whose_and_which(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ExpectFacts.model_validate(given)
