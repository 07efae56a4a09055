"""A backup is one file, whole and proved; what is restored from it can be read and not written (F24, O2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import backup as module
from store.backup import back_up, restore
from store.errors import StoreError, StoreHeld
from store.office import Store
from store.rows import Batch
from store.verify import verify
from tests.databases import KINDS, Databases
from tests.store.behind import behind_the_back
from tests.store.examples import NOW, clock, entry, event, firing, item, move, notice, opening


@pytest.fixture
def filled(store: Store) -> Store:
    """Something in every table that a person may have an eye on."""
    spoken = Batch(
        entries=(entry(act="rule.fire"),),
        clocks=(clock(),),
        firings=(firing(),),
        events=(event(),),
        notices=(notice(), notice(recipient="housing.head", formal=True)),
    )
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1", sealed=True), item("I-2", unit=None)))
        tx.commit_batch(spoken)
        tx.set_person("housing.head", "李主任", "li@example.org", entry("housing.head", "post.hold"))
        tx.add_book("a", b"\x00{}\xff", {"office.yaml": "office: demo"}, entry("a", "book.adopt"))
        tx.number("I", 2020)
        tx.park("I-2", "unknown state", NOW)
    return store


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """Where to restore to: an empty place on each database."""
    (tmp_path / "there").mkdir()
    return databases.url(request.param, tmp_path / "there")


@pytest.fixture
def restored(filled: Store, tmp_path: Path, place: str) -> Iterator[Store]:
    back_up(filled, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", place)
    found = Store.open(place)
    yield found
    found.close()


def test_a_backup_is_one_file_that_names_where_the_log_ends(filled: Store, tmp_path: Path) -> None:
    made = back_up(filled, tmp_path / "backup.db")
    with filled.read() as reader:
        assert (made.size, made.root) == (reader.head().size, reader.root())
        assert reader.held() is None
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("backup")] == ["backup.db"]
    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0


def test_what_was_restored_is_the_same_and_held(filled: Store, restored: Store) -> None:
    with filled.read() as one, restored.read() as other:
        assert list(one.audit_lines()) == list(other.audit_lines())
        assert one.list_items(include_sealed=True) == other.list_items(include_sealed=True)
        assert one.clocks_of(["I-1"]) == other.clocks_of(["I-1"])
        assert one.events_of(["I-1"]) == other.events_of(["I-1"])
        assert one.list_notices() == other.list_notices()
        assert (one.people(), one.parked(), one.head()) == (other.people(), other.parked(), other.head())
        assert one.book_in_force() == other.book_in_force()
        assert one.image_key() == other.image_key()
        held = other.held()
        assert held is not None
        assert (held.backup, held.size, held.root) == ("backup.db", one.head().size, one.root())
        assert verify(other).ok
    with pytest.raises(StoreHeld, match="duban store reconcile"), restored.write(NOW) as tx:
        tx.write_entry(entry())


def test_rows_that_come_after_a_restore_have_numbers_of_their_own(restored: Store) -> None:
    with restored.write(NOW, recovering=True) as tx:
        tx.set_meta("held", "")
    with restored.write(NOW) as tx:
        tx.commit_batch(move(item("I-1", sealed=True), state="answered"))
        again = Batch(entries=(entry(),), events=(event(name="close"),), notices=(notice(recipient="mayor"),))
        tx.commit_batch(again)
        assert tx.number("I", 2020) == 2
    with pytest.raises(Exception, match="are kept"), restored.write(NOW) as tx:
        tx.connection.exec_driver_sql("DELETE FROM audit")
    with restored.read() as reader:
        assert [each.id for each in reader.list_notices()] == [3, 2, 1]
        assert verify(reader).ok


def test_a_backup_of_what_is_held_stays_held_under_its_first_name(restored: Store, tmp_path: Path) -> None:
    assert back_up(restored, tmp_path / "again.db").backup == "backup.db"


def test_nothing_is_written_over(filled: Store, url: str, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.db")
    before = (tmp_path / "backup.db").read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        back_up(filled, tmp_path / "backup.db")
    with pytest.raises(StoreError, match="exists already"):
        restore(tmp_path / "backup.db", url)
    assert (tmp_path / "backup.db").read_bytes() == before
    with filled.read() as reader:
        assert reader.held() is None


@pytest.mark.faults
def test_a_backup_that_was_cut_off_leaves_nothing(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "compare", interrupt)
    with pytest.raises(KeyboardInterrupt):
        back_up(filled, tmp_path / "backup.db")
    assert not list(tmp_path.glob("backup*"))


@pytest.mark.faults
def test_a_copy_that_lacks_the_end_is_no_backup(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `cp` makes of a file whose last commits are in its journal."""
    filled.copy_to(tmp_path / "early.db")
    with filled.write(NOW) as tx:
        tx.write_entry(entry())
    monkeypatch.setattr(filled, "copy_to", (tmp_path / "early.db").rename)
    with pytest.raises(StoreError, match="make the backup again"):
        back_up(filled, tmp_path / "backup.db")
    assert not list(tmp_path.glob("backup*"))


@pytest.mark.faults
def test_a_backup_that_was_changed_is_not_restored(filled: Store, tmp_path: Path, place: str) -> None:
    back_up(filled, tmp_path / "backup.db")
    with behind_the_back(f"sqlite:///{tmp_path / 'backup.db'}") as execute:
        execute("UPDATE items SET title = 'another' WHERE id = 'I-1'")
    with pytest.raises(StoreError, match="not sound"):
        restore(tmp_path / "backup.db", place)
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(place)


def test_a_journal_that_was_left_is_not_taken_for_the_restored_one(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.db")
    (tmp_path / "new.db-wal").write_bytes(b"old")
    with pytest.raises(StoreError, match="was here"):
        restore(tmp_path / "backup.db", f"sqlite:///{tmp_path / 'new.db'}")
    assert (tmp_path / "new.db-wal").read_bytes() == b"old"


def test_what_is_no_backup_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        restore(tmp_path / "nothing.db", place)
