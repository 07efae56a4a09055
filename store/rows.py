"""Values that cross the store's border: what is to be written, and what was read.

Instants are aware datetimes in UTC. `entry` is the position of the entry, within the same batch,
that says why the row changed; commit turns it into the entry's sequence number (invariant A1),
and that number is what `entry` holds in a row that was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]  # no floats: they have no canonical form

ClockOutcome = Literal["running", "paused", "met", "missed", "cancelled", "lapsed"]
NoticeState = Literal["pending", "sending", "sent", "unknown", "dead", "dropped"]
HoldState = Literal["held", "waiting", "released", "dropped"]
OPEN_HOLDS: tuple[HoldState, ...] = ("held", "waiting")  # not decided yet


def name_of_firing(subject: str, rule: str, occasion: str) -> str:
    """As the log says it: what happens once, whoever tries it again."""
    return f"{subject}|{rule}|{occasion}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the audit log, before the log gives it its number, time and chain."""

    act: str  # "item.open", "item.move", "rule.fire", "notice.sent", …
    actor: Mapping[str, Plain]  # {"id": "housing.liaison", "kind": "person" | "rule" | "system", …}
    obj_type: str  # "item" | "unit" | "office" | "notice" | "schedule" | "book"
    obj_id: str
    why: str
    ok: bool = True
    sealed: bool = False  # about a sealed item: class 1, shown only to its readers
    facts: Mapping[str, Plain] = field(default_factory=dict)  # what was read to decide
    more: Mapping[str, Plain] = field(default_factory=dict)  # from, to, rule, timer, idem, rev, …
    at: datetime | None = None  # its moment, where a batch holds several; else that of the transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """Once opened, its workflow, parent, duty, rule, period and opening never change."""

    id: str
    workflow: str
    state: str
    title: str
    unit: str | None  # responsible unit
    owner: str | None  # responsible post, where a person rather than a unit owes it
    parent: str | None
    fields: str  # canonical JSON of the workflow's fields
    light: str  # "none" | "green" | "yellow" | "red"
    sealed: bool
    duty: str | None
    rule: str | None  # rule that opened it
    period: str | None  # id of the period it is about
    period_first: date | None
    period_last: date | None
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    book: str  # digest of the book it is pinned to
    rev: int
    wake_at: datetime | None
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockRow:
    item: str
    clock: str
    state: str  # canonical JSON of rules.time.clock.ClockState
    started_at: datetime
    due_at: datetime
    outcome: ClockOutcome
    missed_at: datetime | None  # set once when missed, kept when it ends late
    ended_at: datetime | None
    provisional: bool
    spoken: str  # canonical JSON {"rule": {"due instant": highest rung spoken}}
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    item: str
    name: str
    at: datetime  # its own date: when it happened
    learnt_at: datetime  # when the office learnt it
    by: str
    args: str  # canonical JSON
    before: str  # state
    after: str
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FiringRow:
    """That a rule spoke on an occasion: unique, so nothing is ever done twice (T1)."""

    rule: str
    subject: str  # "item:…", "unit:…", "office"
    occasion: str
    at: datetime
    outcome: Literal["acted", "shadow", "joined"]
    because: str
    proposed: int = 0  # so many were put before persons without their leave: what the brake counts
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldRow:
    """What a rule would have said and proposed, kept until two persons have looked."""

    subject: str  # "item:…", "unit:…", "post:…", "office"
    rule: str
    occasion: str
    at: datetime
    book: str  # digest of the book that was followed
    proposes: int
    workflows: str  # canonical JSON: the workflows of what would have been proposed
    units: str  # canonical JSON: the units concerned
    told: str  # canonical JSON: what else is needed to decide it anew
    zh: str
    en: str
    sealed: bool
    state: HoldState
    entry: int
    seq: int = 0  # entry that held it; given by the commit

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_HOLDS

    @property
    def name(self) -> str:
        return name_of_firing(self.subject, self.rule, self.occasion)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRow:
    """A rendered notice in the outbox: exactly one per (entry, recipient, channel) (N1)."""

    entry: int
    item: str | None
    rule: str | None
    kind: Literal["remind", "notify"]
    recipient: str  # post
    name: str
    address: str
    channel: str
    formal: bool
    subject: str
    body: str
    created_at: datetime
    next_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    item: str | None
    template: str
    title: str
    body: str
    at: datetime
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleRow:
    """When a duty or a periodic rule next has something to do. `period` is the period to be handled then."""

    id: str  # "duty:weekly_board", "rule:monthly_interview"
    next_at: datetime | None  # None: nothing more to come
    period: str | None
    period_first: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Everything one step writes: all of it in one transaction, or nothing."""

    base: int = 0  # position of the first entry: rows count on over the batches of one transaction
    entries: tuple[Entry, ...] = ()
    opened: tuple[ItemRow, ...] = ()  # inserts
    changed: tuple[ItemRow, ...] = ()  # updates; `rev` is the new one, the guard is rev - 1
    clocks: tuple[ClockRow, ...] = ()  # upserts
    events: tuple[EventRow, ...] = ()
    firings: tuple[FiringRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    schedules: tuple[ScheduleRow, ...] = ()  # upserts


Reduce = Literal["count", "times", "sum", "latest", "average", "least", "greatest", "distinct"]
Test = Literal["in", "not in", "<", "<=", ">", ">=", "within", "without"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """What a field of an item must be. A field that was never given is in nothing, and so `not in`."""

    field: str
    test: Test
    values: tuple[str, ...]  # `within` and `without`: from the first on and before the second
    of: Literal["text", "number", "moment"] = "text"  # how values compare; days and flags do as texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """A declared measure as a question to the store, for one window, answered for all units at once."""

    of: Literal["items", "clocks", "events"]
    workflows: tuple[str, ...]
    by: Literal["unit", "owner", "office", "item"]  # item: itself, or for items the one they belong to
    key: str | None = None  # instead of the item's unit or owner, the one that this field names
    under: str | None = None  # canonical JSON [[unit, counted under], …]
    only: str | None = None  # for this one alone
    states: tuple[str, ...] = ()  # items: only these states now
    not_states: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    on: str = "opened"  # items: opened | closed | a date field; clocks: missed | due | overdue; events: at
    where: tuple[Where, ...] = ()
    reduce: Reduce = "count"  # items; `times`: each hit, also of the same item
    field: str | None = None
    order: Literal["text", "number", "moment"] = "number"  # how least and greatest compare
    each_at_most: Decimal | None = None
    first: datetime | None = None  # inclusive
    until: datetime | None = None  # exclusive
    after: str | None = None  # canonical JSON [[whose, instant, day], …]: only what is later than these
    zone: tzinfo = UTC  # the office's, to know on which days of a date field the window begins and ends
    cited: int | None = 50  # so many items are named at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Tallied:
    value: int | str  # a number of items, else a decimal string, or what the field says
    cites: tuple[str, ...]  # item ids counted, in order
    cases: int = 0  # so many values went into a sum or an average
    fault: str | None = None  # why there is no value: an item whose field cannot be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Committed:
    """Where in the log the entries of a batch stand."""

    first_seq: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxNotice:
    """A notice as the outbox knows it."""

    id: int
    message_id: str  # 32 hex digits, the same at every attempt
    state: NoticeState
    attempts: int  # also the fence: who claimed it settles it with the number he was given
    outcome: str | None
    settled_seq: int | None
    notice: NoticeRow  # `entry` is the entry's number in the log


@dataclass(frozen=True, kw_only=True, slots=True)
class Parked:
    subject: str  # id of an item or of a schedule
    error: str
    tries: int
    parked_at: datetime
    next_at: datetime | None  # None: for good, until somebody unparks it


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    post: str
    name: str
    email: str
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BookRow:
    digest: str
    canonical: bytes
    files: Mapping[str, str]  # name in the book's folder: text
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """One line of the log as it is stored."""

    seq: int
    ts: str
    act: str
    obj_type: str
    obj_id: str
    sealed: bool
    rec: str  # canonical JSON: the truth
    facts: str | None  # canonical JSON whose digest is in the record
    leaf: str  # hex


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """One line of a summary: what is counted, and how often."""

    key: tuple[str, ...]
    count: int
