"""Who may, who may not, who is told, and what a rule on trial may do: nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import Wish, act
from engine.guards import Forbidden
from engine.office import Holder, Office, appoint
from store.rows import Entry
from tests.engine.city import PEOPLE, City, at, small_book
from workflows.machine import Moved, Refused


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00")
    yield made
    made.close()


# ---------------------------------------------------------------- recusal


def test_who_opened_the_matter_may_not_judge_its_review(city: City) -> None:
    """督查室 is a reviewer too, and proposed the interview itself: another reviewer decides."""
    interview = city.opens("督查室", "interview")
    review = city.opens("李主任", "review", parent=interview, grounds="事实不清")
    refused = city.tries("督查室", "overturn", review)
    assert isinstance(refused, Refused)
    assert refused.code == "separation"
    assert isinstance(city.tries("法制办", "overturn", review), Moved)


def test_who_acted_on_the_matter_may_not_judge_its_review(city: City) -> None:
    task = city.task("2020-10-20")
    city.does("张三", "complete", task, result="完成")
    city.does("督查室", "accept", task)
    review = city.opens("李主任", "review", parent=task, grounds="不服")
    assert getattr(city.tries("督查室", "uphold", review), "code", "") == "separation"


def test_who_acted_after_the_review_was_opened_is_recused_too(city: City) -> None:
    interview = city.opens("督查室", "interview")
    city.does("秘书长", "approve", interview, planned_on="2020-10-13")
    review = city.opens("李主任", "review", parent=interview, grounds="不服")
    city.does("督查室", "hold", interview, held_on="2020-10-13")
    assert getattr(city.tries("督查室", "uphold", review), "code", "") == "separation"


def test_the_matter_above_the_matter_does_not_recuse(city: City) -> None:
    above = city.task("2020-10-20")
    city.does("李主任", "report", above, progress="10")
    interview = city.opens("督查室", "interview", parent=above)
    review = city.opens("李主任", "review", parent=interview, grounds="不服")
    assert isinstance(city.tries("法制办", "uphold", review), Moved)


def test_one_person_in_two_posts_is_one_person(city: City) -> None:
    """王副市长 sits in for the approver too: what he opened in one post he may not approve in the other."""
    interview = city.opens("督查室", "interview")
    same = [Holder(post=PEOPLE[who], name="王某", email="wang@city.example") for who in ("督查室", "秘书长")]
    for holder in same:
        appoint(city.office, holder, city.now)
    refused = city.tries("秘书长", "approve", interview, planned_on="2020-10-13")
    assert isinstance(refused, Refused)
    assert refused.code == "separation"


def test_who_changed_posts_remains_who_he_was(city: City) -> None:
    """李主任 completed it as head of the bureau; now he supervises, and somebody else heads the bureau."""
    task = city.task("2020-10-20")
    city.does("李主任", "complete", task, result="完成")
    appoint(city.office, Holder(post="works.head", name="陈主任", email="chen@city.example"), city.now)
    appoint(city.office, Holder(post="supervisor", name="李主任", email="li@city.example"), city.now)
    refused = city.tries("督查室", "accept", task)
    assert isinstance(refused, Refused)
    assert refused.code == "separation"
    appoint(city.office, Holder(post="supervisor", name="周主任", email="zhou@city.example"), city.now)
    assert isinstance(city.tries("督查室", "accept", task), Moved)


def test_a_shared_mailbox_makes_no_one_person(city: City) -> None:
    interview = city.opens("督查室", "interview")
    for who in ("督查室", "秘书长"):
        appoint(city.office, Holder(post=PEOPLE[who], name=who, email="office@city.example"), city.now)
    assert isinstance(city.tries("秘书长", "approve", interview, planned_on="2020-10-13"), Moved)


def test_the_log_says_when_it_happened_where_that_was_not_now(city: City) -> None:
    """Counts go by that date, so it must be in what an outsider can verify."""
    task = city.task("2020-10-20")
    told_late = Wish(
        item=task, event="complete", by="works.head", args={"result": "完成"}, at=at("2020-10-10 09:00")
    )
    assert isinstance(act(city.office, told_late, city.now), Moved)
    city.does("督查室", "accept", task)
    assert [record.get("at") for record in city.records("item.move")] == ["2020-10-10T01:00:00+00:00", None]


def test_nobody_judges_his_own_unit(tmp_path: Path) -> None:
    """The supervising office owes a task itself: it is accepted by somebody else."""
    accept = "to: accepted, by: supervisor, not_by: [complete"
    book = small_book(tmp_path, [(f"{accept}]", f"{accept}, own_unit]")])
    city = City(tmp_path / "city", "2020-10-12 09:00", book)
    unit = book.posts[PEOPLE["督查室"]].unit
    own = city.task("2020-10-20", unit)
    appoint(city.office, Holder(post=f"{unit}.head", name="周主任", email="zhou@city.example"), city.now)
    done = Wish(item=own, event="complete", by=f"{unit}.head", args={"result": "完成"})
    assert isinstance(act(city.office, done, city.now), Moved)
    refused = city.tries("督查室", "accept", own)
    assert isinstance(refused, Refused)
    assert refused.code == "separation"
    assert "belong to the unit" in refused.en
    city.close()


# ---------------------------------------------------------------- guards and shadows

GUARD = """
rules:
  proof:
    label: {{zh: 须有进度, en: Proof}}
    basis: 五
    for: task
    mode: {mode}
    when: {{before: complete}}
    then: {{require: item.progress >= 100.0, otherwise: {{zh: 进度未到百分之百, en: not at 100 %}}}}
"""


def test_a_guard_refuses_with_its_sentence(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=GUARD.format(mode="live")))
    task = city.task("2020-10-20")
    refused = city.tries("张三", "complete", task, result="完成")
    assert isinstance(refused, Forbidden)
    assert (refused.rule, refused.zh[:8], refused.en[:10]) == ("proof", "进度未到百分之百", "not at 100")
    [entry] = city.records("item.refuse")
    assert (entry["ok"], entry["why"], entry["actor"]["name"]) == (False, refused.zh, "张三")
    assert (city.item(task).state, city.item(task).rev) == ("open", 1)
    city.close()


def test_a_guard_on_trial_is_logged_and_stops_nobody(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=GUARD.format(mode="shadow")))
    task = city.task("2020-10-20")
    city.does("张三", "complete", task, result="完成")
    [entry] = city.records("rule.shadow")
    assert (entry["rule"], entry["why"][:8]) == ("proof", "进度未到百分之百")
    assert city.log("item.refuse") == []
    assert city.verdict().ok
    city.close()


SHADOW = """
rules:
  on_trial:
    label: {zh: 试行催办, en: On trial}
    basis: 五
    for: task
    mode: shadow
    when: {clock: due}
    then: {light: yellow, notify: leader_in_charge, template: late}
    ladder:
      - {at: 3 workdays before at 09:00}
      - {at: 2 workdays before at 09:00, propose: {workflow: alarm, title: {zh: 预警, en: Alarm}}}
"""


def test_a_ladder_on_trial_says_once_what_it_would_do_and_does_nothing(tmp_path: Path) -> None:
    """It used to forget that it had spoken, and the next who touched the item met a refusal of the store."""
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=SHADOW))
    task = city.task("2020-10-20")
    city.wait("2020-10-15 10:00").does("张三", "report", task, progress="10")
    city.wait("2020-10-16 10:00").does("张三", "report", task, progress="20")
    assert city.fired()["on_trial"] == 2
    assert (city.item(task).light, city.notices("on_trial"), city.items("alarm")) == ("none", [], [])
    assert city.verdict().ok
    city.close()


# ---------------------------------------------------------------- who is told

BOTH = """
rules:
  both:
    label: {zh: 又告知又提醒, en: Both}
    basis: 五
    for: task
    when: {event: report}
    then: {remind: [unit_liaison, unit_head], notify: unit_head, template: late}
"""


def test_who_is_notified_is_not_reminded_of_the_same(tmp_path: Path) -> None:
    """One post in both lists used to make the store refuse the report itself (N1)."""
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=BOTH))
    city.does("张三", "report", city.task("2020-10-20"), progress="10")
    assert [(each.recipient, each.kind) for each in city.notices("both")] == [
        ("works.head", "notify"),
        ("works.liaison", "remind"),
    ]
    city.close()


CHILD = """
rules:
  raise_alarm:
    label: {zh: 预警, en: Alarm}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - at: at due
        remind: unit_head
        template: late
        document: {template: late, title: {zh: 催办单, en: Slip}}
        open: {workflow: alarm, title: {zh: 预警, en: Alarm}}
"""


def test_everything_one_decision_does_names_its_entry(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=CHILD))
    task = city.task("2020-10-20")
    city.wait("2020-10-21 00:00")
    [fired] = [each["seq"] for each in city.records("rule.fire") if each["rule"] == "raise_alarm"]
    with city.office.store.read() as reader:
        assert [each.entry for each in reader.documents_of(task)] == [fired]
    assert [each.entry for each in city.notices("raise_alarm")] == [fired]
    [alarm] = city.items("alarm")
    assert alarm.parent == task
    assert [line.obj_id for line in city.log("item.open") if line.seq == alarm.entry] == [alarm.id]
    assert city.verdict().ok
    city.close()


# ---------------------------------------------------------------- books

OTHER = [
    (
        "- {event: report, from: open, by: [unit_head, unit_liaison], needs: [progress]}",
        "- {event: report, from: open, by: unit_head, needs: [progress]}",
    )
]


def test_people_too_act_under_the_book_an_item_was_opened_with(city: City, tmp_path: Path) -> None:
    old = city.task("2020-10-20")
    stricter = small_book(tmp_path, OTHER)
    adoption = Entry(
        act="book.adopt", actor={"id": "t", "kind": "system"}, obj_type="book", obj_id="b", why="新规"
    )
    with city.office.store.write(city.now) as tx:
        tx.add_book(stricter.digest, stricter.canonical, {}, adoption)
    city.office.close()
    city.office = Office.open(city.url)
    new = city.task("2020-10-20")
    assert isinstance(city.tries("张三", "report", old, progress="10"), Moved)
    assert isinstance(city.tries("张三", "report", new, progress="10"), Refused)
    city.wait("2020-10-13 10:00")
    assert len(city.told()) == 2
