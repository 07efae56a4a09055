"""Every released store becomes one of this version: tables as of a fresh one, no row or entry touched.

What a released version made stands in schemas/: its tables, and a row in each, as its own code wrote them.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy import text as sql

from store import sqlite
from store.errors import StoreError
from store.migrate import migrate, sql_of
from store.migrations import STEPS
from store.office import Store
from store.rows import Batch
from store.tables import SCHEMA_VERSION, Table
from store.verify import verify
from tests.databases import KINDS, Databases
from tests.store.behind import behind_the_back, server_connection
from tests.store.examples import DAY, NOW, entry, event, firing, item, move, notice

HERE = Path(__file__).parent
RELEASED = range(1, SCHEMA_VERSION)
ROOT = HERE.parents[1]


def make(url: str, version: int) -> str:
    """A store as a released version left it."""
    if url.startswith("sqlite:"):
        with closing(sqlite.driver().connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(schema(version, "sqlite"))
    else:
        with server_connection(url) as connection:
            connection.execute(f"CREATE SCHEMA {schema_of(url)}")
            connection.execute(schema(version, "postgresql"))
    return url


def schema(version: int, kind: str) -> str:
    return (HERE / "schemas" / f"{version}.{kind}.sql").read_text()


def schema_of(url: str) -> str:
    return url.rpartition("=")[2]


@pytest.fixture(params=RELEASED)
def old(request: pytest.FixtureRequest, url: str) -> str:
    return make(url, request.param)


@pytest.fixture
def fresh(old: str, databases: Databases, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "fresh").mkdir()
    made = Store.create(databases.url(old.partition(":")[0], tmp_path / "fresh"), {"office": "demo"}, NOW)
    yield made
    made.close()


@pytest.fixture
def store(old: str) -> Iterator[Store]:
    found = Store.open(old, older=True)
    yield found
    found.close()


# ---------------------------------------------------------------- what a database holds


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Of every table the columns that it has; without the stamp and what is written at the log's end."""
    found = {}
    for name in inspect(connection).get_table_names():
        columns = ", ".join(sorted(column["name"] for column in inspect(connection).get_columns(name)))
        found[name] = sorted(tuple(row) for row in connection.execute(sql(f"SELECT {columns} FROM {name}")))
    return found


def kept(connection: Connection, columns: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: sorted(tuple(row) for row in connection.execute(sql(f"SELECT {', '.join(names)} FROM {name}")))
        for name, names in columns.items()
        if name not in ("audit_head", "office", "audit")
    }


def columns_of(connection: Connection) -> dict[str, list[str]]:
    seen = inspect(connection)
    return {name: [each["name"] for each in seen.get_columns(name)] for name in seen.get_table_names()}


def shape(connection: Connection) -> list[tuple[str, ...]]:
    """Everything that was made, as the database tells it."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
        return sorted((*row[:3], " ".join(row[3].replace('"', "").split())) for row in found)
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    told = [tuple(map(str, row)) for part in POSTGRES_SHAPE for row in connection.exec_driver_sql(part)]
    return sorted(tuple(word.replace(f"{schema}.", "") for word in row) for row in told)


POSTGRES_SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name "
    "FROM information_schema.columns WHERE table_schema = current_schema()",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = current_schema()::regnamespace",
    "SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger "
    "JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
)


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(context, Table.metadata))


# ---------------------------------------------------------------- converting


def test_a_converted_store_is_as_a_fresh_one(store: Store, fresh: Store) -> None:
    done = migrate(store, NOW + DAY)
    assert (done.after, done.done) == (SCHEMA_VERSION, True)
    with store.read() as one, fresh.read() as other:
        assert shape(one.connection) == shape(other.connection)
        assert differences(one.connection) == differences(other.connection) == []


def test_no_row_and_no_entry_is_touched(store: Store, old: str) -> None:
    with store.read() as reader:
        columns = columns_of(reader.connection)
        before, log = kept(reader.connection, columns), list(reader.audit_lines())
    assert all(before.values())  # a row in every table
    migrate(store, NOW + DAY)
    with closing(Store.open(old)) as after, after.read() as reader:
        assert kept(reader.connection, columns) == before
        *same, last = reader.audit_lines()
        assert same == log
        assert (last.act, last.ts[:10]) == ("store.migrate", "2020-08-05")
        verdict = verify(reader)
        assert verdict.ok, verdict.en


def test_work_goes_on_after_it(store: Store, old: str) -> None:
    migrate(store, NOW + DAY)
    with closing(Store.open(old)) as after:
        with after.write(NOW + DAY) as tx:
            tx.commit_batch(move(item("I-1", sealed=True), state="answered"))
            spoken = firing(occasion="2020-08-06|T-1", proposed=2)
            more = Batch(
                entries=(entry(act="rule.fire", more={"proposed": 2}),), firings=(spoken,), events=(event(),)
            )
            tx.commit_batch(more)
            tx.commit_batch(Batch(entries=(entry(),), notices=(notice(),)))
        for statement in ("DELETE FROM firings", "UPDATE items SET title = 'x'", "DELETE FROM audit"):
            with pytest.raises(Exception, match=r"are kept|later entry"), after.write(NOW + DAY) as tx:
                tx.connection.exec_driver_sql(statement)
        with after.read() as reader:
            assert verify(reader).ok


def test_it_is_done_once(store: Store) -> None:
    migrate(store, NOW + DAY)
    with store.read() as reader:
        size = reader.head().size
    assert not migrate(store, NOW + DAY).done
    assert sql_of(store) == ""
    with store.read() as reader:
        assert reader.head().size == size


def test_an_older_store_says_the_way(old: str) -> None:
    with pytest.raises(StoreError, match="duban store migrate"):
        Store.open(old)


def test_a_newer_store_is_left_alone(store: Store) -> None:
    migrate(store, NOW + DAY)
    with pytest.raises(StoreError, match="newer duban"):
        migrate(store, NOW + DAY, {1: STEPS[2]})


def test_the_statements_can_be_read_beforehand(store: Store) -> None:
    with store.read() as reader:
        before = shape(reader.connection)
    told = sql_of(store)
    assert "CREATE TABLE holds" in told
    assert "CREATE TRIGGER audit_no_delete" in told
    with store.read() as reader:
        assert shape(reader.connection) == before


# ---------------------------------------------------------------- what goes wrong


def lose_rows(op: Any) -> None:
    STEPS[2](op)
    op.execute("DELETE FROM schedules")


def lose_parents(op: Any) -> None:
    STEPS[2](op)
    op.execute("UPDATE clocks SET item = 'I-9'")


def fail(op: Any) -> None:
    STEPS[2](op)
    op.execute("SELECT nothing_known")


@pytest.mark.faults
@pytest.mark.parametrize("step", [lose_rows, lose_parents, fail])
def test_what_goes_wrong_leaves_everything_as_it_was(
    store: Store, old: str, step: Callable[[Any], None]
) -> None:
    with store.read() as reader:
        before, all_rows = shape(reader.connection), rows(reader.connection)
    with pytest.raises(Exception, match=r"not converted|lacks a column|foreign key"):
        migrate(store, NOW + DAY, {2: step})
    with store.read() as reader:
        assert shape(reader.connection) == before
        assert rows(reader.connection) == all_rows
    assert migrate(store, NOW + DAY).done  # and foreign keys, triggers and the lock are as they should be


MIGRATING = """
import sys
from tests.store.examples import DAY, NOW
from store.migrate import migrate
from store.office import Store
store = Store.open(sys.argv[1], older=True)
print("begun", flush=True)
migrate(store, NOW + DAY)
"""


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_killed_on_the_way_it_is_old_or_new(databases: Databases, url: str, tmp_path: Path) -> None:
    """Never between. Later and later, until it ends before the kill."""
    seen = set()
    for attempt in range(30):
        (tmp_path / str(attempt)).mkdir()
        place = make(databases.url(url.partition(":")[0], tmp_path / str(attempt)), 1)
        with subprocess.Popen(
            [sys.executable, "-c", MIGRATING, place], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(0.05 * attempt)
            process.kill()
        with closing(Store.open(place, older=True)) as store, store.read() as reader:
            tables = columns_of(reader.connection)
            is_new = "holds" in tables
            assert ("proposed" in tables["firings"]) == is_new
            assert bool(reader.list_audit(act="store.migrate")) == is_new
            assert any("audit_no_delete" in word for row in shape(reader.connection) for word in row)
        seen.add(is_new)
        with closing(Store.open(place, older=True)) as store:
            assert migrate(store, NOW + DAY).done != is_new
        if is_new:
            break
    assert seen == {False, True}


# ---------------------------------------------------------------- what only a server has


@pytest.mark.postgres
def test_the_owner_converts_and_whoever_was_let_in_is_let_in_again(databases: Databases) -> None:
    url = make(databases.server.url(), 1)
    schema = schema_of(url)
    with server_connection(url) as connection:
        connection.execute("DROP ROLE IF EXISTS migrate_app")
        connection.execute("CREATE ROLE migrate_app LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO migrate_app")
        connection.execute(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO migrate_app")
    app = url.replace("duban@", "migrate_app@")
    with closing(Store.open(app, older=True)) as store, pytest.raises(StoreError, match="owner"):
        migrate(store, NOW + DAY)
    with closing(Store.open(url, older=True)) as store:
        migrate(store, NOW + DAY)
    with closing(Store.open(app)) as store:
        with store.write(NOW + DAY) as tx:
            tx.write_entry(entry())
        with store.read() as reader:
            assert reader.holds() == []
    with server_connection(url) as connection:
        connection.execute("DROP OWNED BY migrate_app")
        connection.execute("DROP ROLE migrate_app")


def test_who_had_it_open_before_does_not_write_into_what_it_does_not_know(store: Store, old: str) -> None:
    """A daemon of an older version is stopped by the stamp at its next write (O5)."""
    migrate(store, NOW + DAY)
    with closing(Store.open(old)) as opened:
        if old.startswith("sqlite:"):
            with behind_the_back(old) as execute:
                execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        else:
            with server_connection(old) as connection:
                connection.execute("UPDATE office SET value = '99' WHERE key = 'schema_version'")
        with pytest.raises(StoreError, match="newer duban"), opened.write(NOW + DAY) as tx:
            tx.write_entry(entry())
