"""What the brake holds is seen on the board and in the daemon's log, and two persons decide it."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duban.daemon import Daemon
from engine.office import Office
from tests.duban.conftest import BOOK, PEOPLE, Duban, Said
from tests.duban.readings import on_time

FRIDAY, MORE = "2020-09-11 18:00", "2020-09-12 09:00"
TALK = "{workflow: interview, title: {zh: 约谈, en: Interview}, join: false}"
CLUE = "{workflow: clue, title: {zh: 一条线索, en: A clue}, with: {text: 未按期报送}}"
RULES = f"""
rules:
  at_once:
    label: {{zh: 逾期即约谈, en: Interview at once}}
    basis: 第五条
    for: board
    when: {{clock: due}}
    ladder:
      - {{at: at due, propose: {TALK}}}
  hint:
    label: {{zh: 移送线索, en: Clue passed on}}
    basis: 第六条
    for: board
    when: {{clock: due}}
    if: has(item.unit) && item.unit == "water"
    ladder:
      - {{at: at due, propose: {CLUE}}}
"""
BY = ("--by", "mayor", "--by", "supervisor")


@pytest.fixture
def strict(duban: Duban, tmp_path: Path) -> Duban:
    """A town whose book lets rules propose nothing by themselves; both bureaus have missed a board."""
    book = tmp_path / "strict"
    shutil.copytree(BOOK, book)
    office = book / "book.yaml"
    whole = office.read_text(encoding="utf-8").replace("  calendar: cn\n", "  calendar: cn\n  brake: 0\n", 1)
    office.write_text(whole, encoding="utf-8")
    flows = book / "workflows.yaml"
    opened = flows.read_text(encoding="utf-8").replace("[supervisor, discipline]", "[supervisor, rule]", 1)
    flows.write_text(opened, encoding="utf-8")
    (book / "more.yaml").write_text(RULES, encoding="utf-8")
    made = duban("init", str(book), "--people", str(PEOPLE), "--now", "2020-09-07 08:00")
    assert made.code == 0, made.err
    assert duban("run", "--once", "--now", FRIDAY).code == 0
    return duban


def numbers(strict: Duban, *words: str) -> list[int]:
    return [each["id"] for each in strict("hold", "list", "-o", "json", *words).data]


def refused(said: Said, code: int, words: str) -> None:
    assert said.code == code, said.out
    assert words in said.err
    assert said.err.count("\n") == 1


def test_it_is_listed_shown_and_told_on_the_board(strict: Duban) -> None:
    first, second = numbers(strict)
    board = strict("board").out
    assert "alarm: 2 proposals of rules exceed the 0 of 24 hours" in board
    assert "警报：规则要提出的 2 件" in strict("board", "--lang", "zh").out
    shown = strict("hold", "show", str(first)).out
    assert "Interview at once" in shown
    assert "held for two persons" in shown
    said = strict("brake", "show").out
    assert said == "0 proposals of rules in 24 hours (as the book says); so far 0, held 2\n"
    refused(strict("hold", "show", str(second + 1000)), 2, f"no hold {second + 1000}")
    listed = strict("audit", "list", "--act", "brake.hold", "-o", "json").data
    assert {each["act_label"] for each in listed if each["act"] == "brake.hold"} == {"held"}


def test_two_persons_release_and_drop(strict: Duban) -> None:
    rows = strict("hold", "list", "-o", "json").data
    first, second = [each["id"] for each in rows]
    [unit] = rows[0]["units"]
    said = strict("hold", "release", str(first), *BY, "--reason", "checked")
    assert (said.code, said.out) == (0, f"{first} is released, and proposed\n"), said.err
    assert len(strict("item", "list", "--workflow", "interview", "-o", "json").data) == 1
    refused(strict("hold", "release", str(first), *BY), 1, "has been decided")
    refused(strict("hold", "drop", str(second), *BY), 2, "--reason")
    [other] = rows[1]["units"]
    insider = ("--by", "mayor", "--by", f"{other}.head")
    refused(strict("hold", "drop", str(second), *insider, "--reason", "x"), 1, "belongs to a unit concerned")
    assert strict("hold", "drop", str(second), *BY, "--reason", "wrong list").code == 0
    assert unit != other
    assert numbers(strict) == []
    assert numbers(strict, "--all") == [first, second]
    assert "wrong list" in strict("hold", "show", str(second)).out
    assert "alarm" not in strict("board").out
    assert strict("audit", "verify").code == 0


def test_one_person_is_not_enough(strict: Duban) -> None:
    first, _ = numbers(strict)
    refused(strict("hold", "release", str(first), "--by", "mayor"), 2, "--by A --by B")
    refused(strict("hold", "release", str(first), "--by", "mayor", "--by", "mayor"), 2, "two different")
    refused(strict("brake", "set", "3", "--by", "mayor"), 2, "--by A --by B")


def test_the_office_sets_its_number_and_takes_it_back(strict: Duban) -> None:
    assert strict("brake", "set", "7", *BY).code == 0
    assert strict("brake", "show", "-o", "json").data["cap"] == 7
    assert strict("brake", "set", "default", *BY).code == 0
    assert strict("brake", "show", "-o", "json").data == {"cap": 0, "source": "book", "used": 0, "held": 2}
    refused(strict("brake", "set", "many", *BY), 2, "is no number")


def test_a_sealed_proposal_is_held_for_its_readers_alone(strict: Duban) -> None:
    everybody, readers = numbers(strict), numbers(strict, "--as", "discipline")
    [secret] = set(readers) - set(everybody)
    for post in ("mayor", "supervisor", "water.head"):
        refused(strict("hold", "show", str(secret), "--as", post), 2, f"no hold {secret}")
    refused(strict("hold", "show", str(secret)), 2, f"no hold {secret}")
    refused(strict("hold", "release", str(secret), *BY), 1, f"no hold {secret}")
    missing = strict("hold", "release", "99999", *BY)
    assert missing.err.replace("99999", str(secret)) == strict("hold", "release", str(secret), *BY).err
    for words in (("audit", "list", "--limit", "0"), ("board",), ("hold", "list", "--all")):
        said = strict(*words)
        assert "线索" not in said.out
        assert "Clue passed on" not in said.out
    shown = strict("hold", "show", str(secret), "--as", "discipline")
    assert shown.code == 0, shown.err
    assert "Clue passed on" in shown.out
    read = strict("audit", "list", "--act", "brake.read", "--as", "discipline", "-o", "json").data
    assert len(read) == 1
    assert strict("audit", "verify").code == 0


def test_why_says_that_it_is_held(strict: Duban) -> None:
    [first, *_] = strict("hold", "list", "-o", "json").data
    item = first["about"].removeprefix("item:")
    for words in (("why", item), ("why-not", item, "at_once")):
        said = strict(*words)
        assert said.code == 0, said.err
        assert f"`duban hold show {first['id']}`" in said.out
    for post in ((), ("--as", "mayor")):
        said = strict("why-not", item, "hint", *post)
        assert "held since" not in said.out


def test_the_daemon_tells_of_it(strict: Duban, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office.open("sqlite:///duban.db")
    daemon = Daemon(office, {}, 15, on_time(lambda: datetime(2020, 9, 12, 2, tzinfo=UTC)))
    daemon._told = 0
    daemon.turn()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [held] = [line for line in lines if line["event"] == "held"]
    assert (held["level"], held["count"]) == ("error", 3)
    assert "duban hold list" in held["next"]
    office.close()
