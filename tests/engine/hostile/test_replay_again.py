"""An office's own history, lived through again, must be the same office with a log that verifies."""

from pathlib import Path

from engine.history import history_of
from engine.replay import found_for, replay
from store.rows import ItemRow
from store.verify import Verdict, verify
from tests.engine.hostile.yard import Yard, page_book


def again(yard: Yard, folder: Path) -> tuple[list[ItemRow], Verdict, list[str]]:
    with yard.office.store.read() as reader:
        history = history_of(reader, "the office")
    office = found_for(history, yard.office.book, f"sqlite:///{folder / 'again.db'}")
    replay(office, history, yard.now)
    with office.store.read() as reader:
        acts = [line.act for line in reader.audit_lines()]
        return reader.list_items(), verify(reader), acts


def test_the_log_of_a_replay_verifies(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", page_book(tmp_path / "book", "relays"))
    item = yard.opens("order")
    yard.until("2026-03-02 10:00").does("plan", item, "water.liaison")
    yard.until("2026-03-02 11:00").does("mend", item, "water.liaison")
    _, verdict, _ = again(yard, tmp_path)
    assert verdict.ok, verdict.en


def test_both_approvers_approve_again(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", page_book(tmp_path / "book", "two_approvers"))
    item = yard.opens("payment", by="water.liaison", amount=100)
    yard.until("2026-03-02 10:00").does("approve", item, "supervisor", granted=100)
    yard.until("2026-03-02 11:00").does("approve", item, "auditor", granted=100)
    items, _, _ = again(yard, tmp_path)
    assert [row.state for row in items] == [row.state for row in yard.items()] == ["approved"]


def test_an_opening_says_only_what_the_person_gave(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", page_book(tmp_path / "book", "classes"))
    yard.opens("accident", deaths=5, happened_on="2026-03-02")
    (opening,) = yard.records("item.open")
    assert "severity" not in opening["args"]
