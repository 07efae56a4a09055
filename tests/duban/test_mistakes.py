"""A mistake of a user is one sentence with a way out and an exit code, and changes nothing."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from duban.chinese import in_chinese
from store.postgres_errors import SENTENCES as ON_SERVERS
from store.sqlite import SENTENCES
from tests.duban.conftest import BOOK, PEOPLE, Duban

WRONG = [
    (["itme", "list"], 2, "itme"),
    (["item"], 2, ""),
    (["item", "show"], 2, "item show --help"),
    (["item", "list", "--unti", "water"], 2, "--unti"),
    (["item", "list", "-o", "xml"], 2, "xml"),
    (["item", "show", "KB-2020-9999"], 2, "KB-2020-9999"),
    (["item", "list", "--unit", "watr"], 2, "water"),
    (["item", "list", "--workflow", "baord"], 2, "board"),
    (["item", "do", "KB-2020-0001", "file"], 2, "--as"),
    (["item", "do", "KB-2020-0001", "file", "--as", "water.hed"], 1, "water.hed"),
    (["item", "do", "KB-2020-0001", "file", "pages", "--as", "finance.head"], 2, "pages"),
    (["item", "do", "KB-2020-0001", "file", "pages=many", "--as", "finance.head"], 1, "many"),
    (["item", "do", "KB-2020-0001", "file", "paegs=3", "--as", "finance.head"], 1, "pages"),
    (["item", "do", "KB-2020-0001", "fiel", "--as", "finance.head"], 1, "file"),
    (["item", "do", "KB-2020-0001", "file", "--as", "mayor"], 1, "KB-2020-0001"),
    (["item", "do", "KB-2020-0001", "excuse", "--as", "mayor"], 1, "reason"),
    (["item", "do", "KB-2020-0001", "file", "--as", "finance.head", "--at", "tomorrow"], 2, "tomorrow"),
    (["item", "do", "KB-2020-0001", "file", "--as", "finance.head", "--at", "2031-01-01"], 2, "--at"),
    (["item", "do", "KB-2020-9999", "file", "--as", "finance.head"], 1, "KB-2020-9999"),
    (["item", "open", "task", "--as", "supervisor"], 1, "due"),
    (["item", "open", "task", "due=2020-09-31", "--as", "supervisor"], 1, "2020-09-31"),
    (["item", "open", "task", "due=2020-09-30", "--as", "mayor"], 1, ""),
    (["why", "nothing"], 2, "nothing"),
    (["unit", "show", "fire"], 2, "fire"),
    (["unit", "show", "water", "--month", "13"], 2, "13"),
    (["audit", "show", "999999"], 2, "999999"),
    (["notice", "show", "999"], 2, "999"),
    (["notice", "list", "--state", "gone"], 2, "gone"),
    (["outbox", "resolve", "999", "--as", "supervisor"], 2, "--resend"),
    (["outbox", "resolve", "999", "--leave", "--as", "supervisor"], 1, "999"),
    (["people", "set", "water.chief", "张三"], 2, "water.chief"),
    (["people", "set", "water.head", "张三", "nowhere"], 2, "nowhere"),
    (["explain", "remindre"], 2, "reminder"),
    (["test", str(BOOK), "remidned"], 1, "reminded"),
    (["check", "nowhere"], 2, "nowhere"),
    (["init", "nowhere"], 2, "nowhere"),
    (["init", str(BOOK)], 3, "duban.db"),
    (["board", "--now", "soon"], 2, "soon"),
    (["run"], 3, "--once"),
    (["demo", str(BOOK), "--until", "1999-01-01"], 2, "--until"),
    (["item", "show", "KB-2020-0001", "-o", "csv"], 2, "json"),
]


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("words", "code", "names"), WRONG, ids=lambda value: str(value)[:60])
def test_one_sentence(town: Duban, words: list[str], code: int, names: str, language: str) -> None:
    before = town("audit", "list", "--limit", "1", "-o", "json").data[0]["seq"]
    said = town(*words, *(["--lang", language] if len(words) > 1 else []))
    assert said.code == code, said.err
    assert "Traceback" not in said.err
    assert names in said.err
    assert said.err.count("\n") == 1, said.err
    after = town("audit", "list", "--since", str(before + 1), "-o", "json").data
    assert all(not entry["ok"] for entry in after), "only refusals are logged"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_office(duban: Duban, language: str) -> None:
    said = duban("board", "--lang", language)
    assert said.code == 3
    assert "duban init" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql:///office?host=/nowhere", "cannot be reached"),
        ("mysql://there/office", "mysql"),
        ("not an address", "sqlite:///office.db"),
        ("sqlite://", "file"),
        ("sqlite:///nowhere/office.db", "nowhere"),
        ("sqlite:///foreign.db", "another program"),
        ("sqlite:///cut.db", "cut"),
        ("sqlite:///text.db", "not a SQLite database"),
        ("sqlite:///newer.db", "newer"),
    ],
)
def test_a_store_that_is_none(duban: Duban, tmp_path: Path, url: str, says: str) -> None:
    foreign = sqlite3.connect(tmp_path / "foreign.db")
    foreign.execute("CREATE TABLE t (x)")
    foreign.close()
    (tmp_path / "text.db").write_text("this is a letter" * 50)
    assert duban("init", str(BOOK), "--store", "sqlite:///whole.db", "--now", "2020-09-07").code == 0
    whole = (tmp_path / "whole.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "newer.db").write_bytes(whole)
    newer = sqlite3.connect(tmp_path / "newer.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    for command in (["board"], ["audit", "verify"], ["run", "--once"]):
        said = duban(*command, "--store", url)
        assert said.code == 3, said.err
        assert says in said.err
        assert "Traceback" not in said.err
        assert said.err.count("\n") == 1, said.err


OLDER = ("then `duban store migrate`", "再 `duban store migrate`")


def test_an_older_store_says_what_can_be_done(duban: Duban) -> None:
    assert duban("init", str(BOOK), "--now", "2020-09-07").code == 0
    older = sqlite3.connect("duban.db")
    older.execute("PRAGMA user_version = 0")
    older.close()
    for language, way in zip(("en", "zh"), OLDER, strict=True):
        said = duban("board", "--lang", language)
        assert (said.code, said.err.count("\n")) == (3, 1)
        assert way in said.err


def test_every_sentence_of_the_store_is_said_in_chinese(tmp_path: Path) -> None:
    for sentence in SENTENCES.values():
        said = sentence.format(path="office.db")
        assert in_chinese(said) != said
        assert "office.db" in in_chinese(said)
    for sentence in ON_SERVERS.values():
        said = sentence.format(place="postgresql://host/office?schema=duban")
        assert in_chinese(said) != said
        assert "postgresql://host/office?schema=duban" in in_chinese(said)


@pytest.mark.parametrize("state", ["sent", "gone"])
def test_a_notice_that_waits_for_nobody_is_told_in_both_languages(town: Duban, state: str) -> None:
    assert town("run", "--once", "--now", "2020-09-14 10:00").code == 0
    number = {"sent": "1", "gone": "999"}[state]
    words = ["outbox", "resolve", number, "--leave", "--as", "supervisor"]
    zh, en = (town(*words, "--lang", language) for language in ("zh", "en"))
    assert zh.code == en.code == 1
    assert f"通知 {number}" in zh.err
    assert f"notice {number}" in en.err


STORY = """
tests:
  absent:
    label: {zh: 没有看板, en: No board}
    begins: 2020-09-07 08:00
    timeline:
      - at: 2020-09-10 10:00
        do: {item: {workflow: board}, event: file, by: finance.head}
        expect: {quiet: true}
"""


def test_a_story_that_means_no_item_is_told_in_both_languages(duban: Duban, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    (folder / "tests.yaml").write_text(STORY, "utf-8")
    zh, en = (duban("test", str(folder), "absent", "--lang", language) for language in ("zh", "en"))
    assert zh.code == en.code == 1
    assert "absent: step 1 at 2020-09-10 10:00: exactly one item is meant by" in en.err
    assert "第 1 步（2020-09-10 10:00）" in zh.err
    assert "应恰好指一件事项［类型 看板（board）］，实有 0 件" in zh.err


def test_a_wrong_people_file_names_each_line(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("water.haed: {name: 张三}\nwater.head: 李四\n", encoding="utf-8")
    said = duban("init", str(BOOK), "--people", "people.yaml", "--now", "2020-09-07")
    assert said.code == 1
    assert "people.yaml:1:1: no post water.haed, did you mean water.head?" in said.err
    assert "people.yaml:2:13" in said.err
    assert not (tmp_path / "duban.db").exists()


def test_a_book_with_mistakes_makes_no_office(duban: Duban, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    for file in BOOK.glob("*.yaml"):
        (folder / file.name).write_text(
            file.read_text("utf-8").replace("unit_head, template", "unit_haed, template"), "utf-8"
        )
    said = duban("check", str(folder))
    assert said.code == 1
    assert "did you mean unit_head?" in said.out
    assert duban("init", str(folder), "--people", str(PEOPLE)).code == 1
    assert not (tmp_path / "duban.db").exists()


def test_an_unknown_variable_is_told(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_STOER", "x")
    said = duban("board")
    assert said.code == 1
    assert "DUBAN_STORE" in said.err


def test_a_fault_of_our_own_is_not_blamed_on_the_user(town: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("duban.views.units.board_rows", broken)
    said = town("board")
    assert said.code == 3
    assert "ZeroDivisionError" in said.err
    assert "fault of duban itself" in said.err
