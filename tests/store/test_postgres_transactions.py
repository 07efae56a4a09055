"""Transactions on a server: the order of its messages, connections that break, writers that freeze."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store.errors import ConnectionLost, OutcomeUnknown, StoreError, TransactionLost
from store.office import Store, Tx
from store.verify import verify
from tests.databases import Databases
from tests.store.behind import server_connection
from tests.store.examples import NOW, entry

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(databases: Databases) -> str:
    """Here the server's alone."""
    return databases.server.url()


def schema_of(url: str) -> str:
    return url.rpartition("=")[2]


def test_the_lock_comes_before_the_snapshot(store: Store, databases: Databases, url: str) -> None:
    """D.4: one message, and in it nothing that takes a snapshot before the lock. As the server heard it."""
    with server_connection(url) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
    log = databases.server.folder / "log"
    other = Store.open(url)
    before = log.stat().st_size
    with other.write() as tx:
        tx.write_entry(entry())
    other.close()
    heard = log.read_text()[before:]
    with server_connection(url) as connection:
        connection.execute("ALTER SYSTEM RESET log_statement")
        connection.execute("SELECT pg_reload_conf()")
    begun = heard.index("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL")
    end = heard.index("\n", begun)
    assert heard[begun:end].endswith(f"LOCK TABLE {schema_of(url)}.duban_writer IN EXCLUSIVE MODE")
    statements = [part.strip() for part in heard[begun:end].split(";")]
    assert all(part.startswith(("BEGIN", "SET LOCAL", "LOCK TABLE")) for part in statements)
    assert heard.index("audit_head") > end


def go_on_after_an_error(tx: Tx) -> None:
    tx.write_entry(entry())
    with pytest.raises(StoreError, match="lacks a column"):
        tx.connection.exec_driver_sql("SELECT nothing_known")


def test_who_goes_on_after_an_error_writes_nothing(store: Store) -> None:
    """The server would answer such a commit with an undoing, and no error."""
    with pytest.raises(TransactionLost), store.write(NOW) as tx:
        go_on_after_an_error(tx)
    with store.read() as reader:
        assert reader.head().size == 1


def test_a_second_writer_waits_and_then_gives_up(store: Store, url: str) -> None:
    impatient = Store.open(url, busy_seconds=0.05)
    with store.write(NOW) as tx:
        tx.write_entry(entry())
        with pytest.raises(StoreError, match="written by another program"), impatient.write(NOW):
            pass
        with impatient.read() as reader:  # who only reads waits for nobody
            assert reader.head().size == 1
    with impatient.write(NOW) as tx:
        assert tx.head().size == 2
    impatient.close()


def test_the_clock_is_read_after_the_lock(store: Store) -> None:
    """F19: `now()` would be when the transaction began."""
    with store.write() as tx:
        first = tx.now
        tx.connection.exec_driver_sql("SELECT pg_sleep(0.05)")
        later = store.now()
    assert (later - first).total_seconds() >= 0.05
    assert abs((datetime.now(UTC) - later).total_seconds()) < 60


def drop_connections(url: str, of: str = "duban") -> int:
    with server_connection(url) as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        return len(connection.execute(cut, [of]).fetchall())


def test_a_server_started_anew_is_found_again(store: Store, url: str) -> None:
    with store.read() as reader:
        reader.head()
    with store.write(NOW) as tx:
        tx.write_entry(entry())
    assert drop_connections(url) >= 2
    with store.read() as reader:
        assert reader.head().size == 2
    with store.write(NOW) as tx:
        tx.write_entry(entry())


def lose_connection(tx: Tx, url: str) -> None:
    tx.write_entry(entry())
    drop_connections(url)
    tx.write_entry(entry())


def test_a_connection_lost_halfway_leaves_nothing(store: Store, url: str) -> None:
    with pytest.raises(ConnectionLost), store.write(NOW) as tx:
        lose_connection(tx, url)
    with store.read() as reader:
        assert reader.head().size == 1


def test_a_savepoint_does_not_hide_a_lost_connection(store: Store, url: str) -> None:
    with pytest.raises(TransactionLost), store.write(NOW) as tx, tx.savepoint():
        lose_connection(tx, url)


def test_a_lost_answer_to_a_commit_is_told(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = store.write(NOW)
    tx = written.__enter__()
    tx.write_entry(entry())
    raw: Any = tx.connection.connection.dbapi_connection
    end = raw.commit

    def lose() -> None:
        drop_connections(url)
        end()

    monkeypatch.setattr(raw, "commit", lose)
    with pytest.raises(OutcomeUnknown, match="wholly or not at all"):
        written.__exit__(None, None, None)
    with store.read() as reader:
        assert reader.head().size == 1


HOLDER = """
import sys
from store.address import database_at
from store.postgres import PostgresDatabase
from store.postgres_address import read_address
from sqlalchemy.engine import make_url
from store.office import Store
from tests.store.examples import NOW, entry

store = Store.open(sys.argv[1])
store._database = PostgresDatabase(read_address(make_url(sys.argv[1])), idle_seconds=1)
try:
    with store.write(NOW) as tx:
        tx.write_entry(entry())
        print("held", flush=True)
        sys.stdin.readline()
except Exception as error:
    print(type(error).__name__, error, flush=True)
else:
    print("written", flush=True)
"""


@pytest.mark.faults
def test_a_frozen_writer_is_cut_off(store: Store, url: str) -> None:
    """A daemon that was stopped in a transaction holds up the others for a moment, and writes nothing."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGSTOP)
        with store.write(NOW) as tx:
            tx.write_entry(entry("I-2"))
        process.send_signal(signal.SIGCONT)
        process.stdin.write("go on\n")
        process.stdin.flush()
        told = process.stdout.read()
    assert "cut this program off" in told
    with store.read() as reader:
        assert [line.obj_id for line in reader.list_since(1, ["item.move"])] == ["I-2"]
        assert verify(reader).ok
