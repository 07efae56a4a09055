"""Findings as workflow commands, which GitHub shows beside the lines of a change."""

from collections.abc import Iterator
from pathlib import Path

from duban.reports.places import shown_path
from duban.texts import Language, Text
from engine.book.finding import Finding


def github(folder: Path, findings: tuple[Finding, ...], language: Language) -> Iterator[str]:
    for finding in findings:
        where = {
            "file": shown_path(folder, finding),
            "line": finding.line,
            "col": finding.column,
            "title": finding.code,
        }
        properties = ",".join(f"{name}={in_property(str(value))}" for name, value in where.items())
        path = f"{finding.path}: " if finding.path else ""
        message = path + Text(finding.zh, finding.en).in_(language)
        yield f"::{finding.severity} {properties}::{in_message(message)}"


def in_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def in_property(text: str) -> str:
    return in_message(text).replace(":", "%3A").replace(",", "%2C")
