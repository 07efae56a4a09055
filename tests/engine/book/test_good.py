"""Books without mistakes: what is made of them."""

import json
import shutil
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from engine.book.book import Book, check_book, read_book, read_scenario
from engine.book.finding import BookError
from engine.book.gather import Sections
from engine.book.library import LibraryFile, library_files
from engine.book.merge import merge
from engine.book.schema import book_schema
from engine.book.text import read_yaml

GOOD = Path(__file__).parent / "good"
SMALL = GOOD / "small"
BORROWED = GOOD / "borrowed"


@pytest.fixture(scope="module")
def small() -> Book:
    return read_book(SMALL)


@pytest.fixture(scope="module")
def borrowed() -> Book:
    return read_book(BORROWED)


def copy_of(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("folder", [SMALL, BORROWED], ids=lambda folder: folder.name)
def test_nothing_is_found_in_a_good_book(folder: Path) -> None:
    assert check_book(folder) == ()


def test_the_shipped_book_has_no_errors() -> None:
    folder = Path(str(files("duban"))) / "books" / "wuhu-2020"
    assert [each.text("en") for each in check_book(folder) if each.severity == "error"] == []


def test_every_unit_has_a_head_and_a_liaison(small: Book) -> None:
    assert small.posts["finance.head"].zh == "财政局主要负责同志"
    assert small.posts["water.liaison"].unit == "water"
    assert small.posts["mayor"].unit == "city"


def test_rungs_guards_and_rules_are_found_by_workflow(small: Book) -> None:
    rungs = small.rungs_of("board", "due")
    assert [(rule.id, rung.index, str(rung.offset)) for rule, rung in rungs] == [
        ("reminder", 0, "3 workdays before at 09:00"),
        ("reminder", 1, "at due"),
        ("reminder", 2, "1 workday after at 09:00"),
    ]
    assert [rule.id for rule in small.guards("interview", "hold")] == ["chair_present"]
    assert [rule.id for rule in small.periodic_rules] == ["monthly"]
    assert small.event_rules("board", "file") == ()
    assert [clock.id for clock in small.clocks_of("interview")] == ["decide"]


def test_a_ladder_by_count_knows_who_chairs(small: Book) -> None:
    monthly = small.rules["monthly"]
    chairs = [band.spec.with_["chair"] for nth in (1, 2, 9) if (band := monthly.band(nth))]
    assert chairs == ["leader", "mayor", "mayor"]


def test_a_rule_reads_what_it_weighs_and_what_it_tells(small: Book) -> None:
    assert small.rules["reminder"].reads == {"item.state", "item.kind", "item.pages"}
    assert small.rules["monthly"].reads == {"unit.boards_missed", "params.interview_from"}


def test_a_duty_owed_once_ends_with_its_date(small: Book) -> None:
    plan = small.duties["plan"]
    (period,) = plan.periods()
    assert (period.first, period.last) == (date(2020, 9, 1), date(2020, 9, 30))
    assert plan.due.moment(period, small.calendar).due.isoformat() == "2020-09-30T09:00:00+00:00"
    assert small.duties["weekly_board"].owers == ("finance", "water")


def test_parameters_can_be_others_for_a_test() -> None:
    book = read_book(SMALL, params={"lead": "5 workdays before at 09:00"})
    assert str(book.rungs_of("board", "due")[0][1].offset) == "5 workdays before at 09:00"
    with pytest.raises(BookError, match="did you mean lead"):
        read_book(SMALL, params={"leed": "5 workdays before at 09:00"})
    with pytest.raises(BookError, match="none of 1, 2"):
        read_book(SMALL, params={"interview_from": 3})


def test_a_book_borrows_from_libraries_and_changes_what_it_likes(borrowed: Book) -> None:
    assert borrowed.workflows["task"].spec.prefix == "RX"
    assert "theme" in borrowed.workflows["task"].spec.fields
    assert "co_units" not in borrowed.workflows["task"].spec.fields
    assert borrowed.rules["overdue_flag"].spec.label.zh == "逾期红灯"
    assert borrowed.rules["overdue_flag"].workflows == ("task",)
    assert {"behind_on_report", "dispatch_reminder"} & set(borrowed.rules) == set()
    assert "chair" not in borrowed.roles
    assert borrowed.clocks["due"].spec.of == ("task",)
    assert borrowed.params["lag_tolerance"].value == Decimal(5)
    assert borrowed.params["lag_tolerance"].en.startswith("Tolerance")


def test_two_libraries_that_disagree_are_not_chosen_between_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def file(name: str, zh: str) -> LibraryFile:
        node, _ = read_yaml(f"{{zh: {zh}, en: Owner, is: item.owner}}".encode(), f"rules/library/{name}.yaml")
        assert node is not None
        return LibraryFile(name=name, room="rules", pieces={"roles": {"holder": node}})

    files_of_rules = (*library_files("rules"), file("one", "甲"), file("two", "乙"))
    monkeypatch.setattr("engine.book.merge.library_files", lambda room: files_of_rules)
    book, _ = read_yaml(b"{uses: [one, two]}", "book.yaml")
    assert book is not None
    _, findings = merge(Sections(single={"book": book}))
    assert [each.code for each in findings] == ["ambiguous_piece"]


def test_a_calendar_of_the_offices_own(borrowed: Book) -> None:
    assert borrowed.calendar.holiday(date(2020, 9, 7)) == "本市停课"
    assert not borrowed.calendar.is_workday(date(2020, 10, 1))


@pytest.mark.parametrize("folder", [SMALL, BORROWED], ids=lambda folder: folder.name)
def test_a_book_can_be_made_again_from_its_bytes(folder: Path) -> None:
    book = read_book(folder)
    again = Book.from_canonical(book.canonical)
    assert (again.digest, again.canonical) == (book.digest, book.canonical)
    assert again.params == book.params
    assert list(again.units) == list(book.units)
    assert {id: each.spec for id, each in again.workflows.items()} == {
        id: each.spec for id, each in book.workflows.items()
    }
    assert {id: each.reads for id, each in again.rules.items()} == {
        id: each.reads for id, each in book.rules.items()
    }
    assert (again.items, again.tests, again.calendar.digest) == (book.items, book.tests, book.calendar.digest)


def test_english_readers_are_told_of_chinese_words_for_a_basis(tmp_path: Path) -> None:
    folder = copy_of(BORROWED, tmp_path)
    change(folder / "book.yaml", "  timezone:", "  language: en\n  timezone:")
    findings = check_book(folder)
    assert {(each.code, each.severity) for each in findings} == {("foreign_basis", "warning")}
    placeholder = "is the library's placeholder in Chinese"
    assert [each.text("en").partition(": take")[0] for each in findings] == [
        f"book.yaml:11:17: book.uses.1: the basis of behind_schedule, caught_up {placeholder}",
        f"book.yaml:11:22: book.uses.2: the basis of due_reminder, light_out {placeholder}",
        f"book.yaml:35:3: rules.overdue_flag: the basis of overdue_flag {placeholder}",
    ]
    change(folder / "book.yaml", "reminders/overdue_flag", "reminders/overdue_flag\n    basis: No. 2, 1")
    assert len(check_book(folder)) == len(findings) - 1


def test_bytes_that_are_no_book_are_refused() -> None:
    with pytest.raises(ValueError, match="no book of language"):
        Book.from_canonical(b'{"language":99}')


def test_the_digest_does_not_mind_comments_layout_and_files(small: Book, tmp_path: Path) -> None:
    folder = copy_of(SMALL, tmp_path)
    change(
        folder / "book.yaml",
        "  finance: {zh: 财政局, en: Finance bureau,",
        "  # money\n  finance: {en: Finance bureau, zh: '财政局',",
    )
    (folder / "rules.yaml").rename(folder / "zz.yaml")
    assert read_book(folder).digest == small.digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("book.yaml", "财政局, en", "财政所, en"),
        ("book.yaml", "value: 1", "value: 2"),
        ("rules.yaml", "friday at 17:00", "friday at 17:30"),
        ("rules.yaml", "缺报次数, en", "缺报数, en"),
        ("rules.yaml", "count: 1", "count: 2"),
        ("workflows.yaml", "default: 1", "default: 2"),
        ("workflows.yaml", "by: supervisor", "by: approver"),
    ],
)
def test_the_digest_minds_every_value(small: Book, tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = copy_of(SMALL, tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    if old in text:
        change(folder / file, old, new)
        if "缺报" in old:
            change(folder / file, "单位.缺报次数", "单位.缺报数")
    else:
        change(folder / file, "by: [supervisor", "by: [approver")
    assert read_book(folder).digest != small.digest


def test_what_libraries_say_of_states_and_events_is_true_of_some_workflow() -> None:
    specs = [
        node.plain() for file in library_files("workflows") for node in file.pieces["workflows"].values()
    ]
    states = {state for spec in specs for state in spec["states"]}
    events = {each["event"] for spec in specs for each in spec["transitions"]} | {"open"}
    for file in library_files("rules"):
        for id, node in file.pieces.get("clocks", {}).items():
            clock = node.plain()
            named = {
                *_list(clock["stops"]),
                *_list(clock.get("cancels", [])),
                *_list(clock["starts"].get("state", [])),
            }
            assert named <= states, f"{file.name}/{id}"
            assert set(_list(clock["starts"].get("event", []))) <= events, f"{file.name}/{id}"
        for id, node in file.pieces.get("rules", {}).items():
            when = node.plain()["when"]
            assert {*_list(when.get("event", [])), *_list(when.get("before", []))} <= events, (
                f"{file.name}/{id}"
            )


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_schema_knows_every_section_and_speaks_chinese() -> None:
    schema = book_schema()
    assert {"book", "rules", "workflows", "scenario"} <= set(schema["properties"])
    assert "required" not in schema
    assert schema["$defs"]["RuleTaken"]["required"] == ["from"]
    assert "施行期间" in json.dumps(schema, ensure_ascii=False)


def test_a_scenario_is_read_with_the_same_care(tmp_path: Path) -> None:
    path = tmp_path / "year.yaml"
    path.write_text("scenario: {label: {zh: 年, en: Year}, sead: 1}\n", encoding="utf-8")
    with pytest.raises(
        BookError, match=r"year\.yaml:1:\d+: scenario\.sead: unknown key sead, did you mean seed\?"
    ):
        read_scenario(path)
