"""`duban calendar`: how an officer checks a due date, and what a calendar holds."""

from pathlib import Path

import pytest

from tests.duban.conftest import Duban
from tests.engine.book.test_calendars import LAYERS, book_with


@pytest.fixture
def book(tmp_path: Path) -> str:
    return str(book_with(LAYERS, tmp_path))


def test_the_library_and_the_book_are_listed(duban: Duban, book: str) -> None:
    rows = duban("calendar", "list", "--book", book, "-o", "json").data
    assert [(row["id"], row["usual"]) for row in rows] == [
        ("cn", True),
        ("city", False),
        ("counter", False),
        ("gulf", False),
    ]
    assert rows[1]["hours"] == ["08:30–12:00", "14:30–17:30"]


def test_each_day_of_a_count_is_listed_with_its_reason(duban: Duban, book: str) -> None:
    said = duban("calendar", "add", "2020-09-28", "5 workdays", "--book", book, "-o", "json")
    assert said.data["due"] == "2020-10-13T00:00:00+08:00"
    assert said.data["due_day"] == "2020-10-12"
    days = {row["day"]: row for row in said.data["days"]}
    assert days["2020-09-28"]["why"] == "working day; the start day, not counted"
    assert (days["2020-10-01"]["counts"], days["2020-10-01"]["why"]) == (False, "day off, 国庆节")
    assert (days["2020-10-10"]["count"], days["2020-10-10"]["why"]) == (4, "make-up working day")
    assert [row["count"] for row in said.data["days"]][-1] == 5
    assert not said.data["provisional"]
    assert said.err == ""


def test_a_count_in_chinese_reads_as_a_table(duban: Duban, book: str) -> None:
    out = duban("calendar", "add", "2020-09-28", "5 workdays", "--book", book, "--lang", "zh").out
    assert "放假，国庆节" in out
    assert "工作日；起算日，不计" in out
    assert "到期：2020-10-12 24:00" in out


def test_the_office_has_its_own_word(duban: Duban, book: str) -> None:
    said = duban("calendar", "add", "2020-07-17", "2 workdays", "--calendar", "city", "--book", book)
    assert "make-up working day, 防汛, by the office itself" in said.out
    assert "Due: 2020-07-21 24:00" in said.out
    other = duban("calendar", "add", "2020-07-17", "2 workdays", "--calendar", "counter", "--book", book)
    assert "Due: 2020-07-19 24:00" in other.out


@pytest.mark.parametrize(
    ("words", "due", "counted"),
    [
        (("2020-09-30 16:00", "3 business hours"), "2020-10-09T10:00:00+08:00", 180),
        (("2020-10-09 10:00", "3 business hours", "--before"), "2020-09-30T16:00:00+08:00", 180),
        (("2020-09-30 16:00", "30 hours"), "2020-10-01T22:00:00+08:00", 1800),
        (("2020-09-30", "3 days"), "2020-10-04T00:00:00+08:00", 3),
        (("2020-09-30", "3 days", "--roll", "forward", "--at", "17:00"), "2020-10-09T17:00:00+08:00", 3),
        (("2020-10-12", "3 days", "--roll", "back"), "2020-10-16T00:00:00+08:00", 3),
        (("2020-10-01", "3 days", "--roll", "back"), "2020-10-01T00:00:00+08:00", 3),
        (("2020-10-12", "2 workdays", "--before"), "2020-10-10T00:00:00+08:00", 2),
        (("2020-08-31", "1 month"), "2020-10-01T00:00:00+08:00", 30),
    ],
)
def test_the_rows_add_up_to_the_length(
    words: tuple[str, ...], due: str, counted: int, duban: Duban, book: str
) -> None:
    said = duban("calendar", "add", *words, "--calendar", "city", "--book", book, "-o", "json")
    assert said.data["due"] == due
    assert max(row["count"] for row in said.data["days"]) == counted


def test_past_the_last_published_year_it_is_flagged(duban: Duban) -> None:
    said = duban("calendar", "add", "2026-12-28", "5 workdays")
    assert "Due: 2027-01-04 24:00 (provisional)" in said.out
    assert "published until 2026-12-31" in said.err
    assert (
        "provisional: that year is not published" in duban("calendar", "days", "2026-12-31", "2027-01-01").out
    )


@pytest.mark.parametrize(
    ("words", "code", "en", "zh"),
    [
        (("add", "2003-01-01", "5 workdays"), 1, "2003-01-01 is before 2004-01-01", "早于日历 cn 的第一天"),
        (("add", "2026-01-01", "5 workday s"), 1, "unknown unit", "不认识"),
        (("add", "2026-01-01", "5"), 1, "has no unit", "没有单位"),
        (("add", "2026-01-01", "5 hours"), 2, "count from a time of day", "要写起算时刻"),
        (("add", "2026-01-01 10:00", "5 business hours"), 1, "has no hours", "没有办公时间"),
        (("add", "1 January", "5 days"), 2, "is no day or local time", "不是日期或时刻"),
        (("days", "2026-01-02", "2026-01-01"), 2, "runs backwards", "起止颠倒"),
        (("days", "2026-01-02", "2099-01-01"), 1, "the furthest day", "能推算的最后一天"),
        (("show", "cnn"), 2, "did you mean cn?", "是不是 cn？"),
        (("show", "--year", "2027"), 1, "has no data of 2027", "没有 2027 年的数据"),
    ],
)
def test_what_cannot_be_answered_is_told(
    words: tuple[str, ...], code: int, en: str, zh: str, duban: Duban
) -> None:
    said = duban("calendar", *words)
    assert (said.code, en in said.err) == (code, True), said.err
    assert zh in duban("calendar", *words, "--lang", "zh").err


def test_days_are_counted(duban: Duban) -> None:
    said = duban("calendar", "days", "2026-10-01", "2026-10-10")
    assert said.err == "cn: 10 days, 3 working days\n"
    assert duban("calendar", "days", "2026-10-01", "2026-10-10", "-o", "csv").out.count("\n") == 11


def test_a_year_is_shown_by_months(duban: Duban, book: str) -> None:
    shown = duban("calendar", "show", "counter", "--year", "2020", "--book", book, "-o", "json").data
    assert [row["workdays"] for row in shown["months"]][6] == 28
    assert shown["months"][9]["days_off"] == ["10-01..10-08 国庆节"]
    assert shown["months"][6]["half_days"] == ["07-21 12:00"]
    assert shown["hours_on"] == {"Fri": ["08:30–15:00"]}
    assert [row["day"] for row in shown["own"]] == ["2020-07-19", "2020-07-20", "2020-07-21"]
    text = duban("calendar", "show", "counter", "--book", book, "--lang", "zh").out
    assert "周五 08:30–15:00" in text
    assert "公布至：2026-12-31" in text
    assert "本机关另定的日子" in text


def test_an_imported_calendar_is_a_file_of_a_book(duban: Duban, tmp_path: Path) -> None:
    pytest.importorskip("holidays", reason="the extra `calendars` is not installed")
    folder = book_with("calendars: {city: {from: de_by, overrides: [{worked: ['2020-10-03']}]}}", tmp_path)
    made = duban("calendar", "import", "--country", "DE", "--subdivision", "BY", "--years", "2020-2021",
                 "--out", str(folder / "de_by.yaml"))  # fmt: skip
    assert made.code == 0, made.err
    assert duban("check", str(folder)).code == 0
    rows = duban("calendar", "days", "2020-10-02", "2020-10-05", "--calendar", "city", "--book", str(folder),
                 "-o", "json").data  # fmt: skip
    assert [row["counts"] for row in rows] == [True, True, False, True]
