"""`duban simulate`: a made-up year, with the book's own people or with strangers."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from duban.commands.simulate import span
from duban.shelf import shipped
from tests.duban.conftest import BOOK, Duban

UNTIL = ("--until", "2020-10-20")


@pytest.fixture
def stranger(tmp_path: Path) -> str:
    """The town's book without its scenario."""
    shutil.copytree(BOOK, tmp_path / "stranger", ignore=shutil.ignore_patterns("scenarios"))
    return "stranger"


def year(duban: Duban, *words: str) -> dict[str, Any]:
    said = duban("simulate", *words, "-o", "json")
    assert said.code == 0, said.err
    data: dict[str, Any] = said.data
    data.pop("log")  # its root holds digests with a key of each store's own
    return data


def test_it_tells_what_became_of_the_year(duban: Duban, stranger: str, tmp_path: Path) -> None:
    said = duban("simulate", stranger, *UNTIL, "--lang", "zh")
    assert said.code == 0, said.err
    for words in ("种子 1", "虚构", "日志完整", "提醒"):
        assert words in said.out
    assert not [*tmp_path.glob("*.db")], "a scratch store leaves nothing behind"


def test_the_same_seed_is_the_same_year(duban: Duban, stranger: str) -> None:
    first, again, other = (year(duban, stranger, *UNTIL, "--seed", seed) for seed in ("7", "7", "8"))
    assert first == again
    assert first != other | {"seed": 7}


def test_its_own_scenario_comes_first(duban: Duban, stranger: str) -> None:
    own = year(duban, str(BOOK), *UNTIL)
    assert own["made_up"] != year(duban, stranger, *UNTIL)["made_up"]
    named = next((BOOK / "scenarios").glob("*.yaml"))
    assert year(duban, stranger, *UNTIL, "--scenario", str(named)) == own


def test_rules_that_never_spoke_are_named(duban: Duban, stranger: str) -> None:
    data = year(duban, stranger, "--until", "2020-09-08")
    silent = {each["rule"] for each in data["silent"]}
    assert silent
    later = {each["rule"] for each in year(duban, stranger, "--until", "2020-12-31")["silent"]}
    assert later < silent


def test_the_office_can_be_kept(duban: Duban, stranger: str, tmp_path: Path) -> None:
    data = year(duban, stranger, *UNTIL, "--store", "sqlite:///kept.db")
    assert data["store"] == "sqlite:///kept.db"
    assert duban("audit", "verify", "--store", "sqlite:///kept.db").code == 0
    assert (tmp_path / "kept.db").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_book_can_be_lived(duban: Duban, name: str) -> None:
    assert year(duban, name, "--seed", "3")["failed"] == []


def test_a_leap_year_is_lived_to_its_last_day() -> None:
    info = SimpleNamespace(programme=SimpleNamespace(start=date(2020, 1, 1), end=date(2022, 12, 31)))
    book: Any = SimpleNamespace(info=info, zone=ZoneInfo("Asia/Shanghai"))
    assert [each.astimezone(book.zone).date() for each in span(book, None)] == [
        date(2020, 1, 1),
        date(2021, 1, 1),
    ]
