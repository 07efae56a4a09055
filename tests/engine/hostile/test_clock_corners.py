"""Corners of clocks: limits that come and go, relays, pauses that are told afterwards."""

from pathlib import Path

from engine.book.book import check_book
from tests.docs.test_howto import HOWTO, write_book
from tests.engine.hostile.matters import CLOCK, RULES, WORKFLOWS, rule
from tests.engine.hostile.yard import Yard

CASES = """
clocks:
  c:
    label: {zh: 限, en: C}
    of: w
    starts: {opened: true}
    budget:
      - {if: 'item.kind == "a"', is: 3 workdays}
      - {if: 'item.kind == "b"', is: 20 workdays}
    pauses: {p: {label: {zh: 等, en: wait}, states: [waiting]}}
    stops: [done, over]
  d: {label: {zh: 后, en: D}, of: w, starts: {clock: {of: c, on: due}}, budget: 2 workdays, stops: over}
"""


def test_a_miss_that_the_new_limit_does_not_know_is_withdrawn(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", WORKFLOWS + CASES)
    item = yard.opens("w")
    yard.until("2026-03-10 09:00").does("set_kind", item, kind="none")
    yard.until("2026-03-11 09:00").does("set_kind", item, kind="b")
    row = yard.clock(item, "c")
    assert row is not None
    assert (row.outcome, row.missed_at) == ("running", None)


def test_a_limit_that_comes_back_in_a_pause_is_paused(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", WORKFLOWS + CASES)
    item = yard.opens("w")
    yard.does("ask", item, "water.liaison")
    yard.does("set_kind", item, kind="none")
    yard.until("2026-03-11 09:00").does("set_kind", item, kind="b")
    row = yard.clock(item, "c")
    assert row is not None
    assert row.outcome == "paused"


def test_a_limit_that_comes_back_brings_its_relays(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", WORKFLOWS + CASES)
    item = yard.opens("w")
    yard.does("set_kind", item, kind="none")
    yard.until("2026-03-03 09:00").does("set_kind", item, kind="b")
    row = yard.clock(item, "d")
    assert row is not None
    assert row.outcome == "running"


def test_a_relay_does_not_begin_later_than_by_itself(tmp_path: Path) -> None:
    relay = """
  d:
    label: {zh: 后, en: D}
    of: w
    starts: {clock: {of: c, on: met}, latest: 2 workdays}
    budget: 5 workdays
    stops: over
"""
    text = WORKFLOWS + CLOCK.replace("3 workdays", "10 workdays") + relay
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    item = yard.opens("w")
    begun = yard.clock(item, "d")
    yard.until("2026-03-10 09:00").does("finish", item, "water.liaison")
    after = yard.clock(item, "d")
    assert begun is not None
    assert after is not None
    assert after.started_at == begun.started_at


def test_a_relay_of_a_clock_that_is_done_in_a_pause_is_not_late_at_birth(tmp_path: Path) -> None:
    text = (
        WORKFLOWS
        + """
clocks:
  c:
    label: {zh: 限, en: C}
    of: w
    starts: {opened: true}
    budget: 10 workdays
    pauses: {p: {label: {zh: 等, en: wait}, states: [waiting]}}
    stops: [done, over]
  d: {label: {zh: 后, en: D}, of: w, starts: {clock: {of: c, on: due}}, budget: 5 workdays, stops: over}
"""
    )
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.until("2026-03-05 09:00").does("ask", item, "water.liaison")
    yard.until("2026-04-20 09:00").does("finish", item, "water.liaison")
    row = yard.clock(item, "d")
    assert row is not None
    assert row.missed_at is None


def test_every_clock_that_moves_has_an_entry(tmp_path: Path) -> None:
    relay = "starts: {clock: {of: c, on: due}}, budget: 2 workdays, stops: over"
    text = WORKFLOWS + CLOCK + f"  d: {{label: {{zh: 后, en: D}}, of: w, {relay}}}\n" + RULES
    text += rule("r", "when: {event: set_kind}, then: {extend: {clock: c, by: 5 workdays}}")
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    item = yard.opens("w")
    before = yard.clock(item, "d")
    size = len(yard.records())
    yard.does("set_kind", item, kind="z")
    after = yard.clock(item, "d")
    assert before is not None
    assert after is not None
    assert before.due_at != after.due_at
    assert "d" in {record.get("clock") for record in yard.records()[size:]}


def test_check_warns_of_a_pause_that_the_ower_dates_himself(tmp_path: Path) -> None:
    folder = write_book(HOWTO / "pauses.en.md", tmp_path / "book")
    said = [each for each in check_book(folder) if "since" in each.text("en")]
    assert said


def test_check_warns_of_a_limit_that_hangs_on_time(tmp_path: Path) -> None:
    text = (
        WORKFLOWS
        + CLOCK
        + """
  d:
    label: {zh: 后, en: D}
    of: w
    starts: {opened: true}
    budget: [{if: clock.c.missed, is: 5 workdays}, {is: 20 workdays}]
    stops: [done, over]
"""
    )
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.until("2026-03-16 09:00")
    row = yard.clock(item, "d")
    warned = [
        each for each in check_book(tmp_path / "office" / "book") if "clock.c.missed" in each.text("en")
    ]
    assert row is not None
    assert warned or row.outcome == "missed"


def test_a_miss_that_moves_takes_its_relay_along(tmp_path: Path) -> None:
    text = (
        WORKFLOWS
        + """
clocks:
  c:
    label: {zh: 限, en: C}
    of: w
    starts: {opened: true}
    budget: [{if: 'item.kind == "a"', is: 3 workdays}, {is: 6 workdays}]
    stops: [done, over]
  d: {label: {zh: 后, en: D}, of: w, starts: {clock: {of: c, on: missed}}, budget: 5 workdays, stops: done}
"""
    )
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.until("2026-03-16 09:00").does("set_kind", item, kind="z")
    first, relay = yard.clock(item, "c"), yard.clock(item, "d")
    assert first is not None
    assert relay is not None
    assert relay.started_at == first.missed_at


def test_a_clock_that_is_cancelled_in_a_pause_starts_nothing(tmp_path: Path) -> None:
    text = (
        WORKFLOWS
        + """
clocks:
  c:
    label: {zh: 限, en: C}
    of: w
    starts: {opened: true}
    budget: 10 workdays
    pauses: {p: {label: {zh: 等, en: wait}, states: [waiting]}}
    stops: over
    cancels: done
  d: {label: {zh: 后, en: D}, of: w, starts: {clock: {of: c, on: due}}, budget: 5 workdays, stops: over}
"""
    )
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.until("2026-03-05 09:00").does("ask", item, "water.liaison")
    yard.until("2026-04-20 09:00").does("finish", item, "water.liaison")
    relay = yard.clock(item, "d")
    assert relay is not None
    assert relay.missed_at is None
