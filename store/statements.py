"""Writing rows in bulk: each statement is made from its table and compiled once, each row becomes one tuple.

SQLAlchemy's own executemany converts every value of every row through its types; that alone took longer than
SQLite needs to write them. Here the same statements go to the driver as they are (store/driver.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, insert
from sqlalchemy.sql.dml import ReturningInsert, UpdateBase
from sqlalchemy.types import TypeEngine

from store.canonical import encode_checked, has_null
from store.driver import copy_rows, write_rows
from store.errors import NotCanonical
from store.instants import instant_text
from store.types import ByBytes, Day, Flag, Instant

Row = tuple[Any, ...]
WORTH_A_STREAM = 8  # rows; beginning and ending one takes two messages more
ENTRY = "audit_seq"  # in the database a number in the log; in a row a position in the batch


def binds(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


class Statement:
    """A statement as its driver takes it: text, and the order of its parameters."""

    def __init__(self, statement: UpdateBase | ReturningInsert[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert compiled.positiontup is not None, "the driver counts parameters by position"
        self.text = str(compiled)
        self.order = tuple(compiled.positiontup)

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Number of rows written."""
        return write_rows(connection, self.text, rows) if rows else 0


class Addition(Statement):
    """New rows, of which none may be there already: many go to PostgreSQL as one stream."""

    def __init__(self, table: Table, names: Iterable[str], dialect: Dialect) -> None:
        super().__init__(insert(table).values(binds(names)), dialect)
        streams = dialect.name == "postgresql"
        self._copy = f"COPY {table.name} ({', '.join(self.order)}) FROM STDIN" if streams else None

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        if self._copy is None or len(rows) < WORTH_A_STREAM:
            return super().run(connection, rows)
        return copy_rows(connection, self._copy, rows)


class Together(Statement):
    """Rows that PostgreSQL takes as one JSON text and one statement, which costs a third of one for each.

    `together` says it with a place for the rows as a table; no key may be in them twice.
    """

    def __init__(
        self, statement: UpdateBase, dialect: Dialect, together: str, types: Mapping[str, TypeEngine[Any]]
    ) -> None:
        super().__init__(statement, dialect)
        self._text: str | None = None
        if dialect.name == "postgresql":
            columns = ", ".join(f"{name} {types[name].compile(dialect)}" for name in self.order)
            self._text = together.format(rows=f"json_to_recordset(%s::json) AS new({columns})")

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        if self._text is None or len(rows) < WORTH_A_STREAM:
            return super().run(connection, rows)
        told = encode_checked([dict(zip(self.order, row, strict=True)) for row in rows])
        return write_rows(connection, self._text, [(told,)])


def together_new(table: Table, names: Sequence[str]) -> str:
    """Insert those that are not there yet."""
    listed = ", ".join(names)
    return f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM {{rows}} ON CONFLICT DO NOTHING"


def together_changed(table: Table, names: Sequence[str], guard: str) -> str:
    values = ", ".join(f"{name} = new.{name}" for name in names)
    return f"UPDATE {table.name} SET {values} FROM {{rows}} WHERE {guard}"


class Encoder:
    """Turns a row of rows.py into a tuple of what the database keeps, in the order of `names`."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._read = attrgetter(*("entry" if name == ENTRY else name for name in names))
        kinds = [(at, encoder_of(table, name)) for at, name in enumerate(names)]
        self._encoders = [(at, encode) for at, encode in kinds if encode is not None]
        self._texts = [at for at, name in enumerate(names) if table.c[name].type is ByBytes]
        self._entry = self.names.index(ENTRY) if ENTRY in self.names else None

    def encode(self, row: Any, first_seq: int) -> list[Any]:
        values = list(self._read(row))
        for at, encode in self._encoders:
            value = values[at]
            if value is not None:
                values[at] = encode(value)
        for at in self._texts:
            value = values[at]
            if value is not None and ("\0" in value or (value[:1] == "{" and has_null(value))):
                raise NotCanonical(
                    f"{self.names[at]} holds a null character, which not every database keeps: take it out"
                )
        if self._entry is not None:
            values[self._entry] += first_seq
        return values


def encoder_of(table: Table, name: str) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    if isinstance(kind, Instant):
        return instant_text
    if isinstance(kind, Day):
        return date.isoformat
    return int if isinstance(kind, Flag) else None
