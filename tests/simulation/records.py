"""The office as an outsider reads it: tables and log, with SQL and json and nothing else."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Ask = Callable[..., list[Any]]


@dataclass(frozen=True)
class Violation:
    invariant: str
    said: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.said}"


@dataclass(frozen=True)
class Line:
    seq: int
    ts: str
    act: str
    obj: str
    sealed: int
    rec: str
    facts: str | None
    leaf: bytes
    record: dict[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.ts)


@dataclass(frozen=True)
class Fired:
    seq: int
    at: datetime
    rule: str
    subject: str
    occasion: str
    record: dict[str, Any]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Moved:
    seq: int
    at: datetime
    event: str
    before: str
    after: str


@dataclass
class Life:
    """One item as the log tells it."""

    id: str
    workflow: str
    unit: str
    edition: int
    opened: datetime
    seq: int
    period_first: str | None
    moves: list[Moved] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)


@dataclass
class Records:
    ask: Ask
    editions: dict[str, int]
    lines: list[Line] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)
    lives: dict[str, Life] = field(default_factory=dict)
    by_transaction: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, ask: Ask, editions: dict[str, int]) -> "Records":
        found = cls(ask, editions)
        query = "SELECT seq, ts, act, obj_id, cls, rec, facts, leaf FROM audit ORDER BY seq"
        found.lines = [Line(*(*row, json.loads(row[5]))) for row in ask(query)]
        for line in found.lines:
            found.by_transaction[line.record["tx"]].append(line)
            if line.act == "rule.fire":
                _, _, occasion = line.record["idem"].split("|", 2)
                subject = line.record["idem"].split("|", 1)[0]
                facts = json.loads(line.facts) if line.facts else {}
                rule = line.record["rule"]
                found.fired.append(Fired(line.seq, line.at, rule, subject, occasion, line.record, facts))
        found._read_lives()
        return found

    def _read_lives(self) -> None:
        query = "SELECT id, workflow, unit, book, period_first FROM items"
        rows = {row[0]: row for row in self.ask(query)}
        for line in self.lines:
            if line.act == "item.open" and line.obj in rows:
                id, workflow, unit, book, first = rows[line.obj]
                edition = self.editions.get(book, 0)
                self.lives[id] = Life(id, workflow, unit, edition, line.at, line.seq, first)
            elif line.act == "item.move" and line.obj in self.lives:
                record = line.record
                moved = Moved(line.seq, line.at, record["event"], record["from"], record["to"])
                self.lives[line.obj].moves.append(moved)
        for fired in self.fired:
            kind, _, id = fired.subject.partition(":")
            if kind == "item" and id in self.lives:
                self.lives[id].fired.append(fired)
