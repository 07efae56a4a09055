"""Units as people ask for them: who stands where, and one unit's own page."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from duban.views.items import is_overdue, item_row, running_clock
from duban.views.view import View
from engine.summary import first_line, held_in, held_workflows, unit_fates
from rules.time.instant import instant
from store.rows import ItemRow

Data = dict[str, Any]
COUNTS = ("open", "due_soon", "overdue", "yellow", "red")


def board_rows(view: View, unit: str | None, soon_days: int) -> list[Data]:
    """Open items by unit, or of one unit by kind: how many, near or past their date, with which lights."""
    rows = view.items(unit=unit, open_only=True)
    clocks = view.reader.clocks_of(row.id for row in rows)
    groups: dict[str | None, list[ItemRow]] = {}
    for row in rows:
        groups.setdefault(row.unit if unit is None else row.workflow, []).append(row)
    lines = [
        board_row(view, unit, key, found, clocks=clocks, soon_days=soon_days) for key, found in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line["overdue"], -line["red"], -line["yellow"], line["label"]))


def board_row(
    view: View, unit: str | None, key: str | None, rows: Iterable[ItemRow], *, clocks: Any, soon_days: int
) -> Data:
    counts = Counter[str]()
    dues: list[datetime] = []
    soon = view.now + timedelta(days=soon_days)
    for row in rows:
        due = running_clock(view, clocks.get(row.id, ()))
        late = is_overdue(view, due)
        counts["open"] += 1
        counts["overdue"] += late
        counts[row.light] += 1
        if due is not None and not late:
            counts["due_soon"] += due.due_at <= soon
            dues.append(due.due_at)
    if unit is None:
        named = {"unit": key, "label": view.name(key) or "—"}
    else:
        named = {"unit": unit, "workflow": key, "label": view.label(view.book.workflows[str(key)].spec.label)}
    return {
        **named,
        **{name: counts[name] for name in COUNTS},
        "next_due": view.local(min(dues, default=None)),
    }


def total_row(view: View, rows: list[Data]) -> Data:
    sums = {name: sum(row[name] for row in rows) for name in COUNTS}
    dues = [row["next_due"] for row in rows if row["next_due"]]
    return {"unit": None, "label": view.pick("合计", "in all"), **sums, "next_due": min(dues, default=None)}


def unit_rows(view: View) -> list[Data]:
    people = view.reader.people()
    opened = Counter(row.unit for row in view.items(open_only=True))
    return [
        {
            "id": id,
            "label": view.label(unit),
            "kind": unit.kind,
            "leader": unit.leader,
            "leader_label": view.name(unit.leader),
            "head": people[f"{id}.head"].name if f"{id}.head" in people else None,
            "groups": [name for name, group in view.book.groups.items() if id in group.members],
            "open": opened[id],
        }
        for id, unit in view.book.units.items()
    ]


def unit_document(view: View, unit: str, month: date) -> Data:
    """One page: what is mine and when, how it went, interviews this year, and how much I was asked for."""
    rows = view.items(unit=unit)
    clocks = view.reader.clocks_of(row.id for row in rows)
    live = [row for row in rows if row.closed_at is None]
    parents = view.parents(live)
    mine = [item_row(view, row, clocks.get(row.id, ()), parents) for row in live]
    found = view.book.units[unit]
    return {
        "id": unit,
        "label": view.label(found),
        "leader": found.leader,
        "leader_label": view.name(found.leader),
        "people": [person for person in post_rows(view) if person["unit"] == unit],
        "items": sorted(mine, key=lambda row: (row["due"] is None, row["due"], row["id"])),
        "fates": [
            each | {"label": each["label"][view.language]} for each in unit_fates(view.book, rows, clocks)
        ],
        "interviews": list(interview_rows(view, rows, month.year)),
        "interview_labels": [
            view.label(view.book.workflows[id].spec.label) for id in held_workflows(view.book)
        ],
        "burden": burden(view, unit, rows, month),
    }


def interview_rows(view: View, rows: Iterable[ItemRow], year: int) -> list[Data]:
    held = held_workflows(view.book)
    of_unit = [row for row in rows if row.workflow in held]
    return [
        {
            "id": row.id,
            "held_on": fields["held_on"],
            "nth": fields.get("nth"),
            "chair": fields.get("chair"),
            "chair_label": view.name(fields.get("chair")),
            "state": row.state,
            "state_label": view.label(view.book.workflows[row.workflow].spec.states[row.state]),
            "reason": first_line(str(fields.get("reason", ""))),
        }
        for row, fields in held_in(of_unit, year)
    ]


def burden(view: View, unit: str, rows: Iterable[ItemRow], month: date) -> Data:
    """How much a unit was asked for in a month: what was opened for it, and what was sent to its posts."""
    first = instant(month.replace(day=1), 0, view.book.zone)
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = instant(after, 0, view.book.zone)
    opened = Counter(row.workflow for row in rows if first <= row.opened_at < last)
    posts = {post for post, spec in view.book.posts.items() if spec.unit == unit}
    found = (each.notice for each in view.notices(view.reader.list_notices()))
    sent = [notice for notice in found if notice.recipient in posts and first <= notice.created_at < last]
    return {
        "month": f"{month:%Y-%m}",
        "items": sum(opened.values()),
        "by_workflow": {
            view.label(view.book.workflows[id].spec.label): count for id, count in opened.most_common()
        },
        "notices": len(sent),
        "reminders": sum(notice.kind == "remind" for notice in sent),
    }


def post_rows(view: View) -> list[Data]:
    people = view.reader.people()
    return [
        {
            "post": id,
            "post_label": view.label(post),
            "unit": post.unit,
            "unit_label": view.name(post.unit),
            "name": people[id].name if id in people else None,
            "email": people[id].email if id in people else None,
        }
        for id, post in view.book.posts.items()
    ]
