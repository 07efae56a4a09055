"""`duban test --coverage`: what a person and a program are shown, and the exit code."""

import csv
import io
from pathlib import Path

from tests.duban.conftest import BOOK, Duban


def test_as_a_table(duban: Duban) -> None:
    said = duban("test", str(BOOK), "--coverage", "--lang", "zh")
    assert said.code == 0, said.err
    assert "没有走到的" in said.out
    assert "从未" in said.out
    assert "个通过" in said.err


def test_as_data(duban: Duban) -> None:
    data = duban("test", str(BOOK), "--coverage", "-o", "json").data
    assert data["reached"] == sum(each["reached"] for each in data["kinds"])
    assert data["whole"] - data["reached"] == len(data["missing"])
    assert all(each["passed"] for each in data["tests"])
    for each in data["missing"]:
        assert each["line"] > 0
        if not each["file"].startswith(("rules/", "workflows/")):
            assert (BOOK / each["file"]).is_file()


def test_lines_not_reached_as_a_list(duban: Duban) -> None:
    rows = [*csv.DictReader(io.StringIO(duban("test", str(BOOK), "--coverage", "-o", "csv").out))]
    whole = duban("test", str(BOOK), "--coverage", "-o", "json").data
    assert [row["message"] for row in rows] == [each["message"] for each in whole["missing"]]


def test_less_than_is_wanted_is_told_and_is_a_finding(duban: Duban) -> None:
    data = duban("test", str(BOOK), "--coverage", "-o", "json").data
    enough, more = int(data["percent"]), int(data["percent"]) + 1
    assert duban("test", str(BOOK), "--least", str(enough)).code == 0
    said = duban("test", str(BOOK), "--least", str(more))
    assert said.code == 1
    assert f"{more} % are wanted" in said.err
    assert duban("test", str(BOOK), "--least", "101").code == 2


def test_a_report_of_the_tests_goes_along_into_a_file(duban: Duban, tmp_path: Path) -> None:
    said = duban("test", str(BOOK), "--coverage", "--format", "junit", "--out", "tests.xml")
    assert said.code == 0, said.err
    assert (tmp_path / "tests.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "reached" in said.out
