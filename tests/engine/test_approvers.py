"""Two approvers: two different persons, in whatever posts; and final states that are left again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.office import Holder, appoint
from engine.permitted import permitted
from tests.engine.city import PEOPLE, City, small_book
from workflows.machine import Moved, Refused

BOOK = """
workflows:
  payment:
    label: {zh: 拨付, en: Payment}
    prefix: BF
    opened_by: [unit_liaison]
    initial: asked
    fields:
      amount: {type: number, label: {zh: 金额, en: amount}}
      reason: {type: text, label: {zh: 理由, en: reason}}
    states:
      asked: {zh: 待批, en: asked}
      approved: {zh: 已批, en: approved}
      paid: {zh: 已付, en: paid, final: true}
    transitions:
      - event: approve
        from: asked
        to: approved
        by: [leader_in_charge, principal_leader, supervisor, reviewer]
        approvers: 2
        needs: [amount]
        not_by: [open, own_unit]
      - event: sign
        from: asked
        to: approved
        by: [leader_in_charge, principal_leader, reviewer]
        approvers: [leader_in_charge, principal_leader, reviewer]
      - {event: send_back, from: approved, to: asked, by: supervisor, needs: [reason]}
      - {event: note, from: asked, by: supervisor, needs: [reason]}
      - {event: pay, from: approved, to: paid, by: supervisor, not_by: [approve]}
      - {event: reclaim, from: paid, to: asked, by: [supervisor, reviewer], needs: [reason], reopens: true}
rules:
  approved:
    label: {zh: 已批准, en: Approved}
    basis: 五
    for: payment
    when: {event: approve}
    then: {remind: unit_head, template: approved}
templates:
  approved:
    subject: {zh: "{item.amount}", en: "{item.amount}"}
    body: {zh: "{id}", en: "{id}"}
measures:
  approvals:
    label: {zh: 批准次数, en: Approvals}
    for: unit
    events: approve
    of: payment
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    book = small_book(tmp_path, extra=BOOK)
    made = City(tmp_path / "city", "2020-10-12 09:00", book)
    yield made
    made.close()


def code(outcome: object) -> str | None:
    return outcome.code if isinstance(outcome, Refused) else None


def test_it_takes_two_and_the_log_says_who_has_agreed(city: City) -> None:
    payment = city.opens("张三", "payment")
    first = city.does("王副市长", "approve", payment, amount="100")
    assert (first.missing, city.item(payment).state, city.fields(payment)) == (1, "asked", {})
    assert city.notices("approved") == [], "nothing has happened yet"
    [agreed] = city.records("item.agree")
    assert (agreed["actor"]["name"], agreed["why"]) == ("王副市长", "同意approve，还须1人同意")
    city.wait("2020-10-14 09:00").does("赵市长", "approve", payment)
    assert city.item(payment).state == "approved"
    assert city.fields(payment) == {"amount": "100"}
    assert [each.subject for each in city.notices("approved")] == ["100"]
    [moved] = city.records("item.move")
    assert (moved["actor"]["name"], moved["args"]) == ("赵市长", {"amount": "100"})
    assert city.verdict().ok


def test_one_person_agrees_once_in_whichever_post(city: City) -> None:
    payment = city.opens("张三", "payment")
    city.does("王副市长", "approve", payment, amount="100")
    assert code(city.tries("王副市长", "approve", payment)) == "agreed_already"
    appoint(
        city.office,
        Holder(post="mayor", name="王副市长", email="deputy_mayor@city.example"),
        city.now,
    )
    assert code(city.tries("赵市长", "approve", payment)) == "agreed_already"


def test_who_has_moved_to_another_post_has_agreed_all_the_same(city: City) -> None:
    """王副市长 agreed, then became mayor; whoever is deputy mayor now is somebody else."""
    payment = city.opens("张三", "payment")
    city.does("王副市长", "approve", payment, amount="100")
    appoint(city.office, Holder(post="deputy_mayor", name="钱副市长", email="qian@city.example"), city.now)
    appoint(city.office, Holder(post="mayor", name="王副市长", email="wang@city.example"), city.now)
    assert code(city.tries("赵市长", "approve", payment)) == "agreed_already"
    assert city.does("王副市长", "approve", payment).missing == 0


def test_they_agree_to_one_thing(city: City) -> None:
    payment = city.opens("张三", "payment")
    city.does("王副市长", "approve", payment, amount="100")
    assert code(city.tries("赵市长", "approve", payment, amount="120")) == "not_the_same"
    assert city.does("赵市长", "approve", payment, amount="100").missing == 0


def test_who_asked_or_owes_it_does_not_agree(city: City) -> None:
    payment = city.opens("张三", "payment")
    appoint(city.office, Holder(post="reviewer", name="张三", email="works.liaison@city.example"), city.now)
    assert code(city.tries("法制办", "approve", payment, amount="1")) == "separation"


def test_who_was_one_of_two_has_done_it(city: City) -> None:
    """督查室 agreed first and 王副市长 last: neither of them pays it out."""
    payment = city.opens("张三", "payment")
    city.does("督查室", "approve", payment, amount="100")
    city.does("王副市长", "approve", payment)
    assert code(city.tries("督查室", "pay", payment)) == "separation"


def test_a_new_turn_in_the_state_begins_anew(city: City) -> None:
    payment = city.opens("张三", "payment")
    city.does("王副市长", "approve", payment, amount="100")
    city.does("督查室", "note", payment, reason="已核")
    city.does("赵市长", "approve", payment)
    city.does("督查室", "send_back", payment, reason="金额有误")
    assert city.does("赵市长", "approve", payment, amount="90").missing == 1
    assert city.does("王副市长", "approve", payment, amount="90").missing == 0
    assert city.fields(payment)["amount"] == "90"


def test_a_refused_one_has_not_agreed(city: City) -> None:
    payment = city.opens("张三", "payment")
    assert code(city.tries("王副市长", "approve", payment)) == "missing"
    assert city.does("赵市长", "approve", payment, amount="100").missing == 1


# ---------------------------------------------------------------- one of each role


def test_one_person_of_each_role_in_any_order(city: City) -> None:
    payment = city.opens("张三", "payment")
    signed = [city.does(who, "sign", payment).missing for who in ("法制办", "王副市长", "赵市长")]
    assert (signed, city.item(payment).state) == ([2, 1, 0], "approved")
    assert [each["roles"] for each in city.records("item.agree")] == [["reviewer"], ["leader_in_charge"]]


def test_a_second_one_of_the_same_role_is_one_too_many(city: City) -> None:
    """督查室 and 法制办 are both reviewers."""
    payment = city.opens("张三", "payment")
    city.does("法制办", "sign", payment)
    assert code(city.tries("督查室", "sign", payment)) == "agreed_already"
    assert "sign" not in permitted(city.office, payment, PEOPLE["督查室"], city.now)
    assert "sign" in permitted(city.office, payment, PEOPLE["王副市长"], city.now)


def test_a_person_in_two_of_the_posts_speaks_for_the_one_he_signs_in(city: City) -> None:
    """王副市长 is acting mayor and signs as such: another deputy has to be found, not another mayor."""
    payment = city.opens("张三", "payment")
    appoint(city.office, Holder(post="mayor", name="王副市长", email="deputy_mayor@city.example"), city.now)
    city.does("法制办", "sign", payment)
    assert city.does("赵市长", "sign", payment).missing == 1
    assert code(city.tries("王副市长", "sign", payment)) == "agreed_already"
    appoint(city.office, Holder(post="mayor", name="赵市长", email="mayor@city.example"), city.now)
    assert code(city.tries("赵市长", "sign", payment)) == "agreed_already", "for the mayor it is signed"
    appoint(city.office, Holder(post="deputy_mayor", name="钱副市长", email="qian@city.example"), city.now)
    assert city.does("王副市长", "sign", payment).missing == 0
    assert city.item(payment).state == "approved"


def test_approvals_of_two_events_are_not_one(city: City) -> None:
    payment = city.opens("张三", "payment")
    city.does("王副市长", "approve", payment, amount="100")
    assert city.does("王副市长", "sign", payment).missing == 2
    assert city.does("赵市长", "sign", payment).missing == 1
    assert city.does("赵市长", "approve", payment).missing == 0
    assert city.verdict().ok


# ---------------------------------------------------------------- reopening


def pay(city: City) -> str:
    payment = city.opens("张三", "payment")
    for who in ("王副市长", "赵市长"):
        city.does(who, "approve", payment, amount="100")
    city.does("督查室", "pay", payment)
    return payment


def test_a_final_state_is_left_where_the_book_says_so(city: City) -> None:
    payment = pay(city)
    closed = city.item(payment).closed_at
    assert closed is not None
    city.wait("2020-11-12 09:00").does("督查室", "reclaim", payment, reason="重复拨付")
    row = city.item(payment)
    assert (row.state, row.closed_at, row.id) == ("asked", None, "BF-2020-0001")
    assert city.does("赵市长", "approve", payment, amount="90").missing == 1, "nobody has agreed to it anew"
    assert city.verdict().ok


def test_what_cannot_follow_says_what_can(city: City) -> None:
    refused = city.tries("督查室", "pay", pay(city))
    assert isinstance(refused, Refused)
    assert refused.code == "not_here"
    assert "reclaim" in refused.zh


def test_children_stay_as_they_are(city: City) -> None:
    payment = pay(city)
    review = city.opens("李主任", "review", parent=payment, grounds="不服")
    city.does("法制办", "uphold", review)
    closed = city.item(review).closed_at
    assert isinstance(city.tries("督查室", "reclaim", payment, reason="重复拨付"), Moved)
    assert (city.item(review).state, city.item(review).closed_at) == ("upheld", closed)
