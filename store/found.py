"""Rows as they come from the database, turned into the values of rows.py."""

from collections.abc import Callable, Generator, Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Connection, Dialect, Row, Select, Table
from sqlalchemy.sql import ColumnElement

from store.driver import fetch_rows

Kind = TypeVar("Kind")


def columns_of(table: Table, *without: str) -> list[ColumnElement[Any]]:
    """A table's columns under the names that rows.py has for them."""
    return [
        column.label("entry") if column.name == "audit_seq" else column
        for column in table.c
        if column.name not in without
    ]


def fetch(connection: Connection, kind: type[Kind], query: Select[Any]) -> list[Kind]:
    result = connection.execute(query)
    names = tuple(result.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in result]


class Question(Generic[Kind]):
    """A query that every turn asks: made ready once, because SQLAlchemy takes longer over it than SQLite.

    Parameters are given in the order in which the query names them, no lists among them.
    """

    def __init__(self, kind: Callable[..., Kind], query: Select[Any] | CompoundSelect[Any]) -> None:
        self._kind = kind
        self._query = query
        self._ready: dict[str, _Ready] = {}

    def ask(self, connection: Connection, **given: Any) -> list[Kind]:
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            ready = self._ready[connection.dialect.name] = _Ready(self._query, connection.dialect)
        rows = fetch_rows(connection, ready.text, ready.parameters(given))
        return [self._kind(**ready.decode(row)) for row in rows]


class _Ready:
    """A compiled query: its text, how values go in, how they come out."""

    def __init__(self, query: Select[Any] | CompoundSelect[Any], dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        assert compiled.positiontup is not None, "the driver counts parameters by position"
        self.text = str(compiled)
        self.names = tuple(str(column.key) for column in query.selected_columns)
        self._constants = compiled.params
        self._binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        outs = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in query.selected_columns
        ]
        self._outs = [(name, out) for name, out in zip(self.names, outs, strict=True) if out is not None]

    def parameters(self, given: dict[str, Any]) -> tuple[Any, ...]:
        values = self._constants | given
        return tuple(process(values[name]) if process else values[name] for name, process in self._binds)

    def decode(self, row: Any) -> dict[str, Any]:
        values = dict(zip(self.names, row, strict=True))
        for name, process in self._outs:
            values[name] = process(values[name])
        return values


AT_ONCE = 1000  # rows held in memory while many are read


def stream(connection: Connection, query: Select[Any]) -> Generator[Row[Any], None, None]:
    """A few rows in memory at a time. To be closed by who does not read to the end."""
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        yield from rows


CHUNK = 500  # parameters in one IN (…)


def chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    listed = list(dict.fromkeys(ids))
    return (listed[at : at + CHUNK] for at in range(0, len(listed), CHUNK))
