"""Converting a store to the tables of this version: all of it in one transaction, or nothing (O5).

The version of the tables is the store's own stamp, and nothing else remembers it. Alembic only writes the
statements: its own tables, folders and settings are not used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select, table

from store.database import database_of
from store.driver import command
from store.errors import StoreError
from store.guards import guards, unguards
from store.migrations import STEPS, Step
from store.office import Store
from store.rows import Entry

if TYPE_CHECKING:
    from alembic.operations import Operations

SYSTEM = {"id": "duban", "kind": "system"}


@dataclass(frozen=True, kw_only=True)
class Migrated:
    before: int
    after: int

    @property
    def done(self) -> bool:
        return self.after > self.before


def migrate(store: Store, now: datetime, steps: Mapping[int, Step] = STEPS) -> Migrated:
    """Said by the owner. Raises StoreError, and then everything is as it was."""
    with store.convert(now) as tx:
        connection = tx.connection
        database = database_of(connection)
        migrated = plan(store, connection, steps)
        if migrated.done:
            before = count_rows(connection)
            each(connection, unguards(connection))
            op = operations(connection)
            for version in range(migrated.before + 1, migrated.after + 1):
                steps[version](op)
            each(connection, guards(connection.dialect.name))
            database.stamp(connection, migrated.after)
            database.check_converted(connection)
            check_rows(store.place, before, count_rows(connection))
            tx.write_entry(migration(migrated))
    return migrated


def sql_of(store: Store, steps: Mapping[int, Step] = STEPS) -> str:
    """What `migrate` would tell the database, for its owner to read beforehand. Nothing is written."""
    with store.read() as reader:
        migrated = plan(store, reader.connection, steps)
        if not migrated.done:
            return ""
        told = StringIO()
        op = operations(reader.connection, told)
        told.writelines(f"{text};\n" for text in unguards(reader.connection))
        for version in range(migrated.before + 1, migrated.after + 1):
            told.write(f"-- {version}\n")
            steps[version](op)
        told.writelines(f"{text};\n" for text in guards(reader.connection.dialect.name))
    return told.getvalue()


def plan(store: Store, connection: Connection, steps: Mapping[int, Step]) -> Migrated:
    before, after = database_of(connection).stamped(connection), max(steps, default=1)
    assert before is not None, "opened before, so it is ours"
    if before > after:
        raise StoreError(
            f"{store.place} has schema {before}, this duban knows only {after}: install a newer duban"
        )
    return Migrated(before=before, after=after)


def operations(connection: Connection, told: StringIO | None = None) -> "Operations":
    """Alembic's words for changing tables; into a text where one is given."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 - takes longer to load than all of the store
    from alembic.operations import Operations  # noqa: PLC0415

    if told is None:
        return Operations(MigrationContext.configure(connection))
    printing = {"as_sql": True, "output_buffer": told}
    return Operations(MigrationContext.configure(dialect=connection.dialect, opts=printing))


def each(connection: Connection, statements: Iterator[str]) -> None:
    for statement in statements:
        command(connection, statement)


def count_rows(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    return {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names
    }


def check_rows(place: str, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Steps make tables and columns; what was in a table stays."""
    lost = [name for name, count in before.items() if after.get(name) != count]
    if lost:
        raise StoreError(f"{place} was not converted: rows of {', '.join(lost)} would be lost; report this")


def migration(migrated: Migrated) -> Entry:
    return Entry(
        act="store.migrate",
        actor=SYSTEM,
        obj_type="office",
        obj_id="store",
        why=f"办公库的结构由 {migrated.before} 升到 {migrated.after}",
        more={
            "before": migrated.before,
            "after": migrated.after,
            "why_en": f"the tables of the store went from schema {migrated.before} to {migrated.after}",
        },
    )
