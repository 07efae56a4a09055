"""Several calendars in one book: laid over each other, chosen by name, kept with its bytes."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.book.book import Book, check_book, read_book
from engine.book.calendar_sentences import in_chinese
from engine.book.calendars import check_calendar
from engine.book.context import Context
from engine.book.finding import BookError
from engine.book.shape import BookData
from engine.book.text import read_yaml
from rules.time.calendar import Calendar
from rules.time.errors import CalendarError

HERE = Path(__file__).parent

LAYERS = """
calendars:
  city:
    label: {zh: 本市, en: City}
    from: cn
    hours: [["08:30", "12:00"], ["14:30", "17:30"]]
    overrides:
      - {name: 防汛, source: 市防汛令1号, off: [{name: 停工, days: '2020-07-20'}], worked: '2020-07-19'}
  counter:
    from: city
    hours_on: {friday: [["08:30", "15:00"]]}
    weekend: sunday
    overrides:
      - {source: 本局通知, worked: ['2020-07-20'], half: [{date: '2020-07-21', until: '12:00'}]}
  gulf:
    weekend: [friday, saturday]
    hours: [["07:30", "14:30"]]
    years:
      - {year: 2020, source: made up, weekend: [4, 5]}
      - {year: 2021, source: made up}
  cn:
    from: cn
    years:
      - {year: 2026, source: 本机关, off: [{name: 元旦, days: "2026-01-01"}]}
      - {year: 2027, provisional: true}
"""


def book_with(extra: str, folder: Path, **changes: str) -> Path:
    copy = folder / "book"
    shutil.copytree(HERE / "good" / "small", copy, dirs_exist_ok=True)
    (copy / "calendars.yaml").write_text(extra, encoding="utf-8")
    text = (copy / "book.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert f"{old}: " in text
        text = "\n".join(
            f"  {old}: {new}" if line.strip().startswith(f"{old}:") else line for line in text.splitlines()
        )
    (copy / "book.yaml").write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def layered(tmp_path: Path) -> Book:
    return read_book(book_with(LAYERS, tmp_path))


def days(text: str) -> date:
    return date.fromisoformat(text)


def test_each_calendar_is_chosen_by_name_and_none_means_the_default(layered: Book) -> None:
    assert list(layered.calendars) == ["cn", "city", "counter", "gulf"]
    assert layered.calendar_of(None) is layered.calendar is layered.calendars["cn"]
    assert layered.calendar_of("counter").id == "counter"
    assert {each.zone.key for each in layered.calendars.values()} == {"Asia/Shanghai"}


def test_the_nearest_layer_wins(layered: Book) -> None:
    city, counter = layered.calendars["city"], layered.calendars["counter"]
    assert not city.is_workday(days("2020-07-20"))
    assert counter.is_workday(days("2020-07-20"))
    assert counter.is_workday(days("2020-07-25")), "a Saturday: only Sunday is its weekend"
    assert not city.is_workday(days("2020-07-25"))
    assert counter.opening(days("2020-07-24")) == ((510, 900),)
    assert (
        counter.opening(days("2020-07-23")) == city.opening(days("2020-07-23")) == ((510, 720), (870, 1050))
    )
    assert counter.opening(days("2020-07-21")) == ((510, 720),)


def test_it_says_why_and_by_whose_word(layered: Book) -> None:
    reasons = [layered.calendars["counter"].reason(days(f"2020-07-{day}")) for day in (19, 20, 21, 26)]
    assert [(each.why, each.source, each.own) for each in reasons] == [
        ("make-up day", "市防汛令1号", True),
        ("make-up day", "本局通知", True),
        ("half day", "本局通知", True),
        ("weekend", None, False),
    ]
    holiday = layered.calendars["city"].reason(days("2020-10-01"))
    assert (holiday.why, holiday.name, holiday.own) == ("holiday", "国庆节", False)
    assert holiday.source is not None
    assert "国办发明电" in holiday.source


def test_a_year_may_have_another_weekend(layered: Book) -> None:
    gulf = layered.calendars["gulf"]
    assert [gulf.is_workday(days(f"2020-07-0{day}")) for day in (2, 3, 4)] == [False, False, True]
    assert [gulf.is_workday(days(f"2021-07-0{day}")) for day in (1, 2, 3, 4)] == [True, False, False, True]


def test_an_own_year_wins_over_that_of_its_base(layered: Book) -> None:
    assert layered.calendar.is_workday(days("2026-01-02"))
    assert layered.calendar.published_until == days("2026-12-31")
    assert layered.calendar.reason(days("2026-01-01")).source == "本机关"


def test_the_bytes_hold_every_calendar(layered: Book, tmp_path: Path) -> None:
    again = Book.from_canonical(layered.canonical)
    assert again.digest == layered.digest
    assert {id: each.digest for id, each in again.calendars.items()} == {
        id: each.digest for id, each in layered.calendars.items()
    }
    other = read_book(book_with(LAYERS.replace("until: '12:00'", "until: '11:00'"), tmp_path))
    assert other.digest != layered.digest


MISTAKES = [
    ("{city: {from: cm}}", "unknown_calendar", "calendars.city.from: unknown calendar cm; known: cn"),
    ("{a: {from: b}, b: {from: a}}", "calendar_circle", "calendars.a.from: the calendar a lies over itself"),
    (
        "{city: {from: cn, weekend: [fridey]}}",
        "not_one_of",
        "fridey is not allowed here, did you mean friday?",
    ),
    ("{city: {from: cn, weekend: [8]}}", "not_one_of", "8 is not allowed here"),
    (
        "{city: {from: cn, hours_on: {fryday: [['08:00', '09:00']]}}}",
        "unknown_key",
        "unknown key fryday, did you mean friday?",
    ),
    ("{city: {from: cn, hours_on: {friday: [['08:00', '09:00']]}}}", "bad_calendar", "write hours as well"),
    ("{city: {years: [{year: 2020}, {year: 2020}]}}", "bad_calendar", "year 2020 is given twice"),
    ("{city: {}}", "bad_calendar", "a calendar needs at least one year of data"),
    ("{city: {from: cn, weekend: [1, 2, 3, 4, 5, 6, 7]}}", "bad_calendar", "leave at least one to work on"),
]


@pytest.mark.parametrize(("written", "code", "sentence"), MISTAKES)
def test_mistakes_are_told_at_their_place(written: str, code: str, sentence: str, tmp_path: Path) -> None:
    findings = [
        each for each in check_book(book_with(f"calendars: {written}", tmp_path)) if each.severity == "error"
    ]
    assert code in {each.code for each in findings}
    assert any(sentence in each.text("en") for each in findings), [each.text("en") for each in findings]
    assert all(each.file == "calendars.yaml" for each in findings)
    assert not any(word in each.zh for each in findings for word in ("year", "calendar needs", "leave"))


def test_what_lies_over_a_malformed_calendar_is_not_told_twice(tmp_path: Path) -> None:
    folder = book_with("calendars: {base: {yaers: []}, city: {from: base}}", tmp_path)
    assert [each.code for each in check_book(folder) if each.severity == "error"] == ["unknown_key"]


def test_an_unknown_default_is_told_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"book.calendar: unknown calendar cty, did you mean city\?"):
        read_book(book_with("calendars: {city: {from: cn}}", tmp_path, calendar="cty"))


def context_of(text: str) -> Context:
    root, _ = read_yaml(text.encode(), "book.yaml")
    assert root is not None
    return Context(data=BookData.model_construct(), root=root)


def test_names_of_calendars_are_checked_against_the_book_and_the_library() -> None:
    context = context_of("calendars: {city: {from: cn}}\nclocks: {due: {calendar: citty}}")
    assert check_calendar(context, ("clocks", "due", "calendar"), None)
    assert check_calendar(context, ("clocks", "due", "calendar"), "cn")
    assert check_calendar(context, ("clocks", "due", "calendar"), "city")
    assert not check_calendar(context, ("clocks", "due", "calendar"), "citty")
    (finding,) = context.findings
    assert finding.text("en") == (
        "book.yaml:2:26: clocks.due.calendar: unknown calendar citty, did you mean city?"
    )
    assert finding.code == "unknown_calendar"


def test_a_clock_names_its_calendar_and_the_library_comes_along(tmp_path: Path) -> None:
    named = """
calendars: {city: {from: cn, weekend: sunday}}
clocks:
  own:
    {label: {zh: 本市, en: City}, of: board, starts: {opened: true}, budget: 5 workdays, calendar: city,
     stops: [filed]}
  plain:
    {label: {zh: 国家, en: Nation}, of: board, starts: {opened: true}, budget: 5 workdays, calendar: cn,
     stops: [filed]}
"""
    folder = book_with(named, tmp_path, calendar="city")
    book = read_book(folder)
    assert list(book.calendars) == ["city", "cn"]
    assert Book.from_canonical(book.canonical).calendars.keys() == book.calendars.keys()
    (folder / "calendars.yaml").write_text(named.replace("calendar: cn", "calendar: cnn"), encoding="utf-8")
    (finding,) = (each for each in check_book(folder) if each.severity == "error")
    assert finding.code == "unknown_calendar"
    assert "clocks.plain.calendar: unknown calendar cnn, did you mean cn?" in finding.text("en")


BROKEN: list[list[dict[str, object]]] = [
    [],
    [{"year": 2020}, {"year": 2022}],
    [{"year": 2020, "of": 1}],
    [{"year": 2020, "worked": ["2021-01-02"]}],
    [{"year": 2020, "provisional": True}, {"year": 2021}],
]


@pytest.mark.parametrize("years", BROKEN)
def test_every_sentence_has_its_chinese(years: list[dict[str, object]]) -> None:
    with pytest.raises(CalendarError) as caught:
        Calendar.of("city", "Asia/Shanghai", years)
    assert in_chinese(str(caught.value)) != str(caught.value)


PARTS = """
calendars:
  england:
    years: [{year: 2026, source: made up, off: [{name: Boxing Day, days: ["2026-12-28"]}]}]
  scotland:
    years: [{year: 2026, source: made up, off: [{name: Second January, days: ["2026-01-02"]}]}]
  country: {from: england, also_off: scotland}
"""


def test_days_off_elsewhere_are_off_here_too(tmp_path: Path) -> None:
    """A day that is a holiday in any part of the country, as in FOIA s.10(6)."""
    book = read_book(book_with(PARTS, tmp_path))
    asked = (date(2026, 1, 2), date(2026, 12, 28), date(2026, 1, 5))
    assert [book.calendar_of("country").is_workday(day) for day in asked] == [False, False, True]
    assert book.calendar_of("england").is_workday(date(2026, 1, 2))


def test_a_part_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = book_with(PARTS.replace("also_off: scotland", "also_off: [scotlnd]"), tmp_path)
    told = [finding.text("en") for finding in check_book(folder) if finding.code == "unknown_calendar"]
    assert any("unknown calendar scotlnd, did you mean scotland" in each for each in told)
