"""The `if` of a rule guards what follows from it: what it has asked after need not be asked again."""

from pathlib import Path

import pytest

from engine.book.book import check_book
from engine.book.finding import BookError
from tests.engine.city import City, small_book

RULE = """
workflows:
  levy:
    label: {zh: 征缴, en: Levy}
    prefix: ZJ
    opened_by: [supervisor, rule]
    initial: open
    fields: {
      base: {type: number, label: {zh: 基数, en: base}},
      share: {type: number, label: {zh: 份额, en: share}},
      paid_on: {type: date, label: {zh: 缴款日, en: paid on}}}
    states: {open: {zh: 在办, en: open}, done: {zh: 已办, en: done, final: true}}
    transitions:
      - {event: assess, from: open, by: supervisor, label: {zh: 核定, en: assess}, takes: [base]}
      - {event: finish, from: open, to: done, by: supervisor, label: {zh: 办结, en: finish}}
      - {event: ask, from: open, by: supervisor, label: {zh: 催缴, en: ask}}
clocks:
  pay: {label: {zh: 缴款, en: Time to pay}, of: levy, starts: {opened: true}, budget: 5 days, stops: done}
rules:
  third:
    label: {zh: 三分之一, en: A third}
    basis: 第二条
    for: levy
    when: {event: assess}
    if: "CONDITION"
    then: {set: {share: =item.base / 4.0}}
  late:
    label: {zh: 逾期, en: Late}
    basis: 第三条
    for: levy
    when: {clock: pay}
    if: "CONDITION"
    ladder:
      - {at: at due, if: item.base > 10.0, light: red}
  demand:
    label: {zh: 催缴, en: Demand}
    basis: 第五条
    for: levy
    when: {event: ask}
    if: "CONDITION"
    then: {open: {workflow: levy, title: {zh: 续征, en: More}, with: {base: "=item.base / 2.0"}}}
  no_end:
    label: {zh: 不得办结, en: Not before}
    basis: 第四条
    for: levy
    when: {before: finish}
    if: "CONDITION"
    then: {require: item.base < 100.0, otherwise: {zh: 过高, en: too high}}
"""


def errors(folder: Path, condition: str) -> list[str]:
    try:
        small_book(folder, extra=RULE.replace("CONDITION", condition))
    except BookError:
        found = check_book(folder / "book")
        return [each.path for each in found if each.severity == "error"]
    return []


@pytest.mark.parametrize(
    "condition",
    ["has(item.base)", "has(item.base) && item.base > 1.0", "!(!has(item.base) || item.overdue)"],
)
def test_what_the_if_asks_after_is_given(tmp_path: Path, condition: str) -> None:
    assert errors(tmp_path, condition) == []


@pytest.mark.parametrize("condition", ["item.overdue", "has(item.base) || item.overdue", "!has(item.base)"])
def test_what_it_leaves_open_is_not(tmp_path: Path, condition: str) -> None:
    assert errors(tmp_path, condition) == [
        "rules.third.then.set.share",
        "rules.late.ladder.0.if",
        "rules.demand.then.open.with.base",
        "rules.no_end.then.require",
    ]


def test_it_is_read_only_where_the_if_holds(tmp_path: Path) -> None:
    book = small_book(tmp_path, extra=RULE.replace("CONDITION", "has(item.base) && item.base > 1.0"))
    city = City(tmp_path / "city", "2020-10-12 09:00", book)
    it, poor = city.opens("督查室", "levy"), city.opens("督查室", "levy")
    city.does("督查室", "assess", it, base="40")
    city.does("督查室", "assess", poor)
    for each in (it, poor):
        city.does("督查室", "ask", each)
    more = [row.id for row in city.items("levy") if row.rule == "demand"]
    assert [city.fields(each)["base"] for each in more] == ["20"], "of the one, and not of the poor"
    assert [city.fields(each).get("share") for each in (it, poor)] == ["10", None]
    city.wait("2020-10-20 09:00")
    assert [city.item(each).light for each in (it, poor)] == ["red", "none"]
    assert city.log("park") == []
    city.does("督查室", "finish", poor)
    city.close()
