"""What must be found in a file with mistakes, written at its end, and what was found, in the same words."""

from collections.abc import Iterable
from pathlib import Path

from engine.book.finding import Finding

MARKS = {"en": "#: ", "zh": "#zh: "}


def expected(path: Path) -> dict[str, list[str]]:
    """The findings by language; Chinese only where the file says them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    told = {
        language: [line.removeprefix(mark) for line in lines if line.startswith(mark)]
        for language, mark in MARKS.items()
    }
    return {language: findings for language, findings in told.items() if findings}


def said(findings: Iterable[Finding], languages: Iterable[str]) -> dict[str, list[str]]:
    found = tuple(findings)
    shown = {
        "en": [f"{each.code} {each.text('en')}" for each in found],
        "zh": [each.text("zh") for each in found],
    }
    return {language: shown[language] for language in languages}
