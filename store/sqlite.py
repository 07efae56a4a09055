"""SQLite: everything that only it needs.

Python's own transactions are switched off: they begin only at a write, and so lose updates without an error.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext

from store.clock import SQLITE_CLOCK
from store.database import BUSY_SECONDS, KINDS, Setting, as_sqlalchemy, keep_with
from store.driver import fetch_rows
from store.errors import StoreError

APPLICATION_ID = 0x6475626E  # "dubn": in the header of every file of ours


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


class SqliteDatabase:
    """One file."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._writer = self._engine("BEGIN IMMEDIATE", busy_seconds, read_only=False)
        self._reader = self._engine("BEGIN", busy_seconds, read_only=True)

    @property
    def place(self) -> str:
        return str(self.path)

    @property
    def dialect(self) -> Dialect:
        return self._writer.dialect

    def _engine(self, begin: str, busy_seconds: float, *, read_only: bool) -> Engine:
        module = driver()
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
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
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        event.listen(engine, "handle_error", self._explain)
        return keep_with(engine, self)

    def _explain(self, context: ExceptionContext) -> None:
        sentence = sentence_for(str(context.original_exception), self.path)
        if sentence is not None:
            raise StoreError(sentence) from context.original_exception

    def explained(self, error: BaseException, *, lost: bool = False) -> Exception:  # noqa: ARG002 - never lost
        sentence = sentence_for(str(error), self.path)
        return as_sqlalchemy(error, self.dialect) if sentence is None else StoreError(sentence)

    def is_lost(self, connection: Connection) -> bool:  # noqa: ARG002 - a file is always there
        return False

    def bare(self, error: BaseException) -> BaseException:
        """SQLite names tables and columns, and never what is in them."""
        return error

    @contextmanager
    def founding(self) -> Iterator[Connection]:
        check_place(self.path)
        try:
            self.make_ready()
            with self._writer.begin() as connection:
                yield connection
        except BaseException:  # whatever stopped it, also an interrupt: half a store helps nobody
            self.remove()
            raise

    def check(self) -> None:
        check_file(self.path)

    def is_free(self) -> bool:
        return not self.path.exists()

    def beside(self, ending: str) -> str:
        return f"sqlite:///{self.path}.{ending}"

    def take_from(self, other: str) -> None:
        check_place(self.path)
        Path(other.removeprefix("sqlite:///")).rename(self.path)

    def remove(self) -> None:
        self.close()
        remove(self.path)

    def make_ready(self) -> None:
        set_journal(self._writer, self.path)

    def stamp(self, connection: Connection, schema_version: int) -> None:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema_version}")

    def stamped(self, connection: Connection) -> int | None:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        return self.version(connection) if application == APPLICATION_ID else None

    def version(self, connection: Connection) -> int | None:
        version: int = fetch_rows(connection, "PRAGMA user_version", ())[0][0]
        return version

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def converting(self) -> Iterator[Connection]:
        """Foreign keys are off, else a table that is made anew would take with it what refers to its rows."""
        with self._writer.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                raw.execute("PRAGMA foreign_keys = ON")

    def check_converted(self, connection: Connection) -> None:
        wrong = {row[0] for row in fetch_rows(connection, "PRAGMA foreign_key_check", ())}
        if wrong:
            raise StoreError(
                f"{self.path} was not converted: rows of {', '.join(sorted(wrong))} refer to nothing; "
                "restore it from a backup"
            )

    shared = False

    def clock(self, connection: Connection) -> datetime:
        """That of this machine."""
        return datetime.fromisoformat(connection.exec_driver_sql(SQLITE_CLOCK).scalar_one())

    def settings(self) -> tuple[Setting, ...]:
        """Every connection of ours sets what it needs, and `make_ready` refuses a journal that is unsafe."""
        return ()

    def alive(self, connection: Connection, *, failed: bool) -> bool:  # noqa: ARG002 - the same for it
        """False once SQLite has rolled back by itself: what is written then would be kept at once, alone."""
        return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]

    def grant(self, role: str) -> None:
        raise StoreError(
            f"{self.path} is a file and knows no roles: give {role!r} the right to it and its folder"
        )

    def copy(self, path: Path) -> None:
        """By the database's own means: the file alone would lack what its journal still holds."""
        raw, target = self._reader.raw_connection(), driver().connect(str(path))
        try:
            raw.driver_connection.backup(target)  # type: ignore[union-attr]
        finally:
            target.close()
            raw.close()

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def path_in(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise StoreError(f"a store needs a file to remember in: {KINDS}")
    return Path(url.database)


def remove(path: Path) -> None:
    """A store's file with all that SQLite may have put beside it."""
    for leftover in files_of(path):
        leftover.unlink(missing_ok=True)


def files_of(path: Path) -> tuple[Path, ...]:
    """The file, and what SQLite may have put beside it. A journal left there would spoil another (F24)."""
    return (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal")))


def keep_in_one_file(path: Path) -> None:
    """With no journal beside it that could be forgotten. Nobody may have it open."""
    connection = driver().connect(str(path))
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


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


def _compare(one: str | None, other: str) -> int | None:
    """As decimals: texts would be in the order of their digits, and floats would round."""
    try:
        return None if one is None else int(Decimal(one).compare(Decimal(other)))
    except (InvalidOperation, ValueError):
        return None


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
    for leftover in files_of(path):
        if leftover.exists():
            raise StoreError(f"{leftover} belongs to a store that was here: move it away, then try again")
    if not path.parent.is_dir():
        raise StoreError(f"{path.parent} is not a folder: make it first, or correct the path")
    if not os.access(path.parent, os.W_OK):
        raise StoreError(
            f"{path.parent} may not be written: give this user the right, or choose another folder"
        )


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
