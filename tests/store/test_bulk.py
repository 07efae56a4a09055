"""Large batches, which PostgreSQL takes in other ways than small ones: the same must come of them."""

from dataclasses import replace

import pytest

from store.errors import AlreadyFired, StaleItem, StoreError
from store.office import Store
from store.rows import Batch
from store.verify import verify
from tests.store.examples import DAY, NOW, clock, entry, event, firing, item, notice, opening

MANY = range(60)
ODD = '逗号, "引号" \\ 反斜杠\t制表\n换行 \\N {花} 😀'  # what streams and JSON must carry as it is


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write(NOW) as tx:
        tx.commit_batch(opening(*(item(f"I-{at}", title=ODD, unit=None) for at in MANY)))
    return store


def changed(*stale: int) -> Batch:
    entries = tuple(entry(f"I-{at}", facts={"text": ODD}) for at in MANY)
    rows = tuple(
        item(f"I-{at}", title=ODD, unit=None, owner=ODD, rev=9 if at in stale else 2, sealed=True, entry=at)
        for at in MANY
    )
    return Batch(entries=entries, changed=rows)


def spoken() -> Batch:
    entries = tuple(entry(f"I-{at}", act="rule.fire") for at in MANY)
    return Batch(
        entries=entries,
        clocks=tuple(clock(f"I-{at}", entry=at, missed_at=NOW if at % 2 else None) for at in MANY),
        events=tuple(event(f"I-{at}", entry=at, args='{"a":"b"}') for at in MANY),
        firings=tuple(firing(f"item:I-{at}", because=ODD, entry=at) for at in MANY),
        notices=tuple(notice(f"I-{at}", body=ODD, rule=None, entry=at) for at in MANY),
    )


def test_all_is_read_back_as_it_was_written(filled: Store) -> None:
    with filled.write(NOW) as tx:
        tx.commit_batch(changed())
        first = tx.commit_batch(spoken()).first_seq
    with filled.read() as reader:
        assert verify(reader).ok
        rows = reader.items_by_id([f"I-{at}" for at in MANY])
        for at, wanted in zip(MANY, changed().changed, strict=True):
            assert replace(rows[f"I-{at}"], entry=at) == wanted
        wanted_all = spoken()
        for at in MANY:
            assert reader.clocks_of([f"I-{at}"]) == {
                f"I-{at}": [replace(wanted_all.clocks[at], entry=first + at)]
            }
            assert reader.firings_of(f"item:I-{at}") == [replace(wanted_all.firings[at], entry=first + at)]
            assert [each.notice for each in reader.notices_of(f"I-{at}")] == [
                replace(wanted_all.notices[at], entry=first + at)
            ]


def test_one_stale_item_among_many_is_named(filled: Store) -> None:
    with pytest.raises(StaleItem, match="I-41"), filled.write(NOW) as tx:
        tx.commit_batch(changed(41))
    with filled.read() as reader:
        assert reader.items_by_id(["I-1"])["I-1"].rev == 1
        assert verify(reader).ok


def test_one_that_has_spoken_before_among_many_is_named(filled: Store) -> None:
    once = Batch(entries=(entry(act="rule.fire"),), firings=(firing("item:I-41"),))
    with filled.write(NOW) as tx:
        tx.commit_batch(once)
    with pytest.raises(AlreadyFired, match="I-41"), filled.write(NOW + DAY) as tx:
        tx.commit_batch(spoken())
    with filled.read() as reader:
        assert reader.firings_of("item:I-1") == []
        assert verify(reader).ok


def test_one_that_is_there_already_among_many_is_refused(filled: Store) -> None:
    again = opening(*(item(f"I-{at + 59}", title=ODD) for at in MANY))
    with pytest.raises(StoreError, match="breaks a rule") as told, filled.write(NOW) as tx:
        tx.commit_batch(again)
    assert "引号" not in str(told.value)
    assert "引号" not in repr(told.value.__cause__)
    with filled.read() as reader:
        assert len(reader.list_items()) == len(MANY)
