"""What is on record as soon as it is opened: closed from the beginning, and rules answer all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, small_book

BOOK = """
workflows:
  note:
    label: {zh: 备案, en: Note}
    prefix: BA
    opened_by: [supervisor]
    initial: kept
    states: {kept: {zh: 已备案, en: on record, final: true}}
    transitions: []
clocks:
  objection:
    window: true
    label: {zh: 异议期, en: Time to object}
    of: note
    starts: {opened: true}
    budget: 5 days
rules:
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
