"""iCalendar: every all-day VEVENT is a day off, or a day worked when its title says so."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from duban.calendars.ics_recurrence import Unreadable, read_date, read_rule
from duban.calendars.ics_text import Event, Property, read_events
from duban.calendars.imported import Days, Imported, Wish
from duban.mistakes import Mistake

WORKED_WORDS = ("补班", "上班", "(班)", "（班）", "make-up day", "working day")
LONGEST = 366  # days of one event
LENGTH = re.compile(r"P(?:(\d{1,3})W|(\d{1,3})D)")


def read_ics(sources: Sequence[tuple[str, bytes]], wish: Wish) -> Imported:
    """The years are those asked for, else those of the events; each is taken to be complete."""
    events = [(name, event) for name, raw in sources for event in read_events(name, raw)]
    years = wish.years or years_of(event for _, event in events)
    days = Days()
    for name, event in events:
        take(days, event, f"{name}:{event.line}", years, wish.worked_words or WORKED_WORDS)
    source = ", ".join(name for name, _ in sources)
    return Imported(
        plain={"years": [days.year(year, f"iCalendar {source}") for year in years]}, remarks=days.remarks
    )


def years_of(events: Iterator[Event]) -> tuple[int, ...]:
    """From the first to the last year in which something begins that does not recur."""
    found = set()
    for event in events:
        start = event.get("DTSTART")
        if start is not None and start.value[:4].isdecimal() and not event.all("RRULE"):
            found.add(int(start.value[:4]))
    if not found:
        raise Mistake(
            "文件里没有哪一年的事件：请用 --years 写明要哪几年，例如 --years 2026-2028",
            "no event stands in a year of its own: say which years with --years, such as --years 2026-2028",
        )
    return tuple(range(min(found), max(found) + 1))


def take(days: Days, event: Event, place: str, years: Sequence[int], words: Sequence[str]) -> None:
    summary = event.get("SUMMARY")
    name = summary.text if summary and summary.text else "—"
    status = event.get("STATUS")
    if status is not None and status.value.upper() == "CANCELLED":
        days.leave_out(place, f"「{name}」已取消", f"{name!r} is cancelled")
        return
    try:
        found = [*each_day(event, years[-1])]
    except Unreadable as error:
        days.refuse(place, f"「{name}」读不懂：{said(str(error))[0]}", f"{name!r}: {said(str(error))[1]}")
        return
    wanted = [day for day in found if day.year in years]
    if not wanted:
        days.leave_out(place, f"「{name}」不在所要的年份", f"{name!r} is not of the years asked for")
    worked = any(word.lower() in name.lower() for word in words)
    for day in wanted:
        days.add(day, name, worked=worked, place=place)


def each_day(event: Event, last_year: int) -> Iterator[date]:
    """Every day of the event and of its recurrences. Raises Unreadable."""
    start = event.get("DTSTART")
    if start is None:
        raise Unreadable("DTSTART")
    if not start.is_date:
        raise Unreadable(f"time {start.value}")
    for name in ("RDATE", "RECURRENCE-ID", "EXRULE"):
        if event.all(name):
            raise Unreadable(name)
    first = read_date(start.value)
    length = days_long(event, first)
    left_out = {read_date(text) for each in event.all("EXDATE") for text in each.value.split(",")}
    rules = event.all("RRULE")
    if len(rules) > 1:
        raise Unreadable("RRULE RRULE")
    begins = read_rule(rules[0].value, first).dates(last_year) if rules else iter((first,))
    for day in begins:
        if day not in left_out:
            yield from (day + timedelta(days=number) for number in range(length))


def days_long(event: Event, first: date) -> int:
    """DTEND is the day after the last one; some write the same day for a single one."""
    end, duration = event.get("DTEND"), event.get("DURATION")
    if end is not None:
        return (
            bounded(max(1, (read_date(end.value) - first).days), end)
            if read_date(end.value) >= first
            else bad(end)
        )
    if duration is None:
        return 1
    found = LENGTH.fullmatch(duration.value)
    if found is None:
        return bad(duration)
    return bounded(int(found[1]) * 7 if found[1] else int(found[2]), duration)


def bounded(length: int, written: Property) -> int:
    return length if 0 < length <= LONGEST else bad(written)


def bad(written: Property) -> int:
    raise Unreadable(f"{written.name}:{written.value}")


def said(what: str) -> tuple[str, str]:
    if what.startswith("time "):
        return (
            f"有时刻（{what[5:]}），不是全天事件",
            f"it has a time of day ({what[5:]}), only all-day events are days off",
        )
    if "FREQ" in what:
        return (
            f"重复规则 {what}：只能是每年同一天，或某月第几个星期几",
            f"recurrence {what}: only yearly on the same date or the nth weekday of a month is understood",
        )
    return f"{what} 不支持或写法不对", f"{what} is missing, malformed or not supported"
