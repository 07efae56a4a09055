"""Proving that the log is whole and that the tables follow it, without trusting either."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, false, func, or_, select

from store.audit import HAS_SM3, RECORD_VERSION, sm3_hash
from store.canonical import as_bytes, canonical, digest
from store.commit import image_digest
from store.errors import NotCanonical
from store.found import stream
from store.read import Reader
from store.read_audit import AUDIT, LINES
from store.read_items import CLOCKS, DOCUMENTS, EVENTS, FIRINGS, ITEMS
from store.read_outbox import NOTICES
from store.read_registers import BOOKS, PEOPLE
from store.tree import NO_LEAF, Tree, frontier_root, leaf_hash, unpack
from store.types import as_kept
from store.verify_holds import wrong_counts, wrong_holds
from store.words import member

Progress = Callable[[int, int], None]  # entries done, entries in all
EVERY = 10_000  # entries between two reports of progress
FIRED = "rule.fire"
FIRINGS_OF = (FIRED, "rule.shadow")
SHAPE = {
    "seq": int,
    "n": int,
    "of": int,
    "ts": str,
    "tx": str,
    "prev": str,
    "act": str,
    "cls": int,
    "obj": dict,
}
# Rows that name an entry, and the object that this entry must be about.
ENTERED: tuple[tuple[Table, ColumnElement[str] | None], ...] = (
    *((table, None) for table in (FIRINGS, NOTICES, DOCUMENTS)),
    *((table, table.c.item) for table in (CLOCKS, EVENTS)),
    *((ITEMS, ITEMS.c.id), (PEOPLE, PEOPLE.c.post), (BOOKS, BOOKS.c.digest)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    ok: bool
    entries: int  # found sound, from the first on
    root: str  # of the tree over them, 64 hex digits
    first_bad: int | None  # number of the first entry that is wrong or missing, or that a row wrongly names
    zh: str
    en: str


class Broken(Exception):
    """What is wrong, and from which entry on."""

    def __init__(self, seq: int | None, zh: str, en: str) -> None:
        super().__init__(en)
        self.seq, self.zh, self.en = seq, zh, en


def verify(reader: Reader, on_progress: Progress | None = None) -> Verdict:
    """Reads the whole log once, in memory that does not grow with it."""
    walk = Walk(reader.meta().get("log", ""))
    try:
        head = reader.head()
        with closing(stream(reader.connection, LINES.order_by(AUDIT.c.seq))) as lines:
            for line in lines:
                walk.step(line)
                if on_progress is not None and walk.tree.size % EVERY == 0:
                    on_progress(walk.tree.size, head.size)
        walk.finish()
        check_head(reader, walk)
        check_rows(reader, walk)
    except Broken as broken:
        return verdict(walk, broken)
    return verdict(walk, None)


def verdict(walk: "Walk", broken: Broken | None) -> Verdict:
    entries, root = walk.tree.size, walk.tree.root().hex()
    if broken is not None:
        return Verdict(ok=False, entries=entries, root=root, first_bad=broken.seq, zh=broken.zh, en=broken.en)
    return Verdict(
        ok=True,
        entries=entries,
        root=root,
        first_bad=None,
        zh=f"日志完整：{entries}条，根 {root[:12]}",
        en=f"the log is whole: {entries} entries, root {root[:12]}",
    )


class Walk:
    """Goes along the log and remembers only what the next entry must agree with."""

    def __init__(self, log: str) -> None:
        self.tree = Tree()
        self.last_leaf = NO_LEAF
        self.proposed = 0  # by rules, as the brake counts them
        self._log = log
        self._last_ts = ""
        self._batch: tuple[Any, ...] | None = None  # (n, of, tx, ts) of the entry before

    def step(self, line: Row[Any]) -> None:
        seq = self.tree.size
        if line.seq != seq:
            raise Broken(seq, f"第{seq}条缺失", f"entry {seq} is missing")
        content = as_bytes(line.rec)
        record = parse(line.rec, seq)
        self._check_chain(line, record, content, seq)
        self._check_batch(record, seq)
        check_columns(line, record, seq)
        check_facts(line, record, seq)
        self.proposed += record.get("proposed", 0)
        self.tree.append(line.leaf)
        self.last_leaf = line.leaf

    def finish(self) -> None:
        if self._batch is not None and self._batch[0] + 1 != self._batch[1]:
            raise self._half(self.tree.size)

    def _check_chain(self, line: Row[Any], record: dict[str, Any], content: bytes, seq: int) -> None:
        if leaf_hash(content) != line.leaf or (HAS_SM3 and line.sm3 not in (None, sm3_hash(content))):
            raise Broken(seq, f"第{seq}条的内容与其散列不符", f"entry {seq} does not match its own hash")
        if record["seq"] != seq or record["prev"] != self.last_leaf.hex():
            raise Broken(seq, f"第{seq}条未接在前一条之后", f"entry {seq} does not follow the one before")
        if record.get("v") != RECORD_VERSION or record.get("log") != self._log:
            raise Broken(seq, f"第{seq}条不属于本日志", f"entry {seq} belongs to another log")

    def _check_batch(self, record: dict[str, Any], seq: int) -> None:
        """n of `of` without a gap, under one transaction and one time; time never goes back (A2, A8)."""
        ts = record["ts"]
        if ts < self._last_ts:
            raise Broken(seq, f"第{seq}条的时间早于前一条", f"entry {seq} is earlier than the one before")
        self._last_ts = ts
        n, of, tx = record["n"], record["of"], record["tx"]
        before = self._batch
        ended = before is None or before[0] + 1 == before[1]
        if not ended and before is not None and (n, of, tx, ts) != (before[0] + 1, *before[1:]):
            raise self._half(seq)
        if ended and n != 0:
            raise self._half(seq)
        self._batch = (n, of, tx, ts)

    def _half(self, seq: int) -> Broken:
        return Broken(seq, f"第{seq}条处一次提交不完整", f"at entry {seq} a commit is not complete")


def parse(text: str, seq: int) -> dict[str, Any]:
    """The record, if it is written in its canonical form and has what every record has."""
    try:
        record = json.loads(text)
        sound = type(record) is dict and canonical(record) == text
    except (ValueError, RecursionError, NotCanonical):
        sound = False
    if not sound or not all(type(record.get(key)) is kind for key, kind in SHAPE.items()):
        raise Broken(seq, f"第{seq}条不是规范的记录", f"entry {seq} is no canonical record")
    return record  # type: ignore[no-any-return]


def check_columns(line: Row[Any], record: dict[str, Any], seq: int) -> None:
    """What stands beside the record to be searched must say what it says."""
    obj = record["obj"]
    stated = (record["ts"], record["act"], obj.get("type"), obj.get("id"), record["cls"])
    if stated != (line.ts, line.act, line.obj_type, line.obj_id, line.cls):
        raise Broken(
            seq, f"第{seq}条的检索栏与记录不符", f"the columns of entry {seq} do not say what it says"
        )


def check_facts(line: Row[Any], record: dict[str, Any], seq: int) -> None:
    found = None if line.facts is None else digest(as_bytes(line.facts))
    if found != record.get("facts"):
        raise Broken(
            seq, f"第{seq}条的依据与其摘要不符", f"the facts of entry {seq} do not match their digest"
        )


def check_head(reader: Reader, walk: Walk) -> None:
    head, size = reader.head(), walk.tree.size
    if head.size > size:
        raise Broken(
            size, f"日志应有{head.size}条，只有{size}条", f"the log ends at {size} of {head.size} entries"
        )
    same_root = frontier_root(unpack(head.frontier)) == walk.tree.root()
    if head.size != size or head.last_leaf != walk.last_leaf or not same_root:
        raise Broken(size, "日志末端与其头部不符", "the end of the log does not match its head")


def check_rows(reader: Reader, walk: Walk) -> None:
    for table, about in ENTERED:
        check_entries(reader, table, about)
    check_events(reader)
    check_firings(reader)
    check_images(reader)
    for wrong in (wrong_holds(reader), wrong_counts(reader, walk.proposed)):
        if wrong is not None:
            raise Broken(*wrong)


def check_entries(reader: Reader, table: Table, about: ColumnElement[str] | None) -> None:
    """Every row names an entry that is there, and is about the same object (A1)."""
    joined = table.outerjoin(AUDIT, AUDIT.c.seq == table.c.audit_seq)
    other = false() if about is None else AUDIT.c.obj_id != about
    wrong = select(func.min(table.c.audit_seq)).select_from(joined).where(or_(AUDIT.c.seq.is_(None), other))
    seq = reader.connection.execute(wrong).scalar()
    if seq is not None:
        zh = f"{table.name}中有行引用的第{seq}条不存在，或说的不是它"
        raise Broken(seq, zh, f"a row of {table.name} names entry {seq}, which is missing or not about it")


def check_events(reader: Reader) -> None:
    """No entry stands for two events: one of them was never in the log."""
    twice = select(EVENTS.c.audit_seq).group_by(EVENTS.c.audit_seq).having(func.count() > 1)
    seq = reader.connection.execute(twice.order_by(EVENTS.c.audit_seq).limit(1)).scalar()
    if seq is not None:
        raise Broken(seq, f"第{seq}条被两个事件引用", f"two events name entry {seq}")


def check_firings(reader: Reader) -> None:
    """Every firing has an entry of its own, and every such entry its firing (T2)."""
    count = func.count(FIRINGS.c.audit_seq)
    joined = AUDIT.outerjoin(FIRINGS, FIRINGS.c.audit_seq == AUDIT.c.seq)
    wrong = select(AUDIT.c.seq).select_from(joined).where(AUDIT.c.act == FIRED).group_by(AUDIT.c.seq)
    seq = reader.connection.execute(wrong.having(count != 1).order_by(AUDIT.c.seq).limit(1)).scalar()
    if seq is not None:
        raise Broken(seq, f"第{seq}条与其触发记录不符", f"entry {seq} does not have exactly one firing")
    named = FIRINGS.join(AUDIT, AUDIT.c.seq == FIRINGS.c.audit_seq)
    forged = select(func.min(AUDIT.c.seq)).select_from(named).where(AUDIT.c.act.not_in(FIRINGS_OF))
    seq = reader.connection.execute(forged).scalar()
    if seq is not None:
        raise Broken(seq, f"第{seq}条不是触发，却有触发记录", f"a firing names entry {seq}, which is none")


def check_images(reader: Reader) -> None:
    """Every item is as its last entry left it, and none went back to an earlier one or away (A1)."""
    secret = reader.image_key()
    query = select(*as_kept(ITEMS), AUDIT.c.rec).join(AUDIT, AUDIT.c.seq == ITEMS.c.audit_seq)
    with closing(stream(reader.connection, query)) as rows:
        for row in rows:
            values = dict(row._mapping)
            post = json.loads(values.pop("rec")).get("post")
            if image_digest(values, secret) != post:
                seq, item = row.audit_seq, row.id
                raise Broken(seq, f"{item}与第{seq}条所记不符", f"item {item} is not as entry {seq} left it")
    joined = AUDIT.outerjoin(ITEMS, ITEMS.c.id == AUDIT.c.obj_id)
    left_behind = (
        select(func.min(AUDIT.c.seq))
        .select_from(joined)
        .where(
            AUDIT.c.obj_type == "item",
            member(AUDIT.c.rec, "post").is_not(None),
            or_(ITEMS.c.id.is_(None), ITEMS.c.audit_seq < AUDIT.c.seq),
        )
    )
    seq = reader.connection.execute(left_behind).scalar()
    if seq is not None:
        raise Broken(
            seq, f"第{seq}条所改的事项不存在或已倒退", f"the item changed by entry {seq} is gone or went back"
        )
