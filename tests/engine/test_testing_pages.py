"""The pages about tests: their book passes its stories, and prints what they show."""

from pathlib import Path

import pytest

from duban.cli import main
from engine.book.book import check_book
from tests.docs.pages import DOCS, block, blocks

PAGES = tuple(DOCS / "authors" / f"testing.{language}.md" for language in ("zh", "en"))
OFFICE = DOCS / "authors" / "howto" / "office.yaml"


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page; its book lies in ./my-book."""
    found: Path = request.param
    folder = tmp_path / "my-book"
    folder.mkdir()
    (folder / "office.yaml").write_bytes(OFFICE.read_bytes())
    for each in blocks(found):
        if each.language == "yaml":
            (folder / each.name).write_text(each.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", found.suffixes[0].removeprefix("."))
    return found


def test_the_book_has_no_mistake(page: Path) -> None:
    assert [each.text("en") for each in check_book(Path("my-book")) if each.severity == "error"] == [], page


def test_the_stories_pass_and_reach_what_the_page_shows(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", "my-book", "--coverage", "--least", "90"]) == 0
    assert capsys.readouterr().out.strip() == block(page, "coverage").text.strip()


def test_a_year_of_it_can_be_lived(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "my-book", "--seed", "7"]) == 0, capsys.readouterr().err
    assert "7" in capsys.readouterr().out, page


def test_both_languages_tell_the_same_book() -> None:
    chinese, english = ([each.text for each in blocks(page) if each.language == "yaml"] for page in PAGES)
    assert chinese == english
