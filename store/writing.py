"""The statements a batch is written with, made once for each store."""

from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, update
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from store.rows import ItemRow
from store.statements import (
    Addition,
    Encoder,
    Row,
    Statement,
    Together,
    binds,
    together_changed,
    together_new,
)
from store.tables import Audit, Clock, Counter, Document, Event, Firing, Hold, Item, Notice, Schedule
from store.words import add_to, insert_new, upsert

# What an item stays from its opening to its end. A change of one of these is not written.
FIXED = (
    "id",
    "workflow",
    "parent",
    "duty",
    "rule",
    "period",
    "period_first",
    "period_last",
    "opened_at",
    "opened_by",
)
SETTLED = ("outcome", "settled_seq")  # of a notice: known only when it has been sent


def table_of(model: type[SQLModel]) -> Table:
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table


def names_of(table: Table, *without: str) -> list[str]:
    return [name for name in table.c.keys() if name not in without]  # noqa: SIM118 - not a dict


class Insert:
    """Inserts rows of one kind, with `new` only those that are not there yet.

    `extra` are the last columns, whose values the caller adds.
    """

    def __init__(
        self, model: type[SQLModel], names: list[str], dialect: Dialect, *, extra: int = 0, new: bool = False
    ) -> None:
        table = table_of(model)
        self.statement = new_rows(table, names, dialect) if new else Addition(table, names, dialect)
        self.encoder = Encoder(table, self.statement.order[: len(names) - extra])


def new_rows(table: Table, names: list[str], dialect: Dialect) -> Together:
    statement = insert_new(dialect, table, binds(names))
    return Together(statement, dialect, together_new(table, names), types_of(table))


def types_of(table: Table) -> dict[str, TypeEngine[Any]]:
    return {column.name: column.type for column in table.c}


class Upsert:
    def __init__(self, model: type[SQLModel], dialect: Dialect) -> None:
        table = table_of(model)
        key = [column.name for column in table.primary_key]
        self.statement = Statement(upsert(dialect, table, binds(names_of(table)), key), dialect)
        self.encoder = Encoder(table, self.statement.order)


class ItemUpdate:
    """Updates items, each only if it is still at the revision before."""

    def __init__(self, names: tuple[str, ...], dialect: Dialect) -> None:
        table = table_of(Item)
        changing = binds(names_of(table, *FIXED))
        guarded = update(table).where(table.c.id == bindparam("this"), table.c.rev == bindparam("before"))
        together = together_changed(table, [*changing], "items.id = new.this AND items.rev = new.before")
        types = {**types_of(table), "this": table.c.id.type, "before": table.c.rev.type}
        self.statement = Together(guarded.values(changing), dialect, together, types)
        assert self.statement.order[-2:] == ("this", "before")
        self._pick = itemgetter(*(names.index(name) for name in self.statement.order[:-2]))

    def parameters(self, values: list[Any], row: ItemRow) -> Row:
        return (*self._pick(values), row.id, row.rev - 1)


class Writing:
    def __init__(self, dialect: Dialect) -> None:
        self.audit = Addition(table_of(Audit), names_of(table_of(Audit)), dialect)
        self.items = Insert(Item, names_of(table_of(Item)), dialect)
        self.changes = ItemUpdate(self.items.encoder.names, dialect)
        self.clocks = Upsert(Clock, dialect)
        self.schedules = Upsert(Schedule, dialect)
        self.firings = Insert(Firing, names_of(table_of(Firing)), dialect, new=True)
        self.holds = Insert(Hold, names_of(table_of(Hold)), dialect, extra=1)  # seq is given by the commit
        self.events = Insert(Event, names_of(table_of(Event), "id"), dialect)
        self.documents = Insert(Document, names_of(table_of(Document), "id"), dialect)
        self.numbers = Statement(
            add_to(dialect, table_of(Counter), ["prefix", "year"], "last", "count"), dialect
        )
        # message_id, state and attempts are given by the commit
        self.notices = Insert(Notice, names_of(table_of(Notice), "id", *SETTLED), dialect, extra=3)
