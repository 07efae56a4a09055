"""Stories of authors: what each expectation says when it comes true, and when it does not."""

import re
from pathlib import Path

import pytest

from engine.book.book import Book, check_book, read_book
from engine.failures import Failure
from engine.testing import run_test
from tests.docs.pages import DOCS, blocks

PAGE = DOCS / "authors" / "testing.en.md"
PROGRAMMERS = re.compile(r"[{}\[\]']|None|（[^）]*$|^[^（]*）")  # data of the program; a bracket alone
OFFICE = DOCS / "authors" / "howto" / "office.yaml"
OPENED = (
    "{name: letter, workflow: request, unit: water, by: supervisor, title: 水压, with: {topic: 全城停水}}"
)


def write(folder: Path, story: str) -> Path:
    """The book of the page about tests, with this story alone."""
    book = folder / "book"
    book.mkdir(parents=True)
    (book / "office.yaml").write_bytes(OFFICE.read_bytes())
    page = {each.name: each.text for each in blocks(PAGE)}
    (book / "request.yaml").write_text(page["request.yaml"], encoding="utf-8")
    head = "tests:\n  story:\n    label: {zh: 故事, en: Story}\n    begins: 2025-03-03 09:00\n"
    (book / "tests.yaml").write_text(head + story, encoding="utf-8")
    return book


def timeline(*steps: str) -> str:
    first = f"    timeline:\n      - {{at: 2025-03-03 10:00, open: {OPENED}}}\n"
    return first + "".join(f"      - {{{step}}}\n" for step in steps)


def failures(folder: Path, story: str) -> tuple[Failure, ...]:
    book: Book = read_book(write(folder, story))
    return run_test(book, "story", book.tests["story"], folder).failures


ASKED = "at: 2025-03-04 10:00, do: {item: letter, event: ask, by: water.liaison, with: {reason: 缺户号}}"
ANSWERED = (
    "at: 2025-03-04 10:00, do: {item: letter, event: answer, by: water.liaison, with: {answer: 已经办好}}"
)
SENT_BACK = "at: 2025-03-05 10:00, do: {item: letter, event: send_back, by: supervisor, with: {reason: 不实}}"
LATER = "at: 2025-03-12 10:00, expect: "

SENT = "'2025-03-03 09:40'}}]}"
SENT_ON = (
    "at: 11:00, do: {item: letter, event: answer, by: water.liaison, "
    "with: {answer: 已经办好, sent_at: '2025-03-03 09:40'}}"
)
TRUE = {
    "state": (
        ASKED,
        "at: 11:00, expect: {items: [{pick: letter, state: waiting, fields: {reason: 缺户号}}]}",
    ),
    "no field": ("at: 11:00, expect: {items: [{pick: letter, fields: {answer: null}}]}",),
    "picked by title": ("at: 11:00, expect: {items: [{pick: {title: 水, light: none, closed: false}}]}",),
    "picked by opening": ("at: 11:00, expect: {items: [{pick: {opened_at: 2025-03-03 10:00}, count: 1}]}",),
    "light": (LATER + "{items: [{pick: letter, light: red}]}",),
    "paused": (
        ASKED,
        "at: 11:00, expect: {clocks: [{item: letter, clock: reply, outcome: paused, cause: unclear}]}",
    ),
    "no clock": ("at: 11:00, expect: {clocks: [{item: letter, clock: reply, pauses: 0}]}",),
    "reminder": (
        LATER + "{notices: [{kind: remind, at: 2025-03-07 09:00, to: water.liaison, template: told}]}",
    ),
    "words": (LATER + "{notices: [{contains: [水压, 逾期, 第三条], count: 0}, {contains: 水压, count: 3}]}",),
    "document": (
        ANSWERED,
        SENT_BACK,
        "at: 11:00, expect: {documents: [{item: letter, at: 2025-03-05 10:00}]}",
    ),
    "decision": (LATER + "{rules: [{rule: reply_ladder, item: letter, count: 2}]}",),
    "decision at": (LATER + "{rules: [{rule: reply_ladder, at: 2025-03-11 09:00, shadow: false}]}",),
    "on trial": (LATER + "{shadow: grave, rules: [{rule: grave, shadow: true, because: 停水}]}",),
    "possible": (
        "at: 11:00, expect: {possible: [{item: letter, by: water.liaison, events: [answer, ask]}]}",
    ),
    "nothing": ("at: 11:00, expect: {possible: [{item: letter, by: roads.liaison, events: []}]}",),
    "quiet": ("at: 2025-03-07 08:59, expect: {quiet: true}",),
    "quiet of others": (LATER + "{quiet: {rule: [slip, grave]}}",),
    "quiet until": (
        "at: 11:00, expect: {quiet: {rule: reply_ladder, item: letter, until: 2025-03-07 09:00}}",
    ),
    "before": ("at: 2025-03-07 08:00, before: {quiet: true}, expect: {items: [{pick: letter}]}",),
    "same day": ("at: 23:59, expect: {items: [{pick: letter}]}",),
    "workdays": ("at: +4 workdays at 09:00, expect: {notices: [{at: 2025-03-07 09:00}]}",),
    "hours": ("at: +24 hours, expect: {quiet: true}",),
}
FALSE = {
    "state": ("at: 11:00, expect: {items: [{pick: letter, state: waiting}]}", "state should be waiting"),
    "field": ("at: 11:00, expect: {items: [{pick: letter, fields: {topic: 水}}]}", "topic should be 水"),
    "none": ("at: 11:00, expect: {items: [{pick: {title: 火}}]}", "expected 1 item(s)"),
    "outcome": ("at: 11:00, expect: {clocks: [{item: letter, clock: reply, outcome: met}]}", "it is running"),
    "pauses": (
        "at: 11:00, expect: {clocks: [{item: letter, clock: reply, pauses: 1}]}",
        "pauses should be 1",
    ),
    "absent": (
        "at: 11:00, expect: {clocks: [{item: letter, clock: reply, absent: true}]}",
        "should have no clock",
    ),
    "kind": (LATER + "{notices: [{kind: notify, to: water.liaison}]}", "expected a notice"),
    "template": (LATER + "{notices: [{template: unit_told}]}", "there is none"),
    "words": (LATER + "{notices: [{contains: 水塔}]}", "there is none"),
    "document": (LATER + "{documents: [{item: letter}]}", "expected a document"),
    "decision": (LATER + "{rules: [{rule: reply_ladder, count: 1}]}", "expected 1 decision(s)"),
    "trial": (LATER + "{shadow: reply_ladder}", "expected a decision"),
    "possible": (
        "at: 11:00, expect: {possible: [{item: letter, by: water.liaison, events: answer}]}",
        "possible should be answer, it is answer, ask",
    ),
    "quiet": (LATER + "{quiet: true}", "rules spoke 2 time(s): reply_ladder about item:LX-2025-0001"),
    "quiet until": (
        "at: 11:00, expect: {quiet: {rule: reply_ladder, until: 2025-03-07 09:01}}",
        "step 2 at 11:00: it should be quiet",
    ),
    "before": (f"{ASKED}, before: {{items: [{{pick: letter, state: waiting}}]}}", "it is handling"),
    "refused": (
        "at: 11:00, do: {item: letter, event: ask, by: water.liaison, with: {reason: x}, refused: guard}",
        "should be refused as guard, it was done",
    ),
    "says": (
        "at: 11:00, do: {item: letter, event: ask, by: water.liaison, refused: missing, says: 火}",
        "not in the words 火",
    ),
    "opened": (
        f"at: 11:00, open: {OPENED.replace('title: 水压', 'refused: guard').replace('letter', 'other')}",
        "should be refused as guard, it was done",
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_it_comes_true(name: str, tmp_path: Path) -> None:
    steps = TRUE[name]
    assert failures(tmp_path, timeline(*steps)) == ()


@pytest.mark.parametrize("name", FALSE)
def test_it_fails_and_says_what_there_was(name: str, tmp_path: Path) -> None:
    step, words = FALSE[name]
    found = failures(tmp_path, timeline(step))
    assert len(found) == 1, found
    assert words in found[0].en
    assert found[0].zh.startswith("第 2 步（")
    assert not PROGRAMMERS.search(found[0].zh + found[0].en)


def test_one_person_in_two_posts_is_one_person(tmp_path: Path) -> None:
    people = "    people: {same: [[supervisor, second_supervisor]]}\n"
    close = "at: 2025-03-05 10:00, do: {item: letter, event: close, by: second_supervisor"
    assert failures(tmp_path / "one", people + timeline(ANSWERED, f"{close}, refused: separation}}")) == ()
    closed = f"{close}}}, expect: {{items: [{{pick: letter, state: closed}}]}}"
    assert failures(tmp_path / "two", timeline(ANSWERED, closed)) == ()


def test_a_vacant_post_acts_no_more(tmp_path: Path) -> None:
    ask = "at: 11:00, do: {item: letter, event: ask, by: water.liaison, with: {reason: x}, refused: vacant}"
    nobody = "at: 11:30, expect: {possible: [{item: letter, by: water.liaison, events: []}]}"
    assert failures(tmp_path, "    people: {vacant: water.liaison}\n" + timeline(ask, nobody)) == ()


def test_many_are_opened_for_every_unit_of_a_group(tmp_path: Path) -> None:
    """Two for each bureau, with names of their own."""
    many = OPENED.replace("name: letter, ", "name: many, count: 2, ").replace("unit: water", "units: bureaus")
    last = "at: 11:30, expect: {items: [{pick: {workflow: request, unit: water}, count: 3}, {pick: many_4}]}"
    book = write(tmp_path, timeline(f"at: 11:00, open: {many}", last))
    assert [each.en for each in check_book(book) if each.severity == "error"] == []
    told = read_book(book)
    assert len(told.groups["bureaus"].members) >= 2
    assert run_test(told, "story", told.tests["story"], tmp_path).failures == ()


def test_a_moment_may_be_written_as_the_clock_on_the_wall_shows_it(tmp_path: Path) -> None:
    book = write(
        tmp_path, timeline(SENT_ON, "at: 11:30, expect: {items: [{pick: letter, fields: {sent_at: " + SENT)
    )
    request = book / "request.yaml"
    moment = "      topic: {type: text, label: {zh: 事由, en: Topic}}\n"
    told = moment + "      sent_at: {type: moment, label: {zh: 寄出时间, en: Sent at}}\n"
    text = request.read_text(encoding="utf-8").replace(moment, told)
    request.write_text(text.replace("needs: answer,", "needs: [answer, sent_at],"), encoding="utf-8")
    read = read_book(book)
    assert run_test(read, "story", read.tests["story"], tmp_path).failures == ()


# ---------------------------------------------------------------- stories that are wrong

WRONG = {
    "expects nothing": (timeline("at: 11:00"), "expects nothing", 2),
    "expects nothing in it": (timeline("at: 11:00, expect: {}"), "nothing is expected here", 7),
    "backwards": (timeline("at: 09:30, expect: {quiet: true}"), "before the step before", 7),
    "silence that is over": (
        timeline("at: 11:00, expect: {quiet: {until: 2025-03-03 11:00}}"),
        "after the moment",
        7,
    ),
    "no time": (timeline("at: +3 moons, expect: {quiet: true}"), "must be written as", 7),
    "no cause": (
        timeline("at: 11:00, expect: {clocks: [{item: letter, clock: reply, cause: fog}]}"),
        "pause fog",
        7,
    ),
    "no post": ("    people: {vacant: [mayer]}\n" + timeline("at: 11:00, expect: {quiet: true}"), "mayor", 5),
    "twice": (
        "    people: {vacant: mayor, same: [[mayor, press]]}\n" + timeline("at: 11:00"),
        "named once",
        5,
    ),
    "no event": (
        timeline("at: 11:00, expect: {possible: [{item: letter, by: mayor, events: anser}]}"),
        "answer",
        7,
    ),
    "says without code": (
        timeline("at: 11:00, do: {item: letter, event: ask, by: mayor, says: x}"),
        "write `refused`",
        7,
    ),
    "no field": (timeline("at: 11:00, expect: {items: [{pick: letter, fields: {topik: null}}]}"), "topic", 7),
    "of none": (
        timeline("at: 11:00, expect: {items: [{pick: letter, count: 0, light: red}]}"),
        "not there",
        7,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_story_is_found_at_its_line(name: str, tmp_path: Path) -> None:
    story, words, line = WRONG[name]
    found = [each for each in check_book(write(tmp_path, story)) if each.severity == "error"]
    assert any(words in each.en for each in found), [each.text("en") for each in found]
    told = next(each for each in found if words in each.en)
    assert (told.file, told.line) == ("tests.yaml", line)
    assert told.zh != told.en
