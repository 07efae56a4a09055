"""All of a batch with its entries, or nothing; and nobody's work is lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy.exc import IntegrityError

from store.errors import AlreadyFired, NotCanonical, StaleItem, StoreError, TransactionLost
from store.office import Store, Tx
from store.rows import Batch, DocumentRow, Parked, ScheduleRow
from store.verify import verify
from tests.store.examples import DAY, NOW, clock, entry, event, firing, item, move, notice, opening


def sound(store: Store) -> bool:
    with store.read() as reader:
        return verify(reader).ok


def write_and_fail(tx: Tx) -> None:
    tx.commit_batch(opening(item("I-2")))
    raise ZeroDivisionError


def test_what_was_written_is_read_back(store: Store) -> None:
    row = item(unit=None, sealed=True, period_first=NOW.date(), closed_at=NOW)
    batch = Batch(
        entries=(entry("I-1", "item.open"), entry("I-1", "rule.fire")),
        opened=(row,),
        clocks=(clock(entry=1),),
        events=(event(),),
        firings=(firing(entry=1),),
        notices=(notice(entry=1),),
        documents=(DocumentRow(item="I-1", template="letter", title="函", body="正文", at=NOW, entry=0),),
        schedules=(ScheduleRow(id="duty:board", next_at=NOW, period="2020-W32", period_first=NOW.date()),),
    )
    with store.write(NOW) as tx:
        first = tx.commit_batch(batch).first_seq
    with store.read() as reader:
        assert reader.items_by_id(["I-1"]) == {"I-1": replace(row, entry=first)}
        assert reader.clocks_of(["I-1"]) == {"I-1": [clock(entry=first + 1)]}
        assert reader.events_of(["I-1"]) == {"I-1": [event(entry=first)]}
        assert reader.events_of(["I-1"], names=["assign"]) == {}
        assert reader.firings_of("item:I-1") == [firing(entry=first + 1)]
        assert [found.notice for found in reader.notices_of("I-1")] == [notice(entry=first + 1)]
        assert reader.documents_of("I-1")[0].title == "函"
        assert reader.due_schedules(NOW) == list(batch.schedules)


def test_numbers_of_entries_have_no_gap(store: Store) -> None:
    with store.write(NOW) as tx:
        first = tx.commit_batch(opening(item("I-1"), item("I-2"))).first_seq
        assert tx.write_entry(entry()) == first + 2
    with store.write(NOW) as tx:
        assert tx.write_entry(entry()) == first + 3
    assert sound(store)


def test_an_item_changed_meanwhile_is_named(store: Store) -> None:
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1"), item("I-2")))
        tx.commit_batch(move(item("I-2"), state="answered"))
    both = Batch(entries=(entry(), entry("I-2")), changed=(item("I-1", rev=2), item("I-2", rev=2, entry=1)))
    with pytest.raises(StaleItem, match="I-2"), store.write(NOW) as tx:
        tx.commit_batch(both)
    with store.read() as reader:
        assert reader.items_by_id(["I-1"])["I-1"].rev == 1
    assert sound(store)


def test_a_rule_speaks_once_on_an_occasion(store: Store) -> None:
    fire = Batch(entries=(entry(act="rule.fire"),), firings=(firing(),))
    with store.write(NOW) as tx:
        tx.commit_batch(fire)
    with store.write(NOW) as tx:
        with pytest.raises(AlreadyFired, match="reminder"), tx.savepoint():
            tx.commit_batch(fire)
        twice = replace(
            fire, entries=(entry(act="rule.fire"),) * 2, firings=(firing("unit:x"), firing("unit:x", entry=1))
        )
        with pytest.raises(AlreadyFired, match="unit:x"), tx.savepoint():
            tx.commit_batch(twice)
        tx.write_entry(entry())
    with store.read() as reader:
        assert reader.count_audit() == {"office.create": 1, "rule.fire": 1, "item.move": 1}
    assert sound(store)


def test_a_poisoned_item_is_undone_alone(store: Store) -> None:
    """T8."""
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1")))
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            write_and_fail(tx)
        tx.commit_batch(opening(item("I-3")))
    with store.read() as reader:
        assert [row.id for row in reader.list_items()] == ["I-1", "I-3"]
    assert sound(store)


def go_on_after_half(tx: Tx, batch: Batch) -> None:
    with pytest.raises(AlreadyFired):
        tx.commit_batch(batch)
    tx.write_entry(entry())


def test_nothing_follows_half_a_batch(store: Store) -> None:
    """Whoever catches its error and goes on would commit a part of it."""
    fire = Batch(entries=(entry(act="rule.fire"),), firings=(firing(),))
    with store.write(NOW) as tx:
        tx.commit_batch(fire)
    with pytest.raises(TransactionLost, match="half-way"), store.write(NOW) as tx:
        go_on_after_half(tx, fire)
    with pytest.raises(TransactionLost), store.write(NOW) as tx, pytest.raises(AlreadyFired):
        tx.commit_batch(fire)
    with store.read() as reader:
        assert reader.count_audit() == {"office.create": 1, "rule.fire": 1}
    assert sound(store)


def test_an_error_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write(NOW) as tx:
        write_and_fail(tx)
    with store.read() as reader:
        assert reader.list_items() == []
        assert reader.head().size == 1


@pytest.mark.parametrize(
    "batch",
    [
        Batch(opened=(item(),)),
        Batch(entries=(entry(),), opened=(item(entry=-1),)),
        Batch(entries=(entry(),), clocks=(clock("nobody"),)),
        Batch(entries=(entry(),), opened=(item(light="blue"),)),
        Batch(entries=(entry(),), opened=(item(""),)),
        Batch(entries=(entry(), entry()), opened=(item(), item(entry=1))),
    ],
    ids=["no entry", "entry before", "clock of nobody", "unknown light", "empty id", "item twice"],
)
def test_what_may_not_be_is_refused(store: Store, batch: Batch) -> None:
    with pytest.raises(StoreError), store.write(NOW) as tx:
        tx.commit_batch(batch)
    assert sound(store)


@pytest.mark.parametrize(
    "facts",
    [
        {"rate": 0.5},
        {"big": 2**53},
        {"text": "\ud800"},
        {"at": NOW},
        {1: "x"},
        {"list": [[1.0]]},
        {"𝄞": 1},
        {"text": "a\0b"},
    ],
)
def test_the_log_takes_only_what_has_one_form(store: Store, facts: dict[str, object]) -> None:
    with pytest.raises(NotCanonical), store.write(NOW) as tx:
        tx.write_entry(entry(facts=facts))


@pytest.mark.parametrize("told", [{"title": "a\0b"}, {"fields": '{"a":"\\u0000"}'}])
def test_no_database_keeps_a_null_character(store: Store, told: dict[str, str]) -> None:
    with pytest.raises(StoreError, match="null character"), store.write(NOW) as tx:
        tx.commit_batch(opening(item(**told)))
    with store.write(NOW) as tx:  # a text about one is a text like others
        tx.commit_batch(opening(item(fields=r'{"a":"\\u0000"}')))
        tx.write_entry(entry(facts={"text": r"\u0000"}))
    assert sound(store)


def test_an_entry_may_not_write_what_the_log_writes(store: Store) -> None:
    with pytest.raises(NotCanonical, match="seq"), store.write(NOW) as tx:
        tx.write_entry(entry(more={"seq": 7}))


def test_a_record_says_who_did_what_and_why(store: Store) -> None:
    moved = replace(move(item()), entries=(entry(more={"from": "handling", "to": "answered", "rule": None}),))
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item()))
        seq = tx.commit_batch(moved).first_seq
        line = tx.show_audit(seq)
    assert line is not None
    record = json.loads(line.rec)
    assert record["actor"] == {"id": "zhang.san", "kind": "person"}
    assert record["obj"] == {"id": "I-1", "rev": 2, "type": "item"}
    assert (record["from"], record["to"], record["log"]) == ("handling", "answered", "duban.demo/audit")
    assert "rule" not in record
    assert json.loads(line.facts or "") == {"days": 3, "state": "handling"}


def test_time_never_goes_back_in_the_log(store: Store) -> None:
    """A8."""
    with store.write(NOW + DAY) as tx:
        tx.write_entry(entry())
    with store.write(NOW) as tx:
        line = tx.show_audit(tx.write_entry(entry()))
    assert line is not None
    assert line.ts == "2020-08-05T01:00:00.000000Z"
    assert json.loads(line.rec)["clk"] == "back"
    assert sound(store)


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no time zone"), store.write(NOW) as tx:
        tx.commit_batch(opening(item(wake_at=datetime(2020, 8, 4))))  # noqa: DTZ001 - the mistake tested


def test_no_update_is_lost_between_threads(store: Store) -> None:
    """F1: with the driver's own transactions most of these are lost, without an error."""
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item(fields="0")))

    def add() -> None:
        for _ in range(25):
            with store.write(NOW) as tx:
                row = tx.items_by_id(["I-1"])["I-1"]
                tx.commit_batch(move(row, fields=str(int(row.fields) + 1)))

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as reader:
        row = reader.items_by_id(["I-1"])["I-1"]
        assert (row.fields, row.rev) == ("100", 101)
    assert sound(store)


def test_a_reader_stays_at_its_moment(store: Store) -> None:
    """D1."""
    with store.read() as reader:
        assert reader.list_items() == []
        with store.write(NOW) as tx:
            tx.commit_batch(opening(item()))
        assert reader.list_items() == []
    with store.read() as reader:
        assert len(reader.list_items()) == 1


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError, match=r"no DELETE|no UPDATE|later entry"):
        yield


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit",
        "UPDATE audit SET rec = '{}'",
        "DELETE FROM items",
        "DELETE FROM firings",
        "UPDATE items SET state = 'closed'",
        "UPDATE clocks SET due_at = '2030'",
    ],
)
def test_the_database_refuses_what_leaves_no_entry(store: Store, statement: str) -> None:
    batch = Batch(entries=(entry(act="rule.fire"),), opened=(item(),), clocks=(clock(),), firings=(firing(),))
    with store.write(NOW) as tx:
        tx.commit_batch(batch)
    with refused(), store.write(NOW) as tx:
        tx.connection.exec_driver_sql(statement)


def test_numbers_begin_anew_each_year(store: Store) -> None:
    with store.write(NOW) as tx:
        assert tx.number("I", 2020) == 1
        assert list(tx.reserve_numbers("I", 2020, 3)) == [2, 3, 4]
        assert tx.number("I", 2021) == 1


def test_a_poisoned_item_waits_longer_each_time_and_then_for_a_person(store: Store) -> None:
    """T8."""
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item("I-1"), item("I-2")))
        parked: Parked = tx.park("I-1", "unknown state", NOW)
        assert parked.next_at is not None
        assert [row.id for row in tx.due_items(NOW, 10)] == ["I-2"]
        assert [row.id for row in tx.due_items(parked.next_at, 10)] == ["I-1", "I-2"]
        tx.set_wakes({"I-2": None})
        assert tx.next_wake() == parked.next_at
        for _ in range(4):
            parked = tx.park("I-1", "unknown state", NOW)
        assert (parked.tries, parked.next_at) == (5, None)
        assert tx.due_items(NOW + 365 * DAY, 10) == []
        assert tx.next_wake() is None
        tx.unpark("I-1")
        assert tx.next_wake() == NOW
    assert sound(store)


def test_people_and_books_come_with_entries(store: Store) -> None:
    with store.write(NOW) as tx:
        for name in ("李主任", "王主任"):
            tx.set_person("housing.head", name, "x@example.org", entry("housing.head", "post.hold"))
        for digest in ("a", "b", "a"):
            tx.add_book(digest, b"{}", {"office.yaml": "office: demo"}, entry(digest, "book.adopt"))
    with store.read() as reader:
        assert reader.people()["housing.head"].name == "王主任"
        book = reader.book_in_force()
        assert book is not None
        assert (book.digest, book.files) == ("a", {"office.yaml": "office: demo"})
        assert reader.books() == ["a", "b"]
    assert sound(store)


def test_the_shell_cannot_read_the_key(store: Store) -> None:
    with store.read() as reader:
        assert set(reader.meta()) == {"office", "log"}


def test_an_idle_moment_has_no_wake(store: Store) -> None:
    with store.write(NOW) as tx:
        tx.commit_batch(opening(item(wake_at=NOW + timedelta(hours=3))))
        assert tx.due_items(NOW, 10) == []
        assert tx.next_wake() == NOW + timedelta(hours=3)
