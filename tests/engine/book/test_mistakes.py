"""Two hundred slips of authors: each is found, at its line, in both languages."""

import shutil
from pathlib import Path

import pytest

from engine.book.book import check_book
from tests.engine.book.mistakes.slip import BOOKS, Slip, slips

TOWN, HOSPITAL = slips("town"), slips("hospital")
SLIPS = (*TOWN, *HOSPITAL)
# Of a whole book every third is enough before a commit.
QUICK = (*TOWN, *HOSPITAL[::3])


def assert_found(slip: Slip, folder: Path) -> None:
    shutil.copytree(BOOKS[slip.book], folder)
    (folder / slip.file).write_text(slip.changed(), encoding="utf-8")
    found = check_book(folder)
    where = slip.place()
    assert (slip.code, *where) in {(each.code, each.file, each.line) for each in found}, found


@pytest.mark.parametrize("slip", QUICK, ids=lambda slip: slip.name)
def test_a_slip_is_found_at_its_line(slip: Slip, tmp_path: Path) -> None:
    assert_found(slip, tmp_path / "book")


@pytest.mark.slow
@pytest.mark.parametrize("slip", [each for each in SLIPS if each not in QUICK], ids=lambda slip: slip.name)
def test_another_slip_is_found_at_its_line(slip: Slip, tmp_path: Path) -> None:
    assert_found(slip, tmp_path / "book")


def test_there_are_two_hundred_of_many_kinds() -> None:
    assert len(SLIPS) >= 200
    assert len({each.code for each in SLIPS}) >= 60


@pytest.mark.parametrize("name", ["town", "hospital"])
def test_the_books_are_good_before(name: str) -> None:
    assert check_book(BOOKS[name]) == ()
