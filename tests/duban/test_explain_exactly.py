"""Sentences of `duban explain` that were once misread: what they say is what the engine does."""

from pathlib import Path

import pytest

from duban.texts import Language
from duban.views.explained import explained, text_parts
from engine.book.book import Book, read_book
from tests.docs.test_howto import HOWTO

TASK = """
workflows:
  task:
    label: {zh: 任务, en: Task}
    prefix: RW
    opened_by: supervisor
    initial: open
    fields: {agreed: {type: duration, label: {zh: 约定时间, en: agreed time}}}
    states:
      open: {zh: 在办, en: in hand}
      done: {zh: 办结, en: done, final: true}
    transitions:
      - {event: finish, from: open, to: done, by: unit_liaison}
      - {event: give, from: open, by: supervisor}
clocks:
  due:
    label: {zh: 期限, en: Due}
    of: task
    starts: {state: open, again: true}
    budget: [{is: =item.agreed}, {is: 8 weeks}]
    stops: done
  bounded: {label: {zh: 限, en: Bounded}, of: task, starts: {opened: true}, budget: 5 days, stops: done}
measures:
  ever: {label: {zh: 曾逾期, en: Ever late}, for: unit, clocks: due, of: task, on: overdue}
  month: {label: {zh: 本月, en: This month}, for: unit, clocks: due, of: task, on: overdue, within: month}
rules:
  more:
    label: {zh: 延期, en: More}
    basis: "1"
    for: task
    when: {event: give}
    then: {extend: {clock: due, by: 2 weeks}}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder: Path = tmp_path_factory.mktemp("book")
    (folder / "office.yaml").write_bytes((HOWTO / "office.yaml").read_bytes())
    (folder / "task.yaml").write_text(TASK, encoding="utf-8")
    return read_book(folder)


def said(book: Book, kind: str, id: str, language: Language) -> str:
    return "\n".join(text_parts(explained(book, kind, id, language), language))


def test_what_was_done_late_counts_as_late_too(book: Book) -> None:
    assert "also what was done since" in said(book, "measure", "ever", "en")
    assert "后来办到的也算" in said(book, "measure", "ever", "zh")
    assert "at some time in the month, also what was done within it" in said(book, "measure", "month", "en")
    assert "只算本月内曾处于逾期的，其间办到的也算" in said(book, "measure", "month", "zh")
    assert "未结" not in said(book, "measure", "ever", "zh") + said(book, "measure", "month", "zh")


def test_a_field_that_may_be_empty_is_not_otherwise(book: Book) -> None:
    assert "as long as “agreed time” says, if that is given; otherwise 8 weeks" in said(
        book, "clock", "due", "en"
    )
    assert "填写了的，“约定时间”所载的时长；其他情形，8周" in said(book, "clock", "due", "zh")


def test_a_clock_without_bounds_says_that_it_has_none(book: Book) -> None:
    assert "It may be extended, however often and however long." in said(book, "clock", "due", "en")
    assert "可以延期，次数和长短都没有限度。" in said(book, "clock", "due", "zh")
    assert "extended" not in said(book, "clock", "bounded", "en"), "nothing extends it"


def test_anew_is_said_in_one_breath(book: Book) -> None:
    assert (
        "It begins when the item comes into “in hand”, and, once it has ended or been cancelled, "
        "anew from every later time that this is so." in said(book, "clock", "due", "en")
    )
