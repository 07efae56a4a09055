"""Making an office, and being told at once what it would stumble over."""

import pytest

from tests.duban.conftest import BOOK, PEOPLE, Duban


@pytest.mark.parametrize(("language", "over"), [("zh", "此刻已过"), ("en", "which is over")])
def test_a_book_whose_time_is_over_makes_an_office_and_says_so(
    duban: Duban, language: str, over: str
) -> None:
    """Its programme ended on 2020-12-31; the office is made all the same, and nothing is opened in it."""
    said = duban("init", str(BOOK), "--people", str(PEOPLE), "--lang", language)
    assert said.code == 0, said.err
    assert over in said.err
    assert "2020-12-31" in said.err
    assert "--now 2020-09-01" in said.err, "the way to try it out"
    assert duban("run", "--once").code == 0
    assert duban("item", "list", "--all", "-o", "json").data == []
    assert duban("audit", "verify").code == 0


@pytest.mark.parametrize("moment", ["2020-09-01", "2020-12-31 23:59", "2021-01-01 00:00"])
def test_whoever_tells_the_time_is_not_warned_of_it(duban: Duban, moment: str) -> None:
    said = duban("init", str(BOOK), "--people", str(PEOPLE), "--now", moment)
    assert said.code == 0, said.err
    assert "which is over" not in said.err
    assert "virtual clock" in said.err
