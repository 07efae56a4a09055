"""The README opens with the two commands, shows what the demo really prints, and what to try next works."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from duban.cli import main
from tests.docs.pages import block, blocks
from tests.docs.readme import COMMAND, CUT, README, printed_by_demo


def test_it_opens_with_the_two_commands() -> None:
    first = next(blocks(README))
    assert [line.split("#")[0].strip() for line in first.text.splitlines()] == ["make demo", "make test"]


def skeleton(line: str) -> str:
    """What a line is about: but for numbers, spaces and what follows a colon, which differ."""
    return " ".join(re.sub(r"[0-9a-f]{12}|\d+", "0", line).partition(":")[0].split())


def headings(text: str) -> list[str]:
    """Of the printed text all but the rows of tables: sentences, titles, and the heads of the tables."""
    lines = [line for line in text.splitlines() if line.strip()]
    tops = [line for before, line in pairwise(lines) if before[0] != " " and line[0] == " "]
    return [skeleton(line) for line in lines if line[0] != " " or line in tops]


@pytest.mark.slow
def test_the_demo_prints_what_it_shows_and_leaves_an_office_to_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = block(README, "demo").text
    assert shown.startswith(COMMAND)
    printed = [skeleton(line) for line in printed_by_demo().splitlines()]
    wanted = headings(shown.removeprefix(COMMAND))
    assert len(wanted) > 10
    unseen = [line for line in wanted if not any(each.startswith(line.rstrip(CUT)) for each in printed)]
    assert not unseen, "renew it: python -m tests.docs.readme\n" + "\n".join(unseen)

    first, *following = block(README, "next").text.splitlines()
    variable, _, value = first.removeprefix("export ").partition("=")
    monkeypatch.setenv(variable, value)
    for command in following:
        words = shlex.split(command, comments=True)
        assert main(words[1:]) == 0, f"{command}: {capsys.readouterr().err}"
