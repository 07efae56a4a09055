"""The work calendar of a book: a library calendar, alone or with the office's own hours and days."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.book.finding import Finding, hint
from engine.book.library import calendar_names, calendar_years
from engine.book.shape import CalendarSpec, OwnDays
from engine.book.text import Node
from rules.time.calendar import Calendar
from rules.time.errors import TimeError


@dataclass(frozen=True, kw_only=True)
class CalendarData:
    """All a calendar is made from: kept with the book, so that the book can be made again."""

    id: str
    zone: str
    years: tuple[Any, ...]
    overrides: tuple[Any, ...]
    hours: tuple[Any, ...]
    weekend: tuple[int, ...]

    def calendar(self) -> Calendar:
        """Raises TimeError."""
        return Calendar.of(
            self.id, self.zone, self.years, self.overrides, hours=self.hours, weekend=self.weekend
        )

    def plain(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "zone": self.zone,
            "years": list(self.years),
            "overrides": list(self.overrides),
            "hours": [list(pair) for pair in self.hours],
            "weekend": list(self.weekend),
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "CalendarData":
        parts = {key: tuple(plain[key]) for key in ("years", "overrides", "hours", "weekend")}
        return cls(id=plain["id"], zone=plain["zone"], **parts)


def calendar_data(id: str, zone: str, own: CalendarSpec | None) -> CalendarData:
    spec = own or CalendarSpec.model_validate({"from": id})
    library = [node.plain() for node in calendar_years(spec.from_)] if spec.from_ else []
    return CalendarData(
        id=id,
        zone=zone,
        years=(*library, *map(_plain, spec.years)),
        overrides=tuple(map(_plain, spec.overrides)),
        hours=spec.hours,
        weekend=spec.weekend,
    )


def _plain(entry: OwnDays) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude_unset=True)


def calendar_findings(
    id: str, own: CalendarSpec | None, data: CalendarData, root: Node
) -> tuple[Calendar | None, list[Finding]]:
    """The calendar, or why there is none."""
    wanted = own.from_ if own else id
    path = ("calendars", id, "from") if own else ("book", "calendar")
    if own is None and root.find(("calendars", id)) is not root.find(("calendars",)):
        return None, []  # written, but not well formed: what is wrong with it is told already
    if wanted and wanted not in calendar_names():
        zh, en, near = hint(wanted, calendar_names())
        place = root.find(path).place
        return None, [
            Finding.at(
                place,
                "unknown_calendar",
                path=path,
                zh=f"没有日历 {wanted}{zh}",
                en=f"unknown calendar {wanted}{en}",
                suggestion=near,
            )
        ]
    try:
        return _calendar(json.dumps(data.plain(), sort_keys=True, default=str)), []
    except (TimeError, KeyError, TypeError, AttributeError) as error:
        path = ("calendars", id) if own else ("book", "timezone")
        place = root.find(path).place
        return None, [
            Finding.at(
                place,
                "bad_calendar",
                path=path,
                zh=f"日历不能用：{error}",
                en=f"the calendar cannot be used: {error}",
            )
        ]


@lru_cache(maxsize=8)
def _calendar(plain: str) -> Calendar:
    return CalendarData.of(json.loads(plain)).calendar()
