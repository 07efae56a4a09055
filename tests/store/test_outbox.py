"""A notice is handed to one sender at a time, and what became of it is in the log."""

from datetime import timedelta

import pytest

from store.errors import StaleNotice, StoreError
from store.office import Store, Tx
from store.rows import Batch, Entry, NoticeRow
from store.verify import verify
from tests.store.examples import DAY, NOW, entry, item, notice

LEASE = timedelta(minutes=5)
SENT = Entry(act="notice.sent", actor={"id": "duban"}, obj_type="notice", obj_id="1", why="250 ok")


def write(store: Store, *notices: NoticeRow) -> None:
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(), entry()), opened=(item(),), notices=notices))


def claim(store: Store, later: timedelta = timedelta(0)) -> list[tuple[int, int]]:
    with store.write(NOW) as tx:
        return [(found.id, found.attempts) for found in tx.claim_notices(NOW + later, 10, LEASE)]


def settle(tx: Tx, id: int, attempts: int) -> None:
    tx.settle_notice(id, attempts=attempts, state="sent", outcome="250 ok", entry=SENT)


def test_one_notice_for_each_entry_recipient_and_channel(store: Store) -> None:
    """N1."""
    with pytest.raises(StoreError, match=r"(?i)unique"):
        write(store, notice(), notice(body="again"))
    write(store, notice(), notice(channel="sms"), notice(recipient="housing.head"), notice(entry=1))
    with store.read() as reader:
        assert len({found.message_id for found in reader.notices_of("I-1")}) == 4


def test_a_claimed_notice_is_nobody_elses_until_the_lease_runs_out(store: Store) -> None:
    write(store, notice())
    assert claim(store) == [(1, 1)]
    assert claim(store) == []
    with store.read() as reader:
        before = reader.notices_of("I-1")[0].message_id
    assert claim(store, LEASE) == [(1, 2)]
    with store.read() as reader:
        assert reader.notices_of("I-1")[0].message_id == before


def test_who_comes_back_too_late_settles_nothing(store: Store) -> None:
    """F20."""
    write(store, notice())
    claim(store)
    claim(store, LEASE)
    with pytest.raises(StaleNotice), store.write(NOW) as tx:
        settle(tx, 1, attempts=1)
    with store.write(NOW) as tx:
        settle(tx, 1, attempts=2)
        assert tx.count_audit()["notice.sent"] == 1
        assert tx.notices_of("I-1")[0].state == "sent"
    with store.read() as reader:
        assert verify(reader).ok


def test_a_formal_notice_is_never_sent_again_by_itself(store: Store) -> None:
    """N2."""
    write(store, notice(formal=True))
    claim(store)
    assert claim(store, DAY) == []
    with store.write(NOW + DAY) as tx:
        [lost] = tx.lost_notices(NOW + DAY, 10)
        tx.settle_notice(lost.id, attempts=lost.attempts, state="unknown", outcome="no answer", entry=SENT)
    assert claim(store, 2 * DAY) == []
    with store.write(NOW + DAY) as tx:
        tx.requeue_notice(1, NOW + DAY, SENT)
        with pytest.raises(StaleNotice):
            tx.requeue_notice(1, NOW + DAY, SENT)
    assert claim(store, DAY) == [(1, 2)]


def test_order_is_kept_for_one_item_and_person(store: Store) -> None:
    """N4."""
    write(store, notice(next_at=NOW), notice(entry=1), notice(entry=1, recipient="housing.head"))
    assert [id for id, _ in claim(store)] == [1, 3]
    with store.write(NOW) as tx:
        later = NOW + timedelta(hours=1)
        tx.settle_notice(1, attempts=1, state="pending", outcome="421", entry=SENT, next_at=later)
        settle(tx, 3, attempts=1)
    assert claim(store) == []
    assert claim(store, timedelta(hours=1)) == [(1, 2)]
    with store.write(NOW) as tx:
        settle(tx, 1, attempts=2)
    assert claim(store) == [(2, 1)]


def test_the_outbox_says_when_and_how_many(store: Store) -> None:
    write(store, notice(next_at=NOW + DAY), notice(entry=1, item=None, rule=None, kind="notify"))
    with store.read() as reader:
        assert reader.next_notice() == NOW
        assert [found.id for found in reader.pending_notices(NOW, 10)] == [2]
        assert [(row.key, row.count) for row in reader.count_notices()] == [(("pending",), 2)]
        kinds = [(row.key, row.count) for row in reader.count_notices_by_rule()]
        assert kinds == [(("", "notify"), 1), (("reminder", "remind"), 1)]
        assert [found.id for found in reader.list_notices(state="pending", limit=1)] == [2]
