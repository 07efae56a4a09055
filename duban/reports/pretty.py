"""Findings for people: one line each, on a terminal with the line of the file and a mark under the place."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from duban.reports.places import path_of
from duban.texts import Language, Text
from engine.book.finding import Finding

LONGEST_LINE = 200  # signs of the file's line that are shown
WIDE = ("W", "F")  # signs that take two columns


def pretty(folder: Path, findings: tuple[Finding, ...], language: Language, *, source: bool) -> Iterator[str]:
    """`source`: with the line that is meant."""
    for finding in findings:
        mark = Text("提示：", "warning: ").in_(language) if finding.severity == "warning" else ""
        yield mark + finding.text(language)
        if source:
            yield from pointed(path_of(folder, finding), finding)


def pointed(path: Path, finding: Finding) -> Iterator[str]:
    lines = lines_of(path)
    if not 0 < finding.line <= len(lines):
        return
    line = lines[finding.line - 1]
    begin = max(0, finding.column - LONGEST_LINE // 2)
    shown = "".join(visible(sign) for sign in line[begin : begin + LONGEST_LINE])
    before = "".join(visible(sign) for sign in line[begin : finding.column - 1])
    margin = f"{finding.line:>5} | "
    yield margin + shown
    yield " " * (len(margin) + columns(before)) + "^"


@lru_cache(maxsize=8)
def lines_of(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []  # the finding says itself that the file cannot be read


def visible(sign: str) -> str:
    """A tab as one space; signs that a terminal would obey are shown as a box."""
    return " " if sign == "\t" else sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}"


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in WIDE else 1 for sign in text)
