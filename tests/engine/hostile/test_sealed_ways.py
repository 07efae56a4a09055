"""What is sealed must not come out by the new ways: parents that move, measures that count, plans."""

import json
from pathlib import Path

from engine.adopt import adopt
from engine.book.finding import BookError
from engine.migrate import migrate
from engine.summary import notices
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


def test_a_plan_does_not_count_what_is_sealed(tmp_path: Path) -> None:
    yard = referred(tmp_path / "office", SEALED)
    adopt(yard.office, book_of(tmp_path / "next", SEALED.replace("en: start", "en: begin")), {}, BY, yard.now)
    assert migrate(yard.office, (), yard.now, apply=False).items == 1


ACTS = """
clocks:
  c:
    label: {zh: 限, en: C}
    of: w
    starts: {opened: true}
    budget: 60 workdays
    extensions: {times: 5}
    stops: [done]
"""


def does(then: str, more: str = "", event: str = "weigh") -> str:
    head = "  up:\n    label: {zh: 上, en: up}\n    basis: 密条\n    for: secret\n"
    head += f"    when: {{event: {event}}}\n"
    return SEALED + head + f'    if: has(item.about) && item.about == "bribe"\n    then: {then}\n' + more


def leaks(text: str) -> set[str]:
    return {word for word in ("bribe", "S-2026-0001", "密条", "rule:up", "上：") if word in text}


def shown(yard: Yard, workflow: str) -> str:
    rows = [row for row in yard.items(workflow) if row.id != "W-2026-0001"]
    return "".join(f"{row.title}{row.fields}{row.rule}{row.opened_by}" for row in rows)


def test_a_parent_that_is_moved_is_told_what_happened(tmp_path: Path) -> None:
    yard = referred(tmp_path, SEALED + MOVES)
    moved = next(each for each in yard.records("item.move") if each.get("event") == "hold")
    assert leaks(json.dumps(moved, ensure_ascii=False)) == set()
    assert "停" in moved["why"]
    fired = [each for each in yard.records("rule.fire") if each["rule"] == "up"]
    assert [(each["cls"], "bribe" in json.dumps(each)) for each in fired] == [(1, True)]


def test_a_parent_whose_time_is_extended_says_nothing_of_why(tmp_path: Path) -> None:
    yard = referred(tmp_path, does("{extend: {clock: c, by: 5 workdays, item: parent}}", ACTS))
    assert yard.records("clock.extend")
    assert leaks(in_the_open(yard)) == set()


def test_a_parent_whose_time_is_not_extended_says_nothing_of_why(tmp_path: Path) -> None:
    acts = ACTS.replace("times: 5", "times: 1, total: 1 workday")
    yard = referred(tmp_path, does("{extend: {clock: c, by: 5 workdays, item: parent}}", acts))
    assert [each["ok"] for each in yard.records("clock.extend")] == [False]
    assert leaks(in_the_open(yard)) == set()


def test_a_parent_that_refuses_says_nothing_of_who_asked(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", SEALED + MOVES)
    item = yard.opens("w")
    yard.does("refer", item)
    yard.does("hold", item)
    yard.does("weigh", yard.items("secret")[0].id, "auditor", about="bribe")
    assert yard.records("item.refuse")
    assert leaks(in_the_open(yard)) == set()


def test_an_open_item_that_it_opens_says_nothing_of_it(tmp_path: Path) -> None:
    opening = '{workflow: w, for: unit_head, title: {zh: "{title}{because}{id}", en: "{title}{id}"}}'
    notes = ("fields: {}", "fields: {reason: {type: text, label: {zh: 由, en: why}}}")
    text = does(f"{{open: {opening}, light: red}}").replace(*notes, 1)
    yard = referred(tmp_path, text)
    assert len(yard.items("w")) == 2
    assert leaks(in_the_open(yard) + shown(yard, "w")) == set()


def test_an_open_item_knows_nothing_of_a_sealed_one_above_it(tmp_path: Path) -> None:
    reading = """
  told:
    label: {zh: 下, en: down}
    basis: 一
    for: w
    when: {event: open}
    if: has(item.parent) || has(parent.state)
    then: {light: red}
"""
    yard = referred(tmp_path, does("{open: {workflow: w, title: {zh: 新, en: new}}}", reading))
    assert len(yard.items("w")) == 2
    assert [row.light for row in yard.items("w")] == ["none", "none"]
    assert leaks(in_the_open(yard)) == set()


def test_who_may_not_read_it_hears_only_what_was_written_for_him(tmp_path: Path) -> None:
    yard = referred(tmp_path, does("{notify: [unit_head, auditor], template: told}"))
    with yard.office.store.read() as reader:
        told = {each.notice.recipient: each.notice for each in reader.list_notices()}
    assert leaks(told["water.head"].subject + told["water.head"].body) == set()
    assert "S-2026-0001" in told["auditor"].body


def test_no_sum_of_a_report_tells_of_it(tmp_path: Path) -> None:
    yard = referred(tmp_path, does("{notify: auditor, template: told}"))
    with yard.office.store.read() as reader:
        assert len(reader.list_notices()) == 1
        assert notices(yard.office.book, reader)["by_state"] == {}


def test_the_entry_of_a_migration_is_the_same_without_it(tmp_path: Path) -> None:
    said = []
    for name, secret in (("with", True), ("without", False)):
        yard = Yard(tmp_path / name, "2026-03-02 08:00", SEALED)
        item = yard.opens("w")
        if secret:
            yard.does("refer", item)
        adopt(
            yard.office,
            book_of(tmp_path / name / "next", SEALED.replace("en: start", "en: begin")),
            {},
            BY,
            yard.now,
        )
        migrated = migrate(yard.office, BY, yard.now, apply=True)
        entries = yard.records("book.migrate")
        said.append((migrated, [(each["why"], each["items"]) for each in entries]))
    assert said[0] == said[1]
