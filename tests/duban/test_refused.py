"""What rules want and do not get is never lost in silence: board, round, story and `why-not` tell it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duban.daemon import Daemon
from engine.office import Office
from tests.docs.pages import DOCS
from tests.duban.conftest import Duban
from tests.duban.readings import on_time

BOOK = """
workflows:
  levy:
    label: {zh: 征缴, en: Levy}
    prefix: ZJ
    opened_by: [supervisor, rule]
    initial: open
    fields:
      base: {type: number, label: {zh: 基数, en: base}}
      share: {type: number, label: {zh: 份额, en: share}}
    states:
      open: {zh: 在办, en: open}
      held: {zh: 搁置, en: held}
      done: {zh: 已办, en: done, final: true}
    transitions:
      - {event: assess, from: [open, held], by: supervisor, label: {zh: 核定, en: assess}, needs: [base]}
      - {event: hold, from: open, to: held, by: supervisor, label: {zh: 搁置, en: hold}}
      - {event: finish, from: [open, held], to: done, by: supervisor, label: {zh: 办结, en: finish}}
      - {event: give_up, from: held, to: done, by: rule, label: {zh: 作罢, en: give up}}
rules:
  monthly:
    label: {zh: 按月征缴, en: Monthly levy}
    basis: 第一条
    for: bureaus
    when: {every: month, on: day 1 at 09:00}
    then:
      open:
        workflow: levy
        title: {zh: 征缴, en: Levy}
        with: {base: "=200.0 * 0.1", share: =100.0 / 3.0}
  third:
    label: {zh: 三分之一, en: A third}
    basis: 第二条
    for: levy
    when: {event: assess}
    then: {set: {share: =args.base * args.base / 3.0}}
"""
TOO_SOON = """
  too_soon:
    label: {zh: 过早办结, en: Too soon}
    basis: 第三条
    for: levy
    when: {event: assess}
    then: {move: {event: give_up}}
"""
STORY = """
tests:
  assessed:
    label: {zh: 核定, en: assessed}
    begins: 2026-03-02 08:00
    timeline:
      - at: 2026-03-03 09:00
        open: {name: it, workflow: levy, unit: water, by: supervisor}
      - at: 2026-03-03 10:00
        do: {item: it, event: assess, by: supervisor, with: {base: BASE}}
        expect: {items: [{pick: it, fields: {share: SHARE}}]}
"""
OPENED = """
  opened:
    label: {zh: 按月, en: by month}
    begins: 2026-03-02 08:00
    timeline:
      - at: 2026-04-01 09:01
        expect: {items: [{pick: {workflow: levy, unit: water}, fields: {base: 20, share: 33.333333}}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "office.yaml").write_bytes((DOCS / "authors" / "howto" / "office.yaml").read_bytes())
    (folder / "levy.yaml").write_text(BOOK, "utf-8")
    return folder


@pytest.fixture
def office(book: Path, duban: Duban) -> Duban:
    (book / "levy.yaml").write_text(BOOK + TOO_SOON, "utf-8")
    assert duban("init", "book", "--now", "2026-03-02 08:00").code == 0
    named = duban("people", "set", "supervisor", "督查室", "duban@town.example", "--now", "2026-03-02 08:00")
    assert named.code == 0, named.err
    opened = duban("item", "open", "levy", "--unit", "water", "--title", "t", "--as", "supervisor")
    assert opened.code == 0, opened.err
    return duban


def test_numbers_that_rules_calculate_are_rounded_to_what_a_field_keeps(book: Path, duban: Duban) -> None:
    (book / "tests.yaml").write_text(
        STORY.replace("BASE", "10").replace("SHARE", "33.333333") + OPENED, "utf-8"
    )
    said = duban("test", "book")
    assert said.code == 0, said.err


def test_a_story_fails_when_a_rule_is_refused(book: Path, duban: Duban) -> None:
    (book / "tests.yaml").write_text(
        STORY.replace("BASE", "100000000000000").replace("SHARE", "null"), "utf-8"
    )
    said = duban("test", "book")
    assert said.code == 1
    assert "step 2 at 2026-03-03 10:00: third A third wanted to set share of ZJ-2026-0001" in said.err
    assert "and was refused: share (share) is “3333333333333333333333333333.3" not in said.err
    (book / "levy.yaml").write_text(BOOK + TOO_SOON, "utf-8")
    assert "too_soon Too soon wanted to put “give up” to ZJ-2026-0001" in duban("test", "book").err


def test_a_refusal_is_an_alarm(office: Duban, capsys: pytest.CaptureFixture[str]) -> None:
    assert "alarm" not in office("board").out
    daemon = Daemon(
        Office.open("sqlite:///duban.db"), {}, 1, on_time(lambda: datetime(2026, 3, 2, 1, tzinfo=UTC))
    )
    done = office("item", "do", "ZJ-2026-0001", "assess", "base=3", "--as", "supervisor")
    assert done.code == 0, done.err
    board = office("board").out
    assert "alarm: what rules wanted was refused 1 times" in board
    assert "Too soon wanted to put “give up”" in board
    assert "规则所要的有 1 次被拒绝" in office("board", "--lang", "zh").out
    daemon.turn()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "refused"]
    assert (line["level"], line["count"]) == ("error", 1)
    daemon.turn()
    assert "refused" not in capsys.readouterr().err, "told once"
    daemon.office.close()
    why = office("why-not", "ZJ-2026-0001", "too_soon")
    assert "it has spoken, but what it wanted was refused" in why.out
    assert office("audit", "verify").code == 0


def test_a_round_says_what_was_refused_in_it(book: Path, duban: Duban) -> None:
    levy = BOOK.replace("200.0 * 0.1", "200000000000.0 * 100000000000.0")
    (book / "levy.yaml").write_text(levy, "utf-8")
    assert duban("init", "book", "--now", "2026-03-02 08:00").code == 0
    said = duban("run", "--once", "--now", "2026-04-01 09:01", "-o", "json")
    assert (said.code, said.data["refused"]) == (1, 3), "one for each bureau"
    assert "what rules wanted was refused 3 times" in said.err
