"""What a database must be able to do for a store."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError

BUSY_SECONDS = 5  # how long one waits for another writer
STAMP = "schema_version"  # where the version of the tables stands in the table `office`, on a server
KINDS = "write sqlite:///office.db or postgresql://user@host/database"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting of the database under which something acknowledged could be lost, or kept wrongly."""

    code: str
    zh: str
    en: str


class Database(Protocol):
    """One office's place in a database: a file, or a schema on a server."""

    @property
    def place(self) -> str:
        """For sentences: where it is, without a password."""

    @property
    def dialect(self) -> Dialect: ...

    def founding(self) -> AbstractContextManager[Connection]:
        """A transaction in which a store is made; if it does not end well nothing is left.

        Raises StoreError where one is already, or none can be.
        """

    def check(self) -> None:
        """Raises StoreError where there is nothing that could be a store."""

    def is_free(self) -> bool:
        """Whether there is nothing at all where a store could be made."""

    def beside(self, ending: str) -> str:
        """The address of another place next to it."""

    def take_from(self, other: str) -> None:
        """What was made at an address beside it comes here. Nobody may have either open."""

    def remove(self) -> None:
        """Take away the whole store. Nobody may have it open."""

    def make_ready(self) -> None:
        """What a store that was found sound needs before somebody writes."""

    def stamp(self, connection: Connection, schema_version: int) -> None:
        """Mark it as ours, so that it is known before it is read."""

    def stamped(self, connection: Connection) -> int | None:
        """The version of its tables; None where it is somebody else's."""

    def version(self, connection: Connection) -> int | None:
        """As `stamped`, of a store that was found to be ours."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One snapshot."""

    def writing(self) -> AbstractContextManager[Connection]:
        """The one writer: the lock comes before the snapshot."""

    def converting(self) -> AbstractContextManager[Connection]:
        """As `writing`, for changing the tables themselves. Raises StoreError to who does not own them."""

    def check_converted(self, connection: Connection) -> None:
        """At the end of a converting: raises StoreError where rows refer to nothing; grants again."""

    @property
    def shared(self) -> bool:
        """Whether several machines may use it, so that its clock counts and not theirs."""

    def clock(self, connection: Connection) -> datetime:
        """The moment at which this is read, not that at which the transaction began."""

    def settings(self) -> tuple[Setting, ...]:
        """Those that must be changed before it may be relied on."""

    def alive(self, connection: Connection, *, failed: bool) -> bool:
        """Whether the transaction can still be kept, or, after a statement has `failed`, undone in part."""

    def is_lost(self, connection: Connection) -> bool:
        """Whether nothing can be said to the database any more."""

    def bare(self, error: BaseException) -> BaseException:
        """The driver's error without people's data."""

    def explained(self, error: BaseException, *, lost: bool = False) -> Exception:
        """The driver's error in our words, where we have any, else as SQLAlchemy would raise it."""

    def grant(self, role: str) -> None:
        """Let a role use the store, and not make it over. Raises StoreError where there are no roles."""

    def copy(self, path: Path) -> None:
        """All of it as of one moment, into a SQLite file."""

    def close(self) -> None: ...


def keep_with(engine: Engine, database: Database) -> Engine:
    """So that whoever has a connection knows its database."""
    engine.update_execution_options(duban_database=database)
    return engine


def as_sqlalchemy(error: BaseException, dialect: Dialect) -> Exception:
    """As SQLAlchemy would raise it, had the statement gone through it."""
    base: Any = dialect.loaded_dbapi.Error
    wrapped = DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=dialect)
    assert isinstance(wrapped, Exception)
    return wrapped


def database_of(connection: Connection) -> Database:
    found: Database = connection.engine.get_execution_options()["duban_database"]
    return found
