"""Reports for other programs: what editors, GitHub, code scanners and CI servers read of check and test."""

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from duban.pages import codes, page_of
from duban.reports.github import github
from duban.reports.junit import Story, junit
from duban.reports.pretty import pretty
from duban.reports.sarif import sarif
from engine.book.finding import Finding, Place
from tests.duban.conftest import BOOK, Duban

SLIP = "units:\n  roads: {zh: 公路局, en: Roads, leeder: mayor}\n"
DOUBT = "roles:\n  idler: {zh: 闲人, en: Idler, posts: water.head}\n"


@pytest.fixture
def slip(tmp_path: Path) -> Path:
    return book_with(tmp_path, SLIP)


def book_with(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return folder


def test_findings_in_both_languages(duban: Duban, slip: Path) -> None:
    said = {lang: duban("check", str(slip), "--lang", lang) for lang in ("zh", "en")}
    assert {each.code for each in said.values()} == {1}
    where = "more.yaml:2:31: units.roads.leeder: "
    assert said["en"].out == f"{where}unknown key leeder, did you mean leader?\n"
    assert said["zh"].out == f"{where}没有 leeder 这个键，是不是 leader？\n"
    assert "duban explain unknown_key" in said["en"].err


def test_json_by_either_option_is_the_same(duban: Duban, slip: Path) -> None:
    by_format, by_output = (
        duban("check", str(slip), "--format", "json"),
        duban("check", str(slip), "-o", "json"),
    )
    assert by_format.data == by_output.data
    assert by_format.data[0]["code"] == "unknown_key"
    assert duban("check", str(BOOK), "--format", "json").data == []


def test_the_line_with_a_mark_under_it(slip: Path) -> None:
    finding = one(Place("more.yaml", 2, 16))
    lines = list(pretty(slip, (finding,), "en", source=True))
    shown = "    2 |   roads: {zh: 公路局, en: Roads, leeder: mayor}"
    before = shown.partition("路")[0]
    assert lines[1] == shown.replace("\t", " ")
    assert lines[2].index("^") == len(before) + 1, "the sign before takes two columns"


@pytest.mark.parametrize("place", [Place("absent.yaml"), Place("more.yaml", 99), Place("more.yaml", 1, 999)])
def test_a_place_that_cannot_be_shown_is_still_told(slip: Path, place: Place) -> None:
    assert "what" in next(pretty(slip, (one(place),), "en", source=True))
    assert len(list(pretty(slip, (one(place),), "en", source=True))) in (1, 3)


def one(place: Place, **more: Any) -> Finding:
    return Finding.at(place, "unknown_key", **({"zh": "何事", "en": "what"} | more))


def test_commands_for_github_are_escaped(tmp_path: Path) -> None:
    finding = one(Place("a,b:c.yaml", 3, 4), en="50 %\r\nof it: all, and more", path=("rules", "x"))
    (line,) = github(tmp_path, (finding,), "en")
    assert line.startswith("::error file=")
    assert line.endswith(
        "a%2Cb%3Ac.yaml,line=3,col=4,title=unknown_key::rules.x: 50 %25%0D%0Aof it: all, and more"
    )
    (line,) = github(tmp_path, (one(Place("x.yaml"), severity="warning"),), "zh")
    assert line.startswith("::warning file=")
    assert line.endswith("::何事")


def test_github_names_files_from_the_working_folder(duban: Duban, slip: Path) -> None:
    said = duban("check", str(slip), "--format", "github")
    assert said.out.startswith(
        "::error file=book/more.yaml,line=2,col=31,title=unknown_key::units.roads.leeder: "
    )
    assert said.code == 1


def test_sarif_has_what_the_standard_requires(duban: Duban, slip: Path) -> None:
    said = duban("check", str(slip), "--format", "sarif")
    assert said.code == 1
    log = said.data
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "duban"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "book/more.yaml"
        assert place["region"] == {"startLine": 2, "startColumn": 31}
    assert rules[0]["help"]["markdown"] == page_of("unknown_key")
    assert rules[0]["shortDescription"]["text"]


def test_sarif_paths_are_addresses(tmp_path: Path) -> None:
    log = sarif(tmp_path, (one(Place("规则 一.yaml")),), "zh")
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert " " not in uri


@pytest.mark.parametrize("form", ["json", "sarif", "github", "pretty"])
def test_reports_go_into_a_file(duban: Duban, slip: Path, tmp_path: Path, form: str) -> None:
    said = duban("check", str(slip), "--format", form, "--out", "report")
    assert (said.out, said.code) == ("", 1)
    assert "leeder" in (tmp_path / "report").read_text(encoding="utf-8")
    if form in ("json", "sarif"):
        json.loads((tmp_path / "report").read_text(encoding="utf-8"))


def test_exit_codes_of_check(duban: Duban, tmp_path: Path) -> None:
    assert duban("check", str(BOOK), "--format", "sarif").code == 0
    assert duban("check", "nowhere").code == 2
    assert duban("check", str(BOOK), "--format", "xml").code == 2
    doubtful = book_with(tmp_path, DOUBT)
    assert duban("check", str(doubtful)).code == 0
    assert duban("check", str(doubtful), "--strict").code == 1
    assert duban("check", str(BOOK), "--out", "no/such/folder").code == 3


def test_explain_says_what_a_code_means(duban: Duban) -> None:
    said = duban("explain", "unknown_key")
    assert said.code == 0
    assert "没有这个键" in said.out
    assert "```yaml" in said.out
    assert "unknown_key" in codes()


# ---------------------------------------------------------------- results of tests


def test_junit_has_a_case_for_each_story(duban: Duban, tmp_path: Path) -> None:
    assert duban("test", str(BOOK), "--format", "junit", "--out", "out.xml").code == 0
    suites = ElementTree.parse(tmp_path / "out.xml").getroot()
    suite = suites[0]
    cases = suite.findall("testcase")
    listed = duban("test", str(BOOK), "--format", "json").data
    assert [each.get("name") for each in cases] == [each["test"] for each in listed]
    assert suite.get("tests") == suites.get("tests") == str(len(listed))
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    assert all(float(each.get("time") or "-1") >= 0 for each in cases)


def test_a_failure_is_told_with_its_step() -> None:
    failures = ["step 2 at 2020-09-10 09:00: items: <none> & \x00", "step 3 at …: more"]
    root = ElementTree.fromstring(
        junit("town", [Story(name="one", label="一", seconds=0.25, failures=failures)])
    )
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("step 2 at 2020-09-10 09:00")
    assert (failure.text or "").splitlines()[1] == "step 3 at …: more"
    assert root.get("failures") == "1"


def test_tests_are_chosen_by_a_pattern(duban: Duban) -> None:
    every = [each["test"] for each in duban("test", str(BOOK), "-o", "json").data]
    named = [each["test"] for each in duban("test", str(BOOK), every[0][:3] + "*", "-o", "json").data]
    assert every[0] in named
    assert duban("test", str(BOOK), every[0]).code == 0


def test_a_pattern_that_matches_nothing_fails(duban: Duban) -> None:
    said = duban("test", str(BOOK), "zzz*")
    assert said.code == 1
    assert "zzz*" in said.err
    assert duban("test", "zzz*").code == 1
