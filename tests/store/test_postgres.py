"""What only a server has: schemas, roles and settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.address import database_at
from store.errors import StoreError
from store.office import Store, is_free, made_beside, remove
from store.postgres_settings import SAFE, unsafe_settings
from store.verify import verify
from tests.databases import Databases, Server
from tests.store.behind import server_connection
from tests.store.examples import NOW, clock, entry, event, firing, item, move, notice, opening

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(databases: Databases) -> str:
    """Here the server's alone."""
    return databases.server.url()


def schema_of(url: str) -> str:
    return url.rpartition("=")[2]


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("schema", ["Harbour", "a b", "pg_own", "1st", "x;y", "a" * 64, "港口"])
def test_a_schema_has_a_plain_name(schema: str) -> None:
    with pytest.raises(StoreError, match="no name for a schema"):
        database_at(f"postgresql://host/office?schema={schema}")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+asyncpg://host/office", "not supported"),
        ("postgresql://host", "needs a database"),
        ("postgresql:///office?host=/nowhere", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        Store.open(url)


def test_a_database_and_a_role_must_be_there(url: str) -> None:
    with pytest.raises(StoreError, match="no such database"):
        Store.open(url.replace("/postgres?", "/elsewhere?"))
    with pytest.raises(StoreError, match="did not let this role in"):
        Store.open(url.replace("duban@", "nobody_known@"))


def test_no_sentence_shows_a_password() -> None:
    with pytest.raises(StoreError) as told:
        Store.open("postgresql://duban:secret@/office?host=/nowhere")
    assert "secret" not in str(told.value)


def test_a_store_is_never_made_over_something(store: Store, url: str) -> None:
    with pytest.raises(StoreError, match="exists already"):
        Store.create(url, {"office": "demo"}, NOW)
    with store.read() as reader:
        assert reader.head().size == 1


def test_a_schema_of_another_program_is_left_alone(url: str) -> None:
    with server_connection(url) as connection:
        connection.execute(f"CREATE SCHEMA {schema_of(url)} CREATE TABLE songs (title text)")
        with pytest.raises(StoreError, match="another program"):
            Store.create(url, {"office": "demo"}, NOW)
        with pytest.raises(StoreError, match="another program"):
            Store.open(url)
        assert connection.execute("SELECT count(*) FROM songs").fetchone() == (0,)


def test_an_empty_schema_may_wait_for_its_store(url: str) -> None:
    with server_connection(url) as connection:
        connection.execute(f"CREATE SCHEMA {schema_of(url)}")
    assert is_free(url)
    with pytest.raises(StoreError, match="does not exist: make a store"):
        Store.open(url)
    Store.create(url, {"office": "demo"}, NOW).close()
    assert not is_free(url)


def test_half_a_store_is_not_left_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("store.office.guard", fail)
    with pytest.raises(ZeroDivisionError):
        Store.create(url, {"office": "demo"}, NOW)
    with server_connection(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema_of(url)])
        assert found.fetchone() is None


def begin_and_fail(url: str) -> None:
    with made_beside(url) as half:
        Store.create(half, {"office": "demo"}, NOW).close()
        raise ZeroDivisionError


def test_what_takes_a_while_is_made_beside(url: str) -> None:
    with pytest.raises(ZeroDivisionError):
        begin_and_fail(url)
    assert is_free(url)
    with made_beside(url) as half:
        Store.create(half, {"office": "demo"}, NOW).close()
    assert is_free(half)
    Store.open(url).close()
    with pytest.raises(StoreError, match="exists already"), made_beside(url):
        pass
    remove(url)
    assert is_free(url)


# ---------------------------------------------------------------- rights


@pytest.fixture
def application(store: Store, databases: Databases, url: str) -> Iterator[Store]:
    """The same store, opened by a role that only got what `grant` gives."""
    with server_connection(url) as connection:
        connection.execute(f"CREATE ROLE {schema_of(url)}_app LOGIN")
    store.grant(f"{schema_of(url)}_app")
    opened = Store.open(databases.server.url(schema_of(url), f"{schema_of(url)}_app"))
    yield opened
    opened.close()


def test_the_application_can_do_all_its_work(application: Store) -> None:
    with application.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1"), item("I-2")))
        tx.set_person("housing.head", "李主任", "li@example.org", entry("housing.head", "post.hold"))
        tx.set_person("housing.head", "王主任", "wang@example.org", entry("housing.head", "post.hold"))
        tx.add_book("a", b"{}", {}, entry("a", "book.adopt"))
        tx.add_book("a", b"{}", {}, entry("a", "book.adopt"))
        tx.number("I", 2020)
        tx.set_meta("heartbeat", "1")
        tx.set_meta("heartbeat", "2")
        tx.park("I-1", "unknown state", NOW)
        tx.unpark("I-1")
        tx.set_wakes({"I-2": None})
        spoken = opening()
        batch = type(spoken)(
            entries=(entry(act="rule.fire"),),
            clocks=(clock(),),
            firings=(firing(),),
            events=(event(),),
            notices=(notice(),),
        )
        tx.commit_batch(batch)
        tx.commit_batch(move(item(), state="answered"))
        (claimed,) = tx.claim_notices(NOW, 5, NOW - NOW)
        tx.settle_notice(
            claimed.id, attempts=1, state="sent", outcome="250 ok", entry=entry(act="notice.sent")
        )
    with application.read() as reader:
        assert verify(reader).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET rec = '{}'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DELETE FROM items",
        "UPDATE items SET opened_by = 'x'",
        "UPDATE notices SET body = 'x'",
        "UPDATE events SET name = 'x'",
        "INSERT INTO audit_head SELECT * FROM audit_head",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TABLE audit",
        "CREATE TABLE other (x int)",
    ],
)
def test_the_application_has_no_right_to_unmake_anything(application: Store, statement: str) -> None:
    with pytest.raises(StoreError, match="may not be used so"), application.write(NOW) as tx:
        tx.connection.exec_driver_sql(statement)


def test_only_roles_that_are_there_are_granted_anything(store: Store) -> None:
    with pytest.raises(StoreError, match="CREATE ROLE nobody_known"):
        store.grant("nobody_known")
    with pytest.raises(StoreError, match="no name for a role"):
        store.grant("x; DROP SCHEMA public")


@pytest.mark.parametrize("statement", ["TRUNCATE audit", "TRUNCATE items CASCADE", "DELETE FROM audit"])
def test_not_even_the_owner_empties_a_table_by_accident(store: Store, url: str, statement: str) -> None:
    import psycopg

    with server_connection(url) as connection:
        connection.execute("SET session_replication_role = replica")  # where usual triggers are silent
        with pytest.raises(psycopg.IntegrityError, match="are kept"):
            connection.execute(statement)


# ---------------------------------------------------------------- settings


def test_a_sound_server_has_nothing_to_change(store: Store) -> None:
    assert store.settings() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server_version_num", "140011"),
        ("server_encoding", "SQL_ASCII"),
        ("fsync", "off"),
        ("full_page_writes", "off"),
        ("synchronous_commit", "off"),
    ],
)
def test_an_unsafe_setting_is_named(name: str, value: str) -> None:
    sound = {"server_version_num": "150000", "server_encoding": "UTF8"} | dict.fromkeys(SAFE, "on")
    sound |= {"server_version_num": "150000", "server_encoding": "UTF8"}
    assert unsafe_settings(sound) == ()
    (found,) = unsafe_settings(sound | {name: value})
    assert found.code == name
    assert value in found.zh
    assert value in found.en
    (unknown,) = unsafe_settings({key: said for key, said in sound.items() if key != name})
    assert unknown.code == name


@pytest.mark.slow
def test_a_server_that_forgets_is_told() -> None:
    server = Server("fsync=off", "synchronous_commit=off")
    try:
        store = Store.create(server.url(), {"office": "demo"}, NOW)
        assert [found.code for found in store.settings()] == ["fsync", "synchronous_commit"]
        store.close()
    finally:
        server.remove()
