"""Why a rule has not spoken: each ground, on the small city and on a city with everything that stops one."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from engine.act import Wish, act_within
from engine.desk import Desk
from engine.whynot import Answer, Look, rules_about_item, rules_about_unit, why_not_item, why_not_unit
from store.office import Tx
from tests.engine.city import PEOPLE, City, at, small_book, wall
from workflows.machine import Moved

EXTRA = """
dates:
  sittings: {zh: 例会日, en: Sittings, days: ["2020-11-10", "2020-12-08"]}
clocks:
  waiting:
    label: {zh: 答复时限, en: Time to answer}
    of: interview
    starts: {opened: true}
    budget: 5 workdays
    pauses:
      approved: {label: {zh: 已批准, en: Approved}, states: approved}
    stops: [held, refused]
    cancels: revoked
  only_nth:
    label: {zh: 再次时限, en: Time of a second one}
    of: interview
    starts: {opened: true}
    if: has(item.nth) && item.nth >= 2
    budget: 5 workdays
    stops: [held, refused]
measures:
  tasks_this_year: {label: {zh: 任务数, en: Tasks}, for: unit, items: task, within: calendar year}
rules:
  old_law:
    label: {zh: 旧法, en: Old law}
    basis: 五
    for: task
    effective: {until: 2020-09-30}
    when: {event: complete}
    then: {remind: unit_head, template: late}
  hard_task:
    label: {zh: 难办, en: A hard one}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - {at: 3 days before at 10:00, if: 'item.progress >= 50.0', remind: supervisor, template: late}
  same_tasks:
    label: {zh: 同一组任务, en: The same tasks}
    basis: 五
    for: bureaus
    when: {every: month, on: first workday at 10:00}
    cases: {of: unit.tasks_this_year}
    then: {notify: leader_in_charge, template: plain}
  answer:
    label: {zh: 催答复, en: Urge an answer}
    basis: 五
    for: interview
    when: {clock: waiting}
    ladder:
      - {at: 1 workday before at 09:00, remind: approver, template: late}
  second:
    label: {zh: 再次, en: A second one}
    basis: 五
    for: interview
    when: {clock: only_nth}
    ladder:
      - {at: at due, remind: approver, template: late}
  softer:
    label: {zh: 轻的, en: The milder one}
    basis: 五
    for: bureaus
    yields_to: monthly_interview
    when: {every: month, on: first workday at 09:00}
    if: unit.tasks_overdue >= 1
    then: {remind: unit_head, template: plain}
  trial:
    label: {zh: 试行的, en: On trial}
    basis: 五
    for: task
    mode: shadow
    when: {event: complete}
    then: {remind: unit_head, template: late}
templates:
  plain: {subject: {zh: "{unit}", en: "{unit}"}, body: {zh: "{unit}", en: "{unit}"}}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    city = City(tmp_path / "office", "2020-09-28 08:00", small_book(tmp_path, extra=EXTRA))
    yield city
    city.close()


def of_item(city: City, item: str, rule: str) -> Answer:
    return asked(
        city,
        lambda look: why_not_item(look, city.office.book.rules[rule], item, city.now, at("2020-09-28 08:00")),
    )


def of_unit(city: City, rule: str, unit: str = "works") -> Answer:
    begins = at("2020-09-28 08:00")
    return asked(
        city, lambda look: why_not_unit(look, city.office.book.rules[rule], (unit, None), city.now, begins)
    )


def asked(city: City, ask: Callable[[Look], Answer]) -> Answer:
    """On the office as it is now: the past is another's business."""
    with city.office.store.read() as reader:

        def look(moment: datetime) -> Desk:
            return Desk(city.office.book, cast("Tx", reader), {}, moment)

        return ask(look)


def codes(answer: Answer) -> list[str]:
    return [ground.code for ground in answer.grounds]


def test_rungs_that_are_not_reached_say_when_they_will_be(city: City) -> None:
    """张三 has a task due on 12 October; the reminder comes on 28 September: 10 October is worked."""
    task = city.task("2020-10-12")
    answer = of_item(city, task, "due_reminder")
    assert (answer.spoke, codes(answer)) == ((), ["not_reached", "not_reached"])
    assert answer.next_at is not None
    assert wall(answer.next_at) == "2020-09-28 09:00"
    assert answer.grounds[0].zh == "“到期前5个工作日09:00”这一级还没到：2020年9月28日 09:00"
    assert (
        answer.grounds[0].en == "the rung “5 workdays before at 09:00” is not reached yet: 2020-09-28 09:00"
    )


def test_a_rung_that_has_spoken_is_no_longer_asked(city: City) -> None:
    task = city.task("2020-10-12")
    city.wait("2020-09-30 08:00")
    answer = of_item(city, task, "due_reminder")
    assert [wall(each.at) for each in answer.spoke] == ["2020-09-28 09:00"]
    assert codes(answer) == ["not_reached"]


def test_a_rung_that_was_jumped_over_or_lies_before_the_start(city: City) -> None:
    """Opened three days before it is due, it is not reminded of what lay before its opening."""
    city.wait("2020-10-08 12:00")
    answer = of_item(city, city.task("2020-10-12"), "due_reminder")
    assert codes(answer) == ["before_start", "not_reached"]


def test_the_terms_of_a_condition_have_their_values(city: City) -> None:
    task = city.task("2020-10-12")
    city.does("张三", "report", task, progress="20")
    city.wait("2020-10-10 08:00")
    answer = of_item(city, task, "hard_task")
    assert codes(answer) == ["condition"]
    term = answer.grounds[0].terms[0]
    assert (term.en, term.verdict) == ("progress is at least 50.0", False)
    assert term.values == (("item.progress", "20", "20"),)


def test_a_clock_that_never_began_says_which_condition_failed(city: City) -> None:
    interview = city.opens("督查室", "interview")
    answer = of_item(city, interview, "second")
    assert codes(answer) == ["clock_if"]
    assert answer.grounds[0].zh == "“再次时限”没有起算：起算的条件不成立"
    assert [term.verdict for term in answer.grounds[0].terms] == [False, None]


def test_a_clock_without_its_date(city: City) -> None:
    answer = of_item(city, city.opens("督查室", "task"), "overdue")
    assert codes(answer) == ["no_date"]
    assert "“完成时限”" in answer.grounds[0].zh


def test_a_paused_clock_says_since_when_and_why(city: City) -> None:
    interview = city.opens("督查室", "interview")
    city.does("秘书长", "approve", interview)
    answer = of_item(city, interview, "answer")
    assert codes(answer)[0] == "paused"
    assert answer.grounds[0].en.startswith("“Time to answer” stands still since 2020-09-28 08:00 (Approved)")
    assert answer.next_at is None


def test_a_clock_that_has_ended(city: City) -> None:
    task = city.task("2020-10-12")
    city.does("张三", "complete", task, result="已修好")
    city.wait("2020-10-20 08:00")
    answer = of_item(city, task, "due_reminder")
    assert codes(answer) == ["ended", "not_reached", "not_reached"]
    assert "那时已经结束" in answer.grounds[1].zh


def test_an_event_that_has_not_happened(city: City) -> None:
    answer = of_item(city, city.task("2020-10-12"), "light_out")
    assert codes(answer) == ["wrong_occasion"]
    assert "has not happened" in answer.grounds[0].en


def test_a_rule_that_is_no_longer_in_force(city: City) -> None:
    task = city.task("2020-10-12")
    city.wait("2020-10-09 08:00")
    city.does("张三", "complete", task, result="已修好")
    answer = of_item(city, task, "old_law")
    assert codes(answer) == ["not_in_force"]
    assert "2020-09-30" in answer.grounds[0].zh


def test_a_rule_on_trial_has_noted_and_done_nothing(city: City) -> None:
    task = city.task("2020-10-12")
    city.does("张三", "complete", task, result="已修好")
    answer = of_item(city, task, "trial")
    assert len(answer.spoke) == 1
    assert codes(answer) == ["shadow"]


def test_a_guard_that_refused_is_cited(city: City) -> None:
    """赵市长 chairs the second interview: holding it under another number is refused."""
    interview = city.opens("督查室", "interview")
    city.does("秘书长", "approve", interview, planned_on="2020-10-12")
    city.does("督查室", "postpone", interview, planned_on="2021-01-12")
    assert codes(of_item(city, interview, "check_chair")) == ["wrong_occasion"]


def test_months_that_gave_no_cause(city: City) -> None:
    city.wait("2020-10-12 08:00")
    answer = of_unit(city, "monthly_interview")
    assert codes(answer) == ["condition"]
    assert answer.period == "2020-09"
    assert [term.verdict for term in answer.grounds[0].terms] == [False, False]
    assert answer.next_at is not None
    assert wall(answer.next_at) == "2020-11-02 09:00"


def test_the_first_round_is_still_to_come(city: City) -> None:
    answer = of_unit(city, "monthly_interview")
    assert codes(answer) == ["wrong_occasion"]
    assert "2020-10-09 09:00" in answer.grounds[0].en


def test_of_the_same_items_it_has_spoken_before(city: City) -> None:
    city.wait("2020-10-12 08:00")
    assert codes(of_unit(city, "same_tasks")) == ["no_cases"]
    task = city.task("2020-12-01")
    city.wait("2020-12-02 08:00")
    answer = of_unit(city, "same_tasks")
    assert [wall(each.at) for each in answer.spoke] == ["2020-11-02 10:00"]
    assert codes(answer) == ["same_cases"]
    assert answer.grounds[0].en == f"it has spoken about these before: {task}"


def test_the_milder_one_yields(city: City) -> None:
    city.task("2020-10-12")
    city.wait("2020-11-03 08:00")
    assert of_unit(city, "monthly_interview").spoke
    answer = of_unit(city, "softer")
    assert (answer.spoke, codes(answer)) == ((), ["yields"])
    assert "“按月约谈”" in answer.grounds[0].zh


def test_which_rules_are_asked(city: City) -> None:
    book = city.office.book
    assert {rule.id for rule in rules_about_item(book, "task")} == {
        *("due_reminder", "overdue", "light_out", "old_law", "hard_task", "trial")
    }
    assert [rule.id for rule, _ in rules_about_unit(book, "works")] == [
        "monthly_interview",
        "same_tasks",
        "softer",
    ]
    assert rules_about_unit(book, "city") == []


def test_a_rung_that_was_reached_while_nobody_looked_is_not_to_come_any_more(city: City) -> None:
    """The daemon was down when the rung passed; the interview is refused before it looks again."""
    interview = city.opens("督查室", "interview")
    city.sleep("2020-09-30 16:00")
    refuse = Wish(item=interview, event="refuse", by=PEOPLE["秘书长"], args={"opinion": "情况不实"})
    with city.office.store.write(city.now) as tx:
        assert isinstance(act_within(city.office, tx, (refuse,))[0], Moved)
    answer = of_item(city, interview, "approval_reminder")
    assert codes(answer) == ["ended", "ended_first"]
    assert answer.grounds[1].zh.endswith("时限就已于2020年9月30日 16:00结束，不再说")
