"""The work calendars of a book: of the library or its own, alone or laid over each other, chosen by name."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine.book.calendar_sentences import in_chinese
from engine.book.context import Context
from engine.book.finding import Finding, Path, hint
from engine.book.library import calendar_names, calendar_years
from engine.book.shape import BookData, CalendarSpec, OwnDays, WeekHours
from engine.book.text import Node
from rules.time.calendar import Calendar
from rules.time.errors import TimeError
from rules.time.moment import WEEKDAYS

# Sections whose pieces may say `calendar: <id>`.
NAMING = ("clocks", "dates", "duties", "measures", "rules")
KEPT = 64  # calendars made, for books that are read again and again


@dataclass(frozen=True, kw_only=True)
class CalendarData:
    """All a calendar is made from: kept with the book, so that the book can be made again."""

    id: str
    zone: str
    years: tuple[Any, ...] = ()
    overrides: tuple[Any, ...] = ()
    hours: tuple[Any, ...] = ()
    weekend: tuple[int, ...] = (6, 7)
    hours_on: Mapping[str, Any] | None = None  # by the number of the weekday

    def calendar(self) -> Calendar:
        """Raises TimeError."""
        return Calendar.of(
            self.id,
            self.zone,
            self.years,
            self.overrides,
            hours=self.hours,
            weekend=self.weekend,
            hours_on={int(weekday): pairs for weekday, pairs in (self.hours_on or {}).items()},
        )

    def plain(self) -> dict[str, Any]:
        special = {day: [list(pair) for pair in pairs] for day, pairs in (self.hours_on or {}).items()}
        return {
            "id": self.id,
            "zone": self.zone,
            "years": list(self.years),
            "overrides": list(self.overrides),
            "hours": [list(pair) for pair in self.hours],
            "weekend": list(self.weekend),
            **({"hours_on": special} if special else {}),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "CalendarData":
        parts = {key: tuple(plain[key]) for key in ("years", "overrides", "hours", "weekend")}
        return cls(id=plain["id"], zone=plain["zone"], hours_on=plain.get("hours_on"), **parts)


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """Every calendar that a book has or names; `default` is the one of what names none."""

    default: str
    data: Mapping[str, CalendarData]
    made: Mapping[str, Calendar]
    findings: tuple[Finding, ...] = ()

    @property
    def others(self) -> Mapping[str, CalendarData]:
        return {id: data for id, data in self.data.items() if id != self.default}


def read_calendars(data: BookData, root: Node) -> Calendars:
    """Those written in the book and those of the library that it names, as far as they can be made."""
    default, zone = data.book.calendar, data.book.timezone
    library = {name for _, name in named_calendars(root) if name in calendar_names()}
    found: dict[str, CalendarData] = {}
    made: dict[str, Calendar] = {}
    findings: list[Finding] = []
    for id in dict.fromkeys((default, *data.calendars, *sorted(library))):
        if _malformed(id, data.calendars, root):
            continue  # what is wrong with it is told already
        fault = _unknown(id, data.calendars, root)
        if fault is None:
            found[id] = calendar_data(id, zone, data.calendars)
            calendar, fault = _make(found[id], root, own=id in data.calendars)
            if calendar is not None:
                made[id] = calendar
        if fault is not None:
            findings.append(fault)
    return Calendars(default=default, data=found, made=made, findings=tuple(findings))


def remade(default: CalendarData, others: Mapping[str, CalendarData]) -> Calendars:
    """From the bytes of a book. Raises TimeError, which bytes that were once a book do not."""
    data = {default.id: default, **others}
    made = {id: _calendar(json.dumps(each.plain(), sort_keys=True)) for id, each in data.items()}
    return Calendars(default=default.id, data=data, made=made)


def library_calendar(name: str, zone: str) -> Calendar:
    """One of the library as it is."""
    return _calendar(json.dumps(calendar_data(name, zone, {}).plain(), sort_keys=True))


def check_calendar(context: Context, path: Path, name: str | None) -> bool:
    """Whether the calendar of this name may be used; nothing named means the default. Notes what is wrong."""
    return context.check(path, "calendar", name, {*context.names("calendars"), *calendar_names()})


def check_calendars(context: Context) -> None:
    """Every piece that names a calendar names one that there is."""
    for path, name in named_calendars(context.root):
        check_calendar(context, path, name)


def named_calendars(root: Node) -> Iterator[tuple[Path, str]]:
    """What stands under the key `calendar` of a piece, with its path."""
    sections = root.value if isinstance(root.value, dict) else {}
    for section in NAMING:
        pieces = sections[section].value if section in sections else None
        for id, piece in pieces.items() if isinstance(pieces, dict) else ():
            named = piece.value.get("calendar") if isinstance(piece.value, dict) else None
            if named is not None and isinstance(named.value, str):
                yield (section, id, "calendar"), named.value


def calendar_data(id: str, zone: str, specs: Mapping[str, CalendarSpec]) -> CalendarData:
    """The calendar of that name with all that it lies over, the nearest winning."""
    own, base = _lineage(id, specs)
    years = [node.plain() for node in calendar_years(base)] if base else []
    data = CalendarData(id=id, zone=zone, years=tuple(years))
    for spec in reversed(own):
        data = _overlaid(data, spec)
        for name in spec.also_off:
            data = _with_days_off(data, calendar_data(name, zone, specs))
    return data


def _with_days_off(data: CalendarData, other: CalendarData) -> CalendarData:
    """What is off in the other is off here too, in the years that are written here."""
    years = {entry["year"] for entry in data.years}
    taken = [entry for entry in other.years if entry["year"] in years]
    named = [
        {"source": f"{other.id}: {entry['source']}", "off": entry["off"]}
        for entry in taken
        if entry.get("off")
    ]
    more = [
        {"source": f"{other.id}: {entry['source']}", "off": entry["off"]}
        for entry in other.overrides
        if entry.get("off")
    ]
    return replace(data, overrides=(*named, *more, *data.overrides))


def _lineage(id: str, specs: Mapping[str, CalendarSpec]) -> tuple[list[CalendarSpec], str | None]:
    """The book's own calendars on the way down, nearest first, and the one of the library below them.

    A calendar that takes one of its own name takes the library's.
    """
    own: list[CalendarSpec] = []
    name = id
    while name in specs and len(own) <= len(specs):  # more would be a circle
        own.append(specs[name])
        below = specs[name].from_
        if below is None or below == name:
            return own, below
        name = below
    return own, name


def _overlaid(data: CalendarData, spec: CalendarSpec) -> CalendarData:
    years = {entry["year"]: entry for entry in data.years}
    written = [entry.year for entry in spec.years]
    twice = [entry for at, entry in enumerate(spec.years) if entry.year in written[:at]]
    years |= {entry.year: _plain(entry) for entry in spec.years}
    special = _special(spec.hours_on)
    before = {} if spec.hours else dict(data.hours_on or {})
    return replace(
        data,
        years=(*(years[year] for year in sorted(years)), *map(_plain, twice)),  # refused with its sentence
        overrides=(*data.overrides, *map(_plain, spec.overrides)),
        hours=spec.hours or data.hours,
        weekend=_numbers(spec.weekend) if "weekend" in spec.model_fields_set else data.weekend,
        hours_on={**before, **special} or None,
    )


def _special(hours: WeekHours) -> dict[str, Any]:
    pairs = ((str(number), getattr(hours, name)) for number, name in enumerate(WEEKDAYS, 1))
    return {number: written for number, written in pairs if written is not None}


def _numbers(weekend: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(WEEKDAYS.index(name) + 1 for name in weekend)


def _plain(entry: OwnDays) -> dict[str, Any]:
    plain = entry.model_dump(mode="json", exclude_unset=True)
    if plain.get("weekend") is not None:
        plain["weekend"] = list(_numbers(tuple(plain["weekend"])))
    return plain


def _malformed(id: str, specs: Mapping[str, CalendarSpec], root: Node) -> bool:
    """Written in the book, it or what it lies over, but not as a calendar is."""
    base = _lineage(id, specs)[1]
    section = root.find(("calendars",))
    return base not in specs and section is not root and base in section.keys


def _unknown(id: str, specs: Mapping[str, CalendarSpec], root: Node) -> Finding | None:
    """That the calendar, or what it lies over, is not there or lies over itself."""
    own = specs.get(id)
    wanted = own.from_ if own else id
    path: Path = ("calendars", id, "from") if own else ("book", "calendar")
    known = {*calendar_names(), *(each for each in specs if each != id)}
    place = root.find(path).place
    if wanted is not None and wanted not in known:
        zh, en, near = hint(wanted, known)
        zh, en = f"没有日历 {wanted}{zh}", f"unknown calendar {wanted}{en}"
        return Finding.at(place, "unknown_calendar", path=path, zh=zh, en=en, suggestion=near)
    for at, name in enumerate(own.also_off if own else ()):
        if name not in known or (name in specs and specs[name].also_off):
            zh, en, near = hint(name, known)
            zh, en = f"没有日历 {name}{zh}", f"unknown calendar {name}{en}"
            if name in known:
                zh, en = f"日历 {name} 自己也写了 also_off", f"the calendar {name} has `also_off` itself"
            place = root.find((*path[:2], "also_off", at)).place
            return Finding.at(place, "unknown_calendar", path=path, zh=zh, en=en, suggestion=near)
    if len(_lineage(id, specs)[0]) > len(specs):
        zh, en = f"日历 {id} 绕一圈又以自己为基础", f"the calendar {id} lies over itself: break the circle"
        return Finding.at(place, "calendar_circle", path=path, zh=zh, en=en)
    return None


def _make(data: CalendarData, root: Node, *, own: bool) -> tuple[Calendar | None, Finding | None]:
    """The calendar, or why there is none."""
    try:
        return _calendar(json.dumps(data.plain(), sort_keys=True, default=str)), None
    except (TimeError, KeyError, TypeError, AttributeError) as error:
        path: Path = ("calendars", data.id) if own else ("book", "timezone")
        zh = f"日历不能用：{in_chinese(str(error))}"
        en = f"the calendar cannot be used: {error}"
        return None, Finding.at(root.find(path).place, "bad_calendar", path=path, zh=zh, en=en)


@lru_cache(maxsize=KEPT)
def _calendar(plain: str) -> Calendar:
    return CalendarData.of(json.loads(plain)).calendar()
