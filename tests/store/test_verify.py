"""Whoever changes the file behind the store's back is found, and where."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.audit import EMPTY, Log
from store.errors import StoreError
from store.office import Store
from store.rows import Batch, Entry
from store.tree import Tree, leaf_hash, node_hash
from store.verify import Verdict, verify
from tests.store.behind import behind_the_back
from tests.store.examples import DAY, NOW, clock, entry, event, firing, item, move, notice, opening


def judge(url: str) -> Verdict:
    store = Store.open(url)
    with store.read() as reader:
        verdict = verify(reader)
    store.close()
    return verdict


def tamper(url: str, *statements: str) -> None:
    with behind_the_back(url) as execute:
        for statement in statements:
            execute(statement)


@pytest.fixture
def written(store: Store, url: str) -> str:
    """Entries 0: office, 1–2: opened, 3–4: a rule fires, 5: moved, 6: a note."""
    fired = Batch(
        entries=(entry(act="rule.fire"), entry("I-2", act="rule.fire")),
        clocks=(clock("I-1"), clock("I-2", entry=1)),
        firings=(firing("item:I-1"), firing("item:I-2", entry=1)),
        events=(event("I-1"),),
        notices=(notice("I-1"),),
    )
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1"), item("I-2")))
        tx.commit_batch(fired)
    with store.write(NOW + DAY) as tx:
        tx.commit_batch(move(item("I-1"), state="answered"))
        tx.write_entry(entry("I-2", "item.note"))
    store.close()
    return url


def test_an_untouched_store_is_whole(written: str) -> None:
    verdict = judge(written)
    assert (verdict.ok, verdict.entries, verdict.first_bad) == (True, 7, None)
    assert verdict.root[:12] in verdict.zh
    assert verdict.root[:12] in verdict.en


FIRING = "subject, rule, 'x', at, outcome, because, proposed, 0"
EVENT = "item, 'complete', at, learnt_at, by, args, before, after, audit_seq"
SWAP = (
    "UPDATE audit SET seq = -1 WHERE seq = 3",
    "UPDATE audit SET seq = 3 WHERE seq = 4",
    "UPDATE audit SET seq = 4 WHERE seq = -1",
)


@pytest.mark.parametrize(
    ("statements", "first_bad"),
    [
        (("UPDATE audit SET rec = replace(rec, '张三', '李四') WHERE seq = 3",), 3),
        (("UPDATE audit SET rec = rec || ' ' WHERE seq = 3",), 3),
        (("UPDATE audit SET rec = '[]' WHERE seq = 3",), 3),
        (("UPDATE audit SET rec = '{}' WHERE seq = 3",), 3),
        (("UPDATE audit SET leaf = zeroblob(32) WHERE seq = 3",), 3),
        (("UPDATE audit SET sm3 = zeroblob(32) WHERE seq = 3",), 3),
        (("UPDATE audit SET act = 'item.close' WHERE seq = 3",), 3),
        (("UPDATE audit SET obj_id = 'I-9' WHERE seq = 3",), 3),
        (("UPDATE audit SET facts = replace(facts, '3', '4') WHERE seq = 3",), 3),
        (("UPDATE audit SET facts = NULL WHERE seq = 3",), 3),
        (("DELETE FROM audit WHERE seq = 3",), 3),
        (("DELETE FROM audit WHERE seq = 0",), 0),
        (SWAP, 3),
        (("DELETE FROM audit WHERE seq > 5",), 6),
        (("DELETE FROM audit WHERE seq > 5", "UPDATE audit_head SET size = 6"), 6),
        (("DELETE FROM audit WHERE seq > 3",), 4),
        (("UPDATE audit_head SET frontier = zeroblob(96)",), 7),
        (("UPDATE items SET state = 'closed' WHERE id = 'I-1'",), 5),
        (("UPDATE items SET rev = 1, state = 'handling', audit_seq = 1 WHERE id = 'I-1'",), 5),
        (("DELETE FROM items WHERE id = 'I-2'",), 2),
        (("DELETE FROM firings WHERE subject = 'item:I-2'",), 4),
        (("UPDATE firings SET audit_seq = 3",), 3),
        (("UPDATE notices SET audit_seq = 99",), 99),
        (("UPDATE clocks SET audit_seq = 99 WHERE item = 'I-1'",), 99),
        # A row that hides behind a later entry, about something else or about nothing that was changed.
        (("UPDATE items SET state = 'closed', audit_seq = 6 WHERE id = 'I-1'",), 6),
        (("UPDATE items SET state = 'closed', audit_seq = 6 WHERE id = 'I-2'",), 6),
        (("UPDATE clocks SET outcome = 'met', audit_seq = 6 WHERE item = 'I-1'",), 6),
        ((f"INSERT INTO events SELECT 9, {EVENT} FROM events",), 3),
        ((f"INSERT INTO firings SELECT {FIRING} FROM firings",), 0),
    ],
)
def test_tampering_is_found_where_it_begins(
    written: str, statements: tuple[str, ...], first_bad: int
) -> None:
    """A3, without what only an anchor outside can show."""
    tamper(written, *statements)
    verdict = judge(written)
    assert (verdict.ok, verdict.first_bad) == (False, first_bad)
    assert verdict.zh
    assert verdict.en


def rewritten(url: str, of: int, change: Callable[[int], Entry]) -> None:
    """Rewrite the log from the beginning with hashes that agree, as a thief with the program could."""
    log = Log("duban.demo/audit", EMPTY, "tx", NOW)
    rows = log.append([change(at) for at in range(of)], {})
    head = log.head()
    with behind_the_back(url) as execute:
        for table in ("audit", "firings", "notices"):
            execute(f"DELETE FROM {table}")
        execute("INSERT INTO audit VALUES (?,?,?,?,?,?,?,?,?,?)", *rows)
        end = (head.size, head.last_leaf, head.frontier)
        execute("UPDATE audit_head SET size = ?, last_leaf = ?, frontier = ?", end)


def test_a_log_written_anew_needs_rows_that_agree(written: str) -> None:
    rewritten(written, 3, lambda at: entry("I-1"))
    assert not judge(written).ok


def test_half_a_commit_is_seen(written: str) -> None:
    rewritten(written, 7, lambda at: entry("I-9"))
    tamper(written, "DELETE FROM audit WHERE seq = 6")
    verdict = judge(written)
    assert (verdict.ok, verdict.first_bad) == (False, 6)
    assert "not complete" in verdict.en


def test_progress_is_told(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.verify.EVERY", 3)
    told: list[tuple[int, int]] = []
    store = Store.open(written)
    with store.read() as reader:
        verify(reader, lambda done, whole: told.append((done, whole)))
    store.close()
    assert told == [(3, 7), (6, 7)]


def reference_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(reference_root(leaves[:split]), reference_root(leaves[split:]))


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70))
def test_the_frontier_gives_the_root_of_the_whole_tree(records: list[bytes]) -> None:
    leaves = [leaf_hash(record) for record in records]
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.root() == reference_root(leaves)


NULL = "\x00"  # which a store refuses
words = st.text(st.characters(codec="utf-8", exclude_characters=NULL), max_size=8)
facts = st.dictionaries(
    st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF, exclude_characters=NULL), max_size=4),
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words | st.lists(words, max_size=2),
    max_size=3,
)
steps = st.tuples(st.sampled_from(["open", "move", "note", "stale", "undone"]), st.integers(0, 3), facts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=st.lists(st.lists(steps, max_size=5), max_size=4), drift=st.integers(-2, 2))
def test_whatever_is_written_verifies(store: Store, transactions: list[Any], drift: int) -> None:
    """One example after the other into the same store: each finds what the others left."""
    for at, transaction in enumerate(transactions):
        with store.write(NOW + at * drift * DAY) as tx:
            for what, which, told in transaction:
                act(tx, what, f"I-{which}", told)
    with store.read() as reader:
        verdict = verify(reader)
    assert verdict.ok, verdict.en


def act(tx: Any, what: str, id: str, told: dict[str, Any]) -> None:
    row = tx.items_by_id([id]).get(id)
    if what == "note":
        tx.write_entry(entry(id, facts=told))
    elif what == "open" and row is None:
        tx.commit_batch(opening(item(id)))
    elif what == "move" and row is not None:
        tx.commit_batch(move(row, title=repr(told)))
    elif what == "stale":
        with pytest.raises(StoreError), tx.savepoint():
            tx.commit_batch(move(item(id, rev=99)))
    elif what == "undone":
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            note_and_fail(tx, id)


def note_and_fail(tx: Any, id: str) -> None:
    tx.write_entry(entry(id))
    raise ZeroDivisionError
