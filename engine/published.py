"""What has been published of a measure about a period stays as it was, whatever is corrected afterwards."""

import json
from collections.abc import Mapping
from typing import cast

from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.desk import Desk
from engine.questions import Asked, read_answer
from engine.words import say_value
from rules.cel import Kind
from rules.time.period import Period

PUBLISHED = "measure.publish"
Value = object
Values = Mapping[str, str]  # by whom it is of, as text


def place_of(measure: str, period: Period) -> str:
    """Under which name the log holds it."""
    return f"{measure}|{period.id}"


def keep(desk: Desk, measure: str, period: Period, values: Values) -> None:
    """What a desk has read of the log, or has just entered."""
    desk.kept[(PUBLISHED, place_of(measure, period))] = ((), values)


def published(desk: Desk, found: CompiledMeasure, asked: Asked) -> Values | None:
    """Of everybody; None where nothing was published about that period."""
    if found.spec.fixed_by is None or asked.period is None:
        return None
    key = (PUBLISHED, place_of(found.id, asked.period))
    if key not in desk.kept:
        newest = desk.tx.list_audit(obj=key[1], act=PUBLISHED, limit=1)
        desk.kept[key] = ((), json.loads(newest[0].rec)["values"] if newest else None)
    return cast(Values | None, desk.kept[key][1])


def write_value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read_value(book: Book, kind: Kind, text: str) -> Value:
    return int(text) if kind is Kind.INT else read_answer(book, kind, text)


def say_kept(book: Book, kept: Value, now: Value) -> tuple[str, str]:
    """That it is as published, and what it would be by the figures of today, where that differs."""
    if kept == now:
        return "以公布的为准", "as it was published"
    zh, en = (_said(book, now, language) for language in ("zh", "en"))
    return f"以公布的为准，按更正后的数字为 {zh}", f"as it was published; {en} by the figures as corrected"


def _said(book: Book, value: Value, language: str) -> str:
    if value is None:
        return "未知" if language == "zh" else "not known"
    return say_value(book, value, language)
