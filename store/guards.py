"""Triggers: what no statement may do, whoever writes it. They stop accidents; the log shows the rest."""

from sqlalchemy import Connection

FOREVER = ("audit", "items", "clocks", "events", "firings", "notices", "documents", "books")  # T9
UNCHANGING = ("audit", "events", "firings", "documents")
# Where every change must come with a later entry (A1). When an item next wakes is derived, not a fact.
ENTERED = ("items", "clocks", "people", "books")
DERIVED = {"items": ("wake_at",)}


def guard(connection: Connection) -> None:
    for statement in statements(connection):
        connection.exec_driver_sql(statement)


def statements(connection: Connection) -> list[str]:
    return [
        *(_refuse(table, "DELETE") for table in FOREVER),
        *(_refuse(table, "UPDATE") for table in UNCHANGING),
        *(_later_entry(connection, table) for table in ENTERED),
    ]


def _refuse(table: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept: no {what}'); END"
    )


def _later_entry(connection: Connection, table: str) -> str:
    columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    facts = ", ".join(column for column in columns if column not in DERIVED.get(table, ()))
    return (
        f"CREATE TRIGGER {table}_later_entry BEFORE UPDATE OF {facts} ON {table} "
        f"WHEN NEW.audit_seq <= OLD.audit_seq "
        f"BEGIN SELECT RAISE(ABORT, 'a change of {table} needs a later entry'); END"
    )
