"""A store that cannot be used says what is wrong and what to do."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from store import sqlite
from store.errors import StoreError
from store.office import Store
from store.tables import SCHEMA_VERSION
from tests.store.examples import NOW, item, opening


def address(path: Path) -> str:
    return f"sqlite:///{path}"


def nothing(path: Path) -> None:
    assert not path.exists()


def text(path: Path) -> None:
    path.write_text("督办" * 100)


def empty(path: Path) -> None:
    path.touch()


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


def truncated(path: Path) -> None:
    Store.create(address(path), {"office": "demo"}, NOW).close()
    os.truncate(path, path.stat().st_size // 2)


def corrupt(path: Path) -> None:
    Store.create(address(path), {"office": "demo"}, NOW).close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)


def version(number: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        Store.create(address(path), {"office": "demo"}, NOW).close()
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.close()

    return make


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (nothing, "does not exist: make a store with `duban init`"),
        (Path.mkdir, "is a folder"),
        (text, "is not a SQLite database"),
        (empty, "is empty"),
        (foreign, "of another program"),
        (truncated, "is damaged: restore"),
        (corrupt, "is damaged: restore"),
        (version(SCHEMA_VERSION - 1), "`duban store migrate`"),
        (version(SCHEMA_VERSION + 1), "install a newer duban"),
    ],
)
def test_what_is_no_store_is_told(tmp_path: Path, make: Callable[[Path], None], sentence: str) -> None:
    path = tmp_path / "office.db"
    make(path)
    with pytest.raises(StoreError) as told:
        Store.open(address(path))
    assert sentence in str(told.value)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("address", ["office.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", ""])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(StoreError, match=r"write sqlite:///office\.db"):
        Store.open(address)


def test_a_store_is_never_made_over_something(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    path.write_text("important")
    with pytest.raises(StoreError, match="exists already"):
        Store.create(address(path), {"office": "demo"}, NOW)
    assert path.read_text() == "important"


def test_a_store_needs_a_folder_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="is not a folder"):
        Store.create(address(tmp_path / "missing" / "office.db"), {"office": "demo"}, NOW)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(StoreError, match="may not be written"):
        Store.create(address(tmp_path / "office.db"), {"office": "demo"}, NOW)


def test_half_a_store_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("store.office.guard", fail)
    with pytest.raises(ZeroDivisionError):
        Store.create(address(tmp_path / "office.db"), {"office": "demo"}, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_locked_store_is_told(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    Store.create(address(path), {"office": "demo"}, NOW).close()
    store = Store.open(address(path), busy_seconds=0)
    other = sqlite.driver().connect(path, isolation_level=None)  # two libraries in one process see no locks
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="written by another program"), store.write(NOW):
        pass
    other.close()
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item()))
    store.close()


def test_errors_do_not_print_peoples_data(store: Store) -> None:
    with pytest.raises(StoreError) as told, store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1", title="秘密"), item("I-1", title="秘密")))
    assert "秘密" not in str(told.value)
    assert "秘密" not in str(told.value.__cause__)


@pytest.mark.parametrize(
    ("given", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_which_sqlite_may_keep_a_write_ahead_log(given: tuple[int, int, int], sound: bool) -> None:
    """F13."""
    assert sqlite.is_sound(given) is sound
    assert sqlite.journal(given) == (("wal", "FULL") if sound else ("delete", "EXTRA"))


def test_a_store_works_on_the_sqlite_of_the_standard_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "driver", lambda: sqlite3)
    store = Store.create(address(tmp_path / "office.db"), {"office": "demo"}, NOW)
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item()))
        mode = tx.connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    assert mode == sqlite.journal(sqlite3.sqlite_version_info)[0]
    with store.read() as reader:
        assert len(reader.list_items()) == 1
    store.close()


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match="may not be written"), store.read() as reader:
        reader.connection.exec_driver_sql("UPDATE counters SET last = 1")
