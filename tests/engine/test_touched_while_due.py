"""An item that others touch while it is due itself is still due afterwards."""

from pathlib import Path

from tests.engine.hostile.matters import CLOCK, RULES, WORKFLOWS, ladder, rule
from tests.engine.hostile.yard import Yard, wall

TALKS = """
  t: {label: {zh: 限, en: T}, of: talk, starts: {opened: true}, budget: 2 workdays, stops: [held]}
"""
REMIND = (
    "  u: {label: {zh: 规, en: U}, basis: 一, for: talk, when: {clock: t}, then: {template: told},"
    " ladder: [{at: 5 workdays after at 09:00, notify: mayor}]}\n"
)
PROPOSE = "{workflow: talk, title: {zh: 谈, en: talk}}"
DUTY = """
duties:
  report:
    label: {zh: 周报, en: Report}
    basis: 一
    opens: w
    for: bureaus
    every: week
    due: friday at 17:00
    title: {zh: 报, en: report}
"""


def test_a_talk_that_takes_another_reason_in_is_still_told_of(tmp_path: Path) -> None:
    """Asleep for a week: a schedule parts the turn, and the matter has its turn before the talk."""
    rungs = (
        f"{{at: 1 workday after at 09:00, propose: {PROPOSE}}}",
        f"{{at: 4 workdays after at 09:00, propose: {PROPOSE}}}",
    )
    text = WORKFLOWS + CLOCK + TALKS + DUTY + RULES + rule("r", ladder(*rungs)) + REMIND
    yard = Yard(tmp_path, "2026-03-02 08:00", text, duties=["report"])
    yard.opens("w")
    yard.until("2026-03-11 08:00")
    talks = yard.items("talk")
    assert {wall(row.wake_at) for row in talks} == {"2026-03-17 09:00"}
    yard.up = False
    yard.until("2026-03-18 10:00").turn()
    told = {item: at for rule, item, _, at in yard.told() if rule == "u"}
    assert told == {talk.id: "2026-03-18 10:00" for talk in talks}
    yard.close()
