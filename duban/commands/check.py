"""`duban check`: everything that is wrong or doubtful in a book, for people and for programs."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands.book import Named
from duban.mistakes import FINDINGS
from duban.options import with_session
from duban.output import Format, Listing, as_json
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from engine.book.finding import Finding

COLUMNS = ("file", "line", "column", "path", "message")
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="写入文件,屏幕上只留小结 / into a file; the screen keeps the summary",
        show_default=False,
    ),
]


class Report(StrEnum):
    pretty = "pretty"
    json = "json"
    github = "github"
    sarif = "sarif"


def register(app: typer.Typer) -> None:
    app.command("check", help="检查规则册,逐行报告 / check a book, every mistake at its line")(
        with_session(check)
    )


def check(
    session: Session,
    book: Named = None,
    strict: Annotated[bool, typer.Option("--strict", help="提示也算问题 / warnings count as well")] = False,
    report: Annotated[
        Report | None, typer.Option("--format", help="报告格式 / form of the report", show_default="pretty")
    ] = None,
    out: Out = None,
) -> None:
    # A check builds much and throws nothing away: looking for garbage costs a third of a large book's time.
    gc.disable()
    from duban.shelf import find_book
    from engine.book.book import check_book

    folder = find_book(book or session.settings.book)
    findings = check_book(folder)
    if report is None and session.output is not Format.table:
        session.list(Listing(columns=COLUMNS, rows=rows(session, findings)))
    else:
        write(out, WRITERS[report or Report.pretty](session, folder, findings, out))
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    session.note(
        f"{folder}：{errors} 处错误，{warnings} 处提示", f"{folder}: {errors} errors, {warnings} warnings"
    )
    if findings and out is None and report in (None, Report.pretty) and session.output is Format.table:
        code = findings[0].code
        session.note(f"代码的含义见 `duban explain {code}`", f"`duban explain {code}` says more of one")
    if errors or (strict and findings):
        raise typer.Exit(FINDINGS)


def write(out: Path | None, lines: Iterable[str]) -> None:
    """To the file, or to the screen."""
    if out is None:
        for line in lines:
            print(line)
    else:
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def rows(session: Session, findings: "Iterable[Finding]") -> list[dict[str, Any]]:
    return [
        asdict(finding) | {"message": Text(finding.zh, finding.en).in_(session.language)}
        for finding in findings
    ]


Findings = tuple["Finding", ...]
Writer = Callable[[Session, Path, Findings, Path | None], Iterable[str]]


def as_pretty(session: Session, folder: Path, findings: Findings, out: Path | None) -> Iterable[str]:
    import sys

    from duban.reports.pretty import pretty

    return pretty(folder, findings, session.language, source=out is None and sys.stdout.isatty())


def as_rows(session: Session, _folder: Path, findings: Findings, _out: Path | None) -> Iterable[str]:
    return [as_json(rows(session, findings), indent=2)]


def as_github(session: Session, folder: Path, findings: Findings, _out: Path | None) -> Iterable[str]:
    from duban.reports.github import github

    return github(folder, findings, session.language)


def as_sarif(session: Session, folder: Path, findings: Findings, _out: Path | None) -> Iterable[str]:
    from duban.reports.sarif import sarif

    return [as_json(sarif(folder, findings, session.language), indent=2)]


WRITERS: dict[Report, Writer] = {
    Report.pretty: as_pretty,
    Report.json: as_rows,
    Report.github: as_github,
    Report.sarif: as_sarif,
}
