"""The README opens with the two commands, and shows what the demo really prints."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from duban.cli import main
from tests.docs.pages import ROOT, block, blocks

README = ROOT / "README.md"
CUT = "…"


def test_it_opens_with_the_two_commands() -> None:
    first = next(blocks(README))
    assert [line.split("#")[0].strip() for line in first.text.splitlines()] == ["make demo", "make test"]


def skeleton(line: str) -> str:
    """The line but for its numbers and spaces, which differ from one made-up year to the next."""
    return " ".join(re.sub(r"[0-9a-f]{12}|\d+", "0", line).split())


def headings(text: str) -> list[str]:
    """Of the printed text all but the rows of tables: sentences, titles, and the heads of the tables."""
    lines = [line for line in text.splitlines() if line.strip()]
    tops = [line for before, line in pairwise(lines) if before[0] != " " and line[0] == " "]
    return [skeleton(line) for line in lines if line[0] != " " or line in tops]


@pytest.mark.slow
def test_the_demo_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = block(README, "demo").text.removeprefix("$ duban demo --lang en\n")
    assert main(["demo", "--lang", "en", "--store", "sqlite:///demo.db"]) == 0
    printed = [skeleton(line) for line in capsys.readouterr().out.splitlines()]
    wanted = headings(shown)
    assert len(wanted) > 10
    unseen = [line for line in wanted if not any(each.startswith(line.rstrip(CUT)) for each in printed)]
    assert not unseen, "\n".join(unseen)
