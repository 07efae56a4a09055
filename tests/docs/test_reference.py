"""The reference says what the language is, and nothing that it is not."""

import re
from collections.abc import Callable

import pytest

from engine.book.facts import ITEM, NOW, UNIT
from rules.cel import Fact, Facts, Kind, compile_condition
from rules.time.duration import Duration
from rules.time.moment import parse_due_day, parse_offset
from rules.time.period import parse_every, parse_period
from rules.time.window import parse_window
from tests.docs.pages import ROOT
from tests.docs.reference import PAGE, SOURCE, reference

PARSERS: dict[str, Callable[[str], object]] = {
    "Durations": Duration.parse,
    "Rungs": parse_offset,
    "Days of a period": parse_due_day,
    "Periods": parse_every,
    "Windows": parse_window,
}
FACTS = Facts(
    (
        NOW,
        *ITEM,
        *UNIT,
        Fact(name="unit.reports_missed", kind=Kind.INT),
        Fact(name="params.limit", kind=Kind.INT),
    )
)
BACKQUOTED = re.compile(r"`([^`]+)`")


def cells(heading: str, column: int = 0) -> list[str]:
    """What stands in backquotes in a column of the table under a heading."""
    _, found, below = SOURCE.read_text(encoding="utf-8").partition(f" | {heading}\n")
    assert found, f"the reference has no heading {heading}"
    rows = [line for line in below.partition("\n#")[0].splitlines() if line.startswith("| ")][2:]
    split = [re.split(r"(?<!\\)\|", row)[column + 1] for row in rows]
    return [each.replace(r"\|", "|") for cell in split for each in BACKQUOTED.findall(cell)]


def test_the_reference_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "renew it: python -m tests.docs.reference"


@pytest.mark.parametrize(("heading", "example"), [(each, cell) for each in PARSERS for cell in cells(each)])
def test_expressions_of_time_are_understood(heading: str, example: str) -> None:
    assert PARSERS[heading](example)


@pytest.mark.parametrize(("written", "id"), [*zip(cells("Periods"), cells("Periods", column=1), strict=True)])
def test_ids_of_periods_are_theirs(written: str, id: str) -> None:
    assert parse_period(id).every == parse_every(written)


@pytest.mark.parametrize("example", cells("Operators"))
def test_conditions_are_understood(example: str) -> None:
    assert compile_condition(example, FACTS).sentence("zh")


def test_codes_of_refusals_are_those_of_the_code() -> None:
    sources = ("workflows/refusals.py", "engine/guards.py", "engine/windows.py", "engine/act.py")
    text = "".join((ROOT / source).read_text(encoding="utf-8") for source in sources)
    assert set(cells("Codes of refusals")) == set(re.findall(r'\bcode(?:: \w+)? ?= ?"(\w+)"', text))
