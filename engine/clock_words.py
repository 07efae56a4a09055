"""What a clock has to say for itself: since when it counts, how, what has moved its end; and its entries."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import Case
from engine.desk import Desk
from engine.words import say_day, say_moment
from rules.time.clock_state import ClockState, Suspension
from rules.time.instant import local_day
from rules.time.projection import stretches
from store.rows import Entry, Plain

# Counted by a calendar, so that it matters by which one.
BY_CALENDAR = ("workdays", "business hours", "business minutes")
# A clock that begins when another is due waits with it; no cause of the book is named like that.
WAITING = "clock:"
CLOCK: dict[str, Plain] = {"id": "clock", "kind": "system"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is entered about a clock."""

    act: str
    zh: str
    en: str
    ok: bool = True
    more: dict[str, Plain] = field(default_factory=dict)


def enter_clock(desk: Desk, case: Case, spec: CompiledClock, told: Told) -> None:
    case.touched = desk.enter(
        Entry(
            act=told.act,
            actor=CLOCK,
            obj_type="item",
            obj_id=case.row.id,
            why=f"{spec.spec.label.zh}：{told.zh}",
            ok=told.ok,
            sealed=case.row.sealed,
            more={"clock": spec.id, **told.more, "why_en": f"{spec.spec.label.en}: {told.en}"},
        )
    )


def say_due(book: Book, spec: CompiledClock, state: ClockState, language: str) -> str:
    """`2020年10月19日 24:00 到期（自…起20个工作日，…）`."""
    due, history = say_moment(book, state.due, language), say_history(book, spec, state, language)
    return f"{due} 到期（{history}）" if language == "zh" else f"due {due} ({history})"


def say_history(book: Book, spec: CompiledClock, state: ClockState, language: str) -> str:
    """How the end came about: the start and the time, the pauses, the extensions."""
    parts = [_counted(book, spec, state, language), *_moved(book, spec, state, language)]
    return ("，" if language == "zh" else ", ").join(parts)


def _counted(book: Book, spec: CompiledClock, state: ClockState, language: str) -> str:
    zh = language == "zh"
    if state.budget is None:
        name = _dated_by(book, spec, language)
        return f"按“{name}”" if zh else f"as {name} says"
    since = (say_moment if state.ends_day else say_since)(book, state.started, language)
    counted = _by_calendar(book, spec, state, language)
    first = ("，首日计入" if zh else ", the first day counted") if state.first_day else ""
    if state.next_hour and not state.budget.in_days:
        first = "，自下一个整点起" if zh else ", by full hours from the next"
    length = state.budget.text(language)
    return f"自{since}起{length}{counted}{first}" if zh else f"{length} from {since}{counted}{first}"


def _dated_by(book: Book, spec: CompiledClock, language: str) -> str:
    """The field, or the fields of several cases, that say until when."""
    dated = dict.fromkeys(each.field or "" for each in spec.budgets if each.dated)
    names = []
    for name in [spec.spec.due] if spec.spec.due else dated:
        found = (book.workflows[each].spec.fields.get(name) for each in spec.spec.of)
        label = next((each.label for each in found if each is not None), None)
        names.append(str(getattr(label, language)) if label else name)
    return ("”或“" if language == "zh" else " or ").join(names)


def _by_calendar(book: Book, spec: CompiledClock, state: ClockState, language: str) -> str:
    if spec.spec.calendar is None or state.budget is None or state.budget.unit not in BY_CALENDAR:
        return ""
    name = book.calendar_of(spec.spec.calendar).id
    return f"（日历 {name}）" if language == "zh" else f" (calendar {name})"


def _moved(book: Book, spec: CompiledClock, state: ClockState, language: str) -> Iterator[str]:
    zh = language == "zh"
    if state.at_least is not None:
        least = state.at_least.text(language)
        yield f"至少含{least}" if zh else f"at least {least}"
    for each in stretches(state):
        since, until = (say_day(book, at, language) for at in (each.since, each.until))
        cause = cause_of(book, spec, each.cause, language)
        days = stretch_days(book, each)
        yield (
            f"{since}至{until}{cause}不计（{days}天）"
            if zh
            else f"stopped {since} to {until}: {cause} ({days} days)"
        )
    for extension in state.extensions:
        if extension.by is not None:
            yield f"延期{extension.by.text()}" if zh else f"extended by {extension.by}"
        elif extension.to is not None:
            to = say_moment(book, extension.to, language)
            yield f"延期至{to}" if zh else f"extended to {to}"


def stretch_days(book: Book, stretch: Suspension) -> int:
    first, last = (local_day(at, book.zone) for at in (stretch.since, stretch.until))
    return (last - first) // timedelta(days=1)


def waiting(name: str) -> str:
    return f"{WAITING}{name}"


def say_since(book: Book, at: datetime, language: str) -> str:
    """A beginning: midnight is 00:00 of the day that begins, not 24:00 of the one before, as for an end."""
    local = at.astimezone(book.zone)
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def cause_of(book: Book, spec: CompiledClock, cause: str, language: str) -> str:
    """The label of a pause; of one by another clock that clock's; between end and reopening there is none."""
    pause = spec.pauses.get(cause)
    if pause is not None:
        return str(getattr(pause.spec.label, language))
    other = cause.removeprefix(WAITING)
    if other in book.clocks and other != cause:
        return str(getattr(book.clocks[other].spec.label, language))
    return "办结后重新办理前" if language == "zh" else "done until it was reopened"
