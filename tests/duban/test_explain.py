"""`duban explain`: pieces in words, ladders as tables, workflows and ladders as pictures."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from duban.diagrams.ladder import draw_clock, draw_ladder, order_of
from duban.diagrams.layers import Arrow, Layout, lay_out
from duban.diagrams.svg import Box
from duban.diagrams.text import width_of, wrap
from duban.diagrams.workflow import WIDEST, _Picture, draw_workflow
from duban.shelf import shipped
from duban.texts import LANGUAGES, Language
from duban.views.phrases import Voice
from duban.views.spoken_time import say_due_day, say_every, say_rung, say_window
from engine.book.book import Book, read_book
from tests.duban.conftest import BOOK, Duban

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=shipped().values(), ids=lambda path: path.name)
def book(request: pytest.FixtureRequest) -> Book:
    path: Path = request.param
    return read_book(path)


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("friday at 17:00", "周五17:00", "on Friday at 17:00"),
        ("last workday at 17:00", "最后一个工作日17:00", "on the last workday at 17:00"),
        (
            "5th workday of next month",
            "下个月第5个工作日24:00",
            "on the 5th workday of the next month at 24:00",
        ),
        ("first monday of october at 09:00", "10月第一个周一09:00", "on the 1st Monday of October at 09:00"),
        ("november 30", "11月30日24:00", "on day 30 of November at 24:00"),
    ],
)
def test_days_as_people_say_them(written: str, zh: str, en: str) -> None:
    assert (say_due_day(written, "zh"), say_due_day(written, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("5 workdays before at 09:00", "到期前5个工作日09:00", "5 workdays before it is due, at 09:00"),
        ("at due", "到期时", "when it is due"),
        ("50 %", "时限过50%时", "when 50 % of the time has passed"),
        ("2 days after start at 09:00", "起算后2个自然日09:00", "2 days after it begins, at 09:00"),
    ],
)
def test_rungs_as_people_say_them(written: str, zh: str, en: str) -> None:
    assert (say_rung(written, "zh"), say_rung(written, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("rolling 12 months", "截至当日（含）的12个月内", "in the 12 months up to and including the day"),
        (
            "last 8 quarters before the last 3",
            "此前隔3个季度的8个完整季度内",
            "in the 8 whole quarters before the last 3",
        ),
        ("last 3 months", "此前3个整月内", "in the 3 whole months before"),
        ("previous quarter", "上一季度内", "in the quarter before"),
        ("same month last year", "去年同月", "in the same month last year"),
    ],
)
def test_windows_as_people_say_them(written: str, zh: str, en: str) -> None:
    assert (say_window(written, "zh"), say_window(written, "en")) == (zh, en)


def test_periods_as_people_say_them() -> None:
    assert say_every("year from 04-01", "zh") == "每年（自4月1日起算）"
    assert say_every("2 weeks from 2026-01-05", "en") == "every 2 weeks from 2026-01-05"


def test_every_piece_reads_in_both_languages(book: Book) -> None:
    """No placeholder, no Python, no empty brackets, no doubled stops are read aloud."""
    from duban.views.explained import explained, text_parts

    for language in LANGUAGES:
        for line in text_parts(explained(book, "book", book.info.id, language), language):
            assert not re.search(r"None|\{\}|（）|\(\)|。。|\.\.$|，，|, ,|  of ", line.lstrip()), line


def test_a_clock_a_duty_and_a_measure_are_sentences(duban: Duban) -> None:
    clock = duban("explain", "due", "--book", str(BOOK), "--lang", "zh").out
    assert "“期限”是“看板”和“任务”的时限。" in clock
    assert "立项时起算。" in clock
    duty = duban("explain", "weekly_board", "--book", str(BOOK), "--lang", "en").out
    assert "Every week, each of “Lead units” owes one “Board”" in duty
    assert "on Friday at 17:00" in duty
    measure = duban("explain", "boards_missed", "--book", str(BOOK), "--lang", "zh").out
    assert "“期限”逾期的“看板”的件数" in measure


def test_things_are_also_found_by_their_labels(duban: Duban) -> None:
    by_label = duban("explain", "按月约谈", "--book", str(BOOK), "-o", "json").data
    assert (by_label["kind"], by_label["id"]) == ("rule", "monthly")
    assert by_label["ladder"][0]["when"] == "number 1"


def test_those_of_one_name_are_told_apart(duban: Duban) -> None:
    both = duban("explain", "review", "--book", "device-maintenance", "-o", "json").data
    assert [piece["kind"] for piece in both["pieces"]] == ["workflow", "clock"]
    one = duban("explain", "clock:review", "--book", "device-maintenance", "-o", "json").data
    assert one["kind"] == "clock"


def test_a_whole_book_is_told(duban: Duban) -> None:
    told = duban("explain", "book", "--book", str(BOOK), "--lang", "en")
    assert told.code == 0
    assert "“Small town” (version 1) carries out" in told.out
    for heading in ("# Duties", "# Workflows", "# Clocks", "# Rules", "# Measures", "# Parameters"):
        assert heading in told.out or heading == "# Parameters"
    table = duban("explain", "book", "--book", str(BOOK), "--form", "table").out
    assert "weekly_board" in table


@pytest.mark.parametrize("form", ["table", "mermaid", "svg"])
def test_what_cannot_be_drawn_so_is_said(duban: Duban, form: str) -> None:
    said = duban("explain", "boards_missed", "--form", form, "--book", str(BOOK))
    assert said.code == 2
    assert "--form text" in said.err or "workflows can be drawn" in said.err


def test_it_is_written_to_a_file(duban: Duban, tmp_path: Path) -> None:
    said = duban("explain", "board", "--form", "svg", "--out", "board.svg", "--book", str(BOOK))
    assert (said.code, said.out) == (0, "")
    ElementTree.parse(tmp_path / "board.svg")
    assert duban("explain", "monthly", "--out", "rule.txt", "--book", str(BOOK)).code == 0
    assert "Monthly interview" in (tmp_path / "rule.txt").read_text(encoding="utf-8")


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("language", LANGUAGES)
def test_workflows_are_drawn_without_overlaps(book: Book, language: Language) -> None:
    """Boxes and words nowhere lie on each other, arrows cross no box, and all fits 1000 pixels unscaled."""
    for id, workflow in book.workflows.items():
        picture = _Picture(Voice(book, language), workflow.spec)
        check_layout(picture.layout, id)
        root = ElementTree.fromstring(picture.svg())
        assert float(root.attrib["width"]) <= WIDEST, id
        texts = {"".join(each.itertext()) for each in root.iter(f"{SVG}text")}
        states = workflow.spec.states.values()
        said = "".join(texts).replace(" ", "")
        for state in states:
            label = state.zh if language == "zh" else state.en
            assert all(piece in said for piece in label.split()), (id, label)


def check_layout(layout: Layout, name: str) -> None:
    words = [way.through[way.words] for way in layout.ways]
    solid = [*layout.boxes.values(), *words]
    for one, other in combinations(solid, 2):
        assert not one.overlaps(other), name
    passing = [box for way in layout.ways for at, box in enumerate(way.through) if at != way.words]
    for box in passing:
        assert not any(box.overlaps(each) for each in solid), name
    for box in solid:
        assert round(box.x, 3) >= 0, name
        assert round(box.right, 3) <= round(layout.width, 3), name
        assert round(box.bottom, 3) <= round(layout.height, 3), name


def test_final_states_are_doubled_and_who_may_stands_on_the_arrows(book: Book) -> None:
    for workflow in book.workflows.values():
        drawn = draw_workflow(Voice(book, "en"), workflow.spec)
        finals = sum(state.final for state in workflow.spec.states.values())
        assert drawn.count(' inner"') == finals
        assert drawn.count('class="who"') >= len({each.event for each in workflow.spec.transitions})


def test_the_same_picture_is_the_same_text(book: Book) -> None:
    for id in book.workflows:
        voice = Voice(book, "zh")
        assert draw_workflow(voice, book.workflows[id].spec) == draw_workflow(voice, book.workflows[id].spec)


def test_ladders_are_drawn_in_order_of_time(book: Book) -> None:
    for language in LANGUAGES:
        voice = Voice(book, language)
        for rule in book.rules.values():
            if rule.ladder or rule.times:
                ElementTree.fromstring(draw_ladder(voice, rule))
        for clock in book.clocks:
            ElementTree.fromstring(draw_clock(voice, clock))
    written = [
        "20 %",
        "5 workdays before at 09:00",
        "24 hours before",
        "at due",
        "1 hours after",
        "2 weeks after at 09:00",
    ]
    assert all(order_of(one) < order_of(other) for one, other in pairwise(written))


def test_a_small_graph_is_laid_out_by_hand() -> None:
    """Start above end; an arrow back has its own way beside the one there."""
    nodes = {"a": (60.0, 20.0), "b": (60.0, 20.0), "c": (60.0, 20.0)}
    arrows = [
        Arrow(source=one, target=other, extent=(30.0, 10.0))
        for one, other in (("a", "b"), ("b", "a"), ("a", "c"))
    ]
    layout = lay_out(nodes, arrows, "a")
    assert layout.boxes["a"].bottom < layout.boxes["b"].y
    assert layout.boxes["b"].y == layout.boxes["c"].y
    assert [way.upwards for way in layout.ways] == [False, True, False]
    check_layout(layout, "small")


def test_words_break_where_people_break_them() -> None:
    assert wrap("Head of the unit", 60, 12) == ["Head of", "the unit"]
    assert wrap("（单位主要负责同志、联络员）", 72, 12) == ["（单位主要负", "责同志、联络", "员）"]
    assert width_of("督办", 12) == 24
    assert Box(x=0, y=0, width=2, height=2).overlaps(Box(x=1, y=1, width=2, height=2))
