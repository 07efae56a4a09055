"""Books with mistakes: each file of bad/ is laid beside a good book and ends with all that must be found.

`#without: FILE` on the first line takes that file of the good book away. A line `#: code file:line:column: …`
is a finding, in the order in which a reader meets them; `#zh: file:line:column: …` says the same in Chinese.
"""

import shutil
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from engine.act import Absence
from engine.book.book import check_book, read_book
from engine.book.check.doings import REFUSALS
from engine.book.finding import BookError
from engine.guards import Forbidden
from tests.engine.book.expected import expected, said
from workflows.refusals import Code

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yaml"))


def beside(good: Path, bad: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    shutil.copytree(good, folder)
    shutil.copy(bad, folder / "bad.yaml")
    first = bad.read_text(encoding="utf-8").splitlines()[0]
    if first.startswith("#without: "):
        (folder / first.removeprefix("#without: ")).unlink()
    return folder


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.stem)
def test_every_mistake_is_found_where_it_is(bad: Path, tmp_path: Path) -> None:
    folder = beside(HERE / "good" / "small", bad, tmp_path)
    findings, wanted = check_book(folder), expected(bad)
    assert said(findings, wanted) == wanted
    assert "en" in wanted
    assert all("pydantic" not in each.text(language) for each in findings for language in ("zh", "en"))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.stem)
def test_chinese_sentences_are_chinese(bad: Path, tmp_path: Path) -> None:
    for finding in check_book(beside(HERE / "good" / "small", bad, tmp_path)):
        assert any("一" <= sign <= "鿿" for sign in finding.zh)


def test_a_book_with_errors_is_refused_with_all_of_them(tmp_path: Path) -> None:
    folder = beside(HERE / "good" / "small", HERE / "bad" / "story_names.yaml", tmp_path)
    with pytest.raises(BookError) as caught:
        read_book(folder)
    assert len(caught.value.findings) == 7
    assert "是不是 weekly_board？" in caught.value.text("zh")


def test_warnings_do_not_stop_a_book(tmp_path: Path) -> None:
    folder = beside(HERE / "good" / "small", HERE / "bad" / "always_true.yaml", tmp_path)
    assert [each.severity for each in check_book(folder)] == ["warning"]
    assert "broken" in read_book(folder).rules


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert [each.code for each in check_book(tmp_path / "nowhere")] == ["no_book"]
    assert [each.code for each in check_book(tmp_path)] == ["no_book"]


def test_a_file_named_yml_is_not_read_in_silence(tmp_path: Path) -> None:
    folder = beside(HERE / "good" / "small", HERE / "bad" / "always_true.yaml", tmp_path)
    (folder / "bad.yaml").rename(folder / "bad.yml")
    assert [each.code for each in check_book(folder)] == ["not_read"]


def with_scenario(name: str, tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    shutil.copytree(HERE / "good" / "small", folder)
    (folder / "scenarios").mkdir()
    shutil.copy(HERE / "scenarios" / f"{name}.yaml", folder / "scenarios" / "year.yaml")
    return folder


@pytest.mark.parametrize("name", ["wrong_names", "not_well_formed"])
def test_a_scenario_is_checked_against_the_book_beside_it(name: str, tmp_path: Path) -> None:
    wanted = expected(HERE / "scenarios" / f"{name}.yaml")
    folder = with_scenario(name, tmp_path)
    assert said(check_book(folder), wanted) == wanted
    assert read_book(folder).info.id == "small", "a scenario is no part of the book"


def test_nothing_is_found_in_a_good_scenario(tmp_path: Path) -> None:
    assert check_book(with_scenario("good", tmp_path)) == ()


def test_the_refusals_a_story_may_expect_are_those_there_are() -> None:
    guard = {each.default for each in fields(Forbidden) if each.name == "code"}
    assert {*get_args(Code), *get_args(Absence), *guard, "window"} == REFUSALS


def test_nothing_is_of_no_use_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    shutil.copytree(HERE / "good" / "small", folder)
    before = [finding for finding in check_book(folder) if finding.severity == "warning"]
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "\nrules: {broken: [\n", "utf-8")
    findings = check_book(folder)
    assert [each.code for each in findings if each.severity == "error"] != []
    assert {each.code for each in findings if each.severity == "warning"} <= {each.code for each in before}
