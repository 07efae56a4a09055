"""History: what people did to which items, and when, apart from what any rule made of it.

Read from the log of an office, or made from somebody else's records. A book is tried on it by replay.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.privacy import WITHHELD
from store.read import Reader
from store.rows import AuditLine, ItemRow, Plain

OPENED, MOVED, AGREED = "item.open", "item.move", "item.agree"
OPENING = "open"
LEDGER = "ledger"
MACHINES = ("duty", "rule", LEDGER)


@dataclass(frozen=True, kw_only=True)
class Birth:
    """How an item came into the world, told so that the same item is found again in another one.

    `maker`: "duty:<id>", "rule:<id>", "ledger", or "person"; `nth` counts those that are alike otherwise.
    """

    workflow: str
    maker: str
    unit: str | None = None
    owner: str | None = None
    period: str | None = None
    parent: str | None = None  # the parent's key in the history
    title: str = ""  # where nothing else tells entries of the opening ledger apart
    nth: int = 0

    @property
    def by_person(self) -> bool:
        return self.maker == "person"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What a person did, at the moment when the office learnt it; `own` is its own date, if another.

    `item` is the key of the item in this history.
    """

    at: datetime
    item: str
    event: str  # "open", or an event of the workflow
    by: str | None = None  # post; None: whoever may
    args: Mapping[str, Plain] = field(default_factory=dict)
    own: datetime | None = None
    title: str = ""  # of what is opened
    place: str = ""  # where it is written: "line 12", "entry 834"


@dataclass(frozen=True, kw_only=True)
class History:
    """In the order of time; `births` of every item that something happened to."""

    source: str
    happened: tuple[Happened, ...]
    births: Mapping[str, Birth]
    begins: datetime
    ends: datetime
    people: Mapping[str, str] = field(default_factory=dict)  # names by post, where known


def history_of(reader: Reader, source: str) -> History:
    """What people did in an office, by its log. Sealed items are left out: they are not for authors.

    Addresses, which the log withholds, are those that the items have now: whoever is told, counted or
    compared by his address is then the same person again.
    """
    rows = {row.id: row for row in reader.list_items()}
    happened: list[Happened] = []
    begins = ends = None
    for line in reader.audit_lines():
        at = datetime.fromisoformat(line.ts)
        begins, ends = begins or at, at
        if line.act in (OPENED, MOVED, AGREED) and line.obj_id in rows:
            told = _happened(line, json.loads(line.rec), rows[line.obj_id], at)
            if told is not None:
                happened.append(told)
    if begins is None or ends is None:
        raise ValueError(f"{source} has no log, so it has no history")
    return History(
        source=source,
        happened=tuple(happened),
        births=births_of(rows.values()),
        begins=begins,
        ends=ends,
        people={row.post: row.name for row in reader.people().values()},
    )


def _happened(line: AuditLine, record: dict[str, Any], row: ItemRow, at: datetime) -> Happened | None:
    """None for what a rule or a duty did: in a replay they speak for themselves."""
    if record["actor"]["kind"] != "person":
        return None
    return Happened(
        at=at,
        item=row.id,
        event=OPENING if line.act == OPENED else record["event"],
        by=record["actor"]["id"],
        args=_with_addresses(record.get("args", {}), row),
        own=datetime.fromisoformat(record["at"]) if "at" in record else None,
        title=row.title if line.act == OPENED else "",
        place=f"entry {line.seq}",
    )


def _with_addresses(args: Mapping[str, Plain], row: ItemRow) -> Mapping[str, Plain]:
    """One that the item no longer has stays withheld."""
    if WITHHELD not in args.values():
        return args
    now = json.loads(row.fields)
    return {name: now.get(name) or WITHHELD if given == WITHHELD else given for name, given in args.items()}


def births_of(rows: Iterable[ItemRow]) -> dict[str, Birth]:
    """By item, in the order in which they were opened; `keys` are the items' own numbers."""
    alike: dict[Birth, int] = {}
    found: dict[str, Birth] = {}
    for row in rows:
        plain = birth_of(row, row.parent)
        nth = alike.get(plain, 0)
        alike[plain] = nth + 1
        found[row.id] = replace(plain, nth=nth)
    return found


def birth_of(row: ItemRow, parent: str | None) -> Birth:
    """`parent` in the words of whoever asks: its number, or its key."""
    maker = row.opened_by if row.opened_by.partition(":")[0] in MACHINES else "person"
    return Birth(
        workflow=row.workflow,
        maker=maker,
        unit=row.unit,
        owner=row.owner,
        period=row.period,
        parent=parent,
        title=row.title if maker == LEDGER else "",
    )
