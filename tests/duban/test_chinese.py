"""What a Chinese office reads: labels and words, no codes of the program."""

import shutil
from pathlib import Path

import pytest

from tests.duban.conftest import BOOK, PEOPLE, Duban

EXTRA = """
workflows:
  accident:
    label: {zh: 事故, en: Accident}
    prefix: SG
    opened_by: supervisor
    initial: told
    needs: [happened_at, grade]
    fields:
      happened_at: {type: moment, label: {zh: 发生时间, en: happened at}, past: true}
      grade:
        type: text
        label: {zh: 等级, en: grade}
        one_of: {larger: {zh: 较大事故, en: larger}, major: {zh: 重大事故, en: major}}
      more: {type: duration, label: {zh: 延长, en: how much more}}
    states:
      told: {zh: 已接报, en: told}
      passed: {zh: 已上报, en: passed on, final: true}
    transitions:
      - {event: pass_on, label: {zh: 上报, en: pass on}, from: told, to: passed, by: unit_head, takes: more}
      - {event: ask, label: {zh: 申请延长, en: ask for more time}, from: told, by: unit_head, needs: more}
clocks:
  handle:
    label: {zh: 上报时限, en: Time to pass on}
    of: accident
    starts: {opened: true}
    budget: 3 days
    stops: passed
rules:
  grave:
    label: {zh: 重大事故速报, en: Grave accidents}
    basis: 第二条
    for: accident
    when: {event: open}
    if: 'item.grade == "major" || item.grade in ["larger"] && item.state != "passed"'
    then: {notify: unit_head, template: asked}
  asked:
    label: {zh: 延长申请, en: More time}
    basis: 第三条
    for: accident
    when: {event: ask}
    then: {notify: unit_head, template: asked}
  urged:
    label: {zh: 催报, en: Urged}
    basis: 第四条
    for: accident
    when: {clock: handle}
    ladder:
      - {at: 1 day before at 09:00, remind: unit_head, template: asked}
templates:
  asked:
    subject: {zh: "【{item.grade}】{title}", en: "{item.grade}: {title}"}
    body: {zh: "申请延长{item.more}。", en: "{item.more} more are asked for."}
"""


@pytest.fixture
def office(duban: Duban, tmp_path: Path) -> Duban:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    (folder / "accident.yaml").write_text(EXTRA, "utf-8")
    assert duban("init", "book", "--people", str(PEOPLE), "--now", "2020-09-07 08:00").code == 0
    given = ("grade=larger", "happened_at=2020-09-07 07:30")
    opened = ("item", "open", "accident", *given, "--unit", "water", "--as", "supervisor")
    assert duban(*opened, "--now", "2020-09-07 09:00").code == 0
    asked = ("item", "do", "SG-2020-0001", "ask", "more=30 days", "--as", "water.head")
    assert duban(*asked, "--now", "2020-09-07 10:00").code == 0
    return duban


def test_an_item_is_shown_in_words(office: Duban) -> None:
    said = office("item", "show", "SG-2020-0001", "--lang", "zh").out
    for words in (
        "等级: 较大事故",
        "发生时间: 2020-09-07 07:30",
        "延长: 30个自然日",
        "逾期时刻",
        "延长（more）",
        "（water.head）",
        "规则决定",
    ):
        assert words in said
    for code in ("missed at", "item.move", "T07:30"):
        assert code not in said


def test_a_notice_says_a_length_of_time_in_words(office: Duban) -> None:
    listed = office("notice", "list", "-o", "json").data
    bodies = [office("notice", "show", str(each["id"])).out for each in listed if each["rule"] == "asked"]
    assert len(bodies) == 1
    assert "申请延长30个自然日。" in bodies[0]


def test_a_condition_names_its_values(office: Duban) -> None:
    said = office("explain", "grave", "--lang", "zh").out
    assert "等级是“重大事故”" in said
    assert "状态不是“已上报”" in said
    assert "larger" not in said
    assert "【等级】标题" in said, "a subject that is all placeholders is told by them"
    english = office("explain", "grave").out
    assert "state of the item is not “passed on”" in english


def test_reasons_and_what_comes_name_things(office: Duban) -> None:
    why = office("why", "SG-2020-0001", "--lang", "zh").out
    assert "等级 = 较大事故" in why
    assert "状态：“已接报”：立项以来没有流转" in why
    coming = office("forecast", "--days", "5", "--lang", "zh").out
    assert "水务局主要负责同志" in coming or "水务局" in coming
    assert "water.head" not in coming


def test_a_guess_is_one_sentence(office: Duban) -> None:
    said = office("why-not", "SG-2020-0001", "gravee", "--lang", "zh").err
    assert "是不是 grave？用 `" in said
