"""The brake: what rules propose beyond a number waits until two persons have looked (D4)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import person
from engine.adopt import adopt
from engine.brake import HOLD
from engine.holds import Decided, Denied, drop, release, set_brake
from engine.migrate import migrate
from engine.roles import About
from engine.rulings import Ruling
from engine.step import Actor
from store.rows import HoldRow
from tests.engine.city import PEOPLE, City, at, small_book
from tests.store.behind import behind_the_back

pytestmark = pytest.mark.usefixtures("each_database")

TALK = '{workflow: interview, title: {zh: "约谈{unit}", en: "Interview of {unit}"}, join: false}'
WRONG = f"""
rules:
  wrong:
    label: {{zh: 误约谈, en: Wrong rule}}
    basis: 三(三)
    for: task
    when: {{clock: due}}
    ladder:
      - {{at: 3 workdays before at 09:00, propose: {TALK}}}
"""
STEPS = f"""
rules:
  steps:
    label: {{zh: 逐级约谈, en: Steps}}
    basis: 三(三)
    for: task
    when: {{clock: due}}
    if: item.progress < 50.0
    then: {{template: late}}
    ladder:
      - {{at: 3 workdays before at 09:00, propose: {TALK}, remind: unit_head}}
      - {{at: 2 workdays before at 09:00, remind: unit_liaison}}
      - {{at: at due, propose: {TALK}, notify: leader_in_charge}}
      - {{at: 1 workday after at 09:00, remind: unit_head}}
"""
DUE, BEFORE, AFTER = "2020-10-21", "2020-10-16 08:00", "2020-10-16 09:00"
WHY = "已核实"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=WRONG))
    yield made
    made.close()


def actor(city: City, who: str) -> Actor:
    with city.office.store.write(city.now) as tx:
        found = person(city.office.desk(tx, city.now), PEOPLE[who], About(unit=None))
    assert isinstance(found, Actor)
    return found


def ruling(city: City, *who: str, reason: str = WHY) -> Ruling:
    return Ruling(by=tuple(actor(city, each) for each in who or ("秘书长", "督查室")), reason=reason)


def holds(city: City, *states: str) -> list[HoldRow]:
    with city.office.store.read() as reader:
        return [each for each in reader.holds() if not states or each.state in states]


def released(city: City, hold: HoldRow) -> Decided:
    done = release(city.office, hold.seq, ruling(city), city.now)
    assert isinstance(done, Decided), done
    return done


def dropped(city: City, hold: HoldRow) -> Decided:
    done = drop(city.office, hold.seq, ruling(city), city.now)
    assert isinstance(done, Decided), done
    return done


def fill(city: City, count: int = 5) -> None:
    """Let the brake have no room left."""
    for _ in range(count):
        city.task(DUE, "traffic")


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


# ---------------------------------------------------------------- a ladder with something held


def stepped(folder: Path) -> tuple[City, str]:
    city = City(folder, "2020-10-12 09:00", small_book(folder, extra=STEPS))
    fill(city)
    task = city.task(DUE)
    return city, task


def told_of(city: City, task: str) -> list[str]:
    return [each.recipient for each in city.notices("steps") if each.item == task]


def test_later_rungs_wait_and_are_not_skipped_while_reminders_go_on(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    city.wait("2020-10-23 10:00")
    mine = [each for each in holds(city) if each.subject == f"item:{task}"]
    assert [(json.loads(each.told)["spoke"], each.state) for each in mine] == [
        ([0, 0], "held"),
        ([2, 0], "waiting"),
    ]
    assert told_of(city, task) == ["works.liaison", "works.head"], "the reminders above it"
    denied = release(city.office, mine[1].seq, ruling(city), city.now)
    assert isinstance(denied, Denied)
    assert denied.code == "order"
    done = released(city, mine[0])
    assert [each.seq for each in done.next] == [mine[1].seq]
    assert [row.rule for row in city.items("interview") if row.parent == task] == ["steps", "steps"]
    fired = [each for each in city.records("rule.fire") if each["obj"]["id"] == task]
    rungs = [each["idem"].split("|")[4] for each in fired if each["rule"] == "steps"]
    assert rungs == ["1", "3", "0", "2"], "in their order, each once"
    assert city.records("park") == []
    assert city.verdict().ok, city.verdict()
    city.close()


def test_what_waited_is_weighed_itself_when_its_turn_comes(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    set_brake(city.office, 5, ruling(city), city.now)
    city.wait("2020-10-22 00:00")  # the others have just proposed for the second time
    mine = [each for each in holds(city) if each.subject == f"item:{task}"]
    done = dropped(city, mine[0])
    assert [each.seq for each in done.next] == [mine[1].seq]
    states = {each.seq: each.state for each in holds(city)}
    assert (states[mine[0].seq], states[mine[1].seq]) == ("dropped", "held")
    assert released(city, mine[1]).proposed
    assert city.verdict().ok, city.verdict()
    city.close()


def test_the_rest_of_the_ladder_goes_on_after_a_drop(tmp_path: Path) -> None:
    city, task = stepped(tmp_path)
    city.wait(AFTER)
    dropped(city, next(each for each in holds(city) if each.subject == f"item:{task}"))
    city.wait("2020-10-23 10:00")
    assert "deputy_mayor" in told_of(city, task), "the next rung has its own turn"
    assert [row.rule for row in city.items("interview") if row.parent == task] == ["steps"]
    assert city.verdict().ok


# ---------------------------------------------------------------- other occasions


OTHERS = f"""
rules:
  at_opening:
    label: {{zh: 立项即约谈, en: At opening}}
    basis: 三(四)
    for: task
    when: {{event: report}}
    if: args.progress < 50.0
    then: {{propose: {TALK}}}
  everybody:
    label: {{zh: 集体约谈, en: Everybody}}
    basis: 三(五)
    for: office
    when: {{every: month, on: first workday at 09:00}}
    then: {{propose: {TALK[:-1]}, for_each: bureaus}}}}
"""


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[City]:
    """Rules may propose one thing a day."""
    change = [("  calendar: cn\n", "  calendar: cn\n  brake: 1\n")]
    made = City(tmp_path, "2020-09-28 08:00", small_book(tmp_path, change, OTHERS))
    yield made
    made.close()


def test_one_that_answers_to_an_event_is_decided_anew_with_what_was_said_then(stopped: City) -> None:
    tasks = [stopped.task("2021-03-31") for _ in range(3)]
    for task in tasks:
        stopped.does("张三", "report", task, progress="10")
    first, second = holds(stopped)
    assert json.loads(first.told)["args"] == {"progress": "10"}
    assert released(stopped, first).proposed
    assert dropped(stopped, second).next == ()
    parents = [row.parent for row in stopped.items("interview")]
    assert parents == tasks[:2]
    stopped.does("张三", "report", tasks[2], progress="20")
    assert len(holds(stopped, "held")) == 1, "another report is another occasion"
    assert stopped.verdict().ok, stopped.verdict()


def test_one_of_a_period_is_for_all_or_for_nobody(stopped: City) -> None:
    stopped.wait("2020-10-12 09:00")
    [hold] = holds(stopped)
    assert (hold.subject, hold.proposes, json.loads(hold.units)) == ("office", 2, ["traffic", "works"])
    assert stopped.items("interview") == []
    denied = release(stopped.office, hold.seq, ruling(stopped, "督查室", "交通局局长"), stopped.now)
    assert isinstance(denied, Denied)
    assert denied.code == "own_unit"
    assert released(stopped, hold).proposed
    assert [(row.unit, row.period) for row in stopped.items("interview")] == [
        ("works", "2020-09"),
        ("traffic", "2020-09"),
    ]
    assert stopped.verdict().ok, stopped.verdict()


def test_a_rule_on_trial_is_not_held(tmp_path: Path) -> None:
    extra = WRONG.replace("    for: task\n", "    for: task\n    mode: shadow\n")
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=extra))
    fill(city, 9)
    city.wait(AFTER)
    assert (holds(city), len(city.records("rule.shadow"))) == ([], 9)
    city.close()


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
