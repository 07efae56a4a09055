"""The pages on explain, why and why-not: their commands run as typed, and print what the pages show."""

import shlex
from pathlib import Path

import pytest

from duban.cli import main
from tests.docs.pages import DOCS, blocks

AUTHORS = DOCS / "authors"
PAGES = tuple(AUTHORS / f"explaining.{language}.md" for language in ("zh", "en"))


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page; its book lies in ./my-book."""
    found: Path = request.param
    monkeypatch.chdir(tmp_path)
    for name in ("DUBAN_STORE", "DUBAN_AS", "DUBAN_NOW", "DUBAN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DUBAN_LANG", found.suffixes[0].removeprefix("."))
    Path("my-book").mkdir()
    Path("my-book/office.yaml").write_bytes((AUTHORS / "howto" / "office.yaml").read_bytes())
    for each in blocks(found):
        if each.language == "yaml":
            Path("my-book", each.name).write_text(each.text, encoding="utf-8")
    return found


def test_every_command_runs_and_prints_what_the_page_shows(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in a block of text was printed by the command above it."""
    printed, compared = "", 0
    for each in blocks(page):
        if each.language == "sh":
            for command in each.text.splitlines():
                code = main(shlex.split(command)[1:])
                said = capsys.readouterr()
                printed = said.out
                assert code == 0, f"{command}: {said.err}"
        elif each.language == "text":
            compared += 1
            assert printed.strip("\n") == each.text.strip("\n")
    assert compared == 4
    assert Path("request.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_both_languages_show_the_same_book_and_commands() -> None:
    zh, en = ([each.text for each in blocks(page) if each.language in ("yaml", "sh")] for page in PAGES)
    assert zh == en
