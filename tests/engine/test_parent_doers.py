"""Recusal from what was done to the item that this one belongs to: by the event, and not by whatever else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.office import Holder, appoint
from engine.permitted import permitted
from tests.engine.city import PEOPLE, City, small_book
from workflows.machine import Moved, Refused

BOOK = """
workflows:
  decision:
    label: Decision
    prefix: DC
    opened_by: [supervisor, principal_leader]
    initial: open
    states: {open: Open, decided: Decided, closed: {en: Closed, final: true}}
    transitions:
      - {event: comment, from: [open, decided], by: [supervisor, principal_leader, approver]}
      - {event: decide, from: open, to: decided, by: [supervisor, principal_leader, approver], approvers: 2}
      - {event: close, from: decided, to: closed, by: supervisor}
  appeal:
    label: Appeal
    prefix: AP
    opened_by: [supervisor, principal_leader, approver, unit_liaison]
    initial: lodged
    states: {lodged: Lodged, done: {en: Done, final: true}}
    transitions:
      - event: review
        from: lodged
        to: done
        by: [supervisor, principal_leader, approver]
        not_by: [parent.decide, parent.open]
      - {event: note, from: lodged, by: [supervisor, principal_leader, approver], not_by: parent}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    opened = City(tmp_path, "2020-09-01 08:00", small_book(tmp_path, extra=BOOK))
    yield opened
    opened.close()


def may_review(city: City, appeal: str) -> set[str]:
    posts = ("督查室", "赵市长", "秘书长")
    return {who for who in posts if "review" in permitted(city.office, appeal, PEOPLE[who], city.now)}


def appealed(city: City) -> str:
    """The mayor opens and comments, the secretary and the supervision office decide, the liaison appeals."""
    decision = city.opens("赵市长", "decision")
    city.does("赵市长", "comment", decision)
    city.does("秘书长", "decide", decision)
    city.does("督查室", "decide", decision)
    return city.opens("张三", "appeal", parent=decision)


def test_whoever_did_it_to_the_parent_may_not_and_others_may(city: City) -> None:
    decision = city.opens("督查室", "decision")
    appeal = city.opens("张三", "appeal", parent=decision)
    assert may_review(city, appeal) == {"赵市长", "秘书长"}, "who opened it may not"
    city.does("赵市长", "comment", decision)
    assert may_review(city, appeal) == {"赵市长", "秘书长"}, "a comment is no decision"
    refused = city.tries("赵市长", "note", appeal)
    assert isinstance(refused, Refused), "who has done anything may not note"
    refused = city.tries("督查室", "review", appeal)
    assert isinstance(refused, Refused)
    assert (refused.code, "did open on the item it is about" in refused.en) == ("separation", True)
    assert isinstance(city.tries("赵市长", "review", appeal), Moved)


def test_each_of_several_who_decided_is_one_who_did(city: City) -> None:
    """Who agreed first has no event of his own, and the log knows him."""
    assert may_review(city, appealed(city)) == set(), "one opened it, two decided it"


def test_a_person_who_sits_elsewhere_by_now_is_still_the_one(city: City) -> None:
    decision = city.opens("赵市长", "decision")
    city.does("秘书长", "decide", decision)
    city.does("赵市长", "decide", decision)
    appeal = city.opens("张三", "appeal", parent=decision)
    assert may_review(city, appeal) == {"督查室"}
    appoint(city.office, Holder(post="mayor", name="新市长", email="new@city.example"), city.now)
    appoint(city.office, Holder(post="supervisor", name="赵市长", email="zhao@city.example"), city.now)
    assert may_review(city, appeal) == set()


def holds(city: City, post: str, who: str) -> None:
    appoint(city.office, Holder(post=PEOPLE[post], name=who, email=f"{PEOPLE[who]}@city.example"), city.now)


def test_who_sat_in_for_another_did_it_himself(city: City) -> None:
    """督查室 decides while 秘书长 is away; back in its own post it is still the one that decided."""
    matter = city.opens("赵市长", "decision")
    holds(city, "秘书长", "督查室")
    city.does("秘书长", "decide", matter)
    city.does("赵市长", "decide", matter)
    holds(city, "秘书长", "秘书长")
    appeal = city.opens("张三", "appeal", parent=matter)
    assert refusal(city, "督查室", appeal) == "separation"


def test_the_post_in_which_it_was_done_stays_barred_whoever_holds_it(city: City) -> None:
    """The log knows names only: one that is entered anew, spelt otherwise, must not lift a recusal."""
    matter = city.opens("督查室", "decision")
    appeal = city.opens("张三", "appeal", parent=matter)
    appoint(city.office, Holder(post="supervisor", name="督察室", email="supervisor@city.example"), city.now)
    assert refusal(city, "督查室", appeal) == "separation"


def test_the_matter_above_the_matter_parts_nobody(city: City) -> None:
    matter = city.opens("赵市长", "decision")
    city.does("秘书长", "decide", matter)
    city.does("督查室", "decide", matter)
    first = city.opens("张三", "appeal", parent=matter)
    second = city.opens("秘书长", "appeal", parent=first)
    assert may_review(city, first) == set()
    assert may_review(city, second) == {"督查室", "赵市长", "秘书长"}


RULE = """
rules:
  looked_at_again:
    label: Looked at again
    basis: 五
    for: decision
    when: {event: decide}
    then: {open: {workflow: appeal, title: Appeal}}
"""


def test_what_a_rule_opens_on_that_very_event_knows_who_did_it(tmp_path: Path) -> None:
    book = BOOK.replace("unit_liaison]", "unit_liaison, rule]") + RULE
    city = City(tmp_path / "city", "2020-09-01 08:00", small_book(tmp_path, extra=book))
    matter = city.opens("赵市长", "decision")
    city.does("秘书长", "decide", matter)
    city.does("督查室", "decide", matter)
    (appeal,) = city.items("appeal")
    assert may_review(city, appeal.id) == set()
    city.close()


def refusal(city: City, who: str, appeal: str) -> str | None:
    outcome = city.tries(who, "review", appeal)
    return outcome.code if isinstance(outcome, Refused) else None
