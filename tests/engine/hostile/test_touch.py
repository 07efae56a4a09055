"""Whoever touches an item between a moment and its turn must not take from it what was to be said."""

from pathlib import Path

from engine.adopt import adopt
from engine.migrate import migrate
from engine.step import Actor
from tests.engine.hostile.matters import CLOCK, RULES, WORKFLOWS, ladder, rule
from tests.engine.hostile.yard import Yard, book_of

TEXT = WORKFLOWS + CLOCK + RULES + rule("r", ladder("{at: at due, notify: mayor}"))
BY = tuple(Actor(id=post, kind="person", roles=frozenset(), name=post) for post in ("mayor", "supervisor"))


def lated(folder: Path) -> tuple[Yard, str]:
    """Due at 24:00 on Thursday 5 March; nobody has turned yet, one second or one day after."""
    yard = Yard(folder, "2026-03-02 08:00", TEXT, up=False)
    item = yard.opens("w")
    return yard.until("2026-03-06 00:01"), item


def mayor_hears(yard: Yard) -> bool:
    yard.turn()
    yard.up = True
    return [each[2] for each in yard.until("2026-05-10 09:00").told()] == ["mayor"]


def test_untouched_it_is_said(tmp_path: Path) -> None:
    yard, _ = lated(tmp_path)
    assert mayor_hears(yard)


def test_a_refused_event_takes_nothing_away(tmp_path: Path) -> None:
    yard, item = lated(tmp_path)
    yard.tries("agree", item, "water.liaison")
    assert mayor_hears(yard)


def test_the_first_of_two_approvals_takes_nothing_away(tmp_path: Path) -> None:
    yard, item = lated(tmp_path)
    yard.tries("agree", item, "supervisor")
    assert mayor_hears(yard)


def test_a_migration_takes_nothing_away(tmp_path: Path) -> None:
    yard, _ = lated(tmp_path / "office")
    adopt(yard.office, book_of(tmp_path / "next", TEXT.replace("en: R}", "en: S}")), {}, BY, yard.now)
    assert migrate(yard.office, BY, yard.now, apply=True).applied
    assert mayor_hears(yard)
