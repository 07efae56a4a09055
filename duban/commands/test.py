"""`duban test`: run the stories that a book tells of itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands.check import Out, write
from duban.mistakes import FINDINGS, Mistake
from duban.options import with_session
from duban.output import Format, Listing, as_json, write_listing
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from engine.book.book import Book
    from engine.testing import Result
    from engine.watch import Watch

COLUMNS = ("test", "label", "result")


class Report(StrEnum):
    pretty = "pretty"
    json = "json"
    junit = "junit"


@dataclass(frozen=True, kw_only=True)
class Timed:
    """`seconds` by the clock on the wall, with the reading of a book with other parameters."""

    result: "Result"
    seconds: float


def register(app: typer.Typer) -> None:
    app.command("test", help="运行规则册自带的测试 / run the book's own tests")(with_session(run_tests))


def run_tests(
    session: Session,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BOOK] [PATTERN]…",
            help="规则册;测试名,可用 * / a book's folder or name; names of tests, * for any letters",
        ),
    ] = None,
    report: Annotated[
        Report | None, typer.Option("--format", help="报告格式 / form of the report", show_default="pretty")
    ] = None,
    out: Out = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="测试走到了规则册的哪些部分 / what of the book the tests reach")
    ] = False,
    least: Annotated[
        int | None,
        typer.Option(
            "--least",
            metavar="PERCENT",
            min=0,
            max=100,
            help="覆盖率低于它则退出码为 1 / exit 1 where less is reached",
            show_default=False,
        ),
    ] = None,
) -> None:
    from engine.book.book import read_book
    from engine.watch import Watch

    folder, patterns = split(session, words or [])
    content = read_book(folder)
    if not content.tests:
        raise Mistake(f"{folder} 没有测试", f"{folder} has no tests: write some under tests:", FINDINGS)
    names = chosen(content.tests, patterns, folder)
    watch = Watch() if coverage or least is not None else None
    results = list(run_all(session, folder, content, names, watch))
    if watch is None or report is not None or out is not None:
        tell(session, content, results, report, out)
    tell_failures(session, results)
    low = False
    if watch is not None:
        reached = coverage_of(session, folder, content, watch)
        tests = [row(session, content, each) for each in results]
        low = tell_coverage(session, {**reached, "least": least or 0, "tests": tests})
    failed = sum(not each.result.passed for each in results)
    passed = len(results) - failed
    session.note(f"{passed} 个通过，{failed} 个未通过", f"{passed} passed, {failed} failed")
    if failed or low:
        raise typer.Exit(FINDINGS)


def split(session: Session, words: list[str]) -> tuple[Path, list[str]]:
    """The book, and what its tests are named by; a first word that is no book is a pattern."""
    from duban.shelf import find_book, shipped

    usual = session.settings.book
    if words and (Path(words[0]).exists() or words[0] in shipped() or "/" in words[0]):
        return find_book(words[0]), words[1:]
    return find_book(usual), words


def chosen(tests: Collection[str], patterns: list[str], folder: Path) -> tuple[str, ...]:
    """In the order of the book. Raises Mistake for a pattern that no test answers to."""
    from engine.book.finding import hint

    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in tests):
            zh, en, _ = hint(pattern, tests)
            raise Mistake(
                f"{folder} 没有名称符合 {pattern} 的测试{zh}",
                f"no test of {folder} is named {pattern}{en}",
                FINDINGS,
            )
    return tuple(name for name in tests if not patterns or any(fnmatchcase(name, each) for each in patterns))


def run_all(
    session: Session, folder: Path, book: "Book", names: tuple[str, ...], watch: "Watch | None" = None
) -> Iterator[Timed]:
    from duban.progress import progress
    from engine.book.book import read_book
    from engine.testing import run_test

    with TemporaryDirectory() as stores, progress(session.pick("测试", "testing")) as advance:
        for number, name in enumerate(names):
            advance(number, len(names))
            begin = perf_counter()
            case = book.tests[name]
            told = read_book(folder, case.params) if case.params else book
            if watch is None:
                result = run_test(told, name, case, Path(stores))
            else:
                result = run_test(watch.over(told), name, case, Path(stores), watch.look(told))
            yield Timed(result=result, seconds=perf_counter() - begin)


def tell(
    session: Session, book: "Book", results: list[Timed], report: Report | None, out: Path | None
) -> None:
    rows = [row(session, book, each) for each in results]
    if report is Report.junit:
        write(out, [as_junit(session, book, results)])
    elif report is Report.json:
        write(out, [as_json(rows, indent=2)])
    else:
        form = session.output if report is None else Format.table
        listed = StringIO()
        write_listing(Listing(columns=COLUMNS, rows=rows), form, session.language, listed)
        write(out, [listed.getvalue().rstrip("\n")])


def tell_failures(session: Session, results: list[Timed]) -> None:
    for each in results:
        for failure in each.result.failures:
            session.note(f"{each.result.name}：{failure.zh}", f"{each.result.name}: {failure.en}")


def coverage_of(session: Session, folder: Path, book: "Book", watch: "Watch") -> dict[str, Any]:
    from duban.views.coverage import coverage_data
    from engine.coverage import coverage, places_of

    return coverage_data(coverage(book, watch.reached), places_of(folder), session.language)


def tell_coverage(session: Session, data: dict[str, Any]) -> bool:
    """Whether less was reached than is wanted."""
    from duban.views.coverage import coverage_parts, missing_listing

    if session.output is Format.csv:
        session.list(missing_listing(data, session.language))
    else:
        session.show(data, coverage_parts(data, session.language))
    low = bool(data["reached"] * 100 < data["least"] * data["whole"])
    if low:
        session.note(
            f"覆盖率 {data['percent']} %，低于要求的 {data['least']} %",
            f"{data['percent']} % reached, {data['least']} % are wanted",
        )
    return low


def as_junit(session: Session, book: "Book", results: list[Timed]) -> str:
    from duban.reports.junit import Story, junit

    stories = [
        Story(
            name=each.result.name,
            label=label_of(session, book, each.result.name),
            seconds=each.seconds,
            failures=[failure.text(session.language) for failure in each.result.failures],
        )
        for each in results
    ]
    return junit(book.info.id, stories).rstrip("\n")


def label_of(session: Session, book: "Book", name: str) -> str:
    label = book.tests[name].label
    return Text(label.zh, label.en).in_(session.language)


def row(session: Session, book: "Book", timed: Timed) -> dict[str, Any]:
    result = timed.result
    return {
        "test": result.name,
        "label": label_of(session, book, result.name),
        "golden": result.golden,
        "passed": result.passed,
        "result": session.pick("通过", "passed") if result.passed else session.pick("未通过", "failed"),
        "seconds": round(timed.seconds, 3),
        "failures": [failure.text(session.language) for failure in result.failures],
    }
