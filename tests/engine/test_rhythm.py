"""Duties and rules by period under a changed book: no period comes twice, and none is left out."""

from pathlib import Path

from engine.adopt import adopt
from engine.book.book import read_book
from tests.docs.test_howto import HOWTO
from tests.engine.hostile.matters import DUTY, WORKFLOWS
from tests.engine.hostile.test_books_change import MONTHLY
from tests.engine.hostile.yard import Yard

LISTED = """dates:
  sittings: {zh: 例会日, en: Sittings, days: ["2026-03-10", "2026-04-10", "2026-05-12"]}
""" + MONTHLY.replace(
    "{every: month, on: day 5 at 09:00, about: current}", '{dates: sittings, at: "09:00", about: current}'
)


def turn_over(yard: Yard, folder: Path, text: str, programme: str = "2027-12-31") -> None:
    folder.mkdir(parents=True)
    office = (HOWTO / "office.yaml").read_text(encoding="utf-8")
    assert "2027-12-31" in office
    (folder / "office.yaml").write_text(office.replace("2027-12-31", programme), encoding="utf-8")
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    adopt(yard.office, read_book(folder), {}, (), yard.now)


def owed(yard: Yard) -> list[str]:
    """Of the bureau of water."""
    return [row.period or "" for row in yard.items("w") if row.unit == "water"]


def heard(yard: Yard) -> list[str]:
    return [(moment or "")[:10] for _, _, to, moment in yard.told() if to == "water.head"]


def test_there_and_back_within_a_month_owes_the_month_once(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS + DUTY, duties=["report"])
    yard.until("2026-03-07 10:00")
    turn_over(yard, tmp_path / "halves", WORKFLOWS + DUTY.replace("every: month", "every: half month"))
    yard.until("2026-03-10 10:00")
    turn_over(yard, tmp_path / "back", WORKFLOWS + DUTY)
    yard.until("2026-05-02 10:00")
    assert owed(yard) == ["2026-03", "2026-03-H1", "2026-04", "2026-05"]


def test_a_duty_that_was_taken_out_comes_back_with_the_period_that_runs(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS + DUTY, duties=["report"])
    yard.until("2026-03-07 10:00")
    for number, until in enumerate(("2026-03-08 10:00", "2026-06-10 10:00")):
        turn_over(yard, tmp_path / f"without{number}", WORKFLOWS + DUTY.partition("duties:")[0])
        yard.until(until)
        turn_over(yard, tmp_path / f"with{number}", WORKFLOWS + DUTY)
    yard.until("2026-07-02 10:00")
    assert owed(yard) == ["2026-03", "2026-06", "2026-07"]


def test_what_had_ended_goes_on_when_the_programme_is_prolonged(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS, duties=["report"])
    turn_over(yard, tmp_path / "short", WORKFLOWS + DUTY + MONTHLY, "2026-04-30")
    yard.until("2026-04-20 10:00")
    turn_over(yard, tmp_path / "longer", WORKFLOWS + DUTY + MONTHLY, "2026-06-30")
    yard.until("2026-12-01 10:00")
    assert owed(yard) == ["2026-03", "2026-04", "2026-05", "2026-06"]
    assert heard(yard) == ["2026-03-05", "2026-04-05", "2026-05-05", "2026-06-05"]


def test_a_day_that_was_still_to_come_is_not_lost_when_it_is_moved_before_now(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS + MONTHLY.replace("day 5", "day 20"))
    yard.until("2026-03-10 10:00")
    turn_over(yard, tmp_path / "earlier", WORKFLOWS + MONTHLY)
    yard.until("2026-04-10 10:00")
    assert heard(yard) == ["2026-03-10", "2026-04-05"]


def test_on_a_listed_day_it_speaks_once_whatever_the_time(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", WORKFLOWS + LISTED)
    yard.until("2026-03-10 10:00")
    turn_over(yard, tmp_path / "later", WORKFLOWS + LISTED.replace("09:00", "15:00"))
    yard.until("2026-06-01 10:00")
    assert heard(yard) == ["2026-03-10", "2026-04-10", "2026-05-12"]
    assert yard.records("park") == []
