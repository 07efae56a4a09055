"""The demonstration: a season of a small town, told in the end as text and as data."""

from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from duban.shelf import shipped
from duban.views.summary import summary_parts
from engine.book.book import read_book
from engine.office import Office
from engine.summary import summarise
from engine.testing import run_test
from tests.duban.conftest import BOOK, Duban, Said


@pytest.fixture
def season(duban: Duban) -> Said:
    return duban("demo", str(BOOK), "--until", "2020-11-10", "-o", "json")


def test_the_summary_as_data(season: Said, duban: Duban) -> None:
    data = season.data
    (boards,) = data["duties"]
    assert boards["owed"] == boards["kept"] + boards["missed"] + boards["running"]
    assert boards["missed"] > 0
    first, second = data["interviews"]
    assert (first["unit"], first["chair"], first["nth"]) == ("water", "vice_mayor", 1)
    assert (second["unit"], second["chair"], second["nth"]) == ("water", "mayor", 2)
    assert "缺报次数不少于 2" in first["reason"]["zh"]
    assert "第三条" in first["reason"]["en"]
    assert data["interview_kinds"] == [
        {"workflow": "interview", "label": {"zh": "约谈", "en": "Interview"}, "proposed": 2, "held": 2}
    ]
    assert data["referrals"] == {
        "labels": [{"zh": "线索", "en": "Clue"}],
        "exist": True,
        "confidential": True,
    }
    assert data["notices"]["reminders"] > 0
    assert data["lights"]["red"] == boards["missed"]
    assert data["log"]["verified"] is True
    assert len(data["next"]) == 3
    for command in data["next"]:
        said = duban(*command.split()[1:])
        assert said.code == 0, said.err


def test_the_summary_as_text(duban: Duban) -> None:
    said = duban("demo", str(BOOK), "--until", "2020-11-10", "--lang", "zh")
    assert said.code == 0, said.err
    for words in ("周看板", "提醒", "水务局", "副市长", "整改", "保密", "日志完整", "虚构", "duban why"):
        assert words in said.out
    assert "XS-" not in said.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_interviews_are_readable_on_a_narrow_terminal(
    duban: Duban, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = duban("demo", str(BOOK), "--until", "2020-11-10", "--lang", language).out
    lines = said.partition("提议" if language == "zh" else "proposed, ")[2].splitlines()[1:]
    told = list(takewhile(lambda line: line.startswith("  "), lines))
    assert len(told) >= 4, "two interviews, each with its reason"
    assert all(cell_len(line) <= 80 for line in told), told


@pytest.mark.slow
def test_a_book_of_another_trade_has_a_summary_as_well(tmp_path: Path) -> None:
    """Nothing in it is called as in the first book."""
    folder = shipped()["device-maintenance"]
    found: list[dict[str, Any]] = []
    book = read_book(folder)
    for name, case in book.tests.items():
        told = read_book(folder, case.params) if case.params else book
        run_test(told, name, case, tmp_path)
        office = Office.open(f"sqlite:///{tmp_path / f'{name}.db'}")
        with office.store.read() as reader:
            data = summarise(office.book, reader)
        office.close()
        assert "".join(str(part) for part in summary_parts(data, "en"))
        found.append(data)
    assert {kind["workflow"] for data in found for kind in data["interview_kinds"]} == {"safety_meeting"}
    meetings = [each for data in found for each in data["interviews"]]
    assert any(each["held_on"] for each in meetings)
    assert all(each["reason"]["zh"] != each["reason"]["en"] for each in meetings if each["rule"])
    assert sum(data["rectification"]["tasks"] for data in found) >= 2
    assert {each["workflow"] for data in found for each in data["proposals"]} == {"stand_down"}
    assert any(each["states"] for data in found for each in data["proposals"])


def test_a_demo_makes_room_for_the_next_and_touches_nothing_else(
    duban: Duban, season: Said, tmp_path: Path
) -> None:
    assert duban("demo", str(BOOK), "--until", "2020-09-10").code == 0
    (tmp_path / "duban-demo.db").unlink()
    assert duban("init", str(BOOK), "--store", "sqlite:///duban-demo.db").code == 0
    kept = (tmp_path / "duban-demo.db").read_bytes()
    said = duban("demo", str(BOOK), "--until", "2020-09-10")
    assert said.code == 2
    assert "not made by a demo" in said.err
    assert (tmp_path / "duban-demo.db").read_bytes() == kept


def test_it_can_live_elsewhere_but_not_on_top_of_something(duban: Duban) -> None:
    words = ["demo", str(BOOK), "--until", "2020-09-10", "--store", "sqlite:///mine.db"]
    assert duban(*words).code == 0
    said = duban(*words)
    assert said.code == 3
    assert "mine.db exists already" in said.err


def test_every_shipped_book_is_whole(duban: Duban) -> None:
    assert shipped()
    for name in shipped():
        assert duban("check", name).code == 0
