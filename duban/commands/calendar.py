"""`duban calendar`: which days count, and how a due date comes about."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from duban.mistakes import FINDINGS, Mistake, unknown
from duban.options import with_session
from duban.output import Listing, as_moment
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from rules.time.calendar import Calendar

BookOf = Annotated[
    str | None, typer.Option("--book", help="规则册;缺省为办公库在用的 / default: the office's own")
]
Name = Annotated[
    str | None, typer.Option("--calendar", help="日历;缺省为规则册的 / default: the book's usual one")
]
Rolls = Literal["none", "back", "forward"]
LIST = ("id", "usual", "where", "first_year", "published_until", "hours")
YEARS = ("year", "workdays", "days_off", "make_up", "half_days", "provisional", "source")
MONTHS = ("month", "workdays", "days_off", "make_up", "half_days")
DAYS = ("day", "weekday", "counts", "count", "why", "source")


def register(app: typer.Typer) -> None:
    calendar = typer.Typer(no_args_is_help=True, help="工作日历 / calendars: list, show, days, add, import")
    calendar.command("list", help="有哪些日历 / the calendars that there are")(with_session(list_calendars))
    calendar.command("show", help="一份日历 / days off, make-up days, hours, sources")(
        with_session(show_calendar)
    )
    calendar.command("days", help="逐日列出是否工作日 / each day, whether it counts and why")(
        with_session(list_days)
    )
    calendar.command("add", help='从某日数起,如 "5 workdays" / count from a day and list how')(
        with_session(add)
    )
    from duban.commands.calendar_import import import_calendar

    calendar.command("import", help="导入别处的日历 / make a calendar from a file or from holidays")(
        with_session(import_calendar)
    )
    app.add_typer(calendar, name="calendar")


def list_calendars(session: Session, book: BookOf = None) -> None:
    from duban.calendars.shown import calendar_row

    found, usual = calendars(session, book)
    rows = [
        calendar_row(each, where.in_(session.language), id == usual) for id, (each, where) in found.items()
    ]
    session.list(Listing(columns=LIST, rows=rows))


def show_calendar(
    session: Session,
    *,
    name: Annotated[
        str | None, typer.Argument(help="标识;缺省为规则册的 / id, the book's own if none")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="某一年,逐月 / one year by months")] = None,
    book: BookOf = None,
) -> None:
    from duban.calendars.shown import calendar_data, month_rows, years_of

    found = named(session, book, name)
    data = calendar_data(found, session.language)
    if year is not None:
        if year not in years_of(found):
            raise outside(found, year)
        data["years"] = [each for each in data["years"] if each["year"] == year]
        data["months"] = [*month_rows(found, year)]
    session.show(data, calendar_parts(session, data))


def calendar_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    joined = session.pick("、", ", ")
    yield f"{data['id']}  {data['zone']}  sha256:{data['digest']}"
    yield session.pick("公布至：", "Published until: ") + str(data["published_until"])
    yield session.pick("周末：", "Week-end: ") + (joined.join(data["weekend"]) or "—")
    yield session.pick("办公时间：", "Office hours: ") + (joined.join(data["hours"]) or "—")
    for weekday, hours in data["hours_on"].items():
        yield f"  {weekday} {joined.join(hours) or '—'}"
    yield Listing(columns=YEARS, rows=data["years"])
    yield Listing(columns=MONTHS, rows=data.get("months", []))
    yield Listing(
        title=session.pick("本机关另定的日子", "Days that the office sets itself"),
        columns=("day", "weekday", "why", "source"),
        rows=data["own"],
    )


def list_days(
    session: Session,
    *,
    first: Annotated[str, typer.Argument(metavar="FROM", help="自(含) / first day, included")],
    last: Annotated[str, typer.Argument(metavar="TO", help="至(含) / last day, included")],
    calendar: Name = None,
    book: BookOf = None,
) -> None:
    from duban.calendars.counted import listed_days
    from duban.calendars.mistakes import refused
    from rules.time.errors import TimeError

    found, begins, ends = named(session, book, calendar), read_day(first), read_day(last)
    if ends < begins:
        raise Mistake(f"{begins} 在 {ends} 之后，起止颠倒", f"{begins} is after {ends}: it runs backwards")
    try:
        rows = listed_days(found, begins, ends, session.language)
    except TimeError as error:
        raise refused(error) from None
    session.list(Listing(columns=DAYS, rows=rows))
    worked = rows[-1]["count"]
    session.note(
        f"{found.id}：{len(rows)} 天，其中 {worked} 个工作日",
        f"{found.id}: {len(rows)} days, {worked} working days",
    )
    if any(row["provisional"] for row in rows):
        warn(session, found)


def add(
    session: Session,
    *,
    start: Annotated[str, typer.Argument(metavar="DATE", help="起算 / 2026-09-28, 2026-09-28 16:00")],
    length: Annotated[str, typer.Argument(help='时长 / such as "5 workdays", "8 business hours"')],
    calendar: Name = None,
    at: Annotated[str, typer.Option("--at", help="截止时刻 / time of day at which it ends")] = "24:00",
    roll: Annotated[Rolls, typer.Option("--roll", help="遇休息日 / off a day of rest")] = "none",
    before: Annotated[bool, typer.Option("--before", help="往前数 / count back")] = False,
    book: BookOf = None,
) -> None:
    from duban.calendars.counted import Sum, sum_data
    from duban.calendars.mistakes import refused
    from rules.time.duration import Duration
    from rules.time.errors import TimeError
    from rules.time.instant import parse_time

    found = named(session, book, calendar)
    try:
        duration = Duration.parse(length)
        begins = read_start(start, in_days=duration.in_days)
        asked = Sum(start=begins, length=duration, at=parse_time(at), roll=roll, before=before)
        data = sum_data(found, asked, session.language)
    except TimeError as error:
        raise refused(error) from None
    session.show(data, sum_parts(session, data))
    if data["provisional"]:
        warn(session, found)


def sum_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    yield Listing(columns=DAYS, rows=data["days"])
    mark = session.pick("（暂定）", " (provisional)") if data["provisional"] else ""
    yield session.pick("到期：", "Due: ") + as_moment(data["due"]) + mark
    if data["due"] != data["nominal"]:
        yield session.pick("顺延之前：", "Before it was moved: ") + as_moment(data["nominal"])


def warn(session: Session, calendar: "Calendar") -> None:
    session.note(
        f"注意：日历 {calendar.id} 只公布到 {calendar.published_until}，之后的日子按星期推算，是暂定的",
        f"note: the calendar {calendar.id} is published until {calendar.published_until}; later days are "
        "reckoned by the weekday and provisional",
    )


def calendars(session: Session, book: str | None) -> "tuple[dict[str, tuple[Calendar, Text]], str]":
    """Those of the book and those of the library, with the id of the usual one."""
    from duban.commands.book import read_or_open
    from engine.book.calendars import library_calendar
    from engine.book.library import calendar_names

    content = read_or_open(session, book)
    inside = Text(f"规则册 {content.info.id}", f"book {content.info.id}")
    found = {id: (each, inside) for id, each in content.calendars.items()}
    for name in calendar_names():
        if name not in found:
            found[name] = (library_calendar(name, content.info.timezone), Text("随附", "library"))
    return found, content.calendar.id


def named(session: Session, book: str | None, name: str | None) -> "Calendar":
    found, usual = calendars(session, book)
    if name is not None and name not in found:
        raise unknown(Text("日历", "calendar"), name, found, "duban calendar list")
    return found[name or usual][0]


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Mistake(
            f"「{text}」不是日期：请写作 2026-09-28", f"{text!r} is no date: write it as 2026-09-28"
        ) from None


def read_start(text: str, *, in_days: bool) -> datetime:
    try:
        start = datetime.fromisoformat(text.strip())
    except ValueError:
        start = None
    if start is None or start.tzinfo is not None:
        raise Mistake(
            f"「{text}」不是日期或时刻：请写作 2026-09-28 或 2026-09-28 16:00",
            f"{text!r} is no day or local time: write it as 2026-09-28 or 2026-09-28 16:00",
        )
    if not in_days and ":" not in text:
        raise Mistake(
            "按小时或分钟计算要写起算时刻，例如 2026-09-28 16:00",
            "hours and minutes count from a time of day: write it as 2026-09-28 16:00",
        )
    return start


def outside(calendar: "Calendar", year: int) -> Mistake:
    first, last = calendar.almanac.first_year, calendar.almanac.last_year
    return Mistake(
        f"日历 {calendar.id} 没有 {year} 年的数据：只有 {first} 至 {last} 年",
        f"the calendar {calendar.id} has no data of {year}: only of {first} to {last}",
        FINDINGS,
    )
