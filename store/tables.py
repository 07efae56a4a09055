"""The tables of one office. Models describe them; rows.py holds the values that cross the border.

Table models do not validate, so what must hold is a CHECK, a key or a trigger (guards.py).
"""

from datetime import date, datetime
from typing import Annotated, Any, get_args

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, LargeBinary, MetaData, text
from sqlmodel import Field, SQLModel

from store.rows import ClockOutcome, HoldState, NoticeState
from store.types import ByBytes, Day, Flag, Instant

SCHEMA_VERSION = 2  # with each, a step in store/migrations

Long = BigInteger().with_variant(Integer(), "sqlite")

Words = Annotated[str, Field(sa_type=ByBytes)]
MaybeWords = Annotated[str | None, Field(sa_type=ByBytes)]
Moment = Annotated[datetime, Field(sa_type=Instant)]
MaybeMoment = Annotated[datetime | None, Field(sa_type=Instant)]
MaybeDay = Annotated[date | None, Field(sa_type=Day)]
Number = Annotated[int, Field(sa_type=Long)]
MaybeNumber = Annotated[int | None, Field(sa_type=Long)]
Yes = Annotated[bool, Field(sa_type=Flag)]
Bytes = Annotated[bytes, Field(sa_type=LargeBinary)]
MaybeBytes = Annotated[bytes | None, Field(sa_type=LargeBinary)]

STRICT = {"sqlite_strict": True}
# For small rows the primary key is the table: one tree to write instead of two.
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}


def key(**more: Any) -> Any:
    return Field(primary_key=True, sa_type=ByBytes, **more)


def number(**more: Any) -> Any:
    """A key that the store counts itself."""
    return Field(primary_key=True, sa_type=Long, sa_column_kwargs={"autoincrement": False}, **more)


def serial() -> Any:
    return Field(default=None, primary_key=True, sa_type=Long)


def only(condition: str) -> dict[str, Any]:
    """An index of these rows alone, on every database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Table(SQLModel):
    metadata = MetaData()


class Item(Table, table=True):
    __tablename__ = "items"
    __table_args__ = (
        one_of("light", ("none", "green", "yellow", "red")),
        CheckConstraint("rev >= 1", name="rev_positive"),
        CheckConstraint("id <> ''", name="id_given"),
        Index("items_wake", "wake_at", **only("wake_at IS NOT NULL")),
        Index("items_open", "unit", "workflow", **only("closed_at IS NULL")),
        Index("items_of_workflow", "workflow", "opened_at"),
        Index("items_children", "parent", **only("parent IS NOT NULL")),
        STRICT,
    )
    id: str = key()
    workflow: Words
    state: Words
    title: Words
    unit: MaybeWords
    owner: MaybeWords
    parent: MaybeWords
    fields: Words
    light: Words
    sealed: Yes
    duty: MaybeWords
    rule: MaybeWords
    period: MaybeWords
    period_first: MaybeDay
    period_last: MaybeDay
    opened_at: Moment
    opened_by: Words
    closed_at: MaybeMoment
    book: Words
    rev: Number
    wake_at: MaybeMoment
    audit_seq: Number


class Clock(Table, table=True):
    __tablename__ = "clocks"
    __table_args__ = (
        one_of("outcome", get_args(ClockOutcome)),
        Index("clocks_missed", "missed_at", **only("missed_at IS NOT NULL")),
        KEYED,
    )
    item: str = key(foreign_key="items.id")
    clock: str = key()
    state: Words
    started_at: Moment
    due_at: Moment
    outcome: Words
    missed_at: MaybeMoment
    ended_at: MaybeMoment
    provisional: Yes
    spoken: Words
    audit_seq: Number


class Event(Table, table=True):
    __tablename__ = "events"
    __table_args__ = (Index("events_of_item", "item"), Index("events_by_name", "name", "at"), STRICT)
    id: int | None = serial()
    item: str = Field(sa_type=ByBytes, foreign_key="items.id")
    name: Words
    at: Moment
    learnt_at: Moment
    by: Words
    args: Words
    before: Words
    after: Words
    audit_seq: Number


class Firing(Table, table=True):
    """The key begins with the subject so that it also answers "what was said about this one?"."""

    __tablename__ = "firings"
    __table_args__ = (
        one_of("outcome", ("acted", "shadow", "joined")),
        CheckConstraint("proposed >= 0", name="proposed_not_negative"),
        Index("firings_proposed", "at", **only("proposed > 0")),
        KEYED,
    )
    subject: str = key()
    rule: str = key()
    occasion: str = key()
    at: Moment
    outcome: Words
    because: Words
    proposed: Number
    audit_seq: Number


class Hold(Table, table=True):
    """What rules wanted to propose beyond the brake, or after something of that ladder that was held.

    `seq` is the entry that held it, by which people call it; `audit_seq` the one that last changed it.
    """

    __tablename__ = "holds"
    __table_args__ = (
        one_of("state", get_args(HoldState)),
        CheckConstraint("seq <= audit_seq", name="held_first"),
        Index("holds_once", "subject", "rule", "occasion", unique=True),
        Index("holds_open", "subject", **only("state IN ('held', 'waiting')")),
        KEYED,
    )
    subject: Words
    rule: Words
    occasion: Words
    at: Moment
    book: Words
    proposes: Number
    workflows: Words
    units: Words
    told: Words
    zh: Words
    en: Words
    sealed: Yes
    state: Words
    audit_seq: Number
    seq: int = number()


class Notice(Table, table=True):
    """The outbox. `audit_seq` is the entry that called for the notice, `settled_seq` what last settled it."""

    __tablename__ = "notices"
    __table_args__ = (
        one_of("state", get_args(NoticeState)),
        one_of("kind", ("remind", "notify")),
        Index("notices_once", "audit_seq", "recipient", "channel", unique=True),
        Index("notices_due", "next_at", **only("state IN ('pending', 'sending')")),
        Index("notices_of_item", "item", **only("item IS NOT NULL")),
        STRICT,
    )
    id: int | None = serial()
    audit_seq: Number
    item: str | None = Field(sa_type=ByBytes, foreign_key="items.id")
    rule: MaybeWords
    kind: Words
    recipient: Words
    name: Words
    address: Words
    channel: Words
    formal: Yes
    subject: Words
    body: Words
    created_at: Moment
    next_at: Moment
    message_id: Words
    state: Words
    attempts: Number
    outcome: MaybeWords
    settled_seq: MaybeNumber


class Document(Table, table=True):
    __tablename__ = "documents"
    __table_args__ = (Index("documents_of_item", "item", **only("item IS NOT NULL")), STRICT)
    id: int | None = serial()
    item: str | None = Field(sa_type=ByBytes, foreign_key="items.id")
    template: Words
    title: Words
    body: Words
    at: Moment
    audit_seq: Number


class Schedule(Table, table=True):
    """Where a duty or a periodic rule has got to: derived from book and log, so without an entry."""

    __tablename__ = "schedules"
    __table_args__ = (Index("schedules_next", "next_at", **only("next_at IS NOT NULL")), KEYED)
    id: str = key()
    next_at: MaybeMoment
    period: MaybeWords
    period_first: MaybeDay


class Person(Table, table=True):
    """Who holds a post now; who held it before is in the log."""

    __tablename__ = "people"
    __table_args__ = KEYED
    post: str = key()
    name: Words
    email: Words
    audit_seq: Number


class Book(Table, table=True):
    """A book by its digest. The one in force is the one with the latest entry."""

    __tablename__ = "books"
    __table_args__ = STRICT
    digest: str = key()
    canonical: Bytes
    files: Words
    audit_seq: Number


class Parked(Table, table=True):
    """An item or a schedule that could not be handled, set aside so that it delays nobody (T8)."""

    __tablename__ = "parked"
    __table_args__ = KEYED
    subject: str = key()
    error: Words
    tries: Number
    parked_at: Moment
    next_at: MaybeMoment  # when to try again; none: not until a person unparks it


class Counter(Table, table=True):
    __tablename__ = "counters"
    __table_args__ = KEYED
    prefix: str = key()
    year: int = number()
    last: Number


class Audit(Table, table=True):
    """The log. `rec` is the truth, byte for byte; act, object and time stand beside it to be searched."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("length(leaf) = 32", name="leaf_whole"),
        Index("audit_of_object", "obj_id"),
        STRICT,
    )
    seq: int = number()
    ts: Words
    act: Words
    obj_type: Words
    obj_id: Words
    cls: Number  # 1 where it is about something sealed
    rec: Words
    facts: MaybeWords
    leaf: Bytes
    sm3: MaybeBytes


class AuditHead(Table, table=True):
    """Where the log ends: its size, its last leaf, and the roots of the full subtrees (RFC 6962)."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 0", name="one_row"), STRICT)
    id: int = number()
    size: Number
    last_leaf: Bytes
    frontier: Bytes
    last_ts: Words


class Office(Table, table=True):
    """What the store is about: office, log and whatever the shell wants to remember."""

    __tablename__ = "office"
    __table_args__ = KEYED
    key: str = key()
    value: Words


class Writer(Table, table=True):
    """One row, only to be locked where the database has no single writer of its own."""

    __tablename__ = "duban_writer"
    __table_args__ = (CheckConstraint("id = 0", name="one_row"), STRICT)
    id: int = number()
