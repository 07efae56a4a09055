"""The demonstration: a season of a small town, told in the end as text and as data."""

from pathlib import Path

import pytest

from duban.shelf import shipped
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
    assert data["referrals"] == {"exist": True, "confidential": True}
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
