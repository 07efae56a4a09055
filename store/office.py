"""The store of one office: make it, open it, read it, write it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store import sqlite
from store.audit import EMPTY, Head, Log, tx_name
from store.errors import StoreError
from store.guards import guard
from store.outbox import OutboxWrites
from store.read import Reader
from store.read_audit import HEAD
from store.read_registers import OFFICE
from store.registers import RegisterWrites
from store.rows import Entry
from store.tables import SCHEMA_VERSION, Table, Writer
from store.writing import Writing, table_of


class Tx(OutboxWrites, RegisterWrites):
    """One write transaction."""

    @property
    def now(self) -> datetime:
        return self._log.now

    def advance(self, now: datetime) -> None:
        """Go on at a later moment: for virtual time, where a transaction may hold many."""
        self._log.advance(now)

    def head(self) -> Head:
        """Also of what this transaction has entered."""
        return self._log.head()


class Store:
    """Any number of readers, one writer at a time. Threads may share it; processes open their own."""

    def __init__(self, writer: Engine, reader: Engine, meta: Mapping[str, str]) -> None:
        self.meta = {key: value for key, value in meta.items() if key != "post_key"}
        self.log = meta["log"]
        self._writer = writer
        self._reader = reader
        self._writing = Writing(writer.dialect)
        self._secret = bytes.fromhex(meta["post_key"])

    @classmethod
    def create(cls, url: str, meta: Mapping[str, str], now: datetime) -> "Store":
        """Make the store of an office. `meta` names it under "office"; the rest is only remembered."""
        path = path_of(url)
        sqlite.check_place(path)
        whole = {**meta, "log": f"duban.{meta['office']}/audit", "post_key": secrets.token_hex(32)}
        writer = sqlite.open_writer(path)
        try:
            sqlite.set_journal(writer, path)
            with writer.begin() as connection:
                fill(connection, whole)
            store = cls(writer, sqlite.open_reader(path), whole)
            with store.write(now) as tx:
                tx.write_entry(birth(meta))
        except BaseException:  # whatever stopped it, also an interrupt: half a store helps nobody
            writer.dispose()
            for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
                leftover.unlink(missing_ok=True)
            raise
        return store

    @classmethod
    def open(cls, url: str, *, busy_seconds: int = sqlite.BUSY_SECONDS) -> "Store":
        """Raises StoreError where there is no store of this version in good order."""
        path = path_of(url)
        sqlite.check_file(path)
        reader = sqlite.open_reader(path, busy_seconds)
        try:
            with reader.begin() as connection:
                check_stamp(connection, path)
                meta = {row.key: row.value for row in connection.execute(select(OFFICE))}
            writer = sqlite.open_writer(path, busy_seconds)
            sqlite.set_journal(writer, path)
        except BaseException:  # whatever stopped it: nothing stays open
            reader.dispose()
            raise
        return cls(writer, reader, meta)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A snapshot: whatever is asked within is answered from the same moment (D1)."""
        with self._reader.begin() as connection:
            yield Reader(connection)

    @contextmanager
    def write(self, now: datetime) -> Iterator[Tx]:
        """The one place where a write transaction begins. It ends well or leaves nothing."""
        with self._writer.begin() as connection:
            head = Reader(connection).head()
            log = Log(self.log, head, tx_name(head.size), now)
            tx = Tx(connection, self._writing, log, self.log, self._secret)
            yield tx
            tx.check_transaction()
            end = log.head()
            if end != head:
                connection.execute(update(HEAD).values(asdict(end)))

    def copy_to(self, path: Path) -> None:
        """A whole copy as of one moment, made while others go on reading and writing."""
        sqlite.check_place(path)
        sqlite.copy(self._reader, path)

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def path_of(url: str) -> Path:
    """Where the SQLite file is; other databases are refused by name."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url!r} is no database address: write sqlite:///office.db") from None
    if parsed.get_backend_name() != "sqlite":
        name = parsed.get_backend_name()
        raise StoreError(f"{name} is not supported by this version: write sqlite:///office.db")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("a store needs a file to remember in: write sqlite:///office.db")
    return Path(parsed.database)


def fill(connection: Connection, meta: Mapping[str, str]) -> None:
    Table.metadata.create_all(connection)
    guard(connection)
    connection.execute(insert(OFFICE), [{"key": key, "value": value} for key, value in meta.items()])
    connection.execute(insert(HEAD).values(id=0, **asdict(EMPTY)))
    connection.execute(insert(table_of(Writer)).values(id=0))
    sqlite.stamp(connection, SCHEMA_VERSION)


def birth(meta: Mapping[str, str]) -> Entry:
    return Entry(
        act="office.create",
        actor={"id": "duban", "kind": "system"},
        obj_type="office",
        obj_id=meta["office"],
        why="the store of this office was made",
        facts=dict(meta),
    )


def check_stamp(connection: Connection, path: Path) -> None:
    application, version = sqlite.stamped(connection)
    if application != sqlite.APPLICATION_ID:
        raise StoreError(
            f"{path} is a SQLite database of another program: name the file that `duban init` made"
        )
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema {version}, this duban needs {SCHEMA_VERSION} "
            "and cannot convert it: open it with the duban that made it"
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema {version}, this duban knows only {SCHEMA_VERSION}: install a newer duban"
        )
