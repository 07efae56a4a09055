"""Triggers: what no statement may do, whoever writes it. They stop accidents; the log shows the rest."""

from collections.abc import Iterator

from sqlalchemy import Connection

from store.driver import command, fetch_rows
from store.tables import Table

FOREVER = ("audit", "items", "clocks", "events", "firings", "notices", "documents", "books", "holds")  # T9
UNCHANGING = ("audit", "events", "firings", "documents")
# Where every change must come with a later entry (A1). When an item next wakes is derived, not a fact.
ENTERED = ("items", "clocks", "people", "books", "holds")
DERIVED = {"items": ("wake_at",)}


def guard(connection: Connection) -> None:
    for statement in guards(connection.dialect.name):
        command(connection, statement)


def guards(dialect: str) -> Iterator[str]:
    yield from {"sqlite": sqlite_triggers, "postgresql": postgres_triggers}[dialect]()


def unguards(connection: Connection) -> Iterator[str]:
    """What takes all triggers away that are there, of whichever version."""
    if connection.dialect.name == "sqlite":
        found = fetch_rows(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'", ())
        yield from (f"DROP TRIGGER {name}" for (name,) in found)
    else:
        found = fetch_rows(connection, POSTGRES_TRIGGERS, ())
        yield from (f"DROP TRIGGER {name} ON {table}" for name, table in found)
        yield from (f"DROP FUNCTION {name}()" for name in ("duban_refuse", "duban_later_entry"))


def refused() -> Iterator[tuple[str, str]]:
    """(table, what may not be done to its rows)"""
    yield from ((table, "DELETE") for table in FOREVER)
    yield from ((table, "UPDATE") for table in UNCHANGING)


def facts_of(table: str) -> str:
    """The columns whose change must come with a later entry."""
    columns = Table.metadata.tables[table].c.keys()
    return ", ".join(column for column in columns if column not in DERIVED.get(table, ()))


def sqlite_triggers() -> Iterator[str]:
    for table, what in refused():
        yield (
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept: no {what}'); END"
        )
    for table in ENTERED:
        yield (
            f"CREATE TRIGGER {table}_later_entry BEFORE UPDATE OF {facts_of(table)} ON {table} "
            f"WHEN NEW.audit_seq <= OLD.audit_seq "
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} needs a later entry'); END"
        )


POSTGRES_TRIGGERS = """
    SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal ORDER BY relname, tgname
"""
# One function for all: what it says depends on who calls it. 23000 is a broken rule of the data.
POSTGRES_FUNCTIONS = (
    """
    CREATE FUNCTION duban_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are kept: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000';
    END $$
    """,
    """
    CREATE FUNCTION duban_later_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a change of % needs a later entry', TG_TABLE_NAME USING ERRCODE = '23000';
    END $$
    """,
)


def postgres_triggers() -> Iterator[str]:
    """ALWAYS: also for a session that plays what a replica was sent."""
    yield from POSTGRES_FUNCTIONS
    emptied = ((table, "TRUNCATE") for table in Table.metadata.tables)
    for table, what in (*refused(), *emptied):
        name = f"{table}_no_{what.lower()}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION duban_refuse()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    for table in ENTERED:
        name = f"{table}_later_entry"
        yield (
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {facts_of(table)} ON {table} FOR EACH ROW "
            f"WHEN (NEW.audit_seq <= OLD.audit_seq) EXECUTE FUNCTION duban_later_entry()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
