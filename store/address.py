"""Which database an address names."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store.database import BUSY_SECONDS, KINDS, Database
from store.errors import StoreError
from store.postgres import PostgresDatabase
from store.postgres_address import read_address
from store.sqlite import SqliteDatabase, path_in


def database_at(url: str, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Raises StoreError for an address that names none that we know. Opens nothing."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url!r} is no database address: {KINDS}") from None
    match parsed.get_backend_name():
        case "sqlite":
            return SqliteDatabase(path_in(parsed), busy_seconds)
        case "postgresql":
            return PostgresDatabase(read_address(parsed), busy_seconds)
    raise StoreError(f"{parsed.get_backend_name()} is not supported by this version: {KINDS}")


def shown(url: str) -> str:
    """The address as it may be printed: without a password."""
    return make_url(url).render_as_string(hide_password=True)
