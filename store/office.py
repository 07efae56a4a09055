"""The store of one office: make it, open it, read it, write it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from store.address import database_at
from store.audit import EMPTY, Head, Log, tx_name
from store.database import BUSY_SECONDS, Database, Setting
from store.errors import StoreError, StoreHeld
from store.guards import guard
from store.holds import HoldWrites
from store.outbox import OutboxWrites
from store.read import Reader
from store.read_audit import HEAD
from store.read_registers import OFFICE, SECRET
from store.registers import RegisterWrites
from store.rows import Entry
from store.sqlite import check_place
from store.tables import SCHEMA_VERSION, Table, Writer
from store.writing import Writing, table_of


class Tx(OutboxWrites, RegisterWrites, HoldWrites):
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

    def __init__(self, database: Database, meta: Mapping[str, str]) -> None:
        self.meta = {key: value for key, value in meta.items() if key not in SECRET}
        self.log = meta["log"]
        self._database = database
        self._writing = Writing(database.dialect)
        self._secret = bytes.fromhex(meta["post_key"])

    @classmethod
    def create(cls, url: str, meta: Mapping[str, str], now: datetime) -> "Store":
        """Make the store of an office. `meta` names it under "office"; the rest is only remembered."""
        database = database_at(url)
        whole = {**meta, "log": f"duban.{meta['office']}/audit", "post_key": secrets.token_hex(32)}
        store = cls(database, whole)
        with database.founding() as connection:
            fill(connection, whole)
            database.stamp(connection, SCHEMA_VERSION)
            with store._entering(connection, now) as tx:
                tx.write_entry(birth(meta))
        return store

    @classmethod
    def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS, older: bool = False) -> "Store":
        """Raises StoreError where there is no store of this version, or an `older` one, in good order."""
        database = database_at(url, busy_seconds)
        try:
            database.check()
            with database.reading() as connection:
                check_stamp(database, connection, older=older)
                meta = {row.key: row.value for row in connection.execute(select(OFFICE))}
            database.make_ready()
        except BaseException:  # whatever stopped it: nothing stays open
            database.close()
            raise
        return cls(database, meta)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A snapshot: whatever is asked within is answered from the same moment (D1)."""
        with self._database.reading() as connection:
            yield Reader(connection)

    @contextmanager
    def write(self, now: datetime | None = None, *, recovering: bool = False) -> Iterator[Tx]:
        """The one place where a write transaction begins. It ends well or leaves nothing.

        Without `now` it is the moment by the database's clock at which the writer's lock was had. Raises
        OutcomeUnknown when nobody can say which of the two it was, and StoreHeld after a restoring unless it
        is `recovering` from it.
        """
        with self._database.writing() as connection:
            self._check(connection, recovering=recovering)
            moment = self._database.clock(connection) if now is None else now
            with self._entering(connection, moment) as tx:
                yield tx

    def _check(self, connection: Connection, *, recovering: bool) -> None:
        """Others may have converted it, or put a restored one in its place, since it was opened."""
        if self._database.version(connection) != SCHEMA_VERSION:
            check_stamp(self._database, connection)
        if not recovering and Reader(connection).held():
            raise StoreHeld(self.place)

    @contextmanager
    def convert(self, now: datetime) -> Iterator[Tx]:
        """As `write`, for changing the tables themselves, also of a store that is held."""
        with self._database.converting() as connection, self._entering(connection, now) as tx:
            yield tx

    @contextmanager
    def _entering(self, connection: Connection, now: datetime) -> Iterator[Tx]:
        """The log's end is written once, after everything that was entered."""
        head = Reader(connection).head()
        log = Log(self.log, head, tx_name(head.size), now)
        tx = Tx(connection, self._writing, log, self.log, self._secret)
        yield tx
        tx.check_transaction()
        end = log.head()
        if end != head:
            connection.execute(update(HEAD).values(asdict(end)))

    def now(self) -> datetime:
        """By the database's clock: the same for daemons on any number of hosts."""
        with self._database.reading() as connection:
            return self._database.clock(connection)

    def grant(self, role: str) -> None:
        """Said by the owner of a store on a server: `role` may use it, and not make or convert it."""
        self._database.grant(role)

    @property
    def shared(self) -> bool:
        """Whether several machines may use it, so that its clock counts and not theirs."""
        return self._database.shared

    def settings(self) -> tuple[Setting, ...]:
        """What about the database must be changed before it may be relied on."""
        return self._database.settings()

    @property
    def place(self) -> str:
        """Where it is, for people: without a password."""
        return self._database.place

    def copy_to(self, path: Path) -> None:
        """A whole copy as of one moment in a SQLite file, made while others go on reading and writing."""
        check_place(path)
        self._database.copy(path)

    def close(self) -> None:
        self._database.close()


def is_free(url: str) -> bool:
    """Whether there is nothing yet where this address points."""
    with closing(database_at(url)) as database:
        return database.is_free()


def remove(url: str) -> None:
    """Take a whole store away. Nobody may have it open."""
    with closing(database_at(url)) as database:
        database.remove()


@contextmanager
def made_beside(url: str) -> Iterator[str]:
    """An address for what takes a while to make: it becomes `url` when all went well, else nothing is left.

    Raises StoreError where something stands already. Whoever is given the address closes what he opens there.
    """
    with closing(database_at(url)) as database:
        if not database.is_free():
            raise StoreError(f"{database.place} exists already: open it, or choose another name")
        half = database.beside("importing")
        try:
            yield half
            database.take_from(half)
        except BaseException:  # whatever stopped it, also an interrupt: half a store helps nobody
            remove(half)
            raise


def fill(connection: Connection, meta: Mapping[str, str]) -> None:
    Table.metadata.create_all(connection)
    guard(connection)
    connection.execute(insert(OFFICE), [{"key": key, "value": value} for key, value in meta.items()])
    connection.execute(insert(HEAD).values(id=0, **asdict(EMPTY)))
    connection.execute(insert(table_of(Writer)).values(id=0))


def birth(meta: Mapping[str, str]) -> Entry:
    return Entry(
        act="office.create",
        actor={"id": "duban", "kind": "system"},
        obj_type="office",
        obj_id=meta["office"],
        why="the store of this office was made",
        facts=dict(meta),
    )


def check_stamp(database: Database, connection: Connection, *, older: bool = False) -> None:
    version, place = database.stamped(connection), database.place
    if version is None:
        raise StoreError(f"{place} is of another program: name what `duban init` made")
    if version < SCHEMA_VERSION and not older:
        raise StoreError(
            f"{place} has schema {version}, this duban needs {SCHEMA_VERSION}: stop its daemons, back it up "
            "with the duban that made it, then `duban store migrate`"
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{place} has schema {version}, this duban knows only {SCHEMA_VERSION}: install a newer duban"
        )
