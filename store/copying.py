"""A store of any database copied into a SQLite file: for plans, back-tests, backups that need no server."""

from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Table, select

from store.driver import write_rows
from store.found import AT_ONCE, stream
from store.guards import guard
from store.sqlite import SqliteDatabase
from store.tables import SCHEMA_VERSION
from store.tables import Table as Model
from store.types import as_kept


def copy_out(source: Connection, path: Path) -> None:
    """What `source` sees, which is one snapshot. Triggers come last: they are for changes, not for copies."""
    target = SqliteDatabase(path)
    try:
        with target.founding() as connection:
            Model.metadata.create_all(connection)
            for table in Model.metadata.sorted_tables:
                copy_table(source, connection, table)
            guard(connection)
            target.stamp(connection, SCHEMA_VERSION)
    finally:
        target.close()


def copy_table(source: Connection, target: Connection, table: Table) -> None:
    names = ", ".join(column.name for column in table.c)
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.c))})"
    found = (tuple(row) for row in stream(source, select(*as_kept(table))))
    while rows := list(islice(found, AT_ONCE)):
        write_rows(target, statement, rows)
