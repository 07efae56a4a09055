"""Converting an office: the way out is said, a daemon that runs is seen, and the office goes on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from duban.daemon import Daemon
from duban.session import VIRTUAL
from engine.office import Office
from store import sqlite
from store.office import Store
from tests.duban.conftest import Duban

BACK_TO_1 = """
    DROP TRIGGER firings_no_update; DROP TRIGGER firings_no_delete;
    DROP INDEX firings_proposed; DROP TABLE holds;
    CREATE TABLE was AS SELECT * FROM firings; DROP TABLE firings;
    CREATE TABLE firings (subject TEXT NOT NULL, rule TEXT NOT NULL, occasion TEXT NOT NULL, at TEXT NOT NULL,
        outcome TEXT NOT NULL, because TEXT NOT NULL, audit_seq INTEGER NOT NULL,
        PRIMARY KEY (subject, rule, occasion)) STRICT, WITHOUT ROWID;
    INSERT INTO firings SELECT subject, rule, occasion, at, outcome, because, audit_seq FROM was;
    DROP TABLE was;
    PRAGMA user_version = 1;
"""


def make_older(path: Path) -> None:
    connection = sqlite.driver().connect(str(path))
    connection.executescript(BACK_TO_1)
    connection.close()


@pytest.fixture
def old(town: Duban, tmp_path: Path) -> Duban:
    """An office of the first schema in ./duban.db."""
    make_older(tmp_path / "duban.db")
    return town


def test_an_older_office_says_the_way_and_goes_on_after_it(old: Duban) -> None:
    said = old("board")
    assert (said.code, "duban store migrate" in said.err) == (3, True)
    assert "duban store migrate" in old("board", "--lang", "zh").err
    told = old("store", "migrate", "--print-sql")
    assert (told.code, "CREATE TABLE holds" in told.out) == (0, True)
    assert old("board").code == 3
    done = old("store", "migrate", "-o", "json")
    assert (done.code, done.data["before"], done.data["after"]) == (0, 1, 2)
    assert old("audit", "list", "--act", "store.migrate", "-o", "json").data[0]["why"]
    assert old("run", "--once", "--now", "2020-09-14 10:00").code == 0
    assert old("audit", "verify").code == 0
    assert "nothing is to be done" in old("store", "migrate").out


@pytest.fixture
def beating(town: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """An older office whose daemon, another process of this machine, gave a sign of life just now."""
    office = Office.open("sqlite:///duban.db")
    with office.store.write(datetime.now(UTC)) as tx:
        tx.set_meta(VIRTUAL[0], "no")
    Daemon(office, {}, 30).turn()
    office.close()
    make_older(tmp_path / "duban.db")
    return town


def test_a_daemon_that_runs_is_seen(beating: Duban) -> None:
    said = beating("store", "migrate")
    assert (said.code, "stop all daemons" in said.err) == (3, True)
    assert beating("store", "migrate", "--stopped").code == 0


def test_after_three_beats_without_a_sign_it_is_thought_to_be_gone(beating: Duban) -> None:
    with freeze_time(datetime.now(UTC) + timedelta(seconds=91)):
        assert beating("store", "migrate").code == 0


def test_a_backup_of_an_older_office_comes_back(old: Duban) -> None:
    """Converted as a file of its own, then restored."""
    said = old("store", "restore", "duban.db", "--store", "sqlite:///new.db")
    assert (said.code, "duban store migrate" in said.err) == (3, True)
    assert old("store", "migrate", "--store", "sqlite:///duban.db").code == 0
    assert old("store", "restore", "duban.db", "--store", "sqlite:///new.db").code == 0
    store = Store.open("sqlite:///new.db")
    with store.read() as reader:
        assert reader.held() is not None
    store.close()
