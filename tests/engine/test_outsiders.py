"""People outside the office: told at the address that the item has, which stands nowhere in the log."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import NewItem, open_new
from engine.history import history_of
from engine.language import TestCase
from engine.privacy import WITHHELD
from engine.replay import found_for, replay
from engine.testing import run_test
from engine.words import name_of
from tests.engine.city import PEOPLE, City, small_book
from workflows.machine import Refused

BOOK = """
roles:
  applicant: {en: Applicant, external: true, mail: item.applicant_mail, name: item.applicant_name}
  writer: {en: Writer, external: true, mail: item.applicant_mail}
workflows:
  request:
    label: Request
    prefix: RQ
    opened_by: supervisor
    initial: received
    fields:
      applicant_name: {type: text, label: name}
      applicant_mail: {type: mail, label: address}
    states: {received: Received, answered: {en: Answered, final: true}}
    transitions:
      - {event: correct, from: received, by: supervisor, needs: [applicant_mail]}
      - {event: answer, from: received, to: answered, by: supervisor}
templates:
  told: {subject: "To {item.applicant_name}", body: "{because} {item.applicant_mail}"}
rules:
  answered:
    label: Answered
    basis: § 10
    for: request
    when: {event: answer}
    if: "!has(item.applicant_mail) || item.applicant_mail != 'nobody@example.org'"
    then: {notify: [applicant, writer, supervisor], template: told}
  moved:
    label: Moved
    basis: § 11
    for: request
    when: {change: applicant_mail}
    then: {remind: writer, template: told}
"""
ADDRESS = "zhang.san@example.org"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    opened = City(tmp_path, "2020-09-01 08:00", small_book(tmp_path, extra=BOOK))
    yield opened
    opened.close()


def test_the_applicant_gets_one_notice_at_the_address_of_the_item(city: City) -> None:
    request = city.opens("督查室", "request", applicant_name="张三", applicant_mail=ADDRESS)
    city.does("督查室", "answer", request)
    told = {each.recipient: each for each in city.notices("answered")}
    assert [each.recipient for each in city.notices("answered")] == ["item.applicant_mail", PEOPLE["督查室"]]
    notice = told["item.applicant_mail"]
    assert (notice.name, notice.address, notice.formal) == ("张三", ADDRESS, True)
    assert notice.subject == "To 张三"
    assert name_of(city.office.book, notice.recipient, "en") in ("Applicant", "Writer")


def test_without_an_address_nobody_is_told_and_an_alarm_says_so(city: City) -> None:
    request = city.opens("督查室", "request", applicant_name="张三")
    city.does("督查室", "answer", request)
    assert [each.recipient for each in city.notices("answered")] == [PEOPLE["督查室"]]
    alarms = city.records("notice.nobody")
    assert [each["to"] for each in alarms] == ["applicant", "writer"]
    assert alarms[0]["why"] == "无人可告知：Applicant，事项中没有填写邮箱"


def test_the_address_stands_nowhere_in_the_log(city: City) -> None:
    request = city.opens("督查室", "request", applicant_mail=ADDRESS, applicant_name="张三")
    city.does("督查室", "correct", request, applicant_mail="li@example.org")
    city.does("督查室", "answer", request)
    assert [each.address for each in city.notices("moved")] == ["li@example.org"]
    with city.office.store.read() as reader:
        said = [f"{line.rec} {line.facts}" for line in reader.audit_lines()]
    assert not [each for each in said if ADDRESS in each or "li@example.org" in each]
    (moved,) = [each for each in city.records("item.move") if each["event"] == "correct"]
    assert moved["args"] == {"applicant_mail": WITHHELD}
    assert city.fields(request)["applicant_mail"] == "li@example.org"
    assert city.verdict().ok


@pytest.mark.parametrize(
    "written", ["zhang", "zhang@", "@example.net", "a b@example.org", "a@b", "a@example.org\nBcc: b@b.org"]
)
def test_what_is_no_address_is_refused_and_not_repeated(city: City, written: str) -> None:
    new = NewItem(workflow="request", title="x", by=PEOPLE["督查室"], fields={"applicant_mail": written})
    refused = open_new(city.office, new, city.now)
    assert isinstance(refused, Refused)
    assert (refused.code, "name@example.org" in refused.en) == ("wrong_value", True)
    assert written not in refused.en


def test_an_address_keeps_to_the_form_that_mail_servers_take(city: City) -> None:
    request = city.opens("督查室", "request", applicant_mail=" 'o.brien+foi'@例子.中国 ".replace("'", ""))
    assert city.fields(request)["applicant_mail"] == "o.brien+foi@例子.中国"


def test_a_story_expects_the_role(city: City, tmp_path: Path) -> None:
    opening = {"name": "r", "workflow": "request", "unit": "works", "by": PEOPLE["督查室"]}
    story = TestCase.model_validate(
        {
            "label": "told",
            "begins": "2020-09-01 08:00",
            "timeline": [
                {
                    "at": "2020-09-01 09:00",
                    "open": {**opening, "with": {"applicant_mail": ADDRESS}},
                    "do": {"item": "r", "event": "answer", "by": PEOPLE["督查室"]},
                    "expect": {"notices": [{"to": "applicant", "count": 1}, {"to": "writer", "count": 1}]},
                }
            ],
        }
    )
    assert run_test(city.office.book, "told", story, tmp_path).failures == ()


def test_lived_through_again_everybody_is_the_same_person(city: City, tmp_path: Path) -> None:
    """Whoever is told or compared by his address: `answered` is silent for nobody@example.org."""
    requests = [
        city.opens("督查室", "request", applicant_mail=each)
        for each in (ADDRESS, "nobody@example.org", "li@example.org")
    ]
    city.does("督查室", "correct", requests[2], applicant_mail="wang@example.org")
    for each in requests:
        city.does("督查室", "answer", each)
    with city.office.store.read() as reader:
        history = history_of(reader, "city")
    again = found_for(history, city.office.book, f"sqlite:///{tmp_path / 'again.db'}")
    assert replay(again, history, city.now).left == []
    with again.store.read() as reader:
        fields = {row.id: json.loads(row.fields) for row in reader.list_items()}
        told = {each.notice.address for each in reader.list_notices() if each.notice.rule == "answered"}
    again.close()
    assert [fields[each] for each in requests] == [city.fields(each) for each in requests]
    assert {each for each in told if each.endswith(".org")} == {ADDRESS, "wang@example.org"}
