"""Calendars of other makers: what is read, what is refused and why, and that nothing is half written."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from duban.calendars.ics_recurrence import Unreadable, read_rule
from duban.calendars.imported import Days
from engine.book.calendars import calendar_data
from engine.book.shape import CalendarSpec
from engine.book.text import read_yaml
from rules.time.calendar import Calendar
from tests.duban.conftest import Duban

CN_2024 = {
    "year": 2024,
    "papers": ["https://example.org/notice"],
    "days": [
        {"name": "元旦", "date": "2024-01-01", "isOffDay": True},
        *({"name": "春节", "date": f"2024-02-{day}", "isOffDay": True} for day in range(10, 18)),
        {"name": "春节", "date": "2024-02-04", "isOffDay": False},
        {"name": "春节", "date": "2024-02-18", "isOffDay": False},
    ],
}
ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20241001
DTEND;VALUE=DATE:20241008
SUMMARY:国庆节\\, 假期
BEGIN:VALARM
TRIGGER:-PT9H
DTSTART:20000101T000000Z
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20241012
SUMMARY:国庆节 补班
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID="Asia/Shanghai";VALUE=DATE:20200101
RRULE:FREQ=YEARLY;UNTIL=20250101
SUMMARY:元
 旦
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20241225
STATUS:CANCELLED
SUMMARY:cancelled
END:VEVENT
END:VCALENDAR
"""


def calendar_of(text: str) -> Calendar:
    root, findings = read_yaml(text.encode(), "made.yaml")
    assert root is not None
    assert findings == ()
    ((id, plain),) = root.plain()["calendars"].items()
    return calendar_data(id, "Asia/Shanghai", {id: CalendarSpec.model_validate(plain)}).calendar()


def off(calendar: Calendar, year: int) -> list[str]:
    return [day.isoformat() for day in sorted(calendar.almanac.off) if day.year == year]


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_holiday_cn(duban: Duban) -> None:
    said = duban("calendar", "import", write("2024.json", json.dumps(CN_2024)), "--id", "cn_new")
    assert said.code == 0, said.err
    calendar = calendar_of(said.out)
    assert len(off(calendar, 2024)) == 9
    assert calendar.is_workday(date(2024, 2, 18))
    assert calendar.reason(date(2024, 2, 10)).source == "https://example.org/notice"
    assert '{name: "春节", days: ["2024-02-10..2024-02-17"]}' in said.out


def test_days_of_a_neighbouring_year_are_kept_without_claiming_that_year(duban: Duban) -> None:
    eve = {"name": "元旦", "date": "2023-12-30", "isOffDay": True}
    write("2024.json", json.dumps(CN_2024 | {"days": [eve, *CN_2024["days"]]}))  # type: ignore[misc]
    said = duban("calendar", "import", "2024.json", "--id", "c")
    assert said.code == 1, "2023 has no data, so its days cannot be judged"
    assert "lies outside the calendar" in said.err
    write("2023.json", json.dumps({"year": 2023, "papers": [], "days": []}))
    both = duban("calendar", "import", "2023.json", "2024.json", "--form", "holiday-cn", "--id", "c")
    assert off(calendar_of(both.out), 2023) == ["2023-12-30"]


def test_holiday_cn_refuses_what_it_does_not_understand(duban: Duban) -> None:
    bad = [
        {"name": "x", "date": "soon", "isOffDay": True},
        {"name": "y", "date": "2024-05-01", "isOffDay": "no"},
    ]
    write("bad.json", json.dumps({"year": 2024, "days": bad}))
    said = duban("calendar", "import", "bad.json", "--id", "c", "--out", "made.yaml")
    assert said.code == 1
    assert "bad.json: days[0]: soon is no date" in said.err
    assert "bad.json: days[1]: isOffDay must be true or false" in said.err
    assert not Path("made.yaml").exists()
    went_on = duban("calendar", "import", "bad.json", "--id", "c", "--out", "made.yaml", "--skip-refused")
    assert went_on.code == 0
    assert off(calendar_of(Path("made.yaml").read_text(encoding="utf-8")), 2024) == []


def test_icalendar(duban: Duban) -> None:
    said = duban("calendar", "import", write("days.ics", ICS), "--id", "c")
    assert said.code == 0, said.err
    calendar = calendar_of(said.out)
    assert off(calendar, 2024) == ["2024-01-01", *(f"2024-10-0{day}" for day in range(1, 8))]
    assert calendar.holiday(date(2024, 10, 1)) == "国庆节, 假期"
    assert calendar.holiday(date(2024, 1, 1)) == "元旦"
    assert calendar.is_workday(date(2024, 10, 12))
    assert "days.ics:22: 'cancelled' is cancelled" in said.err


def test_icalendar_recurs_over_the_years_asked_for(duban: Duban) -> None:
    said = duban("calendar", "import", write("days.ics", ICS), "--id", "c", "--years", "2024-2026")
    calendar = calendar_of(said.out)
    assert [off(calendar, year) for year in (2025, 2026)] == [["2025-01-01"], []], "UNTIL is the last one"


def test_a_fold_may_cut_a_sign_in_two(duban: Duban) -> None:
    raw = ICS.replace("元\n 旦", "元旦").encode()
    at = raw.index("元旦".encode()) + 1
    Path("days.ics").write_bytes((raw[:at] + b"\n " + raw[at:]).replace(b"\n", b"\r\n"))
    assert duban("calendar", "import", "days.ics", "--id", "c").out.count("元旦") == 1


REFUSED = [
    ("DTSTART:20240501T090000Z", "it has a time of day (20240501T090000Z)"),
    ("DTSTART;VALUE=DATE:20240501\nRRULE:FREQ=WEEKLY", "recurrence FREQ=WEEKLY: only yearly"),
    ("DTSTART;VALUE=DATE:20240501\nRRULE:FREQ=YEARLY;BYYEARDAY=100", "only yearly"),
    (
        "DTSTART;VALUE=DATE:20240501\nRDATE;VALUE=DATE:20240601",
        "RDATE is missing, malformed or not supported",
    ),
    ("DTSTART;VALUE=DATE:20241301", "20241301 is missing, malformed"),
    ("DTSTART;VALUE=DATE:20240501\nDTEND;VALUE=DATE:20240401", "DTEND:20240401"),
    ("DTSTART;VALUE=DATE:20240501\nDURATION:PT24H", "DURATION:PT24H"),
    ("SUMMARY:nothing", "DTSTART is missing"),
]


@pytest.mark.parametrize(("event", "reason"), REFUSED)
def test_events_that_are_not_understood_are_refused_with_their_line(
    event: str, reason: str, duban: Duban
) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    said = duban(
        "calendar", "import", write("x.ics", text), "--id", "c", "--years", "2024", "--out", "o.yaml"
    )
    assert said.code == 1
    assert "refused: x.ics:2: " in said.err
    assert reason in said.err
    assert not Path("o.yaml").exists()


BROKEN = [
    ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "x.ics: is cut short: END:VEVENT is missing"),
    ("hello\n", "x.ics:1: is no line of iCalendar"),
    ("SUMMARY:x\n", "x.ics:1: does not begin with BEGIN:VCALENDAR"),
    ("BEGIN:VCALENDAR\nEND:VEVENT\n", "x.ics:2: END:VEVENT ends nothing"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_files_that_are_no_icalendar(text: str, reason: str, duban: Duban) -> None:
    said = duban("calendar", "import", write("x.ics", text), "--id", "c", "--years", "2024")
    assert (said.code, reason in said.err) == (1, True)


RULES = [
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2024-11-28", ["2024-11-28", "2025-11-27", "2026-11-26"]),
    ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "2024-05-27", ["2024-05-27", "2025-05-26", "2026-05-25"]),
    ("FREQ=YEARLY;INTERVAL=2", "2024-03-01", ["2024-03-01", "2026-03-01"]),
    ("FREQ=YEARLY;COUNT=2", "2024-03-01", ["2024-03-01", "2025-03-01"]),
    ("FREQ=YEARLY", "2024-02-29", ["2024-02-29"]),
]


@pytest.mark.parametrize(("rule", "first", "days"), RULES)
def test_yearly_recurrences(rule: str, first: str, days: list[str]) -> None:
    assert [str(day) for day in read_rule(rule, date.fromisoformat(first)).dates(2026)] == days


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=YEARLY;BYMONTH=3", "FREQ=YEARLY;BYDAY=MO", "FREQ=YEARLY;COUNT=-1", "", "x"]
)
def test_other_recurrences_are_not_understood(rule: str) -> None:
    with pytest.raises(Unreadable):
        read_rule(rule, date(2024, 5, 1))


def test_our_own_yaml_is_checked_line_by_line(duban: Duban) -> None:
    year = write("2027.yaml", "year: 2027\nsource: x\noff:\n  - {name: 元旦, days: ['2027-01-01']}\n")
    said = duban("calendar", "import", year, "--id", "c")
    assert off(calendar_of(said.out), 2027) == ["2027-01-01"]
    wrong = write("wrong.yaml", "year: 2027\nsource: x\nof:\n  - {name: 元旦, days: ['2027-01-01']}\n")
    refused = duban("calendar", "import", wrong, "--id", "c", "--out", "o.yaml")
    assert refused.code == 1
    assert "wrong.yaml:3:1: " in refused.err
    assert "unknown key of, did you mean off?" in refused.err
    assert not Path("o.yaml").exists()


def test_what_is_exported_can_be_imported_again(duban: Duban) -> None:
    first = duban("calendar", "import", write("days.ics", ICS), "--id", "c", "--out", "c.yaml")
    assert first.code == 0, first.err
    again = duban("calendar", "import", "c.yaml", "--id", "c")
    made = Path("c.yaml").read_text(encoding="utf-8")
    assert again.out.partition("calendars:")[2] == made.partition("calendars:")[2]
    assert calendar_of(again.out).digest == calendar_of(made).digest


def test_nothing_is_overwritten_without_being_told_to(duban: Duban) -> None:
    write("o.yaml", "mine")
    source = write("days.ics", ICS)
    assert "o.yaml exists" in duban("calendar", "import", source, "--id", "c", "--out", "o.yaml").err
    assert Path("o.yaml").read_text(encoding="utf-8") == "mine"
    assert duban("calendar", "import", source, "--id", "c", "--out", "o.yaml", "--force").code == 0
    assert sorted(path.name for path in Path().iterdir()) == ["days.ics", "o.yaml"]


def test_texts_of_a_source_stay_texts(duban: Duban) -> None:
    names = ["true", "a: b", "#x", "'", '"', "null", "[", "- y", "2024", "O'Neill \\ z"]
    days = [{"name": name, "date": f"2024-05-{at:02d}", "isOffDay": True} for at, name in enumerate(names, 1)]
    said = duban("calendar", "import", write("n.json", json.dumps({"year": 2024, "days": days})), "--id", "c")
    calendar = calendar_of(said.out)
    assert [calendar.holiday(date(2024, 5, at)) for at in range(1, 11)] == names


def test_holidays_are_frozen_with_the_version_of_the_package(duban: Duban) -> None:
    holidays = pytest.importorskip("holidays", reason="the extra `calendars` is not installed")
    said = duban("calendar", "import", "--country", "DE", "--subdivision", "BY", "--years", "2024-2028")
    assert said.code == 0, said.err
    calendar, there = (
        calendar_of(said.out),
        holidays.country_holidays("DE", subdiv="BY", years=range(2024, 2029)),
    )
    assert [date.fromisoformat(day) for year in range(2024, 2029) for day in off(calendar, year)] == sorted(
        there
    )
    assert calendar.reason(date(2024, 1, 6)).name == "Heilige Drei Könige"
    assert f"holidays {holidays.__version__}, DE-BY" == calendar.almanac.sources[2024]
    assert calendar.published_until == date(2028, 12, 31)
    assert calendar.id == "de_by"


def test_years_whose_make_up_days_are_not_announced_are_provisional(duban: Duban) -> None:
    pytest.importorskip("holidays", reason="the extra `calendars` is not installed")
    said = duban("calendar", "import", "--country", "CN", "--years", "2026-2027", "--half-until", "12:00")
    calendar = calendar_of(said.out)
    assert calendar.published_until == date(2026, 12, 31)
    assert "2027 is marked provisional" in said.err
    assert calendar.is_workday(date(2026, 10, 10))


def test_weekends_change_with_the_year(duban: Duban) -> None:
    pytest.importorskip("holidays", reason="the extra `calendars` is not installed")
    calendar = calendar_of(duban("calendar", "import", "--country", "AE", "--years", "2021-2022").out)
    assert [calendar.is_workday(date(2021, 6, day)) for day in (4, 5, 6)] == [False, False, True]
    assert [calendar.is_workday(date(2022, 6, day)) for day in (3, 4, 5)] == [True, False, False]


def test_unknown_countries_and_missing_years_are_told(duban: Duban) -> None:
    pytest.importorskip("holidays", reason="the extra `calendars` is not installed")
    assert (
        "does not have subdivision XX"
        in duban("calendar", "import", "--country", "DE", "--subdivision", "XX", "--years", "2024").err
    )
    assert "give --country and --years" in duban("calendar", "import", "--country", "DE").err
    assert "at most 100 years" in duban("calendar", "import", "--country", "DE", "--years", "2024-1999").err


def test_without_the_package_it_says_how_to_install_it(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    said = duban("calendar", "import", "--country", "DE", "--years", "2024")
    assert said.code == 3
    assert "pip install 'duban[calendars]'" in said.err
    assert (
        "没有安装 holidays"
        in duban("calendar", "import", "--country", "DE", "--years", "2024", "--lang", "zh").err
    )


def test_two_holidays_on_one_day_are_one_day_with_both_names() -> None:
    days = Days()
    for name in ("Gandhi Jayanti", "Dussehra", "Dussehra"):
        days.add(date(2025, 10, 2), name, worked=False, place="made up")
    assert days.off == {date(2025, 10, 2): "Gandhi Jayanti; Dussehra"}
