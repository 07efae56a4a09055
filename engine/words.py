"""Texts that people read: placeholders filled in, moments in the office's own zone and language."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import get_args

from engine.book.book import Book
from engine.case import Case, Running
from engine.wake import period_named
from rules.shape import Label
from rules.time.duration import Duration
from rules.time.instant import due_day, format_time
from rules.time.moment import Offset
from rules.time.period import Period, Run
from workflows.language import FieldSpec

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")

Value = object
LONGEST_FRACTION = 6  # of a number that somebody gave


@lru_cache(maxsize=4096)
def say_moment(book: Book, at: datetime, language: str) -> str:
    """`24:00` of the day before rather than midnight: a deadline ends its day."""
    local = at.astimezone(book.zone)
    clock = f"{local:%H:%M}"
    if clock == "00:00":
        local, clock = local - timedelta(days=1), "24:00"
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {clock}"
    return f"{local:%Y-%m-%d} {clock}"


def say_offset(offset: Offset, language: str) -> str:
    """`到期前5个工作日09:00` for `5 workdays before at 09:00`."""
    if language != "zh":
        return str(offset)
    at = format_time(offset.at) if offset.at is not None else ""
    anchor = {"start": "起算", "due": "到期"}[offset.anchor]
    if offset.length is not None and offset.length.unit == "%":
        return f"时限已过{offset.length.amount}%"
    if offset.length is not None:
        side = {"before": "前", "after": "后", "at": ""}[offset.side]
        return f"{anchor}{side}{offset.length.text('zh')}{at}"
    return f"{anchor}时" if offset.day is None else f"「{offset}」"


def say_day(book: Book, at: datetime, language: str) -> str:
    local = at.astimezone(book.zone)
    return f"{local.year}年{local.month}月{local.day}日" if language == "zh" else f"{local:%Y-%m-%d}"


def name_of(book: Book, id: str | None, language: str) -> str:
    """A unit or post as people call it; an id that is neither is shown as it is."""
    return _names(book, language).get(id, id) if id else "—"


@lru_cache(maxsize=16)
def _names(book: Book, language: str) -> Mapping[str, str]:
    outsiders = {role.mail: role for role in book.roles.values() if role.mail is not None}
    named = {**outsiders, **book.posts, **book.units}
    return {id: str(getattr(spec, language)) for id, spec in named.items()}


def say_value(book: Book, value: Value, language: str) -> str:
    match value:
        case str():
            return name_of(book, value, language)
        case bool():
            return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[language]
        case datetime():
            return say_moment(book, value, language)
        case Decimal():
            return say_number(value)
        case tuple() | list():
            said = (say_value(book, each, language) for each in value)
            return ("、" if language == "zh" else ", ").join(said)
        case _:
            return "—" if value is None else str(value)


def say_number(value: Decimal) -> str:
    """Rounded to hundredths where it was divided, but never up or down to a whole number that it is not."""
    places = -int(value.as_tuple().exponent)
    if places > LONGEST_FRACTION:
        for length in range(2, places):
            rounded = round(value, length)
            if rounded != rounded.to_integral_value():
                return f"{rounded.normalize():f}"
    return f"{value.normalize():f}" if value else "0"  # and not -0


def fill(book: Book, text: Label, values: Mapping[str, Value], language: str) -> str:
    """`values` by fact or by the words of a notice: unit, title, due, because, …"""
    literals, names = _parts(text.zh if language == "zh" else text.en)
    pieces = list(literals)
    pieces[1::2] = [say_value(book, values.get(name), language) for name in names]
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _parts(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A text with empty places for its words, at every second position, and these words."""
    pieces = PLACEHOLDER.split(source)
    names = tuple(pieces[1::2])
    pieces[1::2] = [""] * len(names)
    return tuple(pieces), names


def readable(
    book: Book, workflow: str | None, values: Mapping[str, Value], language: str
) -> dict[str, Value]:
    """Facts as people read them: a date is a day and no moment, a closed value its label, a time in words."""
    said = dict(values)
    if workflow is None:
        return said
    if "item.state" in values:
        states = book.workflows[workflow].spec.states
        said["item.state"] = getattr(states[str(values["item.state"])], language)
    for name, spec in _said_otherwise(book, workflow, tuple(values)):
        value = values[name]
        if spec.type == "date" and isinstance(value, datetime):
            said[name] = say_day(book, value, language)
        elif value in spec.one_of:
            said[name] = getattr(spec.one_of[str(value)], language)
        elif spec.type == "duration" and isinstance(value, str):
            said[name] = Duration.parse(value).text(language)
    return said


@lru_cache(maxsize=4096)
def _said_otherwise(book: Book, workflow: str, names: tuple[str, ...]) -> tuple[tuple[str, FieldSpec], ...]:
    """Which of these facts are read otherwise than they are kept, and the fields that say how."""
    found: list[tuple[str, FieldSpec]] = []
    for name in names:
        place, _, key = name.partition(".")
        own = book.workflows[workflow].spec.fields.get(key) if place in ("item", "args") else None
        spec = _of_parents(book, key) if place == "parent" else own
        if spec is not None and (spec.one_of or spec.type in ("date", "duration")):
            found.append((name, spec))
    return tuple(found)


def _of_parents(book: Book, key: str) -> FieldSpec | None:
    """A field of whatever an item belongs to: those that a rule may read are of one type."""
    specs = (each.spec.fields.get(key) for each in book.workflows.values())
    return next((each for each in specs if each is not None), None)


def case_words(book: Book, case: Case, clock: str | None, language: str) -> dict[str, Value]:
    """The words every text about an item may use. `clock`: the one that speaks, else the one it is due by."""
    row = case.row
    due = case.clocks.get(clock or "") or _first_due(book, case)
    states = book.workflows[row.workflow].spec.states
    period = period_named(row.period, row.period_first, row.period_last)
    return {
        "id": row.id,
        "title": row.title,
        "unit": row.unit,
        "owner": row.owner,
        "state": getattr(states[row.state], language),
        "due": due.row.due_at if due else None,
        "period": say_period(period, language) if period else None,
        "workflow": getattr(book.workflows[row.workflow].spec.label, language),
    }


def _first_due(book: Book, case: Case) -> Running | None:
    """What is owed first, of the clocks that still run before those that ended; windows last of all."""

    def order(each: Running) -> tuple[bool, bool, datetime]:
        return book.clocks[each.row.clock].spec.window, not each.live, each.row.due_at

    return min(case.clocks.values(), key=order, default=None)


def last_day_of(book: Book, due: datetime) -> str:
    """The day that a due instant ends or lies in, as a date field keeps it."""
    return due_day(due, book.zone).isoformat()


def _say_period_en(period: Period) -> str:
    first, last = period.first, period.last
    match period.kind:
        case "week":
            year, week, _ = first.isocalendar()
            return f"week {week} of {year}"
        case "quarter":
            return f"quarter {(first.month + 2) // 3} of {first.year}"
        case "half month":
            return f"{'first' if first.day == 1 else 'second'} half of {first:%Y-%m}"
    return f"{first} to {last}" if period.kind in get_args(Run) else period.id


def say_period(period: Period, language: str) -> str:
    first, last = period.first, period.last
    if language == "en":
        return _say_period_en(period)
    if period.kind == "month":
        return f"{first.year}年{first.month}月"
    if period.kind == "quarter":
        return f"{first.year}年第{(first.month + 2) // 3}季度"
    if period.kind == "half month":
        return f"{first.year}年{first.month}月{'上' if first.day == 1 else '下'}半月"
    if period.kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year}年第{week}周（{first.month}月{first.day}日至{last.month}月{last.day}日）"
    return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
