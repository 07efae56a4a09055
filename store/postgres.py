"""PostgreSQL: everything that only it needs. One schema of a database is the store of one office.

Connections are in autocommit, so that no transaction begins by accident. Each that we begin is begun by one
message which also takes the writer's lock, before anything could take a snapshot: whoever waited for the lock
sees what was written meanwhile. Nothing is set for longer than a transaction, so poolers that hand out
connections by transaction do no harm.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url

from store.clock import POSTGRES_CLOCK
from store.copying import copy_out
from store.database import BUSY_SECONDS, STAMP, Setting, as_sqlalchemy, keep_with
from store.driver import command, fetch_rows
from store.errors import ConnectionLost, OutcomeUnknown, StoreError
from store.grants import grants
from store.postgres_address import Address, beside_name, is_name, read_address
from store.postgres_errors import sentence_for, state_of, without_data
from store.postgres_settings import unsafe_settings

STATEMENT_SECONDS = 60
IDLE_SECONDS = 20  # a writer who holds the lock and does nothing is cut off, so that others go on
READER_IDLE_SECONDS = 600  # a reader holds up nobody, but old rows are kept for it
CONNECT_SECONDS = 10
# A host that was cut off hears nothing more, not even that: without these it would wait for a quarter of an
# hour, or for ever. An address may say otherwise.
LIVELY = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 10_000,  # milliseconds without a sign that what we sent has arrived
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
GRANTED = """
    SELECT DISTINCT grantee::regrole::text FROM pg_class, aclexplode(relacl)
    WHERE oid = 'items'::regclass AND grantee NOT IN (0, relowner)
"""
CUT_OFF = ("25P03", "25P04")  # what the server says to whom it has cut off, after it undid everything


class PostgresDatabase:
    def __init__(
        self, address: Address, busy_seconds: float = BUSY_SECONDS, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self.schema = address.schema
        self._address = address
        self._found = _begin(self.schema, "", busy_seconds, idle_seconds, STATEMENT_SECONDS)
        lock = f"LOCK TABLE {self.schema}.duban_writer IN EXCLUSIVE MODE"
        read = _begin(self.schema, " READ ONLY", busy_seconds, READER_IDLE_SECONDS, None)
        self._writer = self._engine(address, self._found + lock)
        self._reader = self._engine(address, read)

    @property
    def place(self) -> str:
        return self._address.place

    @property
    def dialect(self) -> Dialect:
        return self._writer.dialect

    def _engine(self, address: Address, begin: str) -> Engine:
        try:
            engine = create_engine(
                address.url,
                paramstyle="format",  # the driver's own, so that statements made once go to it as they are
                hide_parameters=True,  # errors must not print people's data
                pool_pre_ping=True,  # the server may have been started anew since
                connect_args={
                    "application_name": "duban",
                    **{name: value for name, value in LIVELY.items() if name not in address.url.query},
                },
            )
        except ModuleNotFoundError as error:
            raise StoreError(
                f"{self.place} needs the driver psycopg: pip install 'duban[postgres]'"
            ) from error

        def switch_off(connection: Any, _record: Any) -> None:
            connection.autocommit = True

        def start(connection: Connection) -> None:
            founding = connection.get_execution_options().get("duban_founding", False)
            run(connection, self._found if founding else begin)

        event.listen(engine, "connect", switch_off)
        event.listen(engine, "begin", start)
        event.listen(engine, "handle_error", self._explain)
        return keep_with(engine, self)

    def _explain(self, context: ExceptionContext) -> None:
        if not context.is_pre_ping:
            error = context.original_exception
            raise self.explained(error, lost=context.is_disconnect) from self.bare(error)

    def explained(self, error: BaseException, *, lost: bool = False) -> Exception:
        sentence = sentence_for(error, self.place)
        if lost and state_of(error) not in CUT_OFF:
            return ConnectionLost(sentence or f"the connection to {self.place} was lost: try again")
        if sentence is not None:
            return StoreError(sentence)
        return as_sqlalchemy(self.bare(error), self.dialect)

    def is_lost(self, connection: Connection) -> bool:
        raw: Any = connection.connection.dbapi_connection
        return raw is None or raw.closed

    def bare(self, error: BaseException) -> BaseException:
        return without_data(error)

    # ------------------------------------------------------------ made, found

    @contextmanager
    def founding(self) -> Iterator[Connection]:
        """Everything is made in one transaction, so what does not end well leaves nothing."""
        try:
            with self._changing() as connection:
                self._take_schema(connection)
                yield connection
        except BaseException:  # whatever stopped it: nothing stays open
            self.close()
            raise

    def _take_schema(self, connection: Connection) -> None:
        """Ours to make, or made for us and empty."""
        found = rows(connection, "SELECT 1 FROM pg_namespace WHERE nspname = %s", self.schema)
        if not found:
            run(connection, f"CREATE SCHEMA {self.schema}")
        elif self._is_ours(connection):
            raise StoreError(f"{self.place} exists already: open it, or choose another schema")
        elif self._holds_tables(connection):
            raise StoreError(f"{self.place} holds tables of another program: choose another schema")

    def _is_ours(self, connection: Connection) -> bool:
        found = rows(
            connection, "SELECT to_regclass(%s), to_regclass(%s)", *self._named("duban_writer", "office")
        )
        return None not in found[0]

    def _named(self, *tables: str) -> Iterator[str]:
        return (f"{self.schema}.{table}" for table in tables)

    def check(self) -> None:
        if self.is_free():
            raise StoreError(
                f"{self.place} does not exist: make a store with `duban init`, or correct the address"
            )

    def is_free(self) -> bool:
        with self._reader.begin() as connection:
            return not self._holds_tables(connection)

    def _holds_tables(self, connection: Connection) -> bool:
        """Without naming the schema as one, which would have to be there."""
        found = "SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s"
        return bool(rows(connection, f"{found} LIMIT 1", self.schema))

    def beside(self, ending: str) -> str:
        return self._address.with_schema(beside_name(self.schema, ending))

    def take_from(self, other: str) -> None:
        """An empty schema that was made for us by its owner gives way to the full one."""
        with self._changing() as connection:
            run(connection, f"DROP SCHEMA IF EXISTS {self.schema}")
            run(connection, f"ALTER SCHEMA {read_address(make_url(other)).schema} RENAME TO {self.schema}")

    def remove(self) -> None:
        with self._changing() as connection:
            run(connection, f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
        self.close()

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """Without the writer's lock, whose table may not be there."""
        engine = self._writer.execution_options(duban_founding=True)
        with engine.begin() as connection:
            yield connection

    def make_ready(self) -> None:
        """Nothing: what a server needs is set where it is started."""

    def stamp(self, connection: Connection, schema_version: int) -> None:
        new = f"INSERT INTO office (key, value) VALUES ('{STAMP}', '{schema_version}')"
        run(connection, f"{new} ON CONFLICT (key) DO UPDATE SET value = excluded.value")

    def stamped(self, connection: Connection) -> int | None:
        return self.version(connection) if self._is_ours(connection) else None

    def version(self, connection: Connection) -> int | None:
        found = rows(connection, "SELECT value FROM office WHERE key = %s", STAMP)
        return int(found[0][0]) if found else None

    # ------------------------------------------------------------ transactions

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._reader.begin() as connection:
            yield connection

    def writing(self) -> AbstractContextManager[Connection]:
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with self._writer.connect() as connection, connection.begin() as transaction:
            yield connection
            try:
                transaction.commit()
            except ConnectionLost as error:
                raise OutcomeUnknown(self.place) from error

    @contextmanager
    def converting(self) -> Iterator[Connection]:
        with self._locked() as connection:
            owned = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'duban_writer'::regclass"
            if not rows(connection, owned)[0][0]:
                raise StoreError(f"{self.place} is converted by its owner alone: name the owner in --store")
            run(connection, "SET LOCAL statement_timeout = 0")  # a large table takes its time
            yield connection

    def check_converted(self, connection: Connection) -> None:
        """The server itself keeps foreign keys. Who was let in before is let into what is new."""
        for (role,) in rows(connection, GRANTED):
            for statement in grants(self.schema, role):
                run(connection, statement)

    shared = True

    def clock(self, connection: Connection) -> datetime:
        """The server's: one for all hosts."""
        return datetime.fromisoformat(rows(connection, POSTGRES_CLOCK)[0][0])

    def settings(self) -> tuple[Setting, ...]:
        with self._reader.begin() as connection:
            return unsafe_settings(dict(rows(connection, "SELECT name, setting FROM pg_settings")))

    def alive(self, connection: Connection, *, failed: bool) -> bool:
        """After an error the server takes nothing but an undoing, and would answer a commit with one."""
        from psycopg.pq import TransactionStatus  # noqa: PLC0415 - only installed where it is used

        if connection.invalidated:
            return False
        raw: Any = connection.connection.dbapi_connection
        status = raw.info.transaction_status
        kept = (TransactionStatus.INTRANS, *((TransactionStatus.INERROR,) if failed else ()))
        return status in kept

    def grant(self, role: str) -> None:
        if not is_name(role):
            raise StoreError(f"{role!r} is no name for a role: write small letters, digits and _")
        with self._changing() as connection:
            if not rows(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                raise StoreError(
                    f"{role} is no role of {self.place}: make it first with CREATE ROLE {role} LOGIN"
                )
            for statement in grants(self.schema, role):
                run(connection, statement)

    def copy(self, path: Path) -> None:
        with self.reading() as connection:
            copy_out(connection, path)

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def _begin(
    schema: str, mode: str, busy_seconds: float, idle_seconds: float, statement_seconds: float | None
) -> str:
    """One message of several statements. None of them takes a snapshot."""
    settings = {
        "search_path": f"{schema}, pg_temp",  # not even a temporary table may stand in for one of ours
        "TimeZone": "'UTC'",
        "lock_timeout": milliseconds(busy_seconds),
        "statement_timeout": milliseconds(statement_seconds),
        "idle_in_transaction_session_timeout": milliseconds(idle_seconds),
    }
    told = "".join(f"SET LOCAL {name} = {value}; " for name, value in settings.items())
    return f"BEGIN ISOLATION LEVEL REPEATABLE READ{mode}; {told}"


def milliseconds(seconds: float | None) -> str:
    """Without end where None, which the server calls 0."""
    return "0" if seconds is None else f"'{max(1, round(seconds * 1000))}ms'"


def run(connection: Connection, text: str) -> None:
    """As it stands: many statements in one message, and per cent signs that are no parameters."""
    command(connection, text)


def rows(connection: Connection, text: str, *parameters: object) -> list[Any]:
    return fetch_rows(connection, text, parameters)
