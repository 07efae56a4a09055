"""Windows: what may only be done while one is open, and what is told to those who come early or late."""

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_words import say_since
from engine.desk import Desk
from engine.guards import Forbidden
from engine.within import Given, within
from engine.words import say_moment

LANGUAGES = ("zh", "en")


def outside(desk: Desk, case: Case, event: str, given: Given) -> Forbidden | None:
    """Nothing when no window speaks of the event, or one of those that do is open, or was on the date that
    counts for it."""
    windows = [
        (spec, each.on)
        for spec in desk.book.clocks_of(case.row.workflow)
        for each in spec.spec.admits
        if each.event == event
    ]
    if not windows or any(_admits(desk, case, spec, on, given) for spec, on in windows):
        return None
    spec, on = windows[-1]
    zh, en = (_say(desk.book, case, spec, on, language) for language in LANGUAGES)
    return Forbidden(rule=spec.id, zh=zh, en=en, code="window")


def may_still(desk: Desk, case: Case, event: str) -> bool:
    """Whether the event is possible at all, whatever date is given with it."""
    dates = (
        each.on
        for spec in desk.book.clocks_of(case.row.workflow)
        for each in spec.spec.admits
        if each.event == event and spec.id in case.clocks
    )
    return any(dates) or outside(desk, case, event, Given()) is None


def _admits(desk: Desk, case: Case, spec: CompiledClock, on: str | None, given: Given) -> bool:
    running = case.clocks.get(spec.id)
    return running is not None and within(desk, running, on, given)


def _say(book: Book, case: Case, spec: CompiledClock, on: str | None, language: str) -> str:
    """Which window, by which date, and from when to when."""
    label = getattr(spec.spec.label, language) + _by(book, case, on, language)
    basis = spec.spec.basis
    running = case.clocks.get(spec.id)
    zh = language == "zh"
    said = _dates(book, running, language) if running is not None else ("尚未开始" if zh else "has not begun")
    if zh:
        return f"不在{label}内：{said}" + (f"（{basis}）" if basis else "")
    return f"not within {label}: it {said}" + (f" ({basis})" if basis else "")


def _by(book: Book, case: Case, on: str | None, language: str) -> str:
    if on is None:
        return ""
    found = book.workflows[case.row.workflow].spec.fields.get(on)
    if language == "zh":
        return f"（以{found.label.zh if found else '事件日期'}为准）"
    return f" (by {found.label.en if found else 'the date of the event'})"


def _dates(book: Book, running: Running, language: str) -> str:
    row, zh = running.row, language == "zh"
    since, until = say_since(book, row.started_at, language), say_moment(book, row.due_at, language)
    ended = say_moment(book, row.ended_at, language) if row.ended_at is not None else ""
    match row.outcome:
        case "lapsed":
            return f"自{since}起，至{until}已届满" if zh else f"ran from {since} to {until} and is over"
        case "met" | "missed":
            return f"自{since}起，已于{ended}结束" if zh else f"ran from {since} and ended {ended}"
        case "cancelled":
            return f"已于{ended}取消" if zh else f"was cancelled {ended}"
    return f"自{since}起，至{until}届满" if zh else f"runs from {since} to {until}"
