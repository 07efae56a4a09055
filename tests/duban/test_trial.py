"""Trying a book on the command line: what it would have done, what another does, what is coming."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from duban.views.trial import numbered
from engine.forecast import Coming, once
from tests.duban.conftest import BOOK, Duban

URL = "sqlite:///duban.db"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The book of the town, its reminder to one person less."""
    folder = tmp_path / "changed"
    shutil.copytree(BOOK, folder)
    book = folder / "book.yaml"
    text = book.read_text(encoding="utf-8")
    assert "notify: [unit_head, leader]" in text
    book.write_text(text.replace("notify: [unit_head, leader]", "notify: unit_head"), encoding="utf-8")
    return folder


@pytest.fixture
def month(town: Duban) -> Duban:
    """A month of the town: one bureau files its boards, the other does not."""
    assert town("run", "--once", "--now", "2020-09-30 18:00", "--store", URL).code == 0
    return town


def test_a_backtest_says_what_was_done_again_and_what_it_made_of_it(month: Duban) -> None:
    data = month("backtest", str(BOOK), "--store", URL, "-o", "json").data
    assert data["left"] == []
    assert data["summary"]["duties"][0]["owed"] == 8
    assert "people do what they did then" in data["caveat"]["en"]
    assert "people do what they did" in month("backtest", str(BOOK), "--store", URL).out


def test_the_same_book_does_the_same(month: Duban) -> None:
    said = month("diff", str(BOOK), str(BOOK), "--store", URL)
    assert said.code == 0
    assert "the two books do the same" in said.out


def test_another_book_is_told_apart_by_rule_and_item(month: Duban, changed: Path) -> None:
    said = month("diff", str(BOOK), str(changed), "--store", URL, "-o", "json")
    assert said.code == 1
    notices = {each["rule"]: (each["old"], each["new"]) for each in said.data["notices"]}
    assert notices == {"reminder": (20, 14)}, "eight before; of six late ones the leader is not told"
    assert said.data["differences"] == []


def test_a_forecast_says_who_gets_what_and_changes_nothing(town: Duban, tmp_path: Path) -> None:
    before = (tmp_path / "duban.db").read_bytes()
    rows = town("forecast", "--days", "7", "--store", URL, "-o", "json").data
    reminders = [row for row in rows if row["rule"] == "reminder"]
    assert [(row["at"][:16], row["to"]) for row in reminders[:2]] == [
        ("2020-09-10T09:00", ["finance.head"]),
        ("2020-09-10T09:00", ["water.head"]),
    ]
    only = town("forecast", "--days", "7", "--unit", "water", "--store", URL, "-o", "json").data
    assert {row["unit"] for row in only} == {"water"}
    assert (tmp_path / "duban.db").read_bytes() == before


def test_what_a_rule_opens_is_foretold_once() -> None:
    at = datetime(2020, 12, 1, 1, tzinfo=UTC)
    common: dict[str, Any] = {"at": at, "title": None, "unit": "water", "zh": "约谈。", "en": "Interview."}
    fire = Coming(act="rule.fire", rule="talk", item=None, to=("water.head",), **common)
    opened = Coming(act="item.open", rule=None, item="YT-1", to=("mayor",), **common)
    elsewhere = Coming(act="rule.fire", rule="talk", item="RW-1", to=("roads.head",), **common)
    [one] = once([fire, opened])
    assert (one.act, one.item, one.rule, one.to) == ("item.open", "YT-1", "talk", ("water.head", "mayor"))
    assert [each.act for each in once([elsewhere, opened])] == ["rule.fire", "item.open"], (
        "others are told too"
    )


def test_a_difference_names_the_book_of_its_number() -> None:
    row = {"id": "RW-1", "id_in": "old"}
    assert (numbered(row, "en"), numbered(row, "zh")) == ("RW-1 (old book)", "RW-1（旧册）")


def test_a_forecast_that_is_asked_for_early_says_it_in_words(town: Duban) -> None:
    said = town("forecast", "--days", "2", "--store", URL)
    assert said.code == 0
    assert "looked ahead to 2020-09-09" in said.err
