"""`duban calendar import`: somebody else's calendar, frozen into a file of our own, whole or not at all."""

import os
import re
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from duban.mistakes import FINDINGS, Mistake
from duban.session import Session

if TYPE_CHECKING:
    from duban.calendars.imported import Imported, Wish

Form = Literal["yaml", "holiday-cn", "ics", "holidays"]
FORMS: dict[str, Form] = {".yaml": "yaml", ".json": "holiday-cn", ".ics": "ics"}
SPAN = re.compile(r"(\d{4})(?:(?:-|\.\.)(\d{4}))?")
ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
MOST_YEARS = 100


def import_calendar(
    session: Session,
    *,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="文件,- 为标准输入 / files, - for stdin")
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--form", help="形式;缺省看扩展名 / by the suffix if left out")
    ] = None,
    country: Annotated[
        str, typer.Option("--country", help="国家代码 / country of holidays, such as DE")
    ] = "",
    subdivision: Annotated[
        str | None, typer.Option("--subdivision", help="地区代码 / subdivision, such as BY")
    ] = None,
    years: Annotated[str, typer.Option("--years", help="年份 / such as 2024-2028")] = "",
    id: Annotated[str | None, typer.Option("--id", help="日历的标识 / id of the calendar")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写入文件 / file to write; else printed")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace a file that exists")] = False,
    worked: Annotated[
        list[str] | None, typer.Option("--worked-word", help="标题含此词者上班(ics) / titles of days worked")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option("--category", help="假日类别(holidays) / such as public, government")
    ] = None,
    names: Annotated[
        str | None, typer.Option("--names", help="假日名称的语言(holidays) / such as en_US")
    ] = None,
    half_until: Annotated[
        str | None, typer.Option("--half-until", help="半天的下班时刻(holidays) / when half holidays close")
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip-refused", help="略过读不懂的 / go on without what is not understood")
    ] = False,
) -> None:
    from duban.calendars.imported import Wish

    if out is not None and out.exists() and not force:
        zh, en = (
            f"{out} 已经存在：换一个名字，或用 --force 覆盖",
            f"{out} exists: choose another name, or --force",
        )
        raise Mistake(zh, en)
    wish = Wish(
        years=read_years(years),
        worked_words=tuple(worked or ()),
        country=country.upper(),
        subdivision=subdivision,
        categories=tuple(category or ("public",)),
        names=names,
        half_until=half_until,
    )
    named = read_id(id, sources or [], wish)
    deliver(
        session,
        frozen(session, form or guessed(sources or [], country), sources, wish=wish, id=named, skip=skip),
        out,
    )


def frozen(
    session: Session, form: Form, sources: list[str] | None, *, wish: "Wish", id: str, skip: bool
) -> str:
    """The text of the calendar. Raises Mistake when something of the source was not understood."""
    from duban.calendars.written import calendar_text

    given = [] if form == "holidays" else [(shown_name(each), read_source(each)) for each in needed(sources)]
    found = read(form, given, wish, id)
    tell(session, found)
    if found.refused and not skip:
        count = len(found.refused)
        raise Mistake(
            f"有 {count} 处读不懂，什么也没有写：请改正，或用 --skip-refused 略过",
            f"{count} not understood, nothing was written: mend them, or go on with --skip-refused",
            FINDINGS,
        )
    check(id, found.plain)
    preface = [
        f"duban calendar import --form {form}",
        *(f"{name} sha256:{digest(raw)}" for name, raw in given),
    ]
    return calendar_text(id, found.plain, preface)


def read_years(text: str) -> tuple[int, ...]:
    if not text:
        return ()
    found = SPAN.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last < first + MOST_YEARS:
        raise Mistake(
            f"--years「{text}」应写作 2026 或 2024-2028，至多 {MOST_YEARS} 年",
            f"--years {text!r} is written as 2026 or 2024-2028, at most {MOST_YEARS} years",
        )
    return tuple(range(first, last + 1))


def guessed(sources: list[str], country: str) -> Form:
    if not sources and country:
        return "holidays"
    kinds = {FORMS.get(Path(each).suffix.lower()) for each in sources}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None:
        raise Mistake(
            "请用 --form 写明形式：yaml、holiday-cn、ics 或 holidays",
            "say the form with --form: yaml, holiday-cn, ics or holidays",
        )
    return kind


def read_id(id: str | None, sources: list[str], wish: "Wish") -> str:
    parts = (
        [wish.country, wish.subdivision or ""] if wish.country else [Path(each).stem for each in sources[:1]]
    )
    made = id or re.sub(r"[^a-z0-9]+", "_", "_".join(filter(None, parts)).lower()).strip("_")
    if not ID.fullmatch(made):
        raise Mistake(
            f"「{made}」不能作标识：请用 --id 写小写字母、数字和下划线，以字母开头",
            f"{made!r} is no id: give one with --id, small letters, digits and _, beginning with a letter",
        )
    return made


def needed(sources: list[str] | None) -> list[str]:
    if not sources:
        raise Mistake("请写出要导入的文件，- 为标准输入", "name the file to import, - for standard input")
    return sources


def shown_name(source: str) -> str:
    return "stdin" if source == "-" else Path(source).name


def read_source(source: str) -> bytes:
    return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()


def read(kind: Form, given: list[tuple[str, bytes]], wish: "Wish", id: str) -> "Imported":
    if kind == "yaml":
        from duban.calendars.own_yaml import read_own

        return read_own(given, wish, id)
    if kind == "holiday-cn":
        from duban.calendars.holiday_cn import read_holiday_cn

        return read_holiday_cn(given, wish)
    if kind == "ics":
        from duban.calendars.ics import read_ics

        return read_ics(given, wish)
    from duban.calendars.package import read_package

    return read_package(wish)


def tell(session: Session, found: "Imported") -> None:
    for remark in found.remarks:
        mark = session.pick("不懂：", "refused: ") if remark.refused else session.pick("说明：", "note: ")
        session.note(*(f"{mark}{remark.place}: {text}" for text in (remark.text.zh, remark.text.en)))
    for year in found.plain.get("years", ()):
        off, worked, half = (len(year.get(key, ())) for key in ("off", "worked", "half"))
        session.note(
            f"{year['year']} 年：放假 {off} 段，上班 {worked} 段，半天 {half} 天",
            f"{year['year']}: {off} runs of days off, {worked} of days worked, {half} half days",
        )


def check(id: str, plain: dict[str, Any]) -> None:
    """That the language and the calendar take it, before anything is written."""
    from pydantic import ValidationError

    from duban.calendars.mistakes import refused
    from engine.book.calendars import calendar_data
    from engine.book.shape import CalendarSpec
    from rules.time.errors import TimeError

    try:
        spec = CalendarSpec.model_validate(plain)
        if spec.from_ is None:  # what it lies over is only known in its book
            calendar_data(id, "UTC", {id: spec}).calendar()
    except TimeError as error:
        raise refused(error) from None
    except ValidationError as error:
        each = error.errors(include_url=False)[0]
        place = ".".join(map(str, each["loc"]))
        raise Mistake(f"{place}：写法不对", f"{place}: {each['msg']}", FINDINGS) from None


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def deliver(session: Session, text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    handle, made = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(made).chmod(0o644)
        Path(made).replace(out)
    except BaseException:  # whatever stopped it: half a calendar helps nobody
        Path(made).unlink(missing_ok=True)
        raise
    session.note(f"已写入 {out}", f"{out} written")
