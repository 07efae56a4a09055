"""Findings as SARIF 2.1.0, for code scanning: each code is a rule whose help is its page."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from duban.pages import page_of, title_of
from duban.reports.places import shown_path
from duban.texts import Language, Text
from engine.book.finding import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(folder: Path, findings: tuple[Finding, ...], language: Language) -> dict[str, Any]:
    codes = sorted({finding.code for finding in findings})
    places = {code: at for at, code in enumerate(codes)}
    driver = {
        "name": "duban",
        "version": version("duban"),
        "rules": [rule(code, language) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [result(folder, each, places[each.code], language) for each in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule(code: str, language: Language) -> dict[str, Any]:
    page = page_of(code) or code
    return {
        "id": code,
        "shortDescription": {"text": title_of(code, language)},
        "help": {"text": page, "markdown": page},
    }


def result(folder: Path, finding: Finding, rule_index: int, language: Language) -> dict[str, Any]:
    path = f"{finding.path}: " if finding.path else ""
    place = {
        "artifactLocation": {"uri": quote(shown_path(folder, finding))},
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    # The same finding is known again when lines before it were added.
    known = sha256("\n".join((finding.code, finding.file, finding.path, finding.en)).encode()).hexdigest()
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": path + Text(finding.zh, finding.en).in_(language)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"finding/v1": known},
    }
