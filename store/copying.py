"""A store copied into an empty place of any database: for plans, for backups, and back from them."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from store.database import STAMP, Database
from store.driver import command, copy_rows, write_rows
from store.found import AT_ONCE, stream
from store.guards import guard
from store.sqlite import SqliteDatabase
from store.tables import SCHEMA_VERSION
from store.tables import Table as Model
from store.types import as_kept


def copy_out(source: Connection, path: Path) -> None:
    target = SqliteDatabase(path)
    try:
        copy_all(source, target)
    finally:
        target.close()


def copy_all(source: Connection, target: Database) -> None:
    """What `source` sees, which is one snapshot. Triggers come last: they are for changes, not for copies."""
    with target.founding() as connection:
        Model.metadata.create_all(connection)
        for table in Model.metadata.sorted_tables:
            copy_table(source, connection, table)
        guard(connection)
        target.stamp(connection, SCHEMA_VERSION)


def copy_table(source: Connection, target: Connection, table: Table) -> None:
    query = select(*as_kept(table))
    if table.name == "office":  # each database keeps the version of its tables in its own way
        query = query.where(table.c.key != STAMP)
    found = (tuple(row) for row in stream(source, query))
    while rows := list(islice(found, AT_ONCE)):
        write(target, table, rows)
    if target.dialect.name == "postgresql":
        count_on(target, table)


def write(target: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(column.name for column in table.c)
    if target.dialect.name == "postgresql":
        copy_rows(target, f"COPY {table.name} ({names}) FROM STDIN", rows)
    else:
        marks = ", ".join("?" * len(table.c))
        write_rows(target, f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)


def count_on(target: Connection, table: Table) -> None:
    """Rows that come next are numbered after the largest number that was copied."""
    column = table.autoincrement_column
    if column is not None:
        counter = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        largest = f"max({column.name})"
        command(target, f"SELECT setval({counter}, {largest}) FROM {table.name} HAVING {largest} IS NOT NULL")
