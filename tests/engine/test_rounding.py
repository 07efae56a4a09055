"""What formulas come to is exact, and rounded only where it is said or kept: halves away from zero."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.book.book import read_book
from engine.testing import run_test
from tests.engine.city import City, small_book

BOOK = """
workflows:
  levy:
    label: {zh: 征缴, en: Levy}
    prefix: ZJ
    opened_by: supervisor
    initial: open
    fields:
      base: {type: number, label: {zh: 基数, en: base}}
      kept: {type: number, label: {zh: 应缴, en: kept}}
      exact: {type: number, label: {zh: 精确, en: exact}}
    states: {open: {zh: 在办, en: open}, done: {zh: 已办, en: done, final: true}}
    transitions:
      - {event: assess, from: open, by: supervisor, needs: [base]}
      - {event: finish, from: open, to: done, by: supervisor}
formulas:
  third: {label: {zh: 三分之一, en: A third}, of: levy, is: "has(item.base) ? item.base / 3.0 : 0.0"}
  cents: {label: {zh: 到分, en: To the cent}, of: levy, is: math.round(item.third * 100.0) / 100.0}
  whole: {label: {zh: 到元, en: To the yuan}, of: levy, is: math.round(item.third)}
rules:
  assessed:
    label: {zh: 核定, en: Assessed}
    basis: 二
    for: levy
    when: {event: assess}
    then: {set: {kept: =item.cents, exact: =item.third}, remind: unit_head, template: assessed}
templates:
  assessed:
    subject: {zh: "{item.cents}", en: "{item.cents}"}
    body: {zh: "{item.whole}", en: "{item.whole}"}
"""
STORY = """
tests:
  story:
    label: Rounded
    begins: 2020-10-12 08:00
    timeline:
      - at: 2020-10-12 09:00
        open: {name: it, workflow: levy, unit: works, by: supervisor}
        do: {item: it, event: assess, by: supervisor, with: {base: 2}}
        expect:
          facts:
            - {item: it, fact: item.third, is: 0.67}
            - {item: it, fact: item.third, is: 0.666666667}
            - {item: it, fact: item.cents, is: 0.67}
            - {item: it, fact: item.whole, is: 1}
            - {item: it, fact: item.kept, is: 0.67}
            - {item: it, fact: item.exact, is: 0.666667}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("base", "kept", "exact", "whole"),
    [
        ("100", "33.33", "33.333333", "33"),
        ("200", "66.67", "66.666667", "67"),
        ("3.015", "1.01", "1.005", "1"),  # half a cent goes up
        ("-3.015", "-1.01", "-1.005", "-1"),  # and down
        ("-0.015", "-0.01", "-0.005", "0"),  # and not -0
        ("1.5", "0.5", "0.5", "1"),
        ("-1.5", "-0.5", "-0.5", "-1"),
        ("300000", "100000", "100000", "100000"),
        ("0.000001", "0", "0", "0"),
    ],
)
def test_it_is_rounded_as_people_do(city: City, base: str, kept: str, exact: str, whole: str) -> None:
    levy = city.opens("督查室", "levy")
    city.does("督查室", "assess", levy, base=base)
    fields = city.fields(levy)
    assert (fields["kept"], fields["exact"]) == (kept, exact)
    (notice,) = city.notices("assessed")
    assert (notice.subject, notice.body) == (kept, whole)


def test_a_story_compares_as_exactly_as_it_is_written(tmp_path: Path) -> None:
    small_book(tmp_path, extra=BOOK)
    (tmp_path / "book" / "story.yaml").write_text(STORY, encoding="utf-8")
    book = read_book(tmp_path / "book")
    assert run_test(book, "story", book.tests["story"], tmp_path).failures == ()
