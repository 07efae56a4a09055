"""What an importer has read: days off and worked by year, and what it could not take, with reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from duban.texts import Text

DAY = timedelta(days=1)
WEEKEND = (6, 7)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the reader of a source must know beside it."""

    years: tuple[int, ...] = ()  # none: those of the source
    worked_words: tuple[str, ...] = ()  # a title with one of these is a day worked
    country: str = ""
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)
    names: str | None = None  # language of the names
    half_until: str | None = None  # when half holidays close


@dataclass(frozen=True)
class Remark:
    """Something of the source that is not in the calendar: `refused` because it was not understood."""

    place: str
    text: Text
    refused: bool = True


@dataclass(kw_only=True)
class Imported:
    """A calendar as the language writes it, without its id, and what is to be said about it."""

    plain: dict[str, Any]
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> list[Remark]:
        return [each for each in self.remarks if each.refused]


@dataclass(kw_only=True)
class Days:
    """Collects single days; what is said twice must agree."""

    off: dict[date, str] = field(default_factory=dict)
    worked: dict[date, str] = field(default_factory=dict)
    half: dict[date, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def add(self, day: date, name: str, *, worked: bool, place: str) -> None:
        mine, other = (self.worked, self.off) if worked else (self.off, self.worked)
        if day in other:
            self.refuse(place, f"{day} 既放假又上班", f"{day} is both off and worked")
        elif name not in mine.setdefault(day, name).split("; "):
            mine[day] += f"; {name}"

    def refuse(self, place: str, zh: str, en: str) -> None:
        self.remarks.append(Remark(place, Text(zh, en)))

    def leave_out(self, place: str, zh: str, en: str) -> None:
        self.remarks.append(Remark(place, Text(zh, en), refused=False))

    def year(self, number: int, source: str, half_until: str | None = None) -> dict[str, Any]:
        """One year as the language writes it."""
        off = {day: name for day, name in sorted(self.off.items()) if day.year == number}
        worked = sorted(day for day in self.worked if day.year == number)
        half = sorted(day for day in self.half if day.year == number) if half_until else []
        return {"year": number, "source": source, **written(off, worked, half, half_until)}


def written(
    off: Mapping[date, str], worked: Iterable[date], half: Iterable[date] = (), until: str | None = None
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if off:
        content["off"] = [{"name": name, "days": [*spans]} for name, spans in named_runs(off)]
    if days := [*runs(worked)]:
        content["worked"] = days
    if short := [{"date": day.isoformat(), "until": until} for day in half]:
        content["half"] = short
    return content


def named_runs(off: Mapping[date, str]) -> Iterator[tuple[str, Iterator[str]]]:
    """Days of one name that follow each other, together; the same name later in the year stands again."""
    group: list[date] = []
    for day in sorted(off):
        if group and (day - group[-1] != DAY or off[day] != off[group[-1]]):
            yield off[group[0]], runs(group)
            group = []
        group.append(day)
    if group:
        yield off[group[0]], runs(group)


def runs(days: Iterable[date]) -> Iterator[str]:
    """`2026-10-01..2026-10-07` for seven days on end, single days as they are."""
    first = last = None
    for day in sorted(days):
        if last is not None and day - last == DAY:
            last = day
            continue
        if first is not None and last is not None:
            yield run(first, last)
        first = last = day
    if first is not None and last is not None:
        yield run(first, last)


def run(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first}..{last}"
