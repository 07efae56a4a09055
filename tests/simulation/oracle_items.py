"""Items: the log told again makes the same ones, and none is left behind (A1, C1, C4, D6, T7, T8)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from tests.simulation.clocks import course_of
from tests.simulation.evidence import Evidence
from tests.simulation.moments import CLOCK, EAST, FINAL, PREFIX, PUBLISHED, due_day
from tests.simulation.oracle_log import text_of
from tests.simulation.records import Records, Violation

UTC_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
INSTANTS = {
    "items": ("opened_at", "closed_at", "wake_at"),
    "clocks": ("started_at", "due_at", "missed_at", "ended_at"),
    "events": ("at", "learnt_at"),
    "firings": ("at",),
    "notices": ("created_at", "next_at"),
    "schedules": ("next_at",),
    "parked": ("parked_at", "next_at"),
    "audit": ("ts",),
}
TRIES = 5


def replay(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """A1: states, ends and events are those of the log."""
    events = Counter(row[0] for row in records.ask("SELECT audit_seq FROM events"))
    moves = {line.seq for line in records.lines if line.act == "item.move"}
    if set(events) != moves or any(count > 1 for count in events.values()):
        yield Violation("A1", "events and entries of moves are not the same")
    rows = {row[0]: row[1:] for row in records.ask("SELECT id, state, closed_at FROM items")}
    opened = Counter(line.obj for line in records.lines if line.act == "item.open")
    if any(count > 1 for count in opened.values()) or opened.keys() != rows.keys():
        yield Violation("A1", f"items and openings differ: {opened.keys() ^ rows.keys()}")
    for id, life in records.lives.items():
        state, closed = rows[id]
        if life.moves and state != life.moves[-1].after:
            yield Violation("A1", f"{id} is {state}, its last entry says {life.moves[-1].after}")
        for earlier, later in pairwise(life.moves):
            if earlier.after != later.before:
                yield Violation(
                    "A1", f"{id}: entry {later.seq} begins at {later.before}, not {earlier.after}"
                )
        ended = text_of(life.moves[-1].at) if life.moves and life.moves[-1].after in FINAL else None
        if closed != ended:
            yield Violation("A1", f"{id} ended {closed}, the log says {ended}")


def series(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """D6: the counters are what a count of the items gives, and no number was skipped."""
    counters = {
        f"{row[0]}-{row[1]}": row[2] for row in records.ask("SELECT prefix, year, last FROM counters")
    }
    found: dict[str, set[int]] = {}
    for life in records.lives.values():
        prefix, _, number = life.id.rpartition("-")
        found.setdefault(prefix, set()).add(int(number))
        if prefix != f"{PREFIX[life.workflow]}-{(life.opened + EAST).year}":
            yield Violation("D6", f"{life.id} was opened at {life.opened}")
    for prefix in counters.keys() | found.keys():
        if found.get(prefix, set()) != set(range(1, counters.get(prefix, 0) + 1)):
            yield Violation(
                "D6", f"{prefix}: the counter says {counters.get(prefix)}, {len(found[prefix])} items"
            )


def instants(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """C1: every instant is in UTC, in full."""
    for table, columns in INSTANTS.items():
        for column in columns:
            for (value,) in records.ask(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"):
                if not UTC_TEXT.fullmatch(value):
                    yield Violation("C1", f"{table}.{column} holds {value}")


def provisional(records: Records) -> Iterator[Violation]:
    """C4: a due moment beyond the published calendar says so."""
    for item, due, flag in records.ask("SELECT item, due_at, provisional FROM clocks"):
        life = records.lives.get(item)
        beyond = due_day(datetime.fromisoformat(due)).year > PUBLISHED and not (
            life and life.workflow == "task"
        )
        if bool(flag) != beyond:
            yield Violation("C4", f"{item} is due {due}: provisional is {flag}")


def resolved(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T7: nothing that is due is left, but for what is poisoned."""
    now = text_of(evidence.until)
    for id, wake in records.ask("SELECT id, wake_at FROM items WHERE wake_at <= ?", now):
        if id not in evidence.poison:
            yield Violation("T7", f"{id} has been due since {wake}")
    for id, moment in records.ask("SELECT id, next_at FROM schedules WHERE next_at <= ?", now):
        yield Violation("T7", f"{id} has been due since {moment}")
    for error in evidence.errors:
        yield Violation("T8", f"a turn or a round of delivery broke off: {error}")


def parked(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T8: what is poisoned is set aside with its reason, a few times at most; nothing else is."""
    rows = records.ask("SELECT subject, error, tries, next_at FROM parked")
    wakes = dict(records.ask("SELECT id, wake_at FROM items"))
    for subject, error, tries, again in rows:
        if subject not in evidence.poison and (again is None or again <= text_of(evidence.until)):
            yield Violation("T8", f"{subject} is set aside: {error}")
        if not 1 <= tries <= TRIES or (again is None) != (tries >= TRIES) or not error:
            yield Violation("T8", f"{subject} was tried {tries} times, again at {again}: {error!r}")
    aside = {row[0] for row in rows}
    for id in evidence.poison - aside:
        if wakes.get(id) is not None and wakes[id] <= text_of(evidence.until):
            yield Violation("T8", f"{id} is poisoned, due, and not set aside")


def course_due(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """C1, T1: due moments and misses are those that follow from what people did."""
    found = {
        (row[0], row[1]): row[2:]
        for row in records.ask("SELECT item, clock, due_at, missed_at, outcome FROM clocks")
    }
    misses = Counter(line.obj for line in records.lines if line.act == "clock.miss")
    for id, life in records.lives.items():
        if id in evidence.poison:
            continue
        course = course_of(life, evidence.until)
        row = found.get((id, CLOCK[life.workflow]))
        if row is None:
            yield Violation("A1", f"{id} has no clock")
            continue
        due, missed, outcome = row
        if due != text_of(course.due):
            yield Violation("C1", f"{id} is due {due}, it should be {text_of(course.due)}")
        elif (missed is not None) != course.missed:
            yield Violation("T1", f"{id} missed {due}: {course.missed}, the store says {missed} ({outcome})")
        elif missed is not None and missed != due:
            yield Violation("T1", f"{id} missed {missed}, it was due {due}")
        if misses[id] > 1:
            yield Violation("T1", f"{id} was missed {misses[id]} times")
