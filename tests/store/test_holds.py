"""What is held, on each database: written with its entry, decided once, never taken away."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.errors import StaleHold, StoreError
from store.office import Store
from store.rows import Batch, Entry, HoldRow
from store.verify import verify
from tests.store.examples import DAY, NOW, entry, firing, item, opening


def hold(occasion: str = "due|1", **more: Any) -> HoldRow:
    given: dict[str, Any] = {
        "subject": "item:I-1",
        "rule": "wrong",
        "at": NOW,
        "book": "sha256:00",
        "proposes": 1,
        "workflows": '["interview"]',
        "units": '["works"]',
        "told": "{}",
        "zh": "约谈",
        "en": "interview",
        "sealed": False,
        "state": "held",
        "entry": 0,
    }
    return HoldRow(occasion=occasion, **{**given, **more})


def held(row: HoldRow) -> Entry:
    name = f"{row.subject}|{row.rule}|{row.occasion}"
    more = {"idem": name, "state": row.state, "proposes": row.proposes, "units": ["works"]}
    return entry(act="brake.hold", more=more)


def decided(seq: int, act: str = "brake.release") -> Entry:
    return entry(act=act, more={"hold": seq})


@pytest.fixture
def full(store: Store) -> Store:
    """Entries 0: office, 1: opened, 2 and 3: held."""
    rows = [hold(), hold("due|2", entry=1)]
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1")))
        tx.commit_batch(Batch(entries=tuple(map(held, rows)), holds=tuple(rows)))
    return store


def test_it_is_called_by_the_entry_that_held_it(full: Store) -> None:
    with full.read() as reader:
        first, second = reader.holds(open_only=True)
        assert (first.seq, first.entry, second.seq, second.entry) == (2, 2, 3, 3)
        assert first == hold(entry=2, seq=2)
        assert reader.hold(3) == second
        assert reader.hold(1) is None
        assert reader.holds_of("item:I-1", "wrong") == [first, second]
        assert reader.holds_of("item:I-1", "another") == []
        assert reader.anything_held()
        assert verify(reader).ok


def test_it_is_decided_once(full: Store) -> None:
    with full.write(NOW + DAY) as tx:
        seq = tx.settle_hold(2, "released", decided(2))
        again = entry(act="brake.hold", more={"hold": 3, "state": "waiting"})
        tx.settle_hold(3, "waiting", again)  # still open
        tx.settle_hold(3, "dropped", decided(3, "brake.drop"))
        for number in (2, 3, 99):
            with pytest.raises(StaleHold):
                tx.settle_hold(number, "dropped", decided(number, "brake.drop"))
        assert not tx.anything_held()
    with full.read() as reader:
        assert [(row.state, row.entry) for row in reader.holds()] == [("released", seq), ("dropped", seq + 2)]
        assert reader.holds(open_only=True) == []
        assert len(list(reader.audit_lines())) == seq + 3, "what was refused has left no entry"
        assert verify(reader).ok


def test_the_same_occasion_is_held_once(full: Store) -> None:
    with pytest.raises(StoreError), full.write(NOW + DAY) as tx:
        tx.commit_batch(Batch(entries=(held(hold()),), holds=(hold(),)))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM holds",
        "UPDATE holds SET state = 'released'",
        "UPDATE holds SET state = 'forgotten', audit_seq = audit_seq + 1",
        "UPDATE holds SET units = '[]'",
    ],
)
def test_no_statement_changes_it_without_a_later_entry(full: Store, statement: str) -> None:
    with pytest.raises(IntegrityError, match=r"holds|state_known|state IN"), full.write(NOW + DAY) as tx:
        tx.connection.execute(text(statement))


def test_it_counts_what_was_proposed_since(store: Store) -> None:
    told = [entry(act="rule.fire", more={"proposed": count}) for count in (3, 4, 5)]
    rows = [
        firing(occasion=str(at), at=NOW + at * DAY, proposed=count, entry=at)
        for at, count in enumerate((3, 4, 5))
    ]
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1")))
        tx.commit_batch(Batch(entries=tuple(told), firings=tuple(rows)))
        assert tx.count_proposed(NOW) == 9
        assert tx.count_proposed(NOW - DAY) == 12
        assert tx.count_proposed(NOW + 2 * DAY) == 0
        assert sorted(tx.proposed_at(NOW, NOW + DAY)) == [(NOW, 3), (NOW + DAY, 4)]
        assert verify(tx).ok
    wrong = replace(rows[0], occasion="x", proposed=-1, entry=0)
    with pytest.raises(StoreError), store.write(NOW + DAY) as tx:
        tx.commit_batch(Batch(entries=(told[0],), firings=(wrong,)))
