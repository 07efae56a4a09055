"""Straight to the driver: SQLAlchemy's part of one small statement costs more than the database's.

Errors come out as SQLAlchemy would raise them, in our words where we have any, and without parameters.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store.errors import StoreError
from store.sqlite import sentence_of


def fetch_rows(connection: Connection, text: str, parameters: Sequence[Any]) -> list[Any]:
    with _cursor(connection, text) as cursor:
        cursor.execute(text, parameters)
        found: list[Any] = cursor.fetchall()
        return found


def write_rows(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> int:
    """Number of rows written."""
    with _cursor(connection, text) as cursor:
        if len(rows) == 1:
            cursor.execute(text, rows[0])
        else:
            cursor.executemany(text, rows)
        written: int = cursor.rowcount
        return written


def command(connection: Connection, text: str) -> None:
    with _cursor(connection, text) as cursor:
        cursor.execute(text)


@contextmanager
def _cursor(connection: Connection, text: str) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise explained(connection, text, error) from error
    finally:
        cursor.close()


def explained(connection: Connection, text: str, error: BaseException) -> Exception:
    sentence = sentence_of(connection, error)
    if sentence is not None:
        return StoreError(sentence)
    base: type[Exception] = connection.dialect.loaded_dbapi.Error
    wrapped = DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=connection.dialect)
    assert isinstance(wrapped, Exception)
    return wrapped
