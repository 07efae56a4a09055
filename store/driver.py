"""Straight to the driver: SQLAlchemy's part of one small statement costs more than the database's.

Errors come out as SQLAlchemy would raise them, in our words where we have any, and without people's data.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from store.database import database_of


def fetch_rows(connection: Connection, text: str, parameters: Sequence[Any]) -> list[Any]:
    with _cursor(connection) as cursor:
        if parameters:
            cursor.execute(text, parameters)
        else:
            cursor.execute(text)
        found: list[Any] = cursor.fetchall()
        return found


def write_rows(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> int:
    """Number of rows written."""
    with _cursor(connection) as cursor:
        if len(rows) == 1:
            cursor.execute(text, rows[0])
        else:
            cursor.executemany(text, rows)
        written: int = cursor.rowcount
        return written


def copy_rows(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> int:
    """`text` is PostgreSQL's COPY … FROM STDIN. Number of rows written."""
    with _cursor(connection) as cursor, cursor.copy(text) as stream:
        for row in rows:
            stream.write_row(row)
    return len(rows)


def command(connection: Connection, text: str) -> None:
    with _cursor(connection) as cursor:
        cursor.execute(text)


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        database = database_of(connection)
        lost = database.is_lost(connection)
        if lost:
            connection.invalidate()
        raise database.explained(error, lost=lost) from database.bare(error)
    finally:
        cursor.close()
