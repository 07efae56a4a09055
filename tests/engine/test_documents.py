"""Documents with a line for each unit: as of the rule's moment, in an order, with what is not known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.city import City, small_book

BOOK = """
units:
  parks: {zh: 园林局, en: Parks, leader: deputy_mayor}
groups:
  all_bureaus: {zh: 各局, en: Bureaus, members: [works, traffic, parks]}
workflows:
  ticket:
    label: {zh: 工单, en: Ticket}
    prefix: GD
    opened_by: [supervisor]
    initial: open
    fields: {others: {type: units, label: {zh: 有关单位, en: others}}}
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions: [{event: finish, from: open, to: done, by: supervisor}]
measures:
  tickets: {label: {zh: 工单, en: Tickets}, for: unit, items: ticket, within: period}
  ever: {label: {zh: 累计, en: Ever}, for: unit, items: ticket}
  done: {label: {zh: 办结, en: Done}, for: unit, items: ticket, states: done, within: period}
  share: {label: {zh: 办结率, en: Share}, for: unit, is: double(unit.done) * 100.0 / double(unit.tickets)}
  place: {label: {zh: 名次, en: Place}, for: unit, rank: {of: unit.share, among: all_bureaus, best: highest}}
rules:
  circular:
    label: {zh: 月通报, en: Monthly circular}
    basis: 七
    for: office
    when: {every: month, on: day 5 at 09:00}
    then:
      remind: supervisor
      template: circular
      document:
        template: circular
        title: {zh: 通报, en: Circular}
        rows: all_bureaus
        order: unit.place
        row:
          zh: "{unit}：{unit.tickets}件，办结率{unit.share}，第{unit.place}"
          en: "{unit}: {unit.tickets}"
  involved:
    label: {zh: 有关单位, en: Involved}
    basis: 七
    for: ticket
    when: {event: finish}
    then:
      document:
        template: circular
        title: {zh: 单子, en: Note}
        rows: others
        row: {zh: "{unit}累计{unit.ever}件", en: "{unit} {unit.ever}"}
templates:
  circular:
    subject: {zh: 通报, en: Circular}
    body: {zh: "各单位：\\n{rows}\\n（{basis}）", en: "{rows}"}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


def documents(city: City, item: str | None = None) -> list[Any]:
    with city.office.store.read() as reader:
        return [each.body for each in reader.documents_of(item)]


def test_a_line_for_each_unit_the_best_first_and_the_unknown_last(city: City) -> None:
    made = {unit: [city.opens("督查室", "ticket", unit) for _ in range(2)] for unit in ("works", "parks")}
    city.does("督查室", "finish", made["works"][0])
    for each in made["parks"]:
        city.does("督查室", "finish", each)
    city.wait("2020-11-05 09:00")
    lines = "园林局：2件，办结率100，第1\n建设局：2件，办结率50，第2\n交通局：0件，办结率—，第—"
    assert documents(city) == [f"各单位：\n{lines}\n（七）"]
    (told,) = city.notices("circular")
    assert told.body == documents(city)[0], "a text may hold the lines as well"
    (fired,) = [each for each in city.records("rule.fire") if each["rule"] == "circular"]
    assert not [name for name in fired.get("facts", {}) if name.startswith("unit.")]
    assert city.verdict().ok


def test_late_it_says_what_it_would_have_said_in_time(city: City) -> None:
    city.opens("督查室", "ticket", "works")
    city.wait("2020-10-31 23:00").sleep("2020-11-20 09:00")
    city.opens("督查室", "ticket", "works")
    city.turn()
    assert "建设局：1件" in documents(city)[0]


def test_the_units_that_a_field_names_in_its_order(city: City) -> None:
    item = city.opens("督查室", "ticket", "works", others=["parks", "works"])
    city.does("督查室", "finish", item)
    assert documents(city, item) == ["各单位：\n园林局累计0件\n建设局累计1件\n（七）"]
