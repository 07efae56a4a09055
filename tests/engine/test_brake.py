"""The brake: what rules propose beyond a number waits until two persons have looked (D4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.adopt import adopt
from engine.brake import HOLD
from engine.holds import Denied, drop, release, set_brake
from engine.migrate import migrate
from tests.engine.braking import AFTER, DUE, STEPS, WHY, WRONG, actor, dropped, fill, holds, released, ruling
from tests.engine.city import City, at, small_book
from tests.store.behind import behind_the_back

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=WRONG))
    yield made
    made.close()


# ---------------------------------------------------------------- a wrong rule


def test_a_wrong_rule_proposes_five_and_holds_the_others(city: City) -> None:
    for _ in range(200):
        city.task(DUE)
    city.sleep(AFTER).turn()
    assert len(city.items("interview")) == 5
    assert len(holds(city, "held")) == len(city.records(HOLD)) == 195
    one = city.records(HOLD)[0]
    assert (one["used"], one["cap"], one["proposes"], one["ok"]) == (5, 5, 1, False)
    assert "超过上限5件" in one["why"]
    assert "held for two persons" in one["why_en"]
    reminded = {each.item for each in city.notices("due_reminder")}
    assert len(reminded) == 200, "reminders go on"
    assert city.turn().work == 0, "nothing is asked again and again"
    assert city.records("park") == []
    assert city.verdict().ok, city.verdict()


def test_it_does_not_wake_again_for_what_is_held(city: City) -> None:
    fill(city)
    task = city.task(DUE)
    city.wait(AFTER)
    [hold] = holds(city)
    assert hold.subject == f"item:{task}"
    wakes = city.item(task).wake_at
    assert wakes is not None
    assert wakes > city.now
    city.wait("2020-10-30 09:00")
    assert len(city.records(HOLD)) == 1


def test_two_persons_release_some_and_drop_one(city: City) -> None:
    for _ in range(10):
        city.task(DUE)
    city.wait(AFTER)
    first, second, third, *rest = holds(city)
    assert released(city, first).proposed
    assert released(city, second).proposed
    assert not dropped(city, third).proposed
    assert len(city.items("interview")) == 7
    assert [each.state for each in holds(city)] == ["released", "released", "dropped", "held", "held"]
    [entry] = city.records("brake.drop")
    assert [each["id"] for each in entry["by"]] == ["secretary", "supervisor"]
    assert (entry["reason"], entry["hold"]) == (WHY, third.seq)
    fired = [each for each in city.records("rule.fire") if each["rule"] == "wrong"]
    assert len(fired) == 7
    assert sum(each.get("proposed", 0) for each in fired) == 5, "what was released counts for nobody's brake"
    city.wait("2020-11-30 09:00")
    assert len(city.items("interview")) == 7 + len([each for each in city.items("interview") if each.period])
    assert len(rest) == 2
    assert city.verdict().ok, city.verdict()


def test_after_a_release_it_is_decided_on_the_facts_of_that_moment(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=STEPS))
    fill(city)
    task = city.task(DUE)
    city.wait(AFTER)
    [hold] = holds(city)
    city.does("张三", "report", task, progress="90")
    assert not released(city, hold).proposed
    assert len(city.items("interview")) == 5
    [entry] = city.records("brake.settle")
    assert (entry["obj"]["id"], entry["hold"]) == (task, hold.seq)
    assert city.verdict().ok
    city.close()


@pytest.mark.parametrize("what", ["closed", "due"])
def test_what_is_settled_or_owed_otherwise_is_not_proposed(city: City, what: str) -> None:
    fill(city)
    task = city.task(DUE)
    city.wait(AFTER)
    [hold] = holds(city)
    if what == "closed":
        city.does("秘书长", "drop", task, reason="取消")
    else:
        city.does("张三", "complete", task, result="完成")
        city.does("督查室", "send_back", task, reason="不实", due="2020-12-31")
    assert not released(city, hold).proposed
    assert not any(row.parent == task for row in city.items("interview"))


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("who", ["李主任", "张三"])
def test_nobody_of_the_unit_concerned_decides(city: City, who: str) -> None:
    fill(city)
    city.task(DUE)
    city.wait(AFTER)
    [hold] = holds(city)
    for decide in (release, drop):
        denied = decide(city.office, hold.seq, ruling(city, "督查室", who), city.now)
        assert isinstance(denied, Denied)
        assert denied.code == "own_unit"
    assert [each.state for each in holds(city)] == ["held"]


def test_what_was_decided_is_not_decided_again(city: City) -> None:
    fill(city)
    city.task(DUE)
    city.wait(AFTER)
    [hold] = holds(city)
    released(city, hold)
    for seq, code in ((hold.seq, "decided"), (hold.seq + 1, "not_found")):
        denied = drop(city.office, seq, ruling(city), city.now)
        assert isinstance(denied, Denied)
        assert denied.code == code


# ---------------------------------------------------------------- how many


def test_the_office_sets_another_number(city: City) -> None:
    set_brake(city.office, 8, ruling(city), city.now)
    for _ in range(10):
        city.task(DUE)
    city.wait(AFTER)
    assert len(city.items("interview")) == 8
    set_brake(city.office, None, ruling(city), city.now)
    assert [each.get("most") for each in city.records("brake.set")] == [8, None]
    city.task("2020-10-22")
    city.wait("2020-10-19 09:00")
    assert len(holds(city)) == 2, "8 on the day before the weekend make room for three times as many"


def test_a_book_says_its_own_number(tmp_path: Path) -> None:
    book = small_book(tmp_path, [("  calendar: cn\n", "  calendar: cn\n  brake: 2\n")], extra=WRONG)
    city = City(tmp_path, "2020-10-12 09:00", book)
    fill(city)
    city.wait(AFTER)
    assert (len(city.items("interview")), len(holds(city))) == (2, 3)
    assert city.records(HOLD)[0]["cap"] == 2
    city.close()


def test_only_the_last_24_hours_count(city: City) -> None:
    fill(city)
    city.wait(AFTER)
    for _ in range(6):
        city.task("2020-10-22")
    city.wait("2020-10-18 12:00")
    assert holds(city) == []
    city.wait("2020-10-19 09:00")
    assert len(city.items("interview")) == 11
    assert holds(city) == []


def test_what_joins_a_proposal_that_waits_is_none_of_its_own(tmp_path: Path) -> None:
    extra = WRONG.replace("join: false", "join: true")
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=extra))
    fill(city, 12)
    city.wait(AFTER)
    assert (len(city.items("interview")), holds(city)) == (1, [])
    assert len(city.records("item.join")) == 11
    city.close()


# ---------------------------------------------------------------- other books, and whoever tampers


def test_what_is_held_is_not_asked_again_under_another_book(city: City, tmp_path: Path) -> None:
    """There and back again: the ladder is lived through anew, and what was held has spoken."""
    fill(city)
    task = city.task(DUE)
    city.wait(AFTER)
    by = (actor(city, "秘书长"), actor(city, "督查室"))
    more = WRONG + "      - {at: at due, remind: unit_head, template: late}\n"
    for number, extra in enumerate((more, WRONG)):
        adopt(city.office, small_book(tmp_path / str(number), extra=extra), {}, by, city.now)
        assert migrate(city.office, by, city.now, apply=True).applied
        city.turn()
    [hold] = holds(city)
    assert released(city, hold).proposed
    assert [row.parent for row in city.items("interview")].count(task) == 1
    assert city.verdict().ok, city.verdict()


TAMPERED = (
    "UPDATE holds SET state = 'dropped'",
    "UPDATE holds SET units = '[]'",
    "UPDATE holds SET rule = 'another'",
    "DELETE FROM holds",
    "UPDATE firings SET proposed = 0",
    "UPDATE firings SET proposed = 7 WHERE proposed > 0",
)


@pytest.mark.parametrize("statement", TAMPERED)
def test_whoever_tampers_with_the_brake_is_found(city: City, statement: str) -> None:
    fill(city)
    city.task(DUE)
    city.wait(AFTER)
    assert city.verdict().ok
    with behind_the_back(city.url) as execute:
        execute(statement)
    assert not city.verdict().ok


def test_a_hold_that_breaks_off_leaves_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between: the entry, the row and the item's ladder go together."""
    fill(city)
    city.task(DUE)
    city.sleep(AFTER)
    with monkeypatch.context() as patched:
        patched.setattr("store.commit.Commits._write_rest", boom)
        with pytest.raises(SystemExit):
            city.turn()
    assert (holds(city), city.records(HOLD), city.items("interview")) == ([], [], [])
    city.turn()
    assert (len(holds(city)), len(city.items("interview"))) == (1, 5)
    [hold] = holds(city)
    with monkeypatch.context() as patched:
        patched.setattr("engine.holds._let_through", boom)
        with pytest.raises(SystemExit):
            release(city.office, hold.seq, ruling(city), city.now)
    assert [each.state for each in holds(city)] == ["held"]
    assert released(city, hold).proposed
    assert city.verdict().ok, city.verdict()
    assert city.now == at(AFTER)


def boom(*_: object, **__: object) -> None:
    raise SystemExit("killed")
