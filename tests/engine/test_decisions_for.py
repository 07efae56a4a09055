"""For whom an opening is: whom a field of the item names, and an alarm when it names nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, small_book

BOOK = """
workflows:
  report:
    label: {zh: 举报, en: Report}
    prefix: JB
    opened_by: [supervisor]
    initial: received
    fields:
      place: {type: unit, label: {zh: 事发单位, en: place}}
      investigator: {type: post, label: {zh: 调查人, en: investigator}}
      written: {type: text, label: {zh: 来函所写, en: as written}}
    states: {received: {zh: 收到, en: received}, ended: {zh: 终结, en: ended, final: true}}
    transitions:
      - {event: end, from: received, to: ended, by: supervisor}
  inquiry:
    label: {zh: 调查, en: Inquiry}
    prefix: DC
    opened_by: [rule]
    initial: open
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions:
      - {event: finish, from: open, to: done, by: unit_head}
rules:
  look:
    label: {zh: 调查, en: Look into it}
    basis: 九
    for: report
    when: {event: open}
    then:
      open:
        - {workflow: inquiry, for: "=item.investigator", title: {zh: 调查人, en: by post}}
        - {workflow: inquiry, for: =item.place, title: {zh: 事发单位, en: by unit}}
        - {workflow: inquiry, for: 'has(item.written) ? item.written : "works"', title: {zh: 其他, en: other}}
""".replace("for: 'has", "for: '=has")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


def opened(city: City) -> list[tuple[str, str | None, str | None]]:
    return [(row.title, row.unit, row.owner) for row in city.items("inquiry")]


def test_a_field_says_which_post_or_unit_owes_it(city: City) -> None:
    city.opens("督查室", "report", place="traffic", investigator="deputy_mayor", written="city")
    assert opened(city) == [
        ("调查人", "city", "deputy_mayor"),
        ("事发单位", "traffic", None),
        ("其他", "city", None),
    ]
    assert city.records("rule.refused") == []


def test_whom_nobody_named_is_an_alarm_and_no_silence(city: City) -> None:
    city.opens("督查室", "report", place="traffic", written="教育局")
    assert opened(city) == [("事发单位", "traffic", None)]
    first, second = city.records("rule.refused")
    assert (first["code"], first["rule"], first["workflow"]) == ("nobody", "look", "inquiry")
    assert "=item.investigator 没有得出单位或岗位" in first["why"]
    assert "has(item.written)" in second["why_en"]
    assert city.verdict().ok
