"""The JSON form `holiday-cn`: {"year": 2024, "papers": […], "days": [{"name", "date", "isOffDay"}]}."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from duban.calendars.imported import Days, Imported, Wish, written
from duban.mistakes import FINDINGS, Mistake


@dataclass(frozen=True, kw_only=True)
class File:
    name: str
    year: int
    source: str
    days: Sequence[Any]


def read_holiday_cn(sources: Sequence[tuple[str, bytes]], wish: Wish) -> Imported:
    """One file a year. Days of a neighbouring year that has no file become the office's own days."""
    files = sorted((read_file(name, raw) for name, raw in sources), key=lambda each: each.year)
    files = [each for each in files if not wish.years or each.year in wish.years]
    years = {each.year for each in files}
    remarks, entries, overrides = [], [], []
    strays: dict[int, Days] = {year: Days() for year in years}
    for file in files:
        days = read_days(file)
        remarks += days.remarks
        entries.append((file, days))
        for day in [*days.off, *days.worked]:
            if day.year in years - {file.year}:
                keep(strays[day.year], days, day)
    for file, days in entries:
        own = {*days.off, *days.worked}
        for day in {*strays[file.year].off, *strays[file.year].worked} - own:
            keep(days, strays[file.year], day)
        outside = {day: name for day, name in days.off.items() if day.year not in years}
        worked = [day for day in days.worked if day.year not in years]
        if outside or worked:
            overrides.append({"source": file.source, **written(outside, worked)})
    plain: dict[str, Any] = {"years": [days.year(file.year, file.source) for file, days in entries]}
    return Imported(plain=plain | ({"overrides": overrides} if overrides else {}), remarks=remarks)


def keep(days: Days, other: Days, day: date) -> None:
    mine, theirs = (days.off, other.off) if day in other.off else (days.worked, other.worked)
    mine[day] = theirs[day]


def read_file(name: str, raw: bytes) -> File:
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise Mistake(f"{name} 不是 JSON：{error}", f"{name} is no JSON: {error}", FINDINGS) from None
    year = content.get("year") if isinstance(content, dict) else None
    days = content.get("days") if isinstance(content, dict) else None
    if not isinstance(year, int) or isinstance(year, bool) or not isinstance(days, list):
        raise Mistake(
            f"{name} 不是 holiday-cn 的形式：应有 year 和 days",
            f"{name} is not of the form holiday-cn: it lacks year or days",
            FINDINGS,
        )
    papers = content.get("papers") if isinstance(content.get("papers"), list) else []
    return File(name=name, year=year, source="; ".join(map(str, papers or [f"holiday-cn {year}"])), days=days)


def read_days(file: File) -> Days:
    days = Days()
    for at, each in enumerate(file.days):
        place = f"{file.name}: days[{at}]"
        day, off = (each.get("date"), each.get("isOffDay")) if isinstance(each, dict) else (None, None)
        try:
            found = date.fromisoformat(str(day))
        except ValueError:
            days.refuse(place, f"{day} 不是日期", f"{day} is no date")
            continue
        if not isinstance(off, bool):
            days.refuse(place, "isOffDay 应为 true 或 false", "isOffDay must be true or false")
        elif abs(found.year - file.year) > 1:
            days.refuse(place, f"{found} 不属于 {file.year} 年", f"{found} is not of {file.year}")
        else:
            days.add(found, str(each.get("name") or "—"), worked=not off, place=place)
    return days
