"""An outage may make things late, and nothing else: what still slips through when the daemon sleeps."""

from pathlib import Path

import pytest

from tests.engine.hostile.matters import CLOCK, DUTY, RULES, TALK, WORKFLOWS, ladder, rule
from tests.engine.hostile.yard import Yard

MONTHLY = "when: {every: month, on: day 5 at 09:00, about: previous}"
WEEKLY = "when: {every: week, on: first workday at 09:00, about: previous}"


def yards(folder: Path, text: str, begins: str = "2026-03-02 08:00", **more: object) -> tuple[Yard, Yard]:
    up = Yard(folder / "up", begins, text, up=True, **more)  # type: ignore[arg-type]
    down = Yard(folder / "down", begins, text, up=False, **more)  # type: ignore[arg-type]
    return up, down


def opened(yard: Yard) -> list[tuple[str, str | None]]:
    return [(row.workflow, row.period) for row in yard.items()]


def test_a_rung_that_proposes_is_not_swallowed_by_a_higher_one(tmp_path: Path) -> None:
    rungs = (
        "{at: at due, light: red}",
        f"{{at: 1 workday after at 09:00, propose: {TALK}}}",
        "{at: 3 workdays after at 09:00, notify: mayor}",
    )
    both = yards(tmp_path, WORKFLOWS + CLOCK + RULES + rule("r", ladder(*rungs)))
    for yard in both:
        yard.opens("w")
        yard.until("2026-03-20 09:00").turn()
    assert opened(both[0]) == opened(both[1])


def test_who_finishes_late_in_an_outage_is_escalated_like_anybody(tmp_path: Path) -> None:
    rungs = (f"{{at: 1 workday after at 09:00, propose: {TALK}}}",)
    both = yards(tmp_path, WORKFLOWS + CLOCK + RULES + rule("r", ladder(*rungs)))
    for yard in both:
        item = yard.opens("w")
        yard.until("2026-03-20 09:00").does("finish", item, "water.liaison")
        yard.turn()
    assert opened(both[0]) == opened(both[1])


def test_a_relay_that_begins_in_a_pause_is_paused_from_its_start(tmp_path: Path) -> None:
    relay = """
  d:
    label: {zh: 后, en: D}
    of: w
    starts: {clock: {of: c, on: missed}}
    budget: 5 workdays
    pauses: {p: {label: {zh: 等, en: wait}, states: [waiting]}}
    stops: [done, over]
"""
    both = yards(tmp_path, WORKFLOWS + CLOCK + relay)
    for yard in both:
        item = yard.opens("w")
        yard.does("ask", item, "water.liaison")
        yard.until("2026-03-20 09:00").turn()
        yard.does("go", item, "water.liaison")
    assert both[0].clocks() == both[1].clocks()


@pytest.mark.parametrize("condition", ["clock.c.missed", "item.overdue"])
def test_a_rule_by_period_asked_late_knows_of_no_later_miss(tmp_path: Path, condition: str) -> None:
    text = WORKFLOWS + CLOCK.replace("3 workdays", "10 workdays") + RULES
    text += rule("early", ladder("{at: 5 workdays before at 08:00, remind: unit_liaison}"))
    text += rule("r", f"{WEEKLY}, if: {condition}, then: {{propose: {TALK}}}")
    both = yards(tmp_path, text)
    for yard in both:
        yard.opens("w")
        yard.until("2026-03-17 09:00").turn()
    assert opened(both[0]) == opened(both[1])


def test_a_rule_by_period_asked_late_judges_nothing_younger(tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + RULES
    text += rule("r", f'{MONTHLY}, if: item.state == "open", then: {{propose: {TALK}}}')
    both = yards(tmp_path, text)
    for yard in both:
        yard.until("2026-03-06 10:00").opens("w")
        yard.until("2026-03-06 11:00").turn()
    assert opened(both[0]) == opened(both[1])


def test_a_rule_by_period_asked_late_finds_what_stood_then(tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + RULES
    text += rule("r", f'{MONTHLY}, if: item.state == "open", then: {{propose: {TALK}}}')
    both = yards(tmp_path, text)
    for yard in both:
        item = yard.opens("w")
        yard.until("2026-03-06 10:00").does("end", item)
        yard.until("2026-03-06 11:00").turn()
    assert opened(both[0]) == opened(both[1])


def test_what_is_opened_late_is_under_the_law_of_its_day(tmp_path: Path) -> None:
    text = (
        WORKFLOWS + DUTY + 'laws: {old: {zh: 旧, en: old, from: "2025-01-01", until: "2026-03-31"}}\n' + RULES
    )
    text += rule(
        "r",
        "law: old, effective: {by: opened}, " + ladder("{at: 1 workday after at 09:00, notify: mayor}"),
    )
    both = yards(tmp_path, text, "2026-02-27 08:00", duties=["report"])
    for yard in both:
        yard.until("2026-04-03 10:00").turn()
    assert {each[:3] for each in both[0].told()} == {each[:3] for each in both[1].told()}


def test_a_rule_by_period_that_was_set_aside_judges_nothing_younger(tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + RULES
    text += rule("r", f'{MONTHLY}, if: item.state == "open", then: {{propose: {TALK}}}')
    yard = Yard(tmp_path, "2026-03-02 08:00", text, up=False)
    older = yard.opens("w")
    yard.until("2026-03-05 09:02")
    with yard.office.store.write(yard.now) as tx:
        tx.park("rule:r", "for a minute", yard.now)
    yard.opens("w")
    yard.until("2026-03-05 09:05").turn()
    assert [row.parent for row in yard.items("talk")] == [older]


def test_a_guard_of_a_late_duty_is_of_the_law_of_its_day(tmp_path: Path) -> None:
    guard = """
laws:
  new: {zh: 新办法, en: The new act, from: "2026-03-20"}
rules:
  none_any_more:
    label: {zh: 不再报, en: No more reports}
    basis: 一
    for: w
    law: new
    when: {before: open}
    then: {require: "false", otherwise: {zh: 已不须报, en: no longer owed}}
"""
    both = yards(tmp_path, WORKFLOWS + DUTY + guard, begins="2026-02-20 08:00", duties=["report"])
    for yard in both:
        yard.until("2026-03-25 09:00").turn()
    assert opened(both[0])
    assert opened(both[0]) == opened(both[1])
