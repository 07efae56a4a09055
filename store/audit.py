"""The audit log's own form: records, their chain and their tree (reliability.md D.1 to D.3)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from store.canonical import as_bytes, canonical, digest, plain
from store.errors import NotCanonical
from store.instants import instant_text
from store.rows import Entry
from store.tree import NO_LEAF, Tree, leaf_hash, pack, unpack

RECORD_VERSION = 1
OWN_KEYS = frozenset(
    (
        "v",
        "log",
        "seq",
        "ts",
        "clk",
        "prev",
        "n",
        "of",
        "tx",
        "act",
        "actor",
        "cls",
        "obj",
        "ok",
        "why",
        "facts",
        "post",
    )
)


def _has_sm3() -> bool:
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return False
    return True


HAS_SM3 = _has_sm3()


def sm3_hash(record: bytes) -> bytes | None:
    """The national hash of the same bytes, where this Python has it."""
    return hashlib.new("sm3", b"\x00" + record).digest() if HAS_SM3 else None


class AuditRow(NamedTuple):
    """In the order of the table's columns."""

    seq: int
    ts: str
    act: str
    obj_type: str
    obj_id: str
    cls: int
    rec: str
    facts: str | None
    leaf: bytes
    sm3: bytes | None


class Image(NamedTuple):
    """What the entry left behind: the revision of its item, and a keyed digest of the row."""

    rev: int
    post: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    size: int
    last_leaf: bytes
    frontier: bytes
    last_ts: str


def tx_name(size: int) -> str:
    """Named by its first entry: one writer at a time, so no other transaction has that number."""
    return f"tx-{size}"


class Log:
    """The open end of the log within one write transaction."""

    def __init__(self, name: str, head: Head, tx: str, now: datetime) -> None:
        self.tree = Tree(head.size, unpack(head.frontier))
        self.last_leaf = head.last_leaf
        self.last_ts = head.last_ts
        self._name = name
        self._tx = tx
        self._told = now
        self._now = instant_text(now)

    @property
    def now(self) -> datetime:
        """For an office time never runs back, whatever the clock of a machine does (A8, C2)."""
        return max(self._told, datetime.fromisoformat(self.last_ts))

    def advance(self, now: datetime) -> None:
        """What follows belongs to a later moment, under a name of its own."""
        self._tx = tx_name(self.tree.size)
        self._told = now
        self._now = instant_text(now)

    def head(self) -> Head:
        return Head(
            size=self.tree.size,
            last_leaf=self.last_leaf,
            frontier=pack(self.tree.frontier),
            last_ts=self.last_ts,
        )

    def rewind(self, head: Head) -> None:
        """Forget what was written since: its rows were rolled back."""
        self.tree = Tree(head.size, unpack(head.frontier))
        self.last_leaf = head.last_leaf
        self.last_ts = head.last_ts

    def append(self, entries: Sequence[Entry], images: Mapping[int, Image]) -> list[AuditRow]:
        """Number and chain the entries of one batch; those of one moment belong together (A2)."""
        rows: list[AuditRow] = []
        for at, some in groupby(enumerate(entries), lambda pair: pair[1].at):
            together = list(some)
            common = self._common(at, len(together))
            rows += [
                self._chain(entry, n, common, images.get(position))
                for n, (position, entry) in enumerate(together)
            ]
        return rows

    def _common(self, at: datetime | None, count: int) -> dict[str, Any]:
        now = self._now if at is None else instant_text(at)
        went_back = now < self.last_ts
        self.last_ts = max(now, self.last_ts)
        common: dict[str, Any] = {
            "log": self._name,
            "of": count,
            "ts": self.last_ts,
            "tx": self._tx,
            "v": RECORD_VERSION,
        }
        if went_back and at is None:
            common["clk"] = "back"  # A8
        return common

    def _chain(self, entry: Entry, n: int, common: Mapping[str, Any], image: Image | None) -> AuditRow:
        seq = self.tree.size
        facts = canonical(dict(entry.facts)) if entry.facts else None
        place = {**common, "n": n, "seq": seq, "prev": self.last_leaf.hex()}
        rec = canonical(_record(entry, place, facts, image))
        content = as_bytes(rec)
        leaf = leaf_hash(content)
        self.tree.append(leaf)
        self.last_leaf = leaf
        ts = common["ts"]
        named = (entry.act, entry.obj_type, entry.obj_id, int(entry.sealed))
        return AuditRow(seq, ts, *named, rec, facts, leaf, sm3_hash(content))


def _record(entry: Entry, place: dict[str, Any], facts: str | None, image: Image | None) -> dict[str, Any]:
    if not OWN_KEYS.isdisjoint(entry.more):
        taken = ", ".join(sorted(OWN_KEYS & entry.more.keys()))
        raise NotCanonical(f"entry {entry.act}: {taken} may not be given, the log writes it itself")
    obj: dict[str, Any] = {"id": entry.obj_id, "type": entry.obj_type}
    record = plain(entry.more)
    record.update(
        place,
        act=entry.act,
        actor=plain(entry.actor),
        cls=int(entry.sealed),
        obj=obj,
        ok=entry.ok,
        why=entry.why,
    )
    if facts is not None:
        record["facts"] = digest(as_bytes(facts))
    if image is not None:
        obj["rev"] = image.rev
        record["post"] = image.post
    return record


EMPTY = Head(size=0, last_leaf=NO_LEAF, frontier=b"", last_ts="")
