"""The log: whole, in order of time, never changed, in step with the tables (A1, A2, A6, A8, D5, T1, T2)."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.simulation.evidence import Evidence
from tests.simulation.records import Records, Violation

NO_LEAF = bytes(32)
ITEM = [
    "id",
    "workflow",
    "state",
    "title",
    "unit",
    "owner",
    "parent",
    "fields",
    "light",
    "sealed",
    "duty",
    "rule",
    "period",
    "period_first",
    "period_last",
    "opened_at",
    "opened_by",
    "closed_at",
    "book",
    "rev",
    "audit_seq",
]


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def chain(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """A2: contiguous, chained, canonical, and every transaction's entries complete."""
    before, open_batch = NO_LEAF, None
    for seq, line in enumerate(records.lines):
        record = line.record
        leaf = hashlib.sha256(b"\x00" + line.rec.encode()).digest()
        if line.seq != seq or record["seq"] != seq:
            yield Violation("A2", f"entry {seq} is missing: {line.seq} stands in its place")
            return
        if record["prev"] != before.hex() or leaf != line.leaf:
            yield Violation("A2", f"entry {seq} does not follow the one before")
        if canonical(record) != line.rec or (record["act"], record["ts"]) != (line.act, line.ts):
            yield Violation("A2", f"entry {seq} is not what stands beside it")
        place = (record["tx"], record["ts"], record["of"])
        if (record["n"] != 0) if open_batch is None else (open_batch != (*place, record["n"])):
            yield Violation("A2", f"entry {seq} is not number {record['n']} of its transaction")
        open_batch = (*place, record["n"] + 1) if record["n"] + 1 < record["of"] else None
        before = line.leaf
    if open_batch is not None:
        yield Violation("A2", "the last transaction is not complete")
    size, last = records.ask("SELECT size, last_leaf FROM audit_head")[0]
    if (size, last) != (len(records.lines), before):
        yield Violation("A2", f"the head says {size} entries, there are {len(records.lines)}")


def times(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """A8: time never runs back, and an entry says where a clock did. C2: nor does it run ahead."""
    last, previous = "", {}
    for line in records.lines:
        if line.ts < last:
            yield Violation("A8", f"entry {line.seq} of {line.ts} comes after {last}")
        previous[line.seq] = last
        last = line.ts
        true = evidence.true_time_of(line.seq)
        if true is not None and line.ts > text_of(true + evidence.drift):
            yield Violation("C2", f"entry {line.seq} ({line.act}) says {line.ts}, it was {text_of(true)}")
    for told in evidence.told:
        for line in records.lines[told.first : told.end]:
            behind = text_of(told.now) < previous[line.seq]
            if behind != (line.record.get("clk") == "back"):
                yield Violation("A8", f"entry {line.seq}: clk is {line.record.get('clk')}, told {told.now}")


def kept(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """D5: what was once in the log stays as it was. A6: whoever was told that it is done finds it there."""
    for seq, leaf in evidence.leaves.items():
        if seq >= len(records.lines) or records.lines[seq].leaf != leaf:
            yield Violation("D5", f"entry {seq} was seen and is no longer the same")
    done = {(line.act, line.obj, line.record.get("event")): line.seq for line in records.lines}
    for each in evidence.acknowledged:
        act = ("item.open", None) if each.event == "open" else ("item.move", each.event)
        if done.get((act[0], each.item, act[1]), -1) < each.size:
            yield Violation("A6", f"{each.event} of {each.item} was acknowledged and is not in the log")


def firings(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """T1: nothing is said twice. T2: every firing has its entry, of the same moment, and each its firing."""
    rows = {row[4]: row for row in records.ask("SELECT subject, rule, occasion, at, audit_seq FROM firings")}
    entries = {line.seq: line for line in records.lines if line.act == "rule.fire"}
    for seq in rows.keys() ^ entries.keys():
        yield Violation("T2", f"entry {seq}: a firing without its entry, or the other way round")
    for seq in rows.keys() & entries.keys():
        subject, rule, occasion, at, _ = rows[seq]
        if entries[seq].record["idem"] != f"{subject}|{rule}|{occasion}" or entries[seq].ts != at:
            yield Violation("T2", f"entry {seq} and its firing do not say the same")
    said = Counter(line.record["idem"] for line in entries.values())
    for idem, times in said.items():
        if times > 1:
            yield Violation("T1", f"{idem} was said {times} times")
    rows_said = Counter((row[0], row[1], row[2].partition("|")[2]) for row in rows.values() if "|" in row[2])
    for (subject, rule, moment), times in rows_said.items():
        if times > 1 and rule != "refer":
            yield Violation("T1", f"{rule} spoke {times} times about {subject} at {moment}")


def images(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """A1: every item is as its last entry left it, and every row names an entry about itself."""
    secret = bytes.fromhex(records.ask("SELECT value FROM office WHERE key = 'post_key'")[0][0])
    last = {line.obj: line for line in records.lines if "post" in line.record}
    rows = records.ask(f"SELECT {', '.join(ITEM)} FROM items")
    for row in rows:
        values = {name: value for name, value in zip(ITEM, row, strict=True) if value is not None}
        line = last.get(row[0])
        digest = "hm:" + hmac.digest(secret, canonical(values).encode(), "sha256").hex()
        if row[0] in evidence.poison:
            continue
        if line is None or (line.seq, line.record["post"]) != (values["audit_seq"], digest):
            yield Violation("A1", f"{row[0]} is not as its last entry left it")
    for missing in last.keys() - {row[0] for row in rows}:
        yield Violation("A1", f"{missing} has entries and no row")
    for table in ("clocks", "events"):
        for item, seq in records.ask(f"SELECT item, audit_seq FROM {table}"):
            if seq >= len(records.lines) or records.lines[seq].obj != item:
                yield Violation("A1", f"a row of {table} of {item} names entry {seq}, which is not about it")
