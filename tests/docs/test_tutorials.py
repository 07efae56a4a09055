"""The tutorials for rule authors: their books are built from the pages, checked, tested and lived with."""

import shlex
from pathlib import Path

import pytest

from duban.cli import main
from engine.book.book import check_book
from tests.docs.pages import DOCS, block, blocks

TUTORIALS = tuple(DOCS / "authors" / f"tutorial.{language}.md" for language in ("zh", "en"))
FIRST_LIVE = "duban init "


@pytest.fixture(params=TUTORIALS, ids=lambda page: page.name)
def tutorial(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page; its book lies in ./my-book, as the reader has it."""
    page: Path = request.param
    for each in blocks(page):
        if each.language == "yaml":
            file = tmp_path / "my-book" / each.name
            file.parent.mkdir(exist_ok=True, parents=True)
            file.write_text(each.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", page.suffixes[0].removeprefix("."))
    return page


def commands(page: Path) -> list[str]:
    return [line for each in blocks(page) if each.language == "sh" for line in each.text.splitlines()]


def run(command: str) -> int:
    return main(shlex.split(command)[1:])


def test_the_book_has_no_fault(tutorial: Path) -> None:
    assert check_book(Path("my-book")) == ()


def test_the_mistake_is_told_as_the_page_says(tutorial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path("my-book/rules.yaml")
    rules.write_text(rules.read_text(encoding="utf-8").replace(" ladder:", " lader:"), encoding="utf-8")
    assert run("duban check my-book") == 1
    assert capsys.readouterr().out == block(tutorial, "lader").text


@pytest.mark.parametrize("name", ["explain report_ladder", "test"])
def test_it_prints_what_the_page_shows(tutorial: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = next(each for each in commands(tutorial) if each.startswith(f"duban {name}"))
    assert run(command) == 0
    assert capsys.readouterr().out.strip("\n") == block(tutorial, name).text.strip("\n")


def test_a_changed_rule_fails_the_story(tutorial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page says so, and a test that cannot fail proves nothing."""
    rules = Path("my-book/rules.yaml")
    rules.write_text(rules.read_text(encoding="utf-8").replace("3 workdays", "4 workdays"), encoding="utf-8")
    assert run("duban test my-book") == 1
    assert "forgotten_report" in capsys.readouterr().err


def test_the_office_is_lived_with_as_the_page_says(
    tutorial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = commands(tutorial)
    start = next(place for place, each in enumerate(told) if each.startswith(FIRST_LIVE))
    for command in told[start:]:
        assert run(command) == 0, f"{command}: {capsys.readouterr().err}"
    assert len([*Path("outbox").glob("*.eml")]) == 1, "the liaison of one bureau has an address"


def test_both_languages_tell_the_same_book(tmp_path: Path) -> None:
    """But for the language of notices, the clauses and the words that people type."""
    zh, en = (
        {each.name: each.text for each in blocks(page) if each.language == "yaml"} for page in TUTORIALS
    )
    assert zh.keys() == en.keys()
    same = ("office.yaml", "workflow.yaml")
    assert [zh[name] for name in same] == [en[name] for name in same]
