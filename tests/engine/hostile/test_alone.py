"""Rules alone must not do what hurts somebody."""

from pathlib import Path

from engine.book.book import check_book
from tests.docs.test_howto import HOWTO

ALONE = """
workflows:
  w:
    label: {zh: 甲, en: A}
    prefix: W
    opened_by: [supervisor]
    initial: open
    fields:
      grade: {type: text, label: {zh: 级, en: grade}, one_of: {lo: {zh: 低, en: lo}, hi: {zh: 高, en: hi}}}
      deaths: {type: int, label: {zh: 死, en: deaths}, default: 0}
    states:
      open: {zh: 开, en: open}
      done: {zh: 完, en: done, final: true}
    transitions:
      - {event: tell, from: open, by: supervisor, takes: [deaths]}
      - {event: finish, from: open, to: done, by: supervisor}
  talk:
    label: {zh: 谈, en: Interview}
    prefix: T
    opened_by: [rule]
    initial: proposed
    states:
      proposed: {zh: 拟, en: proposed}
      approved: {zh: 批, en: approved}
      held: {zh: 已谈, en: held, final: true}
      referred: {zh: 移送, en: referred, final: true}
    transitions:
      - {event: approve, from: proposed, to: approved, by: [supervisor, rule]}
      - {event: hold, from: approved, to: held, by: [supervisor, rule]}
      - {event: refer, from: held, to: referred, by: [supervisor, rule], reopens: true}
classes:
  g: {label: {zh: 级, en: grade}, of: w, field: grade, levels: {lo: {}, hi: {deaths: 3}}}
rules:
  r:
    label: {zh: 规, en: R}
    basis: 一
    for: w
    when: {change: grade}
    then: {propose: {workflow: talk, for: unit_head, title: {zh: 谈, en: talk}}}
  r2:
    label: {zh: 规, en: R}
    basis: 一
    for: w
    when: {event: tell}
    then: {move: {event: approve, item: children}}
  r3: {label: {zh: 规, en: R}, basis: 一, for: talk, when: {event: approve}, then: {move: hold}}
  r4: {label: {zh: 规, en: R}, basis: 一, for: talk, when: {event: hold}, then: {move: refer}}
"""


def test_check_speaks_up_when_rules_alone_approve_and_refer(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_bytes((HOWTO / "office.yaml").read_bytes())
    (tmp_path / "more.yaml").write_text(ALONE, encoding="utf-8")
    findings = check_book(tmp_path)
    assert [each for each in findings if "no_use" not in each.code and "talk" in each.text("en")]
