"""Made-up people: any book lives with them, one seed gives one year, and values fit their fields."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.belonging import belongs_to
from engine.book.book import Book, read_book
from engine.invent import INVENTORS, invent
from engine.language import Scenario
from engine.names import unfit_argument
from engine.office import Founding, found
from engine.pretend import pretend
from engine.simulate import Lived, people_of, simulate
from rules.time.instant import instant
from tests.docs.test_howto import PAGES, write_book
from tests.engine.city import plain_book, small_book
from workflows.language import FieldSpec, FieldType, Label
from workflows.values import fit

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "duban/books/device-maintenance",
    "tests/duban/book",
    "tests/engine/books/small",
    "tests/bench/book",
)
GOOD = (*(ROOT / each for each in PLACES), *sorted((ROOT / "tests/engine/book/good").iterdir()))
BOOKS = (*filter(Path.is_dir, GOOD), *(page for page in PAGES if page.name.endswith(".en.md")))
TODAY = date(2025, 3, 3)


def live(
    folder: Path, book: Book, seed: int, days: int = 60
) -> tuple[Lived, list[tuple[str, str, str, str]], int]:
    """How it went, what the log says, and how many were set aside."""
    folder.mkdir(parents=True, exist_ok=True)
    since = instant(book.info.programme.start, 0, book.zone)
    until = since + timedelta(days=days)
    scenario = pretend(book, seed, since, until, volume=1)
    url = f"sqlite:///{folder / f'{seed}.db'}"
    office = found(Founding(url=url, book=book, files={}, holders=people_of(book, scenario)), since)
    try:
        lived = simulate(office, scenario, since, until, strict=False)
        with office.store.read() as reader:
            log = [(line.ts, line.act, line.obj_type, line.obj_id) for line in reader.audit_lines()]
            return lived, log, len(reader.parked())
    finally:
        office.close()


@pytest.mark.parametrize("place", BOOKS, ids=lambda path: path.name)
def test_every_book_can_be_lived_with(place: Path, tmp_path: Path) -> None:
    folder = place if place.is_dir() else write_book(place, tmp_path / "book")
    lived, log, parked = live(tmp_path, read_book(folder), seed=3, days=45)
    assert (lived.failed, parked) == ((), 0)
    assert len(log) > 1


@pytest.mark.slow
def test_the_first_book_can_be_lived_with_by_strangers(tmp_path: Path) -> None:
    lived, _, parked = live(tmp_path, read_book(ROOT / "duban/books/wuhu-2020"), seed=3)
    assert (lived.failed, parked) == ((), 0)
    assert lived.acts > 1000


def test_one_seed_one_year_and_another_seed_another(tmp_path: Path) -> None:
    book = plain_book()
    first, again, other = (live(tmp_path / name, book, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again
    assert first[1] != other[1]


def test_most_of_what_people_try_is_done(tmp_path: Path) -> None:
    lived, _, _ = live(tmp_path, plain_book(), seed=1, days=180)
    assert lived.acts > 100
    assert lived.refused * 4 < lived.acts


def test_a_scenario_made_up_is_well_formed() -> None:
    book = plain_book()
    since = instant(book.info.programme.start, 0, book.zone)
    made_up = pretend(book, 5, since, since + timedelta(days=365))
    assert Scenario.model_validate(made_up.model_dump(by_alias=True)) == made_up
    for workflow, acts in made_up.acts.items():
        spec = book.workflows[workflow].spec
        waiting = {
            state
            for each in spec.transitions
            if each.to is not None and set(each.by) & book.roles.keys()
            for state in each.from_
        }
        assert {act.state for act in acts} >= waiting
        assert all(not book.roles[act.by].external for act in acts)
    assert all(
        set(opening.open.with_) >= set(book.workflows[opening.open.workflow].spec.needs)
        for opening in made_up.happenings
        if opening.open
    )


def test_each_type_of_field_can_be_made_up() -> None:
    assert {*INVENTORS, "int", "number"} == set(get_args(FieldType))


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(get_args(FieldType)), past=st.booleans())
def test_what_is_made_up_fits_its_field(seed: int, kind: FieldType, past: bool) -> None:
    book = plain_book()
    field = FieldSpec(type=kind, label=Label(zh="字段", en="Field"), past=past and kind == "date")
    value = invent(book, field, Random(seed), TODAY)
    assert fit(field, value) is not None
    if kind == "date":
        assert (str(value) <= TODAY.isoformat()) == field.past


@given(seed=st.integers(0, 10**6))
def test_one_of_several_values_is_chosen(seed: int) -> None:
    both = {"a": Label(zh="甲", en="A"), "b": Label(zh="乙", en="B")}
    field = FieldSpec(type="text", label=Label(zh="字段", en="Field"), one_of=both)
    assert invent(plain_book(), field, Random(seed), TODAY) in both


def test_units_and_posts_are_those_of_the_book() -> None:
    book = plain_book()
    workflow = next(iter(book.workflows))
    for kind in ("unit", "post"):
        field = FieldSpec(type=kind, label=Label(zh="字段", en="Field"))
        value = invent(book, field, Random(1), TODAY)
        assert unfit_argument(book, workflow, {"none": value}, instant(TODAY, 0, book.zone)) is None
        assert value in (book.units if kind == "unit" else book.posts)


@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(("int", "number")),
    bounds=st.tuples(st.integers(-200, 200), st.integers(-200, 200)),
    sides=st.sampled_from(("both", "least", "most")),
    turns=st.lists(st.integers(0, 300), max_size=3),
)
def test_a_made_up_number_keeps_to_its_bounds(
    seed: int, kind: FieldType, bounds: tuple[int, int], sides: str, turns: list[int]
) -> None:
    least, most = sorted(bounds)
    field = FieldSpec(
        type=kind,
        label=Label(zh="字段", en="Field"),
        at_least=None if sides == "most" else least,
        at_most=None if sides == "least" else most,
    )
    at = tuple(Decimal(each) for each in sorted(turns))
    assert fit(field, invent(plain_book(), field, Random(seed), TODAY, at)) is not None


def test_made_up_numbers_lie_on_both_sides_of_each_turn() -> None:
    field, turns = FieldSpec(type="int", label=Label(zh="死亡", en="Deaths")), (Decimal(3), Decimal(10))
    drawn = {invent(plain_book(), field, Random(seed), TODAY, turns) for seed in range(200)}
    assert {2, 3, 9, 10} <= drawn
    assert drawn - set(range(11))


def test_every_kind_that_people_open_comes_dozens_of_times_to_each_unit() -> None:
    book = plain_book()
    since = instant(book.info.programme.start, 0, book.zone)
    made_up = pretend(book, 5, since, since + timedelta(days=365))
    counted = Counter((each.open.workflow, each.open.unit) for each in made_up.happenings if each.open)
    assert {unit for _, unit in counted} == {"works", "traffic"}
    assert {workflow for workflow, _ in counted} >= {"task", "extension"}
    assert min(counted.values()) >= 24
    many = pretend(book, 5, since, since + timedelta(days=365), volume=30)
    assert len(many.happenings) > 5 * len(made_up.happenings)


def test_a_moment_that_has_not_come_is_refused(tmp_path: Path) -> None:
    fields = "      progress: {type: number,"
    told = "      seen_at: {type: moment, label: {zh: 查看时间, en: seen at}, past: true}\n" + fields
    book = small_book(tmp_path, [(fields, told)])
    now = instant(TODAY, 600, book.zone)
    for minute, fine in (("10:00", True), ("10:01", False)):
        refused = unfit_argument(book, "task", {"seen_at": f"{TODAY}T{minute}+08:00"}, now)
        assert (refused is None) == fine
    assert refused is not None
    assert refused.zh.endswith("10:01，还没有到：现在是 2025-03-03 10:00，事后再登记")


def test_what_hangs_on_another_item_is_opened_for_one_that_is_open(tmp_path: Path) -> None:
    """An extension is asked for something; of a unit that has nothing open nobody asks one."""
    book = plain_book()
    assert belongs_to(book, "extension") == ("task",)
    assert belongs_to(book, "task") == ()
    since = instant(book.info.programme.start, 0, book.zone)
    until = since + timedelta(days=60)
    scenario = pretend(book, 3, since, until)
    url = f"sqlite:///{tmp_path / 'office.db'}"
    office = found(Founding(url=url, book=book, files={}, holders=people_of(book, scenario)), since)
    simulate(office, scenario, since, until, strict=False)
    with office.store.read() as reader:
        asked = reader.list_items(workflow="extension")
        above = reader.items_by_id([row.parent or "" for row in asked])
    office.close()
    assert asked
    assert all(above[row.parent or ""].workflow == "task" for row in asked)
    assert all(above[row.parent or ""].unit == row.unit for row in asked)


def test_another_way_is_tried_before_the_nearest_one_is_taken() -> None:
    book = plain_book()
    since = instant(book.info.programme.start, 0, book.zone)
    for seed in range(20):
        for acts in pretend(book, seed, since, since + timedelta(days=365)).acts.values():
            first = [act for act in acts if act.share == 100 and days_of(act.timing)]
            whole = {act.state: days_of(act.timing) for act in first}
            others = [act for act in acts if act.share < 100]
            assert all(days_of(act.timing) < whole[act.state] for act in others)


def days_of(timing: str) -> int:
    """Zero where it is not after so many workdays."""
    words = timing.split()
    return int(words[-2]) if words[-1] == "workdays" else 0
