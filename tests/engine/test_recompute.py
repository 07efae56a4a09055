"""The calendar changes while clocks run: each is projected anew, and what moved says why."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.book.book import Book
from engine.recompute import Recomputed, recompute
from store.rows import Batch, Entry
from tests.engine.city import City, small_book, wall

pytestmark = pytest.mark.usefixtures("each_database")

OWN = "\ncalendars:\n  cn:\n    from: cn\n    overrides: [{days}]\n"
# As on 2020-01-27, when the Spring Festival was lengthened by a notice: days that were to be worked are off.
FLOOD = "{source: 市防汛令1号, off: [{name: 停工, days: '2020-10-15..2020-10-16'}]}"
EXTRA = """
clocks:
  answer:
    label: {zh: 答复期限, en: Time to answer}
    of: task
    starts: {opened: true}
    budget: 5 workdays
    stops: [completed, accepted]
    cancels: [dropped]
"""


def own(days: str) -> str:
    return EXTRA + OWN.replace("{days}", days)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path / "first", extra=own("")))
    yield made
    made.close()


def change_calendar(city: City, tmp_path: Path, days: str) -> Recomputed:
    """Adopt the same book with other days, put all items under it, and recompute."""
    put_under(city, small_book(tmp_path / "second", extra=own(days)))
    return recompute(city.office, city.now)


def put_under(city: City, book: Book) -> None:
    with city.office.store.write(city.now) as tx:
        tx.add_book(book.digest, book.canonical, {}, entry("book.adopt", book.digest))
        city.office.follow(tx)
        for row in tx.list_items(include_sealed=True):
            moved = replace(row, book=book.digest, rev=row.rev + 1, entry=0)
            tx.commit_batch(Batch(entries=(entry("item.migrate", row.id),), changed=(moved,)))


def entry(act: str, about: str) -> Entry:
    return Entry(act=act, actor={"id": "test", "kind": "system"}, obj_type="item", obj_id=about, why="x")


def test_a_due_date_moves_with_its_calendar_and_says_why(city: City, tmp_path: Path) -> None:
    task = city.task("2020-10-30")
    assert wall(city.clock(task, "answer").due_at) == "2020-10-20 00:00"
    done = change_calendar(city, tmp_path, FLOOD)
    assert [(each.item, each.clock, wall(each.before), wall(each.after)) for each in done.moved] == [
        (task, "answer", "2020-10-20 00:00", "2020-10-22 00:00")
    ]
    assert done.clocks == 2
    assert wall(city.clock(task, "answer").due_at) == "2020-10-22 00:00"
    (record,) = city.records("clock.recompute")
    assert record["why"] == "答复期限：日历更新，到期由2020年10月19日 24:00改为2020年10月21日 24:00"
    assert record["why_en"] == "Time to answer: new calendar: due 2020-10-21 24:00, was 2020-10-19 24:00"
    assert record["calendar_digest"] == f"sha256:{city.office.book.calendar.digest}"
    assert city.verdict().ok


def test_done_twice_it_changes_nothing(city: City, tmp_path: Path) -> None:
    city.task("2020-10-30")
    change_calendar(city, tmp_path, FLOOD)
    before = len(city.log())
    again = recompute(city.office, city.now)
    assert (again.moved, again.settled, again.kept, again.woken) == ((), (), (), 0)
    assert len(city.log()) == before


def test_rungs_are_counted_anew_also_where_the_due_date_stands(city: City, tmp_path: Path) -> None:
    """5 workdays before the 20th is the 13th, and the 9th when two days of the week between are off."""
    task = city.task("2020-10-23")
    assert wall(city.item(task).wake_at or city.now) == "2020-10-16 09:00"
    done = change_calendar(city, tmp_path, FLOOD)
    assert [each.clock for each in done.moved] == ["answer"]
    assert done.woken == 1
    assert wall(city.item(task).wake_at or city.now) == "2020-10-14 09:00"


def test_a_guess_that_comes_true_is_provisional_no_longer(tmp_path: Path) -> None:
    guess = EXTRA + (
        "\ncalendars:\n  cn:\n    from: cn\n    years: [{year: 2020, provisional: true}, "
        "{year: 2021, provisional: true}, {year: 2022, provisional: true}, {year: 2023, provisional: true}, "
        "{year: 2024, provisional: true}, {year: 2025, provisional: true}, {year: 2026, provisional: true}]\n"
    )
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path / "guess", extra=guess))
    task = city.task("2020-10-30")
    assert city.clock(task, "answer").provisional
    done = change_calendar(city, tmp_path, "")
    assert {each.clock for each in done.settled} == {"answer", "due"}
    assert not city.clock(task, "answer").provisional
    assert "不再是暂定" in city.records("clock.recompute")[0]["why"]
    city.close()


def test_what_has_run_out_stays_and_is_told(city: City, tmp_path: Path) -> None:
    task = city.task("2020-10-30")
    city.wait("2020-10-20 09:00")
    done = change_calendar(city, tmp_path, FLOOD)
    assert done.moved == ()
    assert [(each.clock, wall(each.after)) for each in done.kept] == [("answer", "2020-10-22 00:00")]
    assert wall(city.clock(task, "answer").missed_at or city.now) == "2020-10-20 00:00"
    assert city.log("clock.recompute") == []


def test_nothing_is_moved_into_the_past(tmp_path: Path) -> None:
    """A day of rest becomes a working day when it is nearly over: nobody is late by that."""
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path / "first", extra=own("")))
    task = city.task("2020-10-30")
    city.wait("2020-10-19 09:00")
    done = change_calendar(city, tmp_path, "{source: 通知, worked: ['2020-10-17', '2020-10-18']}")
    assert [(each.clock, wall(each.after)) for each in done.kept] == [("answer", "2020-10-18 00:00")]
    assert wall(city.clock(task, "answer").due_at) == "2020-10-20 00:00"
    city.close()


def test_the_day_of_a_duty_moves_and_its_item_says_so(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 00:00", small_book(tmp_path / "first", extra=own("")), ["weekly_board"])
    city.wait("2020-10-12 09:00")
    board = city.items("board")[0].id
    assert wall(city.clock(board).due_at) == "2020-10-16 17:00"
    change_calendar(city, tmp_path, FLOOD)
    assert wall(city.clock(board).due_at) == "2020-10-14 17:00"
    city.close()


def test_where_the_calendar_cannot_answer_the_others_go_on(city: City, tmp_path: Path) -> None:
    """One that begins too late: the clock stays as it is, and the next turn sets the item aside with why."""
    early, later = city.task("2020-10-30"), city.task("2021-02-26")
    done = change_calendar(city, tmp_path, "")
    assert done.failed == ()
    book = small_book(
        tmp_path / "late",
        [("start: 2020-09-01", "start: 2021-01-01")],
        EXTRA.replace("opened: true", "event: send_back") + "\ncalendars:\n  cn: {years: [{year: 2021}]}\n",
    )
    put_under(city, book)
    done = recompute(city.office, city.now)
    assert {item for item, _ in done.failed} == {early, later}
    assert "is before 2021-01-01" in done.failed[0][1]
    assert wall(city.clock(early).due_at) == "2020-10-31 00:00"
    assert city.turn().parked == 1, "the other has nothing to ask of the year that is missing"


def test_projecting_many_is_one_transaction(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.recompute.AT_ONCE", 2)
    tasks = [city.task("2020-10-30") for _ in range(5)]
    done = change_calendar(city, tmp_path, FLOOD)
    assert sorted(each.item for each in done.moved) == sorted(tasks)
    records = [line.rec for line in city.log("clock.recompute")]
    assert len({json.loads(rec)["tx"] for rec in records}) == 1
    assert city.verdict().ok
