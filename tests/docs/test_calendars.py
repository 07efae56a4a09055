"""The pages on calendars: their book is checked and tested, their commands are run, their answer compared."""

import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from duban.cli import main
from engine.book.book import check_book, read_book
from engine.testing import run_test
from tests.docs.pages import DOCS, block, blocks

PAGES = tuple(DOCS / "authors" / f"calendars.{language}.md" for language in ("zh", "en"))
OFFICE = DOCS / "authors" / "howto" / "office.yaml"
NO_PACKAGE = find_spec("holidays") is None


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page; its book lies in ./my-book, the files to import beside it."""
    found: Path = request.param
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", found.suffixes[0].removeprefix("."))
    book = Path("my-book")
    book.mkdir()
    (book / "office.yaml").write_bytes(OFFICE.read_bytes())
    for each in blocks(found):
        if each.language == "yaml":
            (book / each.name).write_text(each.text, encoding="utf-8")
        elif each.name.endswith((".json", ".ics")):
            Path(each.name).write_text(each.text, encoding="utf-8")
    return found


def test_the_book_has_no_fault_and_passes_its_test(page: Path, tmp_path: Path) -> None:
    assert [each.text("en") for each in check_book(Path("my-book")) if each.severity == "error"] == []
    book = read_book(Path("my-book"))
    for name, case in book.tests.items():
        assert run_test(book, name, case, tmp_path).failures == ()


def test_it_answers_as_the_page_shows(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = next(line for each in blocks(page) if each.language == "sh" for line in each.text.splitlines())
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip("\n") == block(page, "add").text.strip("\n")


def test_every_command_runs(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for each in blocks(page):
        if each.language != "sh" or (each.name == "holidays" and NO_PACKAGE):
            continue
        for command in each.text.splitlines():
            assert main(shlex.split(command)[1:]) == 0, f"{command}: {capsys.readouterr().err}"
    errors = [each.text("en") for each in check_book(Path("my-book")) if each.severity == "error"]
    assert errors == [], "what was imported is part of the book now"


def test_both_languages_show_the_same_files() -> None:
    zh, en = ([each.text for each in blocks(page) if each.name and each.name != "add"] for page in PAGES)
    assert zh == en
