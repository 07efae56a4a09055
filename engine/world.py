"""A world that was lived through, as plain data that can be held against another one.

Items are told by their birth, so that the same item of two worlds has the same key whatever its number.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.book.book import Book
from engine.history import Birth, births_of
from store.read import Reader
from store.rows import ClockRow, ItemRow, Plain

Data = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One item: what became of it and what was said about it. Compared field by field."""

    id: str
    title: str
    workflow: str
    unit: str | None
    owner: str | None
    told: Mapping[str, Plain]


@dataclass(frozen=True, kw_only=True)
class World:
    things: Mapping[str, Thing]  # by key
    firings: Mapping[str, int]  # by rule
    notices: Mapping[str, int]  # by rule


def world_of(book: Book, reader: Reader, keys: Mapping[str, str]) -> World:
    """`keys`: names that items have in the history, by number here. Sealed items stay out."""
    rows = [row for row in reader.list_items() if row.workflow in book.workflows]
    named = keys_of(rows, keys)
    clocks = reader.clocks_of(row.id for row in rows)
    spoken = rules_by_item(reader)
    return World(
        things={
            named[row.id]: thing_of(book, row, clocks.get(row.id, []), spoken.get(row.id, Counter()))
            for row in rows
        },
        firings={each.key[0]: each.count for each in reader.count_firings() if each.key[1] != "shadow"},
        notices=_sum_by_first(reader),
    )


def _sum_by_first(reader: Reader) -> dict[str, int]:
    found = Counter[str]()
    for each in reader.count_notices_by_rule():
        found[each.key[0]] += each.count
    return dict(found)


def keys_of(rows: list[ItemRow], keys: Mapping[str, str]) -> dict[str, str]:
    """A key for every number: its name in the history, else its birth with the key of its parent."""
    births, named = births_of(rows), dict[str, str]()
    for row in rows:  # parents are opened before their children
        named[row.id] = keys.get(row.id) or _say(births[row.id], named)
    return named


def _say(birth: Birth, named: Mapping[str, str]) -> str:
    parent = named.get(birth.parent, birth.parent) if birth.parent else None
    parts = (birth.maker, birth.workflow, birth.owner or birth.unit, birth.period, birth.title, parent)
    told = "|".join(each for each in parts if each)
    return f"{told}#{birth.nth + 1}" if birth.nth else told


def rules_by_item(reader: Reader) -> dict[str, Counter[str]]:
    """How often each rule spoke about each item."""
    found: dict[str, Counter[str]] = {}
    for subject, rule, count in reader.count_firings_by_subject():
        kind, _, id = subject.partition(":")
        if kind == "item":
            found.setdefault(id, Counter())[rule] += count
    return found


def thing_of(book: Book, row: ItemRow, clocks: list[ClockRow], spoken: Mapping[str, int]) -> Thing:
    return Thing(
        id=row.id,
        title=row.title,
        workflow=row.workflow,
        unit=row.unit,
        owner=row.owner,
        told={
            "state": row.state,
            "light": row.light,
            "opened": _day(book, row.opened_at),
            "closed": _day(book, row.closed_at),
            **{f"clock {clock.clock}": _fate(book, clock) for clock in clocks},
            **{f"field {name}": value for name, value in sorted(fields_of(row).items())},
            **{f"rule {rule}": count for rule, count in sorted(spoken.items())},
        },
    )


def fields_of(row: ItemRow) -> dict[str, Plain]:
    fields: dict[str, Plain] = json.loads(row.fields)
    return fields


def _fate(book: Book, clock: ClockRow) -> str:
    due = clock.due_at.astimezone(book.zone).isoformat(timespec="minutes")
    return f"{clock.outcome} {due}"


def _day(book: Book, at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(book.zone).date().isoformat()


# ---------------------------------------------------------------- two of them


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`what`: "only_old", "only_new", or the name of what differs in both."""

    key: str
    thing: Thing
    what: str
    old: Plain = None
    new: Plain = None


def compare(old: World, new: World) -> Iterator[Difference]:
    """Item by item, in the order of the old world, then what only the new one has."""
    for key, before in old.things.items():
        after = new.things.get(key)
        if after is None:
            yield Difference(key=key, thing=before, what="only_old")
            continue
        for name in dict.fromkeys((*before.told, *after.told)):
            was, now = before.told.get(name), after.told.get(name)
            if was != now:
                yield Difference(key=key, thing=after, what=name, old=was, new=now)
    for key, after in new.things.items():
        if key not in old.things:
            yield Difference(key=key, thing=after, what="only_new")


def compare_counts(old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """By rule, only where they differ."""
    for name in sorted({*old, *new}):
        if old.get(name, 0) != new.get(name, 0):
            yield name, old.get(name, 0), new.get(name, 0)
