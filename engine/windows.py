"""Windows: what may only be done while one is open, and what is told to those who come early or late."""

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_words import say_since
from engine.desk import Desk
from engine.guards import Forbidden
from engine.words import say_moment

LANGUAGES = ("zh", "en")


def outside(desk: Desk, case: Case, event: str) -> Forbidden | None:
    """Nothing when no window speaks of the event, or one of those that do is open."""
    windows = [spec for spec in desk.book.clocks_of(case.row.workflow) if event in spec.spec.admits]
    if not windows or any(_open(desk, case, spec) for spec in windows):
        return None
    zh, en = (_say(desk.book, case, windows[-1], language) for language in LANGUAGES)
    return Forbidden(rule=windows[-1].id, zh=zh, en=en, code="window")


def _open(desk: Desk, case: Case, spec: CompiledClock) -> bool:
    running = case.clocks.get(spec.id)
    if running is None or running.row.outcome not in ("running", "paused"):
        return False
    return running.row.started_at <= desk.now


def _say(book: Book, case: Case, spec: CompiledClock, language: str) -> str:
    """Which window, and from when to when."""
    label = getattr(spec.spec.label, language)
    basis = spec.spec.basis
    running = case.clocks.get(spec.id)
    zh = language == "zh"
    said = _dates(book, running, language) if running is not None else ("尚未开始" if zh else "has not begun")
    if zh:
        return f"不在{label}内：{said}" + (f"（{basis}）" if basis else "")
    return f"not within {label}: it {said}" + (f" ({basis})" if basis else "")


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
