"""Gather: the facts that a rule reads, and only those, from the table and the store.

A fact that is not known is left out; conditions that may meet it are guarded with `has()`, which
the book's check has made sure of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.book.book import Book
from engine.border import crosses
from engine.case import Case, Running
from engine.clock_facts import ITEM as TIMES
from engine.clock_facts import clock_fact, item_time
from engine.desk import Desk
from engine.measures import is_measure, measure, unit_fact
from engine.questions import Asked
from engine.telling import Reason
from rules.time.instant import instant
from rules.time.period import Period
from store.rows import Plain

Value = object
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PERCENT_STEP = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field of an item had one value and has another."""

    field: str
    old: Plain
    new: Plain


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a rule looks at, and on which occasion."""

    case: Case | None = None
    unit: str | None = None
    owner: str | None = None
    period: Period | None = None
    event: str | None = None
    by: str | None = None
    args: Mapping[str, Plain] = field(default_factory=dict)
    as_of: datetime | None = None  # default: now
    change: Change | None = None
    # Of an item that is about to be opened, and has no case yet.
    workflow: str | None = None
    parent: str | None = None
    owed_at: datetime | None = None  # when a duty owed it, however late it is opened
    pending: bool = False  # the event has not happened yet: its arguments are not written into the item

    @property
    def kind(self) -> str | None:
        """The workflow of the item."""
        return self.case.row.workflow if self.case is not None else self.workflow

    @property
    def name(self) -> str:
        if self.case is not None:
            return f"item:{self.case.row.id}"
        if self.owner is not None:
            return f"post:{self.owner}"
        return f"unit:{self.unit}" if self.unit is not None else "office"


@dataclass(frozen=True, kw_only=True)
class Facts:
    values: Mapping[str, Value]
    cites: Mapping[str, tuple[str, ...]]  # the items counted, by measure
    reasons: Mapping[str, Reason] = field(
        default_factory=dict
    )  # what a measure rests on, or why it is unknown


def gather(desk: Desk, reads: Iterable[str], subject: Subject) -> Facts:
    values: dict[str, Value] = {}
    cites: dict[str, tuple[str, ...]] = {}
    reasons: dict[str, Reason] = {}
    for name in reads:
        place, _, key = name.partition(".")
        if is_measure(desk.book, name):
            known = measure(desk, desk.book.measures[key], _asked(desk, place, subject))
            value, cites[name] = known.value, known.cites
            if known.reason is not None:
                reasons[name] = known.reason
        else:
            value = _read(desk, place, key, subject)
        if value is not None:
            values[name] = value
    return Facts(values=values, cites=cites, reasons=reasons)


def every_member(desk: Desk, name: str, subject: Subject) -> tuple[str, ...]:
    """All items, or periods, that a measure counts, however many: an entry names only the first of them."""
    place, _, key = name.partition(".")
    found = desk.book.measures[key]
    known = measure(desk, found, replace(_asked(desk, place, subject), complete=True))
    return known.held if found.spec.periods is not None else known.cites


def _asked(desk: Desk, place: str, subject: Subject) -> Asked:
    item = subject.case.row.id if subject.case is not None else None
    whose = {"unit": subject.unit, "owner": subject.owner, "office": "office", "item": item}[place]
    return Asked(
        whose=whose,
        at=subject.as_of or desk.now,
        period=subject.period,
        fields=tuple(likeness_of(subject).items()),
    )


def likeness_of(subject: Subject) -> Mapping[str, Plain]:
    """In what another may be the same: its fields, and the unit that it is of."""
    own: Mapping[str, Plain] = {"unit": subject.unit} if subject.unit is not None else {}
    return {**own, **fields_of(subject)}


def fields_of(subject: Subject) -> Mapping[str, Plain]:
    """Those of the item, as the event will leave them; before it is opened what is given for it."""
    if subject.case is None:
        return subject.args
    return {**subject.case.fields, **subject.args} if subject.pending else subject.case.fields


def field_value(book: Book, kind: str, plain: Plain) -> Value:
    """A field as conditions read it: dates and moments as instants, numbers as decimals."""
    if plain is None:
        return None
    if kind == "date":
        return instant(date.fromisoformat(str(plain)), 0, book.zone)
    if kind == "moment":
        return datetime.fromisoformat(str(plain)).astimezone(UTC)
    if kind == "number":
        return Decimal(str(plain))
    if kind in ("texts", "units"):
        return tuple(str(each) for each in plain) if isinstance(plain, list | tuple) else ()
    return plain


# What an item itself is: the fact, and the column that says it.
COLUMNS = {
    **{name: name for name in ("id", "title", "state", "workflow", "unit", "owner", "light", "period")},
    **{name: name for name in ("parent", "rule", "duty")},
    "opened": "opened_at",
}


def _item(desk: Desk, key: str, subject: Subject) -> Value:  # noqa: PLR0911  # one for each source
    case = subject.case
    if case is None:
        return None
    if key in desk.book.formulas:
        return _formula(desk, key, subject)
    if key in TIMES:
        return item_time(desk, key, case, subject.as_of or desk.now)
    if key == "parent" and _own_parent(desk, subject) is None:
        return None
    if key in COLUMNS:
        return getattr(case.row, COLUMNS[key])
    if key == "overdue":
        return any(late_at(running, subject.as_of or desk.now) for running in case.clocks.values())
    if key == "elapsed":
        return elapsed(desk, case)
    return _field(desk, case.row.workflow, key, case.fields.get(key))


def late_at(running: Running, at: datetime) -> bool:
    """Missed by that moment, and not yet done."""
    row = running.row
    missed = row.missed_at is not None and row.missed_at <= at and row.outcome != "cancelled"
    return missed and (row.ended_at is None or row.ended_at > at)


def _formula(desk: Desk, id: str, subject: Subject) -> Value:
    """None for an item of a workflow that the formula is not of."""
    formula = desk.book.formulas[id]
    if subject.case is None or subject.case.row.workflow not in formula.spec.of:
        return None
    return formula.expression.evaluate(gather(desk, formula.expression.reads, subject).values)


def _field(desk: Desk, workflow: str | None, key: str, plain: Plain) -> Value:
    if workflow is None:
        return None
    spec = desk.book.workflows[workflow].spec.fields.get(key)
    return None if spec is None else field_value(desk.book, spec.type, plain)


def _change(desk: Desk, key: str, subject: Subject) -> Value:
    change, workflow = subject.change, subject.kind
    if change is None or workflow is None:
        return None
    if key == "field":
        return change.field
    if key in ("old", "new"):
        return _field(desk, workflow, change.field, change.old if key == "old" else change.new)
    old, new = (_height(desk, workflow, change.field, plain) for plain in (change.old, change.new))
    # What had no value is lower than anything.
    if old is None or new is None:
        return key == ("rose" if old is None else "fell")
    return new > old if key == "rose" else new < old


def _height(desk: Desk, workflow: str, field: str, plain: Plain) -> Decimal | None:
    """Where a value lies in its order; for texts without one, nowhere in particular."""
    value, spec = _field(desk, workflow, field, plain), desk.book.workflows[workflow].spec.fields[field]
    if isinstance(value, datetime):
        return Decimal((value - EPOCH) // timedelta(microseconds=1))
    if isinstance(value, bool | int | Decimal):
        return Decimal(value)
    if isinstance(value, str) and spec.one_of:
        return Decimal([*spec.one_of].index(value))
    return None if value is None else Decimal(0)


def elapsed(desk: Desk, case: Case) -> Decimal | None:
    """Percent of the time from opening to the due moment that has passed, 0 to 100."""
    due = case.clocks.get("due")
    if due is None:
        return None
    whole = due.row.due_at - due.row.started_at
    if whole <= timedelta():
        return Decimal(100)
    part = min(max(desk.now - due.row.started_at, timedelta()), whole)
    share = Decimal(part // timedelta(seconds=1)) * 100 / Decimal(max(whole // timedelta(seconds=1), 1))
    return min(share.quantize(PERCENT_STEP), Decimal(100))


def _own_parent(desk: Desk, subject: Subject) -> Case | None:
    """None also where it is sealed and the item is not: for such an item it does not exist."""
    id = subject.case.row.parent if subject.case is not None else subject.parent
    parent = desk.case(id) if id is not None else None
    sealed = subject.kind is not None and desk.book.workflows[subject.kind].spec.sealed
    return None if crosses(parent, sealed=sealed) else parent


def _parent(desk: Desk, key: str, subject: Subject) -> Value:
    parent = _own_parent(desk, subject)
    if parent is None:
        return None
    # By the clock, not by the entry: nobody has acted on the parent, so its miss may not be entered yet.
    late = any(
        running.overdue or (running.row.outcome == "running" and running.row.due_at <= desk.now)
        for running in parent.clocks.values()
        if not desk.book.clocks[running.row.clock].spec.window
    )
    known: dict[str, Value] = {
        "overdue": late,
        "state": parent.row.state,
        "workflow": parent.row.workflow,
    }
    return known[key] if key in known else _field(desk, parent.row.workflow, key, parent.fields.get(key))


def _read(desk: Desk, place: str, key: str, subject: Subject) -> Value:  # noqa: PLR0911, C901  # one for each place
    match place:
        case "item":
            return _item(desk, key, subject)
        case "clock":
            return clock_fact(desk, key, subject.case, subject.as_of or desk.now)
        case "parent":
            return _parent(desk, key, subject)
        case "unit":
            return unit_fact(desk.book, key, subject.unit)
        case "owner":
            return subject.owner
        case "period":
            return subject.period.id if subject.period else None
        case "event":
            return subject.event if key == "name" else subject.by
        case "args":
            return _field(desk, subject.kind, key, subject.args.get(key))
        case "change":
            return _change(desk, key, subject)
        case "params":
            return desk.book.params[key].value
        case "now":
            return desk.now
    raise AssertionError(f"the book's check knows no facts of {place}")


def plain_fact(value: Value) -> Plain:
    """A fact as the log keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple | list):
        return [plain_fact(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date | time | timedelta):
        return str(value)
    raise TypeError(f"a fact cannot be a {type(value).__name__}")
