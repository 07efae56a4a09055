"""A book that is changed while the office runs: nothing opened twice, nothing silenced for ever."""

from pathlib import Path

import pytest

from engine.adopt import adopt
from engine.book.book import read_book
from engine.migrate import migrate
from tests.docs.test_howto import HOWTO
from tests.engine.hostile.matters import CLOCK, DUTY, RULES, WORKFLOWS, ladder, rule
from tests.engine.hostile.test_touch import BY
from tests.engine.hostile.yard import Yard, book_of

MONTHLY = """rules:
  r:
    label: {zh: 规, en: R}
    basis: 一
    for: bureaus
    when: {every: month, on: day 5 at 09:00, about: current}
    then: {notify: unit_head, template: unit_told}
"""


def changed(yard: Yard, folder: Path, text: str, change: tuple[str, str]) -> None:
    assert change[0] in text
    adopt(yard.office, book_of(folder, text.replace(*change)), {}, BY, yard.now)


def test_a_moved_rung_speaks_after_a_migration(tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK.replace("3 workdays", "10 workdays") + RULES
    text += rule("r", ladder("{at: 5 workdays before at 09:00, remind: unit_liaison}"))
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", text)
    item = yard.opens("w")
    yard.until("2026-03-10 10:00")
    changed(yard, tmp_path / "next", text, ("5 workdays before", "1 workday before"))
    assert migrate(yard.office, BY, yard.now, apply=True).applied
    yard.until("2026-03-20 10:00")
    assert yard.records("park") == []
    assert yard.clock(item, "c").outcome == "missed"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change", [("day 5", "day 10"), ("about: current", "about: previous")], ids=["day", "about"]
)
def test_a_rule_whose_rhythm_changes_lives_on(tmp_path: Path, change: tuple[str, str]) -> None:
    text = WORKFLOWS + MONTHLY
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", text)
    yard.until("2026-03-07 10:00")
    changed(yard, tmp_path / "next", text, change)
    yard.until("2026-05-20 10:00")
    assert yard.records("park") == []
    assert "2026-05" in {(each[3] or "")[:7] for each in yard.told()}


def test_a_longer_programme_owes_nothing_twice(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS + DUTY, duties=["report"])
    yard.until("2026-03-07 10:00")
    longer = tmp_path / "longer"
    longer.mkdir()
    office = (HOWTO / "office.yaml").read_text(encoding="utf-8").replace("2027-12-31", "2028-12-31")
    (longer / "office.yaml").write_text(office, encoding="utf-8")
    (longer / "more.yaml").write_text(WORKFLOWS + DUTY, encoding="utf-8")
    adopt(yard.office, read_book(longer), {}, BY, yard.now)
    yard.until("2026-04-02 10:00")
    owed = [(row.unit, row.period) for row in yard.items()]
    assert sorted(set(owed)) == sorted(owed)


def test_what_was_due_before_the_change_is_still_done(tmp_path: Path) -> None:
    text = WORKFLOWS + MONTHLY
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", text, up=False)
    yard.until("2026-03-05 09:01")
    changed(yard, tmp_path / "next", text, ("day 5 at 09:00", "day 5 at 08:30"))
    yard.turn()
    assert len(yard.told()) == 3
