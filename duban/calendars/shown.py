"""What `duban calendar list` and `show` print: years, months, days off, hours and where it is written."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from duban.calendars.imported import DAY, named_runs, runs
from duban.texts import Language, Text
from rules.time.calendar import Calendar, Reason, Span
from rules.time.instant import format_time

WEEKDAYS = (
    Text("一", "Mon"),
    Text("二", "Tue"),
    Text("三", "Wed"),
    Text("四", "Thu"),
    Text("五", "Fri"),
    Text("六", "Sat"),
    Text("日", "Sun"),
)


def say_weekday(number: int, language: Language) -> str:
    """`周五` for 5."""
    text = WEEKDAYS[number - 1].in_(language)
    return f"周{text}" if language == "zh" else text


def say_hours(spans: Iterable[Span]) -> list[str]:
    return [f"{format_time(start)}–{format_time(end)}" for start, end in spans]


def calendar_row(calendar: Calendar, where: str, usual: bool) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "where": where,
        "usual": usual,
        "first_year": calendar.almanac.first_year,
        "published_until": calendar.published_until,
        "hours": say_hours(calendar.hours),
    }


def calendar_data(calendar: Calendar, language: Language) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "zone": calendar.zone.key,
        "digest": calendar.digest,
        "first_year": calendar.almanac.first_year,
        "published_until": calendar.published_until,
        "weekend": [say_weekday(day, language) for day in sorted(calendar.weekend)],
        "hours": say_hours(calendar.hours),
        "hours_on": {
            say_weekday(day, language): say_hours(spans) for day, spans in calendar.hours_on.items()
        },
        "own": [day_row(reason, language) for reason in own_days(calendar)],
        "years": [year_row(calendar, year) for year in years_of(calendar)],
    }


def years_of(calendar: Calendar) -> range:
    return range(calendar.almanac.first_year, calendar.almanac.last_year + 1)


def own_days(calendar: Calendar) -> Iterator[Reason]:
    """Where the office differs from the published years."""
    return (calendar.reason(day) for day, word in sorted(calendar.almanac.words.items()) if word.own)


def days_of(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def year_row(calendar: Calendar, year: int) -> dict[str, Any]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    reasons = [calendar.reason(day) for day in days_of(first, last)]
    return {
        "year": year,
        "workdays": calendar.workdays(first, last),
        "days_off": sum(each.why == "holiday" for each in reasons),
        "make_up": sum(each.why == "make-up day" for each in reasons),
        "half_days": sum(each.why == "half day" for each in reasons),
        "provisional": not calendar.published(last),
        "source": calendar.almanac.sources.get(year),
    }


def month_rows(calendar: Calendar, year: int) -> Iterator[dict[str, Any]]:
    for month in range(1, 13):
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        reasons = [calendar.reason(day) for day in days_of(first, last)]
        off = {each.day: each.name or "" for each in reasons if each.why == "holiday"}
        yield {
            "month": f"{year}-{month:02d}",
            "workdays": calendar.workdays(first, last),
            "days_off": [f"{', '.join(map(short, spans))} {name}" for name, spans in named_runs(off)],
            "make_up": [short(each) for each in runs(r.day for r in reasons if r.why == "make-up day")],
            "half_days": [half_day(calendar, each) for each in reasons if each.why == "half day"],
        }


def short(run: str) -> str:
    """`10-01..10-07`: the year stands at the month."""
    return "..".join(day[5:] for day in run.split(".."))


def half_day(calendar: Calendar, reason: Reason) -> str:
    return f"{reason.day:%m-%d} {format_time(calendar.almanac.half[reason.day])}"


def day_row(reason: Reason, language: Language) -> dict[str, Any]:
    return {
        "day": reason.day,
        "weekday": say_weekday(reason.day.isoweekday(), language),
        "worked": reason.worked,
        "why": say_reason(reason, language),
        "source": reason.source,
        "own": reason.own,
        "provisional": reason.provisional,
    }


KINDS = {
    "weekday": Text("工作日", "working day"),
    "weekend": Text("周末", "week-end"),
    "holiday": Text("放假", "day off"),
    "make-up day": Text("调休上班", "make-up working day"),
    "half day": Text("半天", "half working day"),
}
OWN = Text("本机关规定", "by the office itself")
PROVISIONAL = Text("暂定：该年日历未公布", "provisional: that year is not published")


def say_reason(reason: Reason, language: Language) -> str:
    parts = [KINDS[reason.why].in_(language)]
    if reason.name:
        parts.append(reason.name)
    if reason.own:
        parts.append(OWN.in_(language))
    if reason.provisional:
        parts.append(PROVISIONAL.in_(language))
    return ("，" if language == "zh" else ", ").join(parts)
