"""Running items move to another book: shown before, recorded, nobody made late by it, and taken back."""

from pathlib import Path

import pytest

from engine.adopt import adopt
from engine.migrate import migrate
from engine.step import Actor
from tests.engine.city import City, at, picture, small_book, wall

pytestmark = pytest.mark.usefixtures("each_database")

SHORTER = ("budget: 3 workdays", "budget: 2 workdays")
LONGER = ("budget: 3 workdays", "budget: 5 workdays")
BY = tuple(
    Actor(id=post, kind="person", roles=frozenset(), name=name)
    for name, post in (("秘书长", "secretary"), ("督查室", "supervisor"))
)


def interviewed(folder: Path) -> tuple[City, str]:
    """On Monday 12 October 2020 an interview is proposed; its approval has three workdays."""
    city = City(folder, "2020-09-01 08:00", duties=["weekly_board"])
    city.wait("2020-10-09 09:00")
    interview = next(row.id for row in city.items("interview") if row.unit == "works")
    return city, interview


def adopted(city: City, folder: Path, change: tuple[str, str], extra: str = "") -> None:
    assert adopt(city.office, small_book(folder, [change], extra), {}, (), city.now)


def test_a_plan_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    city, interview = interviewed(tmp_path)
    before = wall(city.clock(interview, "approval").due_at)
    adopted(city, tmp_path / "longer", LONGER)
    whole = picture(city)
    plan = migrate(city.office, (), city.now, apply=False)
    assert not plan.applied
    moved = next(each for each in plan.changes if each.item == interview)
    assert (moved.clock, wall(moved.before)) == ("approval", before)
    assert moved.after is not None
    assert moved.after > moved.before
    assert picture(city) == whole
    assert city.verdict().ok


def test_applied_it_does_what_the_plan_said(tmp_path: Path) -> None:
    city, interview = interviewed(tmp_path)
    adopted(city, tmp_path / "longer", LONGER)
    plan = migrate(city.office, (), city.now, apply=False)
    done = migrate(city.office, BY, city.now, apply=True)
    assert (done.applied, done.changes, done.items) == (True, plan.changes, plan.items)
    clock = city.clock(interview, "approval")
    assert clock.due_at == next(each.after for each in plan.changes if each.item == interview)
    assert {row.book for row in city.items() if row.closed_at is None} == {city.office.book.digest}
    record = city.records("book.migrate")[-1]
    assert [each["name"] for each in record["by"]] == ["秘书长", "督查室"]
    assert city.verdict().ok


def test_it_is_taken_back_by_the_same_act(tmp_path: Path) -> None:
    city, interview = interviewed(tmp_path)
    first = city.office.book
    due = city.clock(interview, "approval").due_at
    adopted(city, tmp_path / "longer", LONGER)
    migrate(city.office, BY, city.now, apply=True)
    assert city.clock(interview, "approval").due_at > due
    assert adopt(city.office, first, {}, BY, city.now)
    migrate(city.office, BY, city.now, apply=True)
    assert city.clock(interview, "approval").due_at == due
    assert city.item(interview).book == first.digest


def test_nobody_is_made_late_by_it(tmp_path: Path) -> None:
    city, interview = interviewed(tmp_path)
    due = city.clock(interview, "approval").due_at
    city.wait("2020-10-13 15:00")
    adopted(city, tmp_path / "shorter", ("budget: 3 workdays", "budget: 1 workday"))
    done = migrate(city.office, BY, city.now, apply=True)
    kept = next(each for each in done.changes if each.item == interview)
    assert kept.kept
    assert city.clock(interview, "approval").due_at == due
    assert city.clock(interview, "approval").missed_at is None


def test_what_has_passed_is_not_said_and_what_is_to_come_is_said_once(tmp_path: Path) -> None:
    city, interview = interviewed(tmp_path)
    told = len(city.notices("approval_reminder"))
    adopted(city, tmp_path / "longer", LONGER)
    migrate(city.office, BY, city.now, apply=True)
    city.turn()
    assert len(city.notices("approval_reminder")) == told
    city.wait("2020-10-23 18:00")
    reminded = [each for each in city.notices("approval_reminder") if each.item == interview]
    assert len({each.entry for each in reminded}) == len(reminded)
    assert len(reminded) >= told


def test_what_does_not_fit_stops_everything(tmp_path: Path) -> None:
    city, _ = interviewed(tmp_path)
    task = city.task("2020-10-30")
    folder = tmp_path / "other"
    book = small_book(
        folder,
        [("open: {zh: 推进中, en: in progress}", "started: {zh: 推进中, en: started}")]
        + [(old, new) for old, new in OPEN_TO_STARTED],
    )
    assert adopt(city.office, book, {}, (), city.now)
    entries = len(city.log())
    done = migrate(city.office, BY, city.now, apply=True)
    assert not done.applied
    assert [each.item for each in done.obstacles] == [task]
    assert "has no state open" in done.obstacles[0].en
    assert len(city.log()) == entries
    assert at("2020-10-09 09:00") == city.now


OPEN_TO_STARTED: tuple[tuple[str, str], ...] = (
    ("    initial: open\n", "    initial: started\n"),
    ("event: report, from: open,", "event: report, from: started,"),
    ("event: complete, from: open,", "event: complete, from: started,"),
    ("event: send_back, from: completed, to: open,", "event: send_back, from: completed, to: started,"),
    ("event: drop, from: [open, completed]", "event: drop, from: [started, completed]"),
    ("event: shelve, from: [open, completed]", "event: shelve, from: [started, completed]"),
    ("event: extend, from: open,", "event: extend, from: started,"),
)
