"""Many who write at once: nobody decides on what has changed since, and nobody has to try again (F18)."""

import json
from dataclasses import replace
from random import Random
from threading import Thread

import pytest

from store.office import Store
from store.rows import Batch, Tally
from store.verify import verify
from tests.store.examples import NOW, entry, item, opening

WRITERS, TIMES, ITEMS = 8, 12, 50
ALL = Tally(of="items", workflows=("issue",), by="office", reduce="sum", field="points")


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write(NOW) as tx:
        tx.commit_batch(opening(*(item(f"I-{at}", fields='{"points":1}') for at in range(ITEMS))))
    return store


def test_no_decision_rests_on_a_total_that_has_changed(filled: Store, url: str) -> None:
    """Each reads a total over all items and changes one: what it read must be what the log says before it."""
    failed: list[BaseException] = []

    def write(seed: int) -> None:
        chance, mine = Random(seed), Store.open(url, busy_seconds=60)
        try:
            for _ in range(TIMES):
                add_one(mine, f"I-{chance.randrange(ITEMS)}")
        except BaseException as error:  # whatever it is, it must not get lost in a thread
            failed.append(error)
        finally:
            mine.close()

    threads = [Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with filled.read() as reader:
        assert verify(reader).ok
        read = [json.loads(line.facts or "")["total"] for line in reader.list_since(0, ["item.move"])]
    assert read == [str(ITEMS + at) for at in range(WRITERS * TIMES)]


def add_one(store: Store, id: str) -> None:
    with store.write(NOW) as tx:
        total = str(tx.tally(ALL)["office"].value)
        row = tx.items_by_id([id])[id]
        points = json.loads(row.fields)["points"] + 1
        moved = replace(row, rev=row.rev + 1, entry=0, fields=json.dumps({"points": points}))
        tx.commit_batch(Batch(entries=(entry(id, facts={"total": total}),), changed=(moved,)))
