"""Lists, counts and the log, as boards and auditors ask for them."""

import pytest
from sqlalchemy import Connection

from store.office import Store
from store.rows import Batch, Counted
from tests.store.examples import DAY, NOW, clock, entry, firing, item, move, opening


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write(NOW) as tx:
        tx.commit_batch(
            opening(
                item("I-1"),
                item("I-2", unit="transport", opened_at=NOW + DAY),
                item("I-3", closed_at=NOW, state="closed", wake_at=None),
                item("S-1", workflow="referral", sealed=True, parent="I-1"),
            )
        )
        spoken = Batch(entries=(entry(act="rule.fire"),), clocks=(clock(),), firings=(firing(),))
        tx.commit_batch(spoken)
    with store.write(NOW + DAY) as tx:
        tx.commit_batch(move(item(), state="answered"))
    return store


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["I-1", "I-3", "I-2"]),
        ({"include_sealed": True}, ["I-1", "I-3", "S-1", "I-2"]),
        ({"open_only": True}, ["I-1", "I-2"]),
        ({"unit": "transport"}, ["I-2"]),
        ({"state": "answered", "workflow": "issue"}, ["I-1"]),
        ({"parent": "I-1", "include_sealed": True}, ["S-1"]),
        ({"limit": 1}, ["I-1"]),
    ],
)
def test_lists_of_items(filled: Store, asked: dict[str, str], expected: list[str]) -> None:
    with filled.read() as reader:
        assert [row.id for row in reader.list_items(**asked)] == expected  # type: ignore[arg-type]


def test_counts(filled: Store) -> None:
    with filled.read() as reader:
        assert reader.count_clocks() == [Counted(key=("answer", "running"), count=1)]
        assert reader.count_firings() == [Counted(key=("reminder", "acted"), count=1)]
        assert [(row.key, row.count) for row in reader.count_items()] == [
            (("issue", "answered", "open"), 1),
            (("issue", "closed", "closed"), 1),
            (("issue", "handling", "open"), 1),
            (("referral", "handling", "open"), 1),
        ]


def test_the_log_is_asked_from_several_sides(filled: Store) -> None:
    with filled.read() as reader:
        assert [line.seq for line in reader.list_audit(obj="I-1")] == [6, 5, 1]
        assert [line.seq for line in reader.list_audit(act="item.open", limit=2)] == [4, 3]
        assert [line.seq for line in reader.list_audit(actor="duban")] == [0]
        assert [line.seq for line in reader.list_audit(since=5)] == [6, 5]
        assert [line.seq for line in reader.audit_lines()] == list(range(7))
        assert reader.show_audit(99) is None
        assert len(reader.root()) == 64


def test_who_waits_longest_is_due_first(filled: Store) -> None:
    with filled.write(NOW) as tx:
        tx.set_wakes({"I-1": NOW + DAY, "I-2": NOW, "S-1": None})
        assert [row.id for row in tx.due_items(NOW + DAY, 10)] == ["I-2", "I-1"]
        assert [row.id for row in tx.due_items(NOW + DAY, 1)] == ["I-2"]


def test_many_ids_at_once(store: Store) -> None:
    ids = [f"I-{at}" for at in range(1200)]
    with store.write(NOW) as tx:
        tx.commit_batch(opening(*(item(id) for id in ids)))
        assert list(tx.items_by_id(reversed(ids))) != []
        assert len(tx.items_by_id(ids)) == 1200


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT * FROM items WHERE wake_at <= '2020' ORDER BY wake_at LIMIT 10", "items_wake"),
        ("SELECT next_at FROM notices WHERE state IN ('pending', 'sending') ORDER BY next_at", "notices_due"),
        ("SELECT * FROM audit WHERE obj_id = 'I-1' ORDER BY seq DESC", "audit_of_object"),
    ],
)
def test_an_idle_tick_reads_an_index(store: Store, question: str, index: str) -> None:
    with store.read() as reader:
        asked = explaining(reader.connection)
        plan = reader.connection.exec_driver_sql(f"{asked} {question}").fetchall()
    assert any(index in str(row) for row in plan), plan


def explaining(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return "EXPLAIN QUERY PLAN"
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # which is quicker where there are no rows
    return "EXPLAIN"
