"""Changing a store behind its back, as somebody with the file, or with the server, and a shell would."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from store import sqlite
from store.tables import Table

Execute = Callable[..., None]  # a statement as SQLite writes it, and perhaps rows for its ?


@contextmanager
def behind_the_back(url: str) -> Iterator[Execute]:
    """Without triggers and foreign keys."""
    address = make_url(url)
    opened = _in_file(address) if address.get_backend_name() == "sqlite" else _on_server(address)
    with opened as execute:
        yield execute


@contextmanager
def _in_file(address: URL) -> Iterator[Execute]:
    connection = sqlite.driver().connect(address.database, isolation_level=None)
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in connection.execute(triggers).fetchall():
        connection.execute(f"DROP TRIGGER {name}")

    def execute(statement: str, *rows: Sequence[Any]) -> None:
        if rows:
            connection.executemany(statement, rows)
        else:
            connection.execute(statement)

    yield execute
    connection.close()


@contextmanager
def server_connection(url: str) -> Iterator[Any]:
    """As the server's owner, in the office's schema."""
    import psycopg

    address = make_url(url)
    host, schema = str(address.query["host"]), address.query["schema"]
    with psycopg.connect(
        host=host, user="duban", dbname=address.database, autocommit=True, options=f"-c search_path={schema}"
    ) as connection:
        yield connection


@contextmanager
def _on_server(address: URL) -> Iterator[Execute]:
    with server_connection(address.render_as_string(hide_password=False)) as connection:
        for table in Table.metadata.tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")

        def execute(statement: str, *rows: Sequence[Any]) -> None:
            text = re.sub(r"zeroblob\((\d+)\)", r"decode(repeat('00', \1), 'hex')", statement)
            if rows:
                connection.cursor().executemany(text.replace("?", "%s"), rows)
            else:
                connection.execute(text)

        yield execute
