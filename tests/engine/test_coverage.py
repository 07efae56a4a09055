"""What stories reach: counted without the engine knowing, and without changing what it does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.book.book import Book, read_book
from engine.coverage import Coverage, Kind, Point, coverage, percent_of, places_of, points_of
from engine.testing import run_test
from engine.watch import Watch
from store.read import Reader
from tests.docs.pages import DOCS
from tests.docs.test_howto import write_book
from tests.engine.test_testing import ANSWERED, timeline, write

HOWTO = DOCS / "authors" / "howto"


def lived(folder: Path, book: Book) -> Coverage:
    watch = Watch()
    for name, case in book.tests.items():
        assert run_test(watch.over(book), name, case, folder, watch.look(book)).failures == (), name
    return coverage(book, watch.reached)


def page(folder: Path, topic: str) -> Book:
    folder.mkdir()
    return read_book(write_book(HOWTO / f"{topic}.en.md", folder / "book"))


def said(points: tuple[Point, ...]) -> Iterator[str]:
    for point in points:
        side = f" {point.verdict}" if point.kind == "term" else ""
        yield f"{point.kind} {'.'.join(map(str, point.path[1:]))}{side}"


def test_one_quiet_letter_reaches_little(tmp_path: Path) -> None:
    book = read_book(write(tmp_path, timeline("at: 11:00, expect: {quiet: {rule: reply_ladder}}")))
    found = lived(tmp_path, book)
    assert set(said(found.missing)) == {
        "rule reply_ladder",
        "rung reply_ladder.ladder.0",
        "rung reply_ladder.ladder.1",
        "rule slip",
        "guard real_answer.then.require",
        "term real_answer.then.require True",
        "term real_answer.then.require False",
        "term grave.if False",
        *(f"transition request.transitions.{at}" for at in range(5)),
        "pause reply.pauses.unclear",
    }
    assert found.counts()["clock"] == (1, 1)


def test_a_guard_that_lets_through_has_not_refused(tmp_path: Path) -> None:
    book = read_book(write(tmp_path, timeline(ANSWERED, "at: 11:00, expect: {shadow: grave}")))
    missing = set(said(lived(tmp_path, book).missing))
    assert "term real_answer.then.require True" not in missing
    assert {"term real_answer.then.require False", "guard real_answer.then.require"} <= missing


def test_each_point_has_its_file_and_line(tmp_path: Path) -> None:
    folder = write(tmp_path, timeline("at: 11:00, expect: {quiet: true}"))
    place, lines = places_of(folder), (folder / "request.yaml").read_text(encoding="utf-8").splitlines()
    for point in points_of(read_book(folder)):
        found = place(point)
        line = lines[found.line - 1]
        if point.kind == "term":
            assert line[found.column - 1 :].startswith(point.text), (point, line)
        elif isinstance(point.path[-1], str):
            assert line.strip().startswith(f"{point.path[-1]}:"), (point, line)
        elif point.kind == "transition":
            assert f"event: {point.text}" in line


def test_cases_pauses_and_levels_are_counted(tmp_path: Path) -> None:
    kinds: dict[Kind, tuple[int, int]] = {}
    for topic in ("categories", "pauses", "classes"):
        kinds |= {
            kind: count
            for kind, count in lived(tmp_path / topic, page(tmp_path / topic, topic)).counts().items()
            if kind in ("case", "pause", "level")
        }
    assert kinds.keys() == {"case", "pause", "level"}
    assert all(0 < reached <= whole for reached, whole in kinds.values())


def test_watching_changes_nothing(tmp_path: Path) -> None:
    """The same log of the same stories, by a book whose digest is the same."""
    for topic in ("categories", "classes", "ranking", "two_approvers"):
        folder = tmp_path / topic
        book = page(folder, topic)
        assert Watch().over(book).digest == book.digest
        for name, case in book.tests.items():
            told: list[list[Any]] = []

            def look(reader: Reader, told: list[list[Any]] = told) -> None:
                told.append([(line.ts, line.act, line.obj_id, line.rec) for line in reader.audit_lines()])

            for number, one in enumerate((book, Watch().over(book))):
                place = folder / f"{number}"
                place.mkdir(exist_ok=True)
                run_test(one, name, case, place, look)
            assert [without_secrets(line) for line in told[0]] == [without_secrets(line) for line in told[1]]


def without_secrets(line: tuple[str, str, str, str]) -> tuple[str, str, str]:
    """Records hold digests made with a key of each store's own."""
    return line[:3]


def test_percents_are_rounded_down() -> None:
    assert str(percent_of(999, 1000)) == "99.9"
    assert str(percent_of(9999, 10000)) == "99.9"
    assert percent_of(3, 3) == 100
    assert percent_of(0, 0) == 100
