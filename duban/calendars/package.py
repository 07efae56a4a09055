"""The `holidays` package, frozen for a country and some years with its name and version as the source."""

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import Any

from duban.calendars.imported import Days, Imported, Wish
from duban.mistakes import CANNOT_RUN, Mistake
from rules.time.moment import WEEKDAYS

HALF_DAY = "half_day"
ESTIMATED = "estimated"  # in the English names of days that follow the moon
ENGLISH = "en_US"


def read_package(wish: Wish) -> Imported:
    """Raises Mistake when the package is missing or does not know the country, subdivision or category."""
    package = load()
    if not wish.country or not wish.years:
        raise Mistake(
            "从 holidays 导入要写 --country 和 --years，例如 --country DE --years 2026-2028",
            "to import from holidays give --country and --years, such as --country DE --years 2026-2028",
        )
    days = Days()
    source = f"holidays {version('holidays')}, {wish.country}" + (
        f"-{wish.subdivision}" if wish.subdivision else ""
    )
    guessed, weekends, entries = False, {}, []
    for year in wish.years:
        found = known(package, wish, year)
        if not found.start_year <= year <= found.end_year:
            en = f"holidays knows {wish.country} from {found.start_year} to {found.end_year}"
            raise Mistake(
                f"holidays 只有 {wish.country} {found.start_year} 至 {found.end_year} 年的数据",
                f"{en}, not {year}",
            )
        collect(days, package, found, wish, year)
        guessed = guessed or is_guess(days, package, found, wish, year)
        weekends[year] = weekend_of(found, year)
        entries.append(days.year(year, source, wish.half_until) | ({"provisional": True} if guessed else {}))
    usual = weekends[wish.years[-1]]
    for entry in entries:
        if weekends[entry["year"]] != usual:
            entry["weekend"] = named(weekends[entry["year"]])
    return Imported(plain={"weekend": named(usual), "years": entries}, remarks=days.remarks)


def load() -> Any:
    try:
        import holidays
    except ImportError:
        raise Mistake(
            "没有安装 holidays：请运行 pip install 'duban[calendars]'，或从文件导入",
            "the package holidays is not installed: run pip install 'duban[calendars]', or import a file",
            CANNOT_RUN,
        ) from None
    return holidays


def weekend_of(found: Any, year: int) -> list[int]:
    """ISO weekdays, as they are at the end of the year: countries change them with a year."""
    week = (date(year, 12, day) for day in range(25, 32))
    return sorted(day.isoweekday() for day in week if found.is_weekend(day))


def named(weekend: list[int]) -> list[str]:
    return [WEEKDAYS[number - 1] for number in weekend]


def known(package: Any, wish: Wish, year: int, **changed: Any) -> Any:
    asked = {"subdiv": wish.subdivision, "categories": wish.categories, "language": wish.names} | changed
    try:
        plain = package.country_holidays(wish.country, subdiv=asked["subdiv"])
        # Named in the country's own language: what the machine speaks must not change the file.
        asked["language"] = asked["language"] or plain.default_language
        if asked["language"] and asked["language"] not in (plain.supported_languages or (asked["language"],)):
            raise ValueError(f"language {asked['language']}; known: {', '.join(plain.supported_languages)}")
        return package.country_holidays(wish.country, years=year, expand=False, **asked)
    except (RuntimeError, ValueError) as error:  # what the package does not know is a RuntimeError
        raise Mistake(f"holidays 不认识：{error}", f"holidays does not know this: {error}") from None


def collect(days: Days, package: Any, found: Any, wish: Wish, year: int) -> None:
    place = f"{wish.country} {year}"
    worked = {day for day in found.weekend_workdays if day.year == year}
    for day, name in sorted(found.items()):
        if day not in worked:
            days.add(day, name, worked=False, place=place)
    for day in sorted(worked):
        days.add(day, "make-up day", worked=True, place=place)
    for day, name in half_days(package, found, wish, year):
        if day in days.off or found.is_weekend(day):
            continue
        if wish.half_until:
            days.half[day] = name
        else:
            days.leave_out(
                place,
                f"{day} {name} 是半天：要收入，请用 --half-until 写明下班时刻",
                f"{day} {name} is a half day: to take it, say with --half-until when offices close",
            )


def half_days(package: Any, found: Any, wish: Wish, year: int) -> Iterator[tuple[Any, str]]:
    if HALF_DAY in found.supported_categories and HALF_DAY not in wish.categories:
        yield from sorted(known(package, wish, year, categories=(HALF_DAY,)).items())


def is_guess(days: Days, package: Any, found: Any, wish: Wish, year: int) -> bool:
    """Whether a later announcement may change the year: lunar estimates, make-up days not yet published."""
    place = f"{wish.country} {year}"
    published = max(getattr(found, "special_public_holidays", None) or {0: ()})
    if found.has_substituted_holidays and year > published:
        days.leave_out(
            place,
            f"调休由政府逐年公布，这个版本只到 {published} 年：{year} 年记为暂定",
            f"make-up days are announced year by year, and this version knows them until {published}: "
            f"{year} is marked provisional",
        )
        return True
    english = ENGLISH if ENGLISH in (found.supported_languages or ()) else None
    names = known(package, wish, year, language=english).values() if english else found.values()
    if any(ESTIMATED in name for name in names):
        days.leave_out(
            place,
            f"有按月相推算的日子：{year} 年记为暂定",
            f"some days are estimated by the moon: {year} is marked provisional",
        )
        return True
    return False
