"""Questions about the log."""

import json
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from store.audit import EMPTY, Head
from store.found import Question, stream
from store.queries import Queries
from store.rows import AuditLine
from store.tables import Audit, AuditHead
from store.tree import Tree, frontier_root, unpack
from store.words import member
from store.writing import table_of

AUDIT = table_of(Audit)
HEAD = table_of(AuditHead)
LINES = select(AUDIT)
HEADS = Question(Head, select(*(HEAD.c[field.name] for field in fields(Head))))
LINE = ("seq", "ts", "act", "obj_type", "obj_id", "cls", "rec", "facts", "leaf")


def line_of(*, cls: int, leaf: bytes, **told: Any) -> AuditLine:
    return AuditLine(sealed=bool(cls), leaf=leaf.hex(), **told)


SINCE = Question(
    line_of,
    select(*(AUDIT.c[name] for name in LINE)).where(AUDIT.c.seq >= bindparam("since")).order_by(AUDIT.c.seq),
)

STEPS = ("item.open", "item.move", "item.agree")
RECORDS_OF: Question[dict[str, str]] = Question(
    dict,
    select(AUDIT.c.rec)
    .where(AUDIT.c.obj_id == bindparam("obj"), or_(*(AUDIT.c.act == act for act in STEPS)))
    .order_by(AUDIT.c.seq),
)


class AuditQueries(Queries):
    def head(self) -> Head:
        return next(iter(HEADS.ask(self.connection)), EMPTY)

    def root(self) -> str:
        """Root of the tree over the whole log, as 64 hex digits."""
        return frontier_root(unpack(self.head().frontier)).hex()

    def root_at(self, size: int) -> str:
        """Root of the tree as it was when the log had `size` entries."""
        tree = Tree()
        leaves = select(AUDIT.c.leaf).where(AUDIT.c.seq < size).order_by(AUDIT.c.seq)
        for row in stream(self.connection, leaves):
            tree.append(row.leaf)
        return tree.root().hex()

    def list_audit(
        self,
        *,
        obj: str | None = None,
        act: str | None = None,
        actor: str | None = None,
        since: int | None = None,
        limit: int | None = None,
    ) -> list[AuditLine]:
        """Newest first; `since` is the first number wanted."""
        asked = {"obj_id": obj, "act": act}
        query = LINES.where(*(AUDIT.c[name] == value for name, value in asked.items() if value is not None))
        if actor is not None:
            query = query.where(member(AUDIT.c.rec, "actor", "id") == actor)
        if since is not None:
            query = query.where(AUDIT.c.seq >= since)
        rows = self.connection.execute(query.order_by(AUDIT.c.seq.desc()).limit(limit))
        return [audit_line(row) for row in rows]

    def list_since(self, since: int, acts: Collection[str]) -> list[AuditLine]:
        """What these acts have added from `since` on, in the order of the log."""
        return [line for line in SINCE.ask(self.connection, since=since) if line.act in acts]

    def steps_of(self, item: str) -> list[dict[str, Any]]:
        """Of its opening, its moves and who agreed to one: only they know by name who held a post then."""
        return [json.loads(row["rec"]) for row in RECORDS_OF.ask(self.connection, obj=item)]

    def audit_lines(self, since: int = 0) -> Iterator[AuditLine]:
        """The log in its order, a few rows in memory at a time: for export."""
        ordered = LINES.where(AUDIT.c.seq >= since).order_by(AUDIT.c.seq)
        yield from (audit_line(row) for row in stream(self.connection, ordered))

    def show_audit(self, seq: int) -> AuditLine | None:
        row = self.connection.execute(LINES.where(AUDIT.c.seq == seq)).one_or_none()
        return None if row is None else audit_line(row)

    def count_audit(self) -> dict[str, int]:
        """Entries by act."""
        query = select(AUDIT.c.act, func.count()).group_by(AUDIT.c.act).order_by(AUDIT.c.act)
        return {row[0]: row[1] for row in self.connection.execute(query)}


def audit_line(row: Row[Any]) -> AuditLine:
    return line_of(**{name: getattr(row, name) for name in LINE})
