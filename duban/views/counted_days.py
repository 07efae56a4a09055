"""How a due date was counted: every stretch of days or hours, whether it counted, and if not why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from duban.texts import Language
from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.clock_calendar import calendar_of
from engine.clock_words import cause_of
from engine.words import say_moment
from rules.time.calendar import Calendar
from rules.time.clock_state import ClockState, Suspension
from rules.time.duration import BUSINESS_MINUTES, Unit
from rules.time.instant import due_day, local, local_day
from rules.time.projection import counted_start, project, stretches

Data = dict[str, Any]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
START = ("起算日", "the day of the start")
MADE_UP = ("调休上班", "a make-up day")
HALF = ("半天", "a half day")
ROLLED = ("顺延", "moved off a day of rest")


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    counts: bool
    why: str
    worked: bool = False  # counted as a workday


@dataclass(frozen=True, kw_only=True)
class Count:
    """One clock whose end is told."""

    book: Book
    spec: CompiledClock
    state: ClockState
    language: Language

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.book, self.spec)

    def rows(self) -> list[Data]:
        """Stretches in order of time; empty where nothing was counted because a date was given."""
        budget = self.state.budget
        if budget is None:
            return []
        if budget.unit in BUSINESS_MINUTES:
            return [*self._hours()]
        if not budget.in_days:
            return [*self._passing()]
        grouped = groupby(self._days(), key=lambda each: (each.counts, each.why, each.worked))
        return [self._row([*days], counts, why) for (counts, why, _), days in grouped]

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    # ------------------------------------------------------------ days

    def _row(self, days: list[Day], counts: bool, why: str) -> Data:
        first, last = days[0].day, days[-1].day
        count = len(days) if counts else 0
        return {
            "from": first,
            "until": last,
            "count": count,
            "why": why,
            "said": self._said(days, counts, why),
        }

    def _said(self, days: list[Day], counts: bool, why: str) -> str:
        span = say_span(days[0].day, days[-1].day, self.language)
        named = f" {why}" if why else ""
        if counts:
            zh, en = ("个工作日", "workday") if days[0].worked else ("天", "day")
            plural = "s" if len(days) > 1 else ""
            return self.pick(f"{span}{named} 计{len(days)}{zh}", f"{span}{named}: {len(days)} {en}{plural}")
        return self.pick(f"{span}{named} 不计", f"{span}{named}: not counted")

    def _days(self) -> Iterator[Day]:
        """From the start to the end. The day of a pause is used up, the day of resuming not counted."""
        zone = self.calendar.zone
        first = local_day(counted_start(self.state, self.calendar), zone)
        nominal, last = due_day(self.state.nominal, zone), due_day(self.state.due, zone)
        if not self.state.first_day:
            yield Day(day=first, counts=False, why=self.pick(*START))
            first += DAY
        units = [*self._units()]
        for number in range((max(nominal, last) - first).days + 1):
            day = first + number * DAY
            yield self._day(day, nominal, next(unit for until, unit in units if day <= until))

    def _units(self) -> Iterator[tuple[date, Unit]]:
        """Until which day what is counted: an extension may be counted in other units."""
        zone, state = self.calendar.zone, self.state
        assert state.budget is not None
        unit: Unit = state.budget.unit
        for place, extension in enumerate(state.extensions):
            before = project(replace(state, extensions=state.extensions[:place]), self.calendar)
            yield due_day(before.nominal, zone), unit
            unit = extension.by.unit if extension.by is not None else "days"
        yield date.max, unit

    def _day(self, day: date, nominal: date, unit: Unit) -> Day:
        stretch = self._stretch(day)
        if stretch is not None:
            cause = cause_of(self.book, self.spec, stretch.cause, self.language)
            return Day(day=day, counts=False, why=cause)
        if day > nominal:
            return Day(day=day, counts=False, why=self._moved(day))
        reason = self.calendar.reason(day)
        if unit != "workdays":
            return Day(day=day, counts=True, why="")
        if not reason.worked:
            return Day(day=day, counts=False, why=reason.name or self.pick("休息日", "days of rest"))
        special = {"make-up day": MADE_UP, "half day": HALF}.get(reason.why, ("", ""))
        return Day(day=day, counts=True, why=self.pick(*special), worked=True)

    def _moved(self, day: date) -> str:
        """Off a day of rest, or further on so that enough days are in it."""
        state, least = self.state, self.state.at_least
        if least is not None:
            rolled = project(replace(state, at_least=None), self.calendar)
            if day > due_day(rolled.due, self.calendar.zone):
                return self.pick(f"至少含{least.text()}", f"at least {least}")
        return self.pick(*ROLLED)

    def _stretch(self, day: date) -> Suspension | None:
        zone = self.calendar.zone
        return next(
            (
                each
                for each in stretches(self.state)
                if local_day(each.since, zone) < day <= local_day(each.until, zone)
            ),
            None,
        )

    # ------------------------------------------------------------ hours

    def _hours(self) -> Iterator[Data]:
        """The opening hours of each day between start and end, less what a pause took."""
        zone = self.calendar.zone
        begins = counted_start(self.state, self.calendar)
        first, last = local(begins, zone), local(self.state.nominal, zone)
        day = first.date()
        while day <= last.date():
            for opens, closes in self.calendar.opening(day):
                midnight = datetime.combine(day, time())
                since, until = max(first, midnight + opens * MINUTE), min(last, midnight + closes * MINUTE)
                if since < until:
                    yield from self._open(since, until)
            day += DAY

    def _open(self, since: datetime, until: datetime) -> Iterator[Data]:
        zone = self.calendar.zone
        for each in stretches(self.state):
            begins, ends = max(local(each.since, zone), since), min(local(each.until, zone), until)
            if begins < ends:
                if since < begins:
                    yield self._interval(since, begins, "")
                yield self._interval(begins, ends, cause_of(self.book, self.spec, each.cause, self.language))
                since = ends
        if since < until:
            yield self._interval(since, until, "")

    def _interval(self, since: datetime, until: datetime, cause: str) -> Data:
        minutes = (until - since) // MINUTE
        span = f"{say_span(since.date(), since.date(), self.language)} {since:%H:%M}–{until:%H:%M}"
        said = self.pick(f"{span} {cause} 不计", f"{span} {cause}: not counted") if cause else None
        length = f"{minutes // 60}{self.pick('小时', ' h')}" + (
            f"{minutes % 60}{self.pick('分钟', ' min')}" if minutes % 60 else ""
        )
        counted = self.pick(f"{span} 计{length}", f"{span}: {length}")
        return {
            "from": since.replace(tzinfo=self.calendar.zone),
            "until": until.replace(tzinfo=self.calendar.zone),
            "count": 0 if cause else minutes,
            "why": cause,
            "said": said or counted,
        }

    def _passing(self) -> Iterator[Data]:
        """Hours that pass, day and night."""
        begins = counted_start(self.state, self.calendar)
        since, until = (say_moment(self.book, at, self.language) for at in (begins, self.state.nominal))
        said = self.pick(f"{since} 至 {until} 昼夜连续计算", f"{since} to {until}, day and night")
        minutes = (self.state.nominal - begins) // MINUTE
        for each in stretches(self.state):
            minutes -= (each.until - each.since) // MINUTE
        yield {
            "from": begins.astimezone(self.calendar.zone),
            "until": self.state.nominal.astimezone(self.calendar.zone),
            "count": minutes,
            "why": "",
            "said": said,
        }


def say_span(first: date, last: date, language: Language) -> str:
    """`10月1日至8日`; in English whole dates."""
    if language == "en":
        return f"{first}" if first == last else f"{first} to {last}"
    begins = f"{first.month}月{first.day}日"
    if first == last:
        return begins
    if first.year != last.year:
        return f"{first.year}年{begins}至{last.year}年{last.month}月{last.day}日"
    return f"{begins}至{last.day}日" if first.month == last.month else f"{begins}至{last.month}月{last.day}日"
