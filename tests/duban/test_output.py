"""Every list can be read by people and by programs, and a spreadsheet runs nothing of it."""

import csv
import io
import json
import subprocess
import sys

import pytest

from duban.output import Format, Listing, harmless, write_listing
from duban.texts import HEADINGS, LIGHTS, NOTICE_STATES, OUTCOMES, language_of
from tests.duban.conftest import Duban

LISTS = [
    ["item", "list"],
    ["board"],
    ["unit", "list"],
    ["audit", "list"],
    ["notice", "list"],
    ["bulletin", "list"],
    ["people", "list"],
    ["book", "list"],
]


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_every_list_in_every_form(town: Duban, words: list[str]) -> None:
    rows = town(*words, "-o", "json").data
    lines = [json.loads(line) for line in town(*words, "-o", "jsonl").out.splitlines()]
    assert lines == rows
    table = list(csv.DictReader(io.StringIO(town(*words, "-o", "csv").out)))
    assert len(table) == len(rows)
    assert {key for row in rows for key in row} <= set(table[0] if table else rows)
    for language in ("zh", "en"):
        said = town(*words, "--lang", language)
        assert said.code == 0
        assert "\x1b" not in said.out


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_holds_no_live_formula(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    out = io.StringIO()
    write_listing(Listing(columns=("title",), rows=[{"title": f"{sign}cmd()"}]), Format.csv, "en", out)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1] == [f"'{sign}cmd()"]


def test_numbers_and_words_stay_as_they_are_in_csv() -> None:
    assert [harmless(value) for value in (-3, "a-b", None, True, ["x"])] == [-3, "a-b", "", True, '["x"]']


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_system(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_every_text_is_in_both_languages() -> None:
    for table in (HEADINGS, OUTCOMES, NOTICE_STATES):
        assert all(text.zh and text.en for text in table.values())
    assert set(LIGHTS) == {"none", "green", "yellow", "red"}


def test_asking_for_help_loads_no_engine() -> None:
    """So that it comes within half a second."""
    code = "import sys; from duban.cli import main; main(['--help']); print({*HEAVY} & {*sys.modules})"
    heavy = ("sqlmodel", "sqlalchemy", "lark", "apscheduler", "pydantic", "transitions", "yaml")
    ran = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy}; {code}"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.rstrip().endswith("set()")


def test_a_reader_that_leaves_early_is_no_error(town: Duban) -> None:
    words = [sys.executable, "-m", "duban.cli", "audit", "list", "--limit", "0", "-o", "jsonl"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(30) == 0
        assert running.stderr.read() == b""
