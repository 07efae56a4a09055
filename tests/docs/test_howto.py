"""The how-to pages: each with the shared office is a book that has no mistake and passes its own tests."""

from pathlib import Path

import pytest

from engine.book.book import check_book, read_book
from engine.testing import run_test
from tests.docs.pages import DOCS, blocks

HOWTO = DOCS / "authors" / "howto"
PAGES = sorted(HOWTO.glob("*.??.md"))
TOPICS = sorted({page.name.partition(".")[0] for page in PAGES})


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The book of a page; a block without a name is a fragment and belongs to none."""
    page: Path = request.param
    return write_book(page, tmp_path / "book")


def write_book(page: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "office.yaml").write_bytes((HOWTO / "office.yaml").read_bytes())
    for each in blocks(page):
        if each.language == "yaml" and each.name:
            (folder / each.name).write_text(each.text, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_the_page_is_a_book_that_passes_its_tests(book: Path, tmp_path: Path) -> None:
    errors = [finding.text("en") for finding in check_book(book) if finding.severity == "error"]
    assert errors == []
    read = read_book(book)
    assert read.tests, "a page proves what it says"
    for name, case in read.tests.items():
        told = read_book(book, case.params) if case.params else read
        assert run_test(told, name, case, tmp_path).failures == (), name


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_show_the_same_files(topic: str) -> None:
    chinese, english = (
        {each.name for each in blocks(HOWTO / f"{topic}.{language}.md") if each.language == "yaml"}
        for language in ("zh", "en")
    )
    assert chinese == english
