"""Every code that a check can give has its page, and the examples of the pages are true."""

import ast
from pathlib import Path

import pytest

from duban.pages import page_of, title_of
from engine.book.book import check_book
from tests.docs.findings import (
    BASE,
    ELSEWHERE,
    ROOT,
    SPECIAL,
    Page,
    codes,
    codes_in,
    findings_of,
    made,
    pages,
)

ALL = tuple(pages())


def test_codes_and_pages_are_the_same_set() -> None:
    written = {page.code for page in ALL}
    missing = {code: file for code, file in codes().items() if code not in written}
    assert not missing, "write docs/authors/findings/<code>.md like its neighbours for these codes"
    assert not written - set(codes()), "pages of codes that no check gives: remove or rename them"


def test_the_book_that_examples_are_laid_beside_is_good() -> None:
    assert check_book(BASE) == ()


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.code)
def test_the_examples_of_a_page_are_true(page: Page, tmp_path: Path) -> None:
    if page.code in ELSEWHERE:
        assert f'"{page.code}"' in (ROOT / ELSEWHERE[page.code]).read_text(encoding="utf-8")
        return
    if page.kind == "text":
        found = made(page.code, tmp_path / "book")
        assert page.code in {each.code for each in found}
        return
    bad, good = page.examples
    found = findings_of(bad, tmp_path / "bad")
    assert page.code in {each.code for each in found}, found
    again = findings_of(good, tmp_path / "good")
    assert page.code not in {each.code for each in again}
    assert not [each for each in again if each.severity == "error"], "what is mended is without errors"


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.code)
def test_a_page_speaks_both_languages(page: Page) -> None:
    zh, en = title_of(page.code, "zh"), title_of(page.code, "en")
    assert any("一" <= sign <= "鿿" for sign in zh)
    assert en.isascii()
    assert (page_of(page.code) or "").startswith(f"# {page.code}\n")


def test_what_cannot_be_shown_is_made() -> None:
    assert {page.code for page in ALL if page.kind == "text"} == {*SPECIAL, *ELSEWHERE}


def test_codes_are_found_in_the_source() -> None:
    source = """
context.note(path, "one_code", zh=zh, en=en)
Finding.at(place, "two", zh=zh, en=en)
Problem(path=path, code="three", zh=zh)
context.check(path, "state", word, known)
print("no_code")
"""
    assert set(codes_in(ast.parse(source))) == {"one_code", "two", "three", "unknown_state"}
