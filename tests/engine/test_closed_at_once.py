"""Closed as soon as it is opened, by itself or by a rule: rules answer all the same, no limit is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, small_book

BOOK = """
workflows:
  note:
    label: {zh: 备案, en: Note}
    prefix: BA
    opened_by: [supervisor, rule]
    initial: kept
    states: {kept: {zh: 已备案, en: on record, final: true}}
    transitions: []
  parcel:
    label: {zh: 报件, en: Parcel}
    prefix: BJ
    opened_by: [supervisor, unit_liaison]
    initial: received
    fields: {plain: {type: flag, label: {zh: 仅备案, en: for the record only}, default: false}}
    states:
      received: {zh: 收件, en: received}
      filed: {zh: 存档, en: filed, final: true}
    transitions:
      - {event: file, from: received, to: filed, by: [rule, supervisor]}
clocks:
  answer:
    label: {zh: 答复期限, en: Time to answer}
    of: parcel
    starts: {opened: true}
    budget: 5 days
    stops: filed
  objection:
    window: true
    label: {zh: 异议期, en: Time to object}
    of: note
    starts: {opened: true}
    budget: 5 days
rules:
  file_plain:
    label: {zh: 备案件即存档, en: What is for the record is filed}
    basis: 五
    for: parcel
    when: {event: open}
    if: item.plain
    then: {move: {event: file}}
  filed:
    label: {zh: 存档告知, en: Told of what was filed}
    basis: 五
    for: parcel
    when: {event: file}
    then:
      open: {workflow: note, title: {zh: 存档备案, en: Note of a file}}
      remind: unit_head
      template: late
  hurry:
    label: {zh: 催答复, en: Urged to answer}
    basis: 五
    for: parcel
    when: {clock: answer}
    ladder:
      - {at: 1 %, remind: unit_liaison, template: late}
      - {at: 1 day after at 09:00, notify: unit_head, template: late}
  told:
    label: {zh: 告知备案, en: Told of a note}
    basis: 五
    for: note
    when: {event: open}
    then: {remind: unit_head, template: late}
  final:
    label: {zh: 备案生效, en: The note stands}
    basis: 五
    for: note
    when: {clock: objection}
    ladder: [{at: at due, notify: unit_head, template: late}]
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


def test_an_item_whose_first_state_is_final_is_closed(city: City) -> None:
    note = city.opens("督查室", "note")
    row = city.item(note)
    assert (row.state, row.closed_at) == ("kept", city.now)
    city.wait("2020-10-20 09:00")
    assert city.told() == [("李主任", "2020-10-12 09:00"), ("李主任", "2020-10-18 00:00")]
    assert city.clock(note, "objection").outcome == "lapsed"


def test_what_a_rule_closes_as_it_is_opened_is_never_late(city: City) -> None:
    parcel = city.opens("督查室", "parcel", plain=True)
    row, answer = city.item(parcel), city.clock(parcel, "answer")
    assert (row.state, row.closed_at) == ("filed", city.now)
    assert (answer.outcome, answer.ended_at, answer.missed_at) == ("met", city.now, None)
    city.wait("2020-11-12 09:00")
    assert city.told("hurry") == []
    assert city.told("filed") == [("李主任", "2020-10-12 09:00")]
    assert city.verdict().ok


def test_another_one_of_the_kind_goes_its_way(city: City) -> None:
    parcel = city.opens("督查室", "parcel")
    assert city.item(parcel).state == "received"
    city.wait("2020-10-20 09:00")
    assert [who for who, _ in city.told("hurry")] == ["张三", "李主任"]
    assert city.clock(parcel, "answer").outcome == "missed"


def test_what_closes_it_opens_another_that_is_closed_from_the_beginning(city: City) -> None:
    """Closed by a rule, answered by another, whose item is closed as well: one moment, one turn."""
    parcel = city.opens("督查室", "parcel", plain=True)
    (note,) = city.items("note")
    assert (note.parent, note.state, note.closed_at) == (parcel, "kept", city.now)
    assert city.fired() == {"file_plain": 1, "filed": 1, "told": 1}
    city.turn()
    assert city.fired() == {"file_plain": 1, "filed": 1, "told": 1}
    city.wait("2020-10-20 09:00")
    assert city.told("final") == [("李主任", "2020-10-18 00:00")]


def test_nothing_can_be_done_to_it_any_more(city: City) -> None:
    note, parcel = city.opens("督查室", "note"), city.opens("督查室", "parcel", plain=True)
    assert [getattr(city.tries("督查室", "file", each), "code", "") for each in (note, parcel)] == [
        "unknown_event",
        "closed",
    ]
