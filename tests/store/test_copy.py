"""A copy of any store is a SQLite file, whole and as of one moment."""

from pathlib import Path

import pytest

from store.errors import StoreError
from store.office import Store
from store.rows import Batch
from store.verify import verify
from tests.store.examples import NOW, clock, entry, event, firing, item, move, notice, opening


@pytest.fixture
def filled(store: Store) -> Store:
    spoken = Batch(
        entries=(entry(act="rule.fire"),),
        clocks=(clock(),),
        firings=(firing(),),
        events=(event(),),
        notices=(notice(),),
    )
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1", sealed=True), item("I-2", unit=None)))
        tx.commit_batch(spoken)
        tx.set_person("housing.head", "李主任", "li@example.org", entry("housing.head", "post.hold"))
        tx.add_book("a", b"\x00{}\xff", {"office.yaml": "office: demo"}, entry("a", "book.adopt"))
        tx.number("I", 2020)
        tx.park("I-2", "unknown state", NOW)
    return store


def test_a_copy_holds_everything_and_goes_on_alone(filled: Store, tmp_path: Path) -> None:
    filled.copy_to(tmp_path / "copy.db")
    copy = Store.open(f"sqlite:///{tmp_path / 'copy.db'}")
    with filled.read() as one, copy.read() as other:
        assert list(one.audit_lines()) == list(other.audit_lines())
        assert one.list_items(include_sealed=True) == other.list_items(include_sealed=True)
        assert one.clocks_of(["I-1"]) == other.clocks_of(["I-1"])
        assert one.events_of(["I-1"]) == other.events_of(["I-1"])
        assert one.list_notices() == other.list_notices()
        assert (one.people(), one.parked(), one.head()) == (other.people(), other.parked(), other.head())
        assert one.book_in_force() == other.book_in_force()
        assert verify(other).ok
    with copy.write(NOW) as tx:
        tx.commit_batch(move(item("I-1", sealed=True), state="answered"))
        assert tx.number("I", 2020) == 2
        tx.commit_batch(Batch(entries=(entry(),), events=(event(name="close"),)))
    with pytest.raises(Exception, match="are kept"), copy.write(NOW) as tx:
        tx.connection.exec_driver_sql("DELETE FROM audit")
    with copy.read() as other:
        assert verify(other).ok
    with filled.read() as one:
        assert one.items_by_id(["I-1"])["I-1"].state == "handling"
    copy.close()


def test_a_copy_is_never_made_over_something(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("important")
    with pytest.raises(StoreError, match="exists already"):
        filled.copy_to(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "important"
