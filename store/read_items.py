"""Questions about items and what belongs to them: clocks, events, firings, schedules, documents."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, exists, func, literal_column, or_, select, union_all
from sqlalchemy.sql import ColumnElement

from store.canonical import canonical
from store.found import Kind, Question, chunks, columns_of, fetch
from store.queries import Queries
from store.rows import ClockRow, Counted, DocumentRow, EventRow, FiringRow, ItemRow, ScheduleRow
from store.tables import Clock, Document, Event, Firing, Item, Parked, Schedule
from store.words import among, is_no
from store.writing import table_of

ITEMS = table_of(Item)
CLOCKS = table_of(Clock)
EVENTS = table_of(Event)
FIRINGS = table_of(Firing)
SCHEDULES = table_of(Schedule)
DOCUMENTS = table_of(Document)
PARKED = table_of(Parked)
ALL_ITEMS = select(*columns_of(ITEMS))
# Written out: as parameters, what is grouped by would not be known as what is selected.
OPEN: ColumnElement[str] = literal_column("'open'")
CLOSED: ColumnElement[str] = literal_column("'closed'")


def not_parked(subject: ColumnElement[str], now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """True unless it was set aside and its next try has not come."""
    later = or_(PARKED.c.next_at.is_(None), PARKED.c.next_at > now)
    return ~exists().where(PARKED.c.subject == subject, later)


NOW = bindparam("now", type_=ITEMS.c.wake_at.type)
DUE_ITEMS = Question(
    ItemRow,
    ALL_ITEMS.where(ITEMS.c.wake_at <= NOW, not_parked(ITEMS.c.id, NOW))
    .order_by(ITEMS.c.wake_at)
    .limit(bindparam("most", type_=Integer)),
)
DUE_SCHEDULES = Question(
    ScheduleRow,
    select(*columns_of(SCHEDULES))
    .where(SCHEDULES.c.next_at <= NOW, not_parked(SCHEDULES.c.id, NOW))
    .order_by(SCHEDULES.c.next_at, SCHEDULES.c.id),
)
SET_ASIDE = select(PARKED.c.subject)


def first(column: ColumnElement[datetime], *asked: ColumnElement[bool]) -> Any:
    """The earliest of a column, as a row of its own, so that its index answers."""
    query = select(column.label("at")).where(column.is_not(None), *asked)
    return select(query.order_by(column).limit(1).subquery().c.at)


NEXT_WAKE: Question[dict[str, datetime]] = Question(
    dict,
    union_all(
        first(PARKED.c.next_at),
        first(ITEMS.c.wake_at, ITEMS.c.id.not_in(SET_ASIDE)),
        first(SCHEDULES.c.next_at, SCHEDULES.c.id.not_in(SET_ASIDE)),
    ),
)


ITEMS_BY_ID = Question(ItemRow, ALL_ITEMS.where(among(ITEMS.c.id)))
CLOCKS_OF = Question(
    ClockRow, select(*columns_of(CLOCKS)).where(among(CLOCKS.c.item)).order_by(CLOCKS.c.item, CLOCKS.c.clock)
)
EVENTS_OF = Question(
    EventRow, select(*columns_of(EVENTS, "id")).where(among(EVENTS.c.item)).order_by(EVENTS.c.id)
)


class ItemQueries(Queries):
    def due_items(self, now: datetime, limit: int) -> list[ItemRow]:
        """Those whose moment has come, the longest waiting first, without the parked."""
        return DUE_ITEMS.ask(self.connection, now=now, most=limit)

    def items_by_id(self, ids: Iterable[str]) -> dict[str, ItemRow]:
        return {row.id: row for part in chunks(ids) for row in self._of(ITEMS_BY_ID, part)}

    def _of(self, question: Question[Kind], ids: list[str]) -> list[Kind]:
        return question.ask(self.connection, ids=canonical(ids)) if ids else []

    def list_items(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        unit: str | None = None,
        owner: str | None = None,
        parent: str | None = None,
        open_only: bool = False,
        include_sealed: bool = False,
        limit: int | None = None,
    ) -> list[ItemRow]:
        """In the order of their opening."""
        asked = {"workflow": workflow, "state": state, "unit": unit, "owner": owner, "parent": parent}
        query = ALL_ITEMS.where(
            *(ITEMS.c[name] == value for name, value in asked.items() if value is not None)
        )
        if open_only:
            query = query.where(ITEMS.c.closed_at.is_(None))
        if not include_sealed:
            query = query.where(is_no(ITEMS.c.sealed))
        return fetch(self.connection, ItemRow, query.order_by(ITEMS.c.opened_at, ITEMS.c.id).limit(limit))

    def count_items(self) -> list[Counted]:
        """By workflow, state, and "open" or "closed"."""
        standing = case((ITEMS.c.closed_at.is_(None), OPEN), else_=CLOSED)
        keys = (ITEMS.c.workflow, ITEMS.c.state, standing)
        rows = self.connection.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
        return [Counted(key=tuple(row[:3]), count=row[3]) for row in rows]

    def clocks_of(self, ids: Iterable[str]) -> dict[str, list[ClockRow]]:
        found: dict[str, list[ClockRow]] = {}
        for part in chunks(ids):
            for row in self._of(CLOCKS_OF, part):
                found.setdefault(row.item, []).append(row)
        return found

    def count_clocks(self) -> list[Counted]:
        """By clock and outcome."""
        keys = (CLOCKS.c.clock, CLOCKS.c.outcome)
        rows = self.connection.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
        return [Counted(key=tuple(row[:2]), count=row[2]) for row in rows]

    def events_of(
        self, ids: Iterable[str], names: Collection[str] | None = None
    ) -> dict[str, list[EventRow]]:
        """In the order they entered the log."""
        found: dict[str, list[EventRow]] = {}
        for part in chunks(ids):
            for row in self._of(EVENTS_OF, part):
                if names is None or row.name in names:
                    found.setdefault(row.item, []).append(row)
        return found

    def firings_of(self, subject: str, rule: str | None = None) -> list[FiringRow]:
        query = select(*columns_of(FIRINGS)).where(FIRINGS.c.subject == subject).order_by(FIRINGS.c.audit_seq)
        if rule is not None:
            query = query.where(FIRINGS.c.rule == rule)
        return fetch(self.connection, FiringRow, query)

    def count_firings(self) -> list[Counted]:
        """By rule and outcome."""
        keys = (FIRINGS.c.rule, FIRINGS.c.outcome)
        rows = self.connection.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
        return [Counted(key=tuple(row[:2]), count=row[2]) for row in rows]

    def count_firings_by_subject(self) -> list[tuple[str, str, int]]:
        """(subject, rule, how often), without what was only shadowed."""
        keys = (FIRINGS.c.subject, FIRINGS.c.rule)
        spoken = select(*keys, func.count()).where(FIRINGS.c.outcome != "shadow").group_by(*keys)
        return [(row[0], row[1], row[2]) for row in self.connection.execute(spoken.order_by(*keys))]

    def documents_of(self, item: str | None) -> list[DocumentRow]:
        """Those of one item, or with None those of the office."""
        query = select(*columns_of(DOCUMENTS, "id")).where(DOCUMENTS.c.item.is_not_distinct_from(item))
        return fetch(self.connection, DocumentRow, query.order_by(DOCUMENTS.c.id))

    def due_schedules(self, now: datetime) -> list[ScheduleRow]:
        return DUE_SCHEDULES.ask(self.connection, now=now)

    def schedules(self) -> dict[str, ScheduleRow]:
        rows = fetch(self.connection, ScheduleRow, select(*columns_of(SCHEDULES)).order_by(SCHEDULES.c.id))
        return {row.id: row for row in rows}

    def next_wake(self) -> datetime | None:
        """When an item, a schedule or a parked one next has something to do. Notices wait apart."""
        return min((row["at"] for row in NEXT_WAKE.ask(self.connection)), default=None)
