"""SQLite: everything that only it needs. Another database gets a module like this one.

Python's own transactions are switched off: they begin only at a write, and so lose updates without an error.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    cast,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.dml import Insert, ReturningInsert

from store.errors import StoreError

APPLICATION_ID = 0x6475626E  # "dubn": in the header of every file of ours
BUSY_SECONDS = 5


def driver() -> ModuleType:
    """A current SQLite where its wheel is installed, else the one this Python was built with."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite resets its write-ahead log without losing commits (sqlite.org/wal.html)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def journal(version: tuple[int, ...]) -> tuple[str, str]:
    """(journal_mode, synchronous) under which a commit that was acknowledged survives."""
    return ("wal", "FULL") if is_sound(version) else ("delete", "EXTRA")


def open_writer(path: Path, busy_seconds: int = BUSY_SECONDS) -> Engine:
    engine = _engine(path, busy_seconds, read_only=False)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def open_reader(path: Path, busy_seconds: int = BUSY_SECONDS) -> Engine:
    engine = _engine(path, busy_seconds, read_only=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _engine(path: Path, busy_seconds: int, *, read_only: bool) -> Engine:
    module = driver()
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=module,
        hide_parameters=True,  # errors must not print people's data
        connect_args={"timeout": busy_seconds},
    )
    synchronous = journal(module.sqlite_version_info)[1]

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.create_function("duban_compare", 2, _compare, deterministic=True)
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "handle_error", lambda context: explain(context, path))
    return engine


def explain(context: ExceptionContext, path: Path) -> None:
    sentence = sentence_for(str(context.original_exception), path)
    if sentence is not None:
        raise StoreError(sentence) from context.original_exception


def sentence_of(connection: Connection, error: BaseException) -> str | None:
    """Of an error that came straight from the driver."""
    return sentence_for(str(error), Path(connection.engine.url.database or ""))


def sentence_for(message: str, path: Path) -> str | None:
    """SQLite's words as ours: what, where, way out."""
    for words, sentence in SENTENCES.items():
        if words in message:
            return sentence.format(path=path)
    return None


SENTENCES = {
    "database is locked": "{path} is being written by another program: try again, or stop that program",
    "malformed": "{path} is damaged: restore it from a backup, and keep the damaged file for inspection",
    "file is not a database": "{path} is not a SQLite database: name the file that `duban init` made",
    "unable to open database file": "{path} cannot be opened: its folder must exist and be writable",
    "readonly database": "{path} may not be written: give this user the right to it and its folder",
    "database or disk is full": "no room left on the disk of {path}: free some, nothing was lost",
    "disk I/O error": "the disk of {path} failed: check the disk, then `duban audit verify`",
    "no such table": "{path} lacks a table of this version: restore it from a backup",
    "no such column": "{path} lacks a column of this version: restore it from a backup",
}


def in_transaction(connection: Connection) -> bool:
    """False once SQLite has rolled back by itself: what is written then would be kept at once, alone."""
    return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]


def among(column: ColumnElement[str]) -> ColumnElement[bool]:
    """`column` is one of `ids`, a JSON list: one parameter however many there are."""
    ids = func.json_each(bindparam("ids", type_=Text)).table_valued("value")
    return column.in_(select(ids.c.value))


def utc_text(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """2020-12-31T23:30:00+08:00 as 2020-12-31T15:30:00.000000Z: as text it is in the order of time."""
    return func.strftime("%Y-%m-%dT%H:%M:%f000Z", moment, type_=Text)


def member(document: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """A member of a JSON object as text; yes and no as "true" and "false"."""
    path = f'$."{name}"'
    kind = func.json_type(document, path)
    value = cast(func.json_extract(document, path), Text)
    return case((kind.in_(("true", "false")), kind), else_=value)


def compare_numbers(field: ColumnElement[str], number: str) -> ColumnElement[int]:
    """Below, at or above 0 as the field is less, the same or more; nothing where it is no number."""
    return func.duban_compare(field, number, type_=Integer)


def _compare(one: str | None, other: str) -> int | None:
    """As decimals: texts would be in the order of their digits, and floats would round."""
    try:
        return None if one is None else int(Decimal(one).compare(Decimal(other)))
    except (InvalidOperation, ValueError):
        return None


def upsert(table: Table, values: Mapping[str, Any], key: Sequence[str]) -> Insert:
    """Insert, or replace everything but the key."""
    statement = insert(table).values(values)
    rest = {name: statement.excluded[name] for name in values if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def add_to(table: Table, key: Sequence[str], total: str, amount: str) -> ReturningInsert[Any]:
    """Add the parameter `amount` to a total that begins at nothing; the new total comes back."""
    start: dict[str, Any] = {**{name: bindparam(name) for name in key}, total: bindparam(amount)}
    statement = insert(table).values(start)
    more = {total: table.c[total] + statement.excluded[total]}
    return statement.on_conflict_do_update(index_elements=key, set_=more).returning(table.c[total])


def check_file(path: Path) -> None:
    """Refuse what cannot be a store.

    Not by opening it: closing a file ends all locks that this process has on it.
    """
    if not path.exists():
        raise StoreError(f"{path} does not exist: make a store with `duban init`, or correct the path")
    if path.is_dir():
        raise StoreError(f"{path} is a folder: name the store's file inside it")
    if not os.access(path, os.R_OK):
        raise StoreError(f"{path} may not be read: give this user the right to read it")
    if path.stat().st_size == 0:
        raise StoreError(f"{path} is empty: delete it, then make a store with `duban init`")


def check_place(path: Path) -> None:
    """Refuse a place where no store can be made."""
    if path.exists():
        raise StoreError(f"{path} exists already: open it, or choose another name")
    if not path.parent.is_dir():
        raise StoreError(f"{path.parent} is not a folder: make it first, or correct the path")
    if not os.access(path.parent, os.W_OK):
        raise StoreError(
            f"{path.parent} may not be written: give this user the right, or choose another folder"
        )


def stamp(connection: Connection, schema_version: int) -> None:
    """Mark the file as ours, so that it is known before it is read."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {schema_version}")


def stamped(connection: Connection) -> tuple[int, int]:
    """(application id, schema version)"""
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    return application, connection.exec_driver_sql("PRAGMA user_version").scalar_one()


def copy(engine: Engine, path: Path) -> None:
    """By the database's own means: the file alone would lack what its journal still holds."""
    raw, target = engine.raw_connection(), driver().connect(str(path))
    try:
        raw.driver_connection.backup(target)  # type: ignore[union-attr]
    finally:
        target.close()
        raw.close()


def set_journal(engine: Engine, path: Path) -> None:
    """The journal mode belongs to the file: set once when the store is opened, not by every connection."""
    wanted = journal(driver().sqlite_version_info)[0]
    raw = engine.raw_connection()
    try:
        given = raw.cursor().execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
    except driver().OperationalError as error:
        raise StoreError(sentence_for(str(error), path) or str(error)) from error
    finally:
        raw.close()
    if given != wanted:
        raise StoreError(
            f"{path} does not keep a {wanted} journal here (it says {given}): move it to a local disk"
        )
