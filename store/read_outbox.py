"""Questions about the outbox."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Integer, Select, bindparam, exists, func, literal_column, select
from sqlalchemy.sql import ColumnElement

from store.found import Question
from store.queries import Queries
from store.rows import Counted, NoticeRow, OutboxNotice
from store.tables import Notice
from store.words import is_no, is_yes
from store.writing import table_of

NOTICES = table_of(Notice)
ALL_NOTICES = select(NOTICES)
COLUMNS = tuple(
    (field.name, "audit_seq" if field.name == "entry" else field.name) for field in fields(NoticeRow)
)


def is_waiting(notices: FromClause) -> ColumnElement[bool]:
    """Written out and not as parameters, so that the partial index answers."""
    return notices.c.state.in_([literal_column("'pending'"), literal_column("'sending'")])


NOW, MOST = bindparam("now", type_=NOTICES.c.next_at.type), bindparam("most", type_=Integer)
IS_DUE = (is_waiting(NOTICES), NOTICES.c.next_at <= NOW)


def to_send() -> Select[Any]:
    """Due and nobody's: pending, or claimed under a lease that ran out, unless what was sent is formal (N2).

    An earlier notice about the same item to the same person by the same channel goes first (N4).
    """
    earlier = NOTICES.alias("earlier")
    first = ~exists().where(
        earlier.c.item == NOTICES.c.item,
        earlier.c.recipient == NOTICES.c.recipient,
        earlier.c.channel == NOTICES.c.channel,
        is_waiting(earlier),
        earlier.c.id < NOTICES.c.id,
    )
    nobodys = (NOTICES.c.state == "pending") | is_no(NOTICES.c.formal)
    due = ALL_NOTICES.where(*IS_DUE, nobodys, first)
    return due.order_by(NOTICES.c.next_at, NOTICES.c.id).limit(MOST)


def lost() -> Select[Any]:
    """Formal ones whose sender never came back: nobody knows, so they end as "unknown" (N2)."""
    sending = (NOTICES.c.state == "sending", is_yes(NOTICES.c.formal))
    return ALL_NOTICES.where(*IS_DUE, *sending).order_by(NOTICES.c.id).limit(MOST)


def notice_of(**found: Any) -> OutboxNotice:
    return OutboxNotice(
        **{name: found[name] for name in ("id", "message_id", "state", "attempts", "outcome", "settled_seq")},
        notice=NoticeRow(**{name: found[column] for name, column in COLUMNS}),
    )


TO_SEND, LOST = Question(notice_of, to_send()), Question(notice_of, lost())


class OutboxQueries(Queries):
    def pending_notices(self, now: datetime, limit: int) -> list[OutboxNotice]:
        """Those that a claim would take now."""
        return TO_SEND.ask(self.connection, now=now, most=limit)

    def lost_notices(self, now: datetime, limit: int) -> list[OutboxNotice]:
        """Formal ones whose sender never came back."""
        return LOST.ask(self.connection, now=now, most=limit)

    def notices_of(self, item: str) -> list[OutboxNotice]:
        return self._notices(ALL_NOTICES.where(NOTICES.c.item == item).order_by(NOTICES.c.id))

    def notices_by_id(self, ids: list[int]) -> list[OutboxNotice]:
        return self._notices(ALL_NOTICES.where(NOTICES.c.id.in_(ids)).order_by(NOTICES.c.id))

    def list_notices(self, *, state: str | None = None, limit: int | None = None) -> list[OutboxNotice]:
        """Newest first."""
        query = ALL_NOTICES if state is None else ALL_NOTICES.where(NOTICES.c.state == state)
        return self._notices(query.order_by(NOTICES.c.id.desc()).limit(limit))

    def notices_since(self, entry: int) -> list[OutboxNotice]:
        """Those that an entry from this one on has caused, in order."""
        return self._notices(ALL_NOTICES.where(NOTICES.c.audit_seq >= entry).order_by(NOTICES.c.id))

    def next_notice(self) -> datetime | None:
        """When the outbox next has something to do."""
        query = select(NOTICES.c.next_at).where(is_waiting(NOTICES)).order_by(NOTICES.c.next_at).limit(1)
        return self.connection.execute(query).scalar()

    def count_notices(self) -> list[Counted]:
        """By state."""
        return self._count(NOTICES.c.state)

    def count_notices_by_rule(self) -> list[Counted]:
        """By rule ("" where a person caused it) and kind."""
        return self._count(func.coalesce(NOTICES.c.rule, literal_column("''")), NOTICES.c.kind)

    def _count(self, *keys: ColumnElement[Any]) -> list[Counted]:
        rows = self.connection.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
        return [Counted(key=tuple(row[:-1]), count=row[-1]) for row in rows]

    def _notices(self, query: Select[Any]) -> list[OutboxNotice]:
        return [notice_of(**row._mapping) for row in self.connection.execute(query)]
