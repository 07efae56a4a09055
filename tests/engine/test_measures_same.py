"""The same person, fact or place once more: counted by what an item says, whichever unit has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import NewItem, Outcome, open_new
from engine.guards import Forbidden
from tests.engine.city import PEOPLE, City, small_book

BOOK = """
workflows:
  petition:
    label: {zh: 信访, en: Petition}
    prefix: XF
    opened_by: [supervisor]
    initial: received
    fields:
      petitioner: {type: text, label: {zh: 信访人, en: Petitioner}}
      matter: {type: int, label: {zh: 事项号, en: Matter}}
      seen: {type: int, label: {zh: 本单位件数, en: Seen}}
      since: {type: int, label: {zh: 终结以后, en: Since}}
    states:
      received: {zh: 收到, en: received}
      ended: {zh: 终结, en: ended, final: true}
    transitions:
      - {event: rename, from: received, by: supervisor, needs: [petitioner]}
      - {event: end, from: received, to: ended, by: unit_liaison}
measures:
  by_person:
    label: {zh: 同人信访, en: Petitions of the person}
    for: item
    items: petition
    same: petitioner
    within: past 30 days
  here:
    label: {zh: 本单位同人信访, en: Petitions of the person here}
    for: item
    items: petition
    same: [unit, petitioner]
  since_ended:
    label: {zh: 上次终结以后, en: Since one ended here}
    for: item
    items: petition
    same: [unit, petitioner]
    after: item.ended_here
  ended_here:
    label: {zh: 上次终结, en: When one ended here}
    for: item
    events: end
    of: petition
    same: [unit, petitioner]
    reduce: latest
  ended_matter:
    label: {zh: 同一事项已终结, en: Ended before}
    for: item
    items: petition
    states: ended
    same: [petitioner, matter]
templates:
  often:
    subject: {zh: "{item.petitioner}多次", en: "{item.petitioner}"}
    body: {zh: "{because}", en: "{because}"}
rules:
  not_again:
    label: {zh: 已终结的不再受理, en: Not once more}
    basis: 三十五
    for: petition
    when: {before: open}
    then: {require: item.ended_matter == 0, otherwise: {zh: 同一事项已终结, en: it has ended}}
  not_into_it:
    label: {zh: 改名后也不再受理, en: Nor under another name}
    basis: 三十五
    for: petition
    when: {before: rename}
    then: {require: item.ended_matter == 0, otherwise: {zh: 同一事项已终结, en: it has ended}}
  here_again:
    label: {zh: 又来本单位, en: Here again}
    basis: 六
    for: petition
    when: {event: open}
    if: item.here >= 2
    cases: {of: item.here, again: changed}
    then: {set: {seen: =item.here, since: =item.since_ended}}
  often:
    label: {zh: 多次信访, en: Often}
    basis: 六
    for: petition
    when: {event: [open, rename]}
    if: has(item.petitioner) && item.by_person >= 2
    cases: {of: item.by_person, again: added}
    then: {notify: supervisor, template: often}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


def asks(city: City, petitioner: str | None, unit: str = "works", matter: int = 1) -> Outcome | str:
    fields = {"matter": matter} | ({"petitioner": petitioner} if petitioner else {})
    wish = NewItem(workflow="petition", title="信访", by=PEOPLE["督查室"], unit=unit, fields=fields)
    return open_new(city.office, wish, city.now)


def test_what_has_ended_is_not_taken_up_again_by_any_unit(city: City) -> None:
    first = asks(city, "钱某")
    assert isinstance(first, str)
    city.does("张三", "end", first)
    refused = asks(city, "钱某", "traffic")
    assert isinstance(refused, Forbidden)
    assert (refused.rule, refused.zh) == ("not_again", "同一事项已终结（三十五）")
    assert isinstance(asks(city, "钱某", "traffic", matter=2), str), "another matter of the same person"
    assert isinstance(asks(city, "孙某"), str), "the same matter of another person"


def test_a_guard_reads_the_item_as_the_event_would_leave_it(city: City) -> None:
    first = asks(city, "钱某")
    assert isinstance(first, str)
    city.does("张三", "end", first)
    other = asks(city, "孙某")
    assert isinstance(other, str)
    refused = city.tries("督查室", "rename", other, petitioner="钱某")
    assert isinstance(refused, Forbidden)
    assert refused.rule == "not_into_it"
    city.does("督查室", "rename", other, petitioner="李某")


def test_who_is_not_named_is_like_nobody(city: City) -> None:
    for _ in range(3):
        asks(city, None)
    assert city.notices("often") == []


def test_the_same_set_is_told_once_for_each_person(city: City) -> None:
    for person in ("钱某", "孙某", "钱某", "孙某"):
        asks(city, person)
    assert [each.subject for each in city.notices("often")] == ["钱某多次", "孙某多次"]
    asks(city, "钱某", "traffic")
    assert len(city.notices("often")) == 3
    fired = city.records("rule.fire")[-1]
    assert fired["cases"] == ["XF-2020-0001", "XF-2020-0003", "XF-2020-0005"]
    assert all("钱某" not in record["obj"]["id"] for record in city.records("rule.cases"))
    assert city.verdict().ok


def test_after_the_window_it_begins_anew(city: City) -> None:
    asks(city, "钱某")
    city.wait("2020-11-12 09:00")
    asks(city, "钱某")
    assert city.notices("often") == []


def test_the_unit_may_have_to_be_the_same_too(city: City) -> None:
    first = asks(city, "钱某")
    assert isinstance(first, str)
    city.wait("2020-10-13 09:00")
    elsewhere = asks(city, "钱某", "traffic")
    assert isinstance(elsewhere, str)
    assert "seen" not in city.fields(elsewhere)
    city.does("张三", "end", first)
    city.wait("2020-10-14 09:00")
    again = asks(city, "钱某", matter=2)
    assert isinstance(again, str)
    assert (city.fields(again)["seen"], city.fields(again)["since"]) == (2, 1)
    there = asks(city, "钱某", "traffic", matter=2)
    assert isinstance(there, str)
    assert (city.fields(there)["seen"], city.fields(there)["since"]) == (2, 2), "none has ended there"
