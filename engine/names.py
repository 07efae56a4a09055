"""What only the office can check of an argument: units and posts that are there, days that have come, years
that the calendars know."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.clock_calendar import calendar_of
from rules.language.time import HAPPENED
from rules.time.calendar import Calendar
from rules.time.errors import CalendarGap
from rules.time.instant import local_day
from store.rows import Plain
from workflows.language import FieldSpec
from workflows.machine import Refused

# Of a date that no clock counts from: periods around it still have a next one.
EARLIEST, LATEST = 1000, 9000
# So much may be counted from a date: fields that hold a length hold no longer one, and pauses add to it.
YEARS_LEFT = 10
DATES = ("date", "moment")


def unfit_argument(book: Book, workflow: str, args: Mapping[str, Plain], now: datetime) -> Refused | None:
    """The first argument that names nobody of the book, or a day that has not come."""
    fields = book.workflows[workflow].spec.fields
    for name, value in args.items():
        spec = fields.get(name)
        if spec is None:
            continue
        kind = "unit" if spec.type == "units" else spec.type
        known: Mapping[str, object] = {"unit": book.units, "post": book.posts}.get(kind, {})
        listed = value if isinstance(value, list | tuple) else [value]
        for each in listed if kind in ("unit", "post") else ():
            if isinstance(each, str) and each not in known:
                return _refuse(kind, spec.label.zh, name, each, known)
        if not isinstance(value, str):
            continue
        if kind == "duration" and "business" in value.lower():
            refused = _without_hours(book, workflow, name, spec.label.zh)
            if refused is not None:
                return refused
        if kind in DATES and (refused := _unknown_year(book, workflow, name, spec.label.zh, value)):
            return refused
        if spec.past and (refused := _to_come(book, spec, name, value, now)):
            return refused
    return None


def unfit_date(book: Book, workflow: str, event: str, at: datetime | None) -> Refused | None:
    """The event's own date, where a clock counts from it."""
    counts = (clock.spec.starts for clock in book.clocks_of(workflow))
    if at is None or not any(starts.on == HAPPENED and event in starts.event for starts in counts):
        return None
    return _unknown_year(book, workflow, HAPPENED, "事件日期", at.isoformat())


def _unknown_year(book: Book, workflow: str, name: str, label: str, value: str) -> Refused | None:
    """A year mistyped, most likely: no calendar that counts from this date has it."""
    day = date.fromisoformat(value[:10])
    for clock in book.clocks_of(workflow):
        calendar = calendar_of(book, clock)
        if name in _counted(clock) and not _countable(clock, calendar, day, rolled=name == clock.spec.due):
            return _out_of(label, name, value, (calendar.first.year, calendar.last.year - YEARS_LEFT))
    if EARLIEST <= day.year <= LATEST:
        return None
    return _out_of(label, name, value, (EARLIEST, LATEST))


def _counted(clock: CompiledClock) -> Iterator[str | None]:
    """The dates that its days are counted from, or up to."""
    yield from (clock.spec.due, clock.spec.starts.on)
    yield from (each.field for each in clock.budgets if each.dated)
    for pause in clock.spec.pauses.values():
        yield from (pause.since, pause.back)


def _countable(clock: CompiledClock, calendar: Calendar, day: date, *, rolled: bool) -> bool:
    if not calendar.first <= day or day.year > calendar.last.year - YEARS_LEFT:
        return False
    try:
        calendar.roll(day, clock.roll if rolled else "none")
    except CalendarGap:  # back to before its first workday
        return False
    return True


def _out_of(label: str, name: str, value: str, known: tuple[int, int]) -> Refused:
    first, last = known
    return Refused(
        code="wrong_value",
        zh=f"{label}（{name}）是 {value}，只能在 {first} 至 {last} 年之间：请核对年份",
        en=f"{name} is {value}, the years known are {first} to {last}: check the year",
    )


def _to_come(book: Book, spec: FieldSpec, name: str, value: str, now: datetime) -> Refused | None:
    """A day later than today, or a moment later than now."""
    if spec.type == "moment":
        given, (zh, en) = datetime.fromisoformat(value), ("现在", "it is")
        come = given <= now
        value, present = (f"{at.astimezone(book.zone):%Y-%m-%d %H:%M}" for at in (given, now))
    else:
        present, (zh, en) = local_day(now, book.zone).isoformat(), ("今天", "today is")
        come = value <= present
    if come:
        return None
    return Refused(
        code="wrong_value",
        zh=f"{spec.label.zh}（{name}）是 {value}，还没有到：{zh}是 {present}，事后再登记",
        en=f"{name} is {value}, which has not come: {en} {present}, enter it afterwards",
    )


def _without_hours(book: Book, workflow: str, name: str, label: str) -> Refused | None:
    """A clock that would count these hours in a calendar that has none."""
    for clock in book.clocks_of(workflow):
        agreed = any(each.field == name and not each.dated for each in clock.budgets)
        if agreed and not book.calendar_of(clock.spec.calendar).hours:
            return Refused(
                code="wrong_value",
                zh=f"{label}（{name}）：日历没有办公时间，不能按工作小时计算",
                en=f"{name}: the calendar has no office hours, so none can be counted",
            )
    return None


def _refuse(kind: str, label: str, name: str, value: str, known: Iterable[str]) -> Refused:
    near = get_close_matches(value, list(known), n=1)
    what = {"unit": "单位", "post": "岗位"}[kind]
    return Refused(
        code="wrong_value",
        zh=f"{label}（{name}）：没有{what} {value}" + (f"，是不是 {near[0]}？" if near else ""),
        en=f"{name}: there is no {kind} {value}" + (f", did you mean {near[0]}?" if near else ""),
    )
