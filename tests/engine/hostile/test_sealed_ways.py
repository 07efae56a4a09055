"""What is sealed must not come out by the new ways: parents that move, measures that count, plans."""

import json
from pathlib import Path

import pytest

from engine.adopt import adopt
from engine.book.finding import BookError
from engine.migrate import migrate
from tests.engine.hostile.test_touch import BY
from tests.engine.hostile.yard import Yard, book_of

SEALED = """
workflows:
  w:
    label: {zh: 甲, en: A}
    prefix: W
    opened_by: [supervisor, rule]
    initial: open
    fields: {}
    states:
      open: {zh: 开, en: open}
      held: {zh: 停, en: held}
      done: {zh: 完, en: done, final: true}
    transitions:
      - {event: hold, from: open, to: held, by: [rule, supervisor]}
      - {event: refer, from: [open, held], by: supervisor}
      - {event: finish, from: [open, held], to: done, by: [unit_liaison, supervisor]}
  secret:
    label: {zh: 密件, en: Secret matter}
    prefix: S
    sealed: true
    readers: [auditor]
    opened_by: [rule, auditor]
    initial: fresh
    fields: {about: {type: text, label: {zh: 关于, en: about}}}
    states:
      fresh: {zh: 新, en: fresh}
      grave: {zh: 重, en: grave}
      over: {zh: 完, en: over, final: true}
    transitions:
      - {event: weigh, from: fresh, to: grave, by: auditor, takes: [about]}
      - {event: close, from: [fresh, grave], to: over, by: auditor}
rules:
  refer:
    label: {zh: 起, en: start}
    basis: 一
    for: w
    when: {event: refer}
    then: {propose: {workflow: secret, for: unit_head, title: {zh: 密, en: graft}}}
"""
MOVES = """
  up:
    label: {zh: 上, en: up}
    basis: 一
    for: secret
    when: {event: weigh}
    if: has(item.about) && item.about == "bribe"
    then: {move: {event: hold, item: parent, workflow: w}}
"""
COUNTS = """
  counted:
    label: {zh: 数, en: counted}
    basis: 一
    for: bureaus
    when: {every: month, on: last day at 09:00, about: current}
    if: unit.secrets >= 1
    cases: {of: unit.secrets, again: added}
    then: {notify: unit_head, template: unit_told}
measures:
  secrets: {for: unit, items: secret, within: month, label: {zh: 密件数, en: secrets}}
"""


def referred(folder: Path, text: str) -> Yard:
    yard = Yard(folder, "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.does("refer", item)
    yard.does("weigh", yard.items("secret")[0].id, "auditor", about="bribe")
    return yard.until("2026-04-02 09:00")


def in_the_open(yard: Yard) -> str:
    return json.dumps([record for record in yard.records() if record["cls"] == 0], ensure_ascii=False)


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="a sealed item's rule moves its parent, whose open entry tells the sealed facts",
)
def test_a_parent_that_is_moved_says_nothing_of_why(tmp_path: Path) -> None:
    try:
        yard = referred(tmp_path, SEALED + MOVES)
    except BookError:
        return  # refused, or only with a reason of its own, would do
    assert "bribe" not in in_the_open(yard)


def test_a_measure_names_no_sealed_item(tmp_path: Path) -> None:
    try:
        yard = referred(tmp_path, SEALED + COUNTS)
    except BookError:
        return
    with yard.office.store.read() as reader:
        bodies = [each.notice.body for each in reader.list_notices() if each.notice.recipient == "water.head"]
    assert "S-2026-0001" not in in_the_open(yard) + "".join(bodies)


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="the plan and the open entry of a migration count the sealed items too",
)
def test_a_plan_does_not_count_what_is_sealed(tmp_path: Path) -> None:
    yard = referred(tmp_path / "office", SEALED)
    adopt(yard.office, book_of(tmp_path / "next", SEALED.replace("en: start", "en: begin")), {}, BY, yard.now)
    assert migrate(yard.office, (), yard.now, apply=False).items == 1
