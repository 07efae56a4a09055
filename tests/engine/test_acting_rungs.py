"""Rungs that act are never left out: however late, each has its turn, and people hear of the newest."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.adopt import adopt
from engine.migrate import migrate
from tests.engine.hostile.matters import CLOCK, RULES, TALK, WORKFLOWS, ladder, rule
from tests.engine.hostile.test_touch import BY
from tests.engine.hostile.yard import Yard, book_of, wall

LETTER = "document: {template: told, title: {zh: 函, en: letter}}"
RUNGS = {
    "three that propose": (
        f"{{at: 1 workday before at 09:00, notify: unit_head, propose: {TALK}}}",
        f"{{at: 1 workday after at 09:00, notify: unit_head, propose: {TALK}}}",
        f"{{at: 3 workdays after at 09:00, notify: mayor, propose: {TALK}}}",
    ),
    "one that comes again, until a reminder": (
        f"{{at: 1 workday after at 09:00, every: 1 workday, notify: unit_head, {LETTER}}}",
        "{at: 5 workdays after at 09:00, remind: mayor}",
    ),
    "a light above": (
        "{at: 2 workdays before at 09:00, remind: unit_liaison}",
        "{at: 1 workday before at 09:00, remind: unit_head}",
        f"{{at: 1 workday after at 09:00, {LETTER}}}",
        "{at: 2 workdays after at 09:00, light: red}",
    ),
    "one that ends it": (
        "{at: 1 workday after at 09:00, notify: unit_head, move: {event: end}}",
        "{at: 3 workdays after at 09:00, notify: mayor}",
    ),
    "one that begins it anew": (
        "{at: 1 workday after at 09:00, notify: unit_head, extend: {clock: c, by: 60 workdays}}",
        "{at: 3 workdays after at 09:00, notify: mayor}",
    ),
    "one that changes what the next asks": (
        "{at: 1 workday after at 09:00, notify: unit_head, set: {kind: b}}",
        f"{{at: 2 workdays after at 09:00, if: 'item.kind == \"a\"', notify: mayor, propose: {TALK}}}",
        f"{{at: 3 workdays after at 09:00, if: 'item.kind == \"b\"', notify: mayor, propose: {TALK}}}",
    ),
}


def text_of(rungs: tuple[str, ...]) -> str:
    text = WORKFLOWS.replace("to: over, by: supervisor}", "to: over, by: [supervisor, rule]}")
    return text + CLOCK + RULES + rule("r", ladder(*rungs))


def lived(folder: Path, rungs: tuple[str, ...], *, up: bool) -> Yard:
    yard = Yard(folder, "2026-03-02 08:00", text_of(rungs), up=up)
    yard.opens("w")
    yard.until("2026-03-20 09:00").turn()
    return yard


def left(yard: Yard) -> dict[str, Any]:
    with yard.office.store.read() as reader:
        letters = [document.title for row in yard.items() for document in reader.documents_of(row.id)]
    return {
        "items": [(row.id, row.workflow, row.state, row.light) for row in yard.items()],
        "letters": letters,
        "joined": len(yard.records("item.join")),
        "due": [
            (row.outcome, wall(row.due_at))
            for row in (yard.clock(item.id, "c") for item in yard.items("w"))
            if row
        ],
    }


@pytest.mark.parametrize("name", RUNGS)
def test_awake_and_asleep_it_comes_to_the_same(tmp_path: Path, name: str) -> None:
    up, down = (lived(tmp_path / str(each), RUNGS[name], up=each) for each in (True, False))
    assert left(down) == left(up)
    assert down.records("park") == []
    assert down.turn().spoke == 0
    assert down.verdict().ok
    told = [recipient for _, _, recipient, _ in down.told()]
    assert told[-1] == up.told()[-1][2], "the newest"
    assert len(told) == 1 + ("set" in "".join(RUNGS[name])), "what might have been the last tells for itself"


def test_each_has_its_own_firing_and_reason_in_order(tmp_path: Path) -> None:
    yard = lived(tmp_path, RUNGS["three that propose"], up=False)
    fired = yard.records("rule.fire")
    assert [each["idem"].split("|")[4] for each in fired] == ["0", "1", "2"]
    assert len({each["why"] for each in fired}) == 3
    moments = [datetime.fromisoformat(each["idem"].split("|")[-1]) for each in fired]
    assert [wall(each) for each in moments] == ["2026-03-04 09:00", "2026-03-06 09:00", "2026-03-10 09:00"]


def test_what_was_said_under_another_book_is_not_said_again(tmp_path: Path) -> None:
    """There and back again, by two migrations within one due moment."""
    rungs = RUNGS["three that propose"]
    yard = Yard(tmp_path / "office", "2026-03-02 08:00", text_of(rungs))
    yard.opens("w")
    for number, (until, text) in enumerate(
        (("2026-03-06 10:00", text_of(rungs[1:])), ("2026-03-09 10:00", text_of(rungs)))
    ):
        yard.until(until)
        adopt(yard.office, book_of(tmp_path / str(number), text), {}, BY, yard.now)
        assert migrate(yard.office, BY, yard.now, apply=True).applied
    yard.until("2026-03-20 10:00")
    heard = [(to, moment) for _, _, to, moment in yard.told()]
    assert heard == [
        ("water.head", "2026-03-04 09:00"),
        ("water.head", "2026-03-06 09:00"),
        ("mayor", "2026-03-10 09:00"),
    ]
    assert yard.records("park") == []
