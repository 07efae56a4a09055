"""Forecast: a copy of the office lives on, and nobody does anything. Who gets what, and when?"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.drive import next_wake
from engine.office import Office
from engine.run import Run
from store.read import Reader
from store.rows import AuditLine, ItemRow, OutboxNotice

# What a forecast tells of: rules that speak, what they open, what runs out.
SPOKE, OPENED, MOVED = "rule.fire", "item.open", "item.move"
TOLD = (SPOKE, OPENED, MOVED, "clock.miss", "clock.lapse", "clock.resume", "duty.open")


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One thing that will happen; `to`: the posts that are told by it."""

    at: datetime
    act: str
    rule: str | None
    item: str | None
    title: str | None
    unit: str | None
    to: tuple[str, ...]
    zh: str
    en: str


def forecast(
    office: Office,
    scratch: Path,
    now: datetime,
    until: datetime,
    on_moment: Callable[[datetime], None] = lambda _: None,
) -> tuple[Coming, ...]:
    """`scratch`: where the copy is made; it is the caller's to take away. Sealed items stay out."""
    office.store.copy_to(scratch)
    copy = Office.open(f"sqlite:///{scratch}")
    try:
        with copy.store.read() as reader:
            size = reader.head().size
        _live_on(copy, now, until, on_moment)
        with copy.store.read() as reader:
            return tuple(once([*_coming(reader, size)]))
    finally:
        copy.close()


def _live_on(office: Office, now: datetime, until: datetime, on_moment: Callable[[datetime], None]) -> None:
    upcoming = next_wake(office)
    with Run(office, now) as run:
        while upcoming is not None and upcoming <= until:
            at = max(upcoming, run.now)
            done = run.turn_all(at)
            on_moment(at)
            if not done.work:
                break  # what still claims to be due has nothing to say
            upcoming = done.next_at


def _coming(reader: Reader, since: int) -> Iterator[Coming]:
    lines = [line for line in reader.list_since(since, TOLD) if not line.sealed]
    items = reader.items_by_id({line.obj_id for line in lines if line.obj_type == "item"})
    told: dict[int, list[OutboxNotice]] = {}
    for notice in reader.notices_since(since):
        told.setdefault(notice.notice.entry, []).append(notice)
    for line in lines:
        yield _of_line(line, items.get(line.obj_id), told.get(line.seq, []))


def once(coming: Sequence[Coming]) -> Iterator[Coming]:
    """A rule that opens or moves something is told with what it opens, not before it as well."""
    done: dict[tuple[datetime, str], Coming] = {}
    for each in coming:
        if each.act in (OPENED, MOVED):
            done.setdefault((each.at, each.en), each)
    joined: dict[int, Coming] = {}
    told_with: set[int] = set()
    for each in coming:
        other = done.get((each.at, each.en)) if each.act == SPOKE else None
        if other is not None and (each.item in (None, other.item) or not each.to):
            told = tuple(dict.fromkeys((*each.to, *other.to)))
            joined[id(other)] = replace(other, rule=each.rule, to=told)
            told_with.add(id(each))
    yield from (joined.get(id(each), each) for each in coming if id(each) not in told_with)


def _of_line(line: AuditLine, item: ItemRow | None, notices: list[OutboxNotice]) -> Coming:
    record = json.loads(line.rec)
    unit = item.unit if item is not None else line.obj_id if line.obj_type == "unit" else None
    return Coming(
        at=datetime.fromisoformat(line.ts),
        act=line.act,
        rule=record.get("rule"),
        item=item.id if item is not None else None,
        title=item.title if item is not None else None,
        unit=unit,
        to=tuple(dict.fromkeys(each.notice.recipient for each in notices)),
        zh=record.get("why_zh", record["why"]),
        en=record.get("why_en", record["why"]),
    )
