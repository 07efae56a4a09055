"""A proposal that cannot be read takes no reason in, and holds up nobody who has one (T8)."""

from pathlib import Path

from store.sqlite import driver
from tests.engine.hostile.matters import CLOCK, RULES, WORKFLOWS, ladder, rule
from tests.engine.hostile.yard import Yard

PROPOSE = "{workflow: talk, title: {zh: 谈, en: talk}}"


def test_a_new_proposal_is_opened_beside_it(tmp_path: Path) -> None:
    text = (
        WORKFLOWS + CLOCK + RULES + rule("r", ladder(f"{{at: 1 workday after at 09:00, propose: {PROPOSE}}}"))
    )
    yard = Yard(tmp_path, "2026-03-02 08:00", text)
    yard.opens("w")
    yard.until("2026-03-06 12:00")
    (bad,) = yard.items("talk")
    raw = driver().connect(str(tmp_path / "office.db"))
    raw.execute("DROP TRIGGER items_later_entry")
    raw.execute("UPDATE items SET fields = '{' WHERE id = ?", (bad.id,))
    raw.commit()
    raw.close()
    yard.opens("w")
    yard.until("2026-03-20 12:00")
    assert len(yard.items("talk")) == 2
    assert yard.records("park") == []
    yard.close()
