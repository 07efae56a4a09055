"""Known rows to write: change what a test is about, leave the rest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store.rows import Batch, ClockRow, Entry, EventRow, FiringRow, ItemRow, NoticeRow

NOW = datetime(2020, 8, 4, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(obj_id: str = "I-1", act: str = "item.move", **more: Any) -> Entry:
    given: dict[str, Any] = {
        "act": act,
        "actor": {"id": "zhang.san", "kind": "person"},
        "obj_type": "item",
        "obj_id": obj_id,
        "why": "张三登记",
        "facts": {"state": "handling", "days": 3},
    }
    return Entry(**{**given, **more})


def item(id: str = "I-1", **more: Any) -> ItemRow:
    given: dict[str, Any] = {
        "workflow": "issue",
        "state": "handling",
        "title": "老旧小区改造",
        "unit": "housing",
        "owner": None,
        "parent": None,
        "fields": "{}",
        "light": "green",
        "sealed": False,
        "duty": None,
        "rule": None,
        "period": None,
        "period_first": None,
        "period_last": None,
        "opened_at": NOW,
        "opened_by": "zhang.san",
        "closed_at": None,
        "book": "sha256:00",
        "rev": 1,
        "wake_at": NOW,
        "entry": 0,
    }
    return ItemRow(id=id, **{**given, **more})


def clock(item: str = "I-1", **more: Any) -> ClockRow:
    given: dict[str, Any] = {
        "clock": "answer",
        "state": "{}",
        "started_at": NOW,
        "due_at": NOW + DAY,
        "outcome": "running",
        "missed_at": None,
        "ended_at": None,
        "provisional": False,
        "spoken": "{}",
        "entry": 0,
    }
    return ClockRow(item=item, **{**given, **more})


def event(item: str = "I-1", name: str = "answer", **more: Any) -> EventRow:
    given: dict[str, Any] = {
        "at": NOW,
        "learnt_at": NOW,
        "by": "zhang.san",
        "args": "{}",
        "before": "handling",
        "after": "answered",
        "entry": 0,
    }
    return EventRow(item=item, name=name, **{**given, **more})


def firing(subject: str = "item:I-1", occasion: str = "2020-08-05|T-1", **more: Any) -> FiringRow:
    given: dict[str, Any] = {
        "rule": "reminder",
        "at": NOW,
        "outcome": "acted",
        "because": "离期限1天",
        "entry": 0,
    }
    return FiringRow(subject=subject, occasion=occasion, **{**given, **more})


def notice(item: str | None = "I-1", **more: Any) -> NoticeRow:
    given: dict[str, Any] = {
        "entry": 0,
        "rule": "reminder",
        "kind": "remind",
        "recipient": "housing.liaison",
        "name": "张三",
        "address": "zhang@example.org",
        "channel": "mail",
        "formal": False,
        "subject": "提醒",
        "body": "请按时办结。",
        "created_at": NOW,
        "next_at": NOW,
    }
    return NoticeRow(item=item, **{**given, **more})


def opening(*items: ItemRow) -> Batch:
    """One entry for each item."""
    rows = tuple(replace(row, entry=at) for at, row in enumerate(items))
    return Batch(entries=tuple(entry(row.id, "item.open") for row in rows), opened=rows)


def move(row: ItemRow, **changes: Any) -> Batch:
    moved = replace(row, rev=row.rev + 1, entry=0, **changes)
    return Batch(entries=(entry(row.id),), changed=(moved,))
