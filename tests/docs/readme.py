"""What the README shows of the demo: a run of it, cut to what fits a page.

`python -m tests.docs.readme` runs the demo and puts its output into the README.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from itertools import groupby

from duban.cli import main
from tests.docs.pages import ROOT, block

README = ROOT / "README.md"
COMMAND = "$ duban demo --lang en\n"
END = "Now try:"
ROWS = 5  # of each table, its head included
WIDEST = 200  # characters
CUT = "…"
SECOND = re.compile(r"before: ([A-Z]+-\d+-\d+)\)")
OTHER = re.compile(r"^  \S")  # a line that begins what is said about another interview


def shortened(printed: str) -> str:
    """Sentences whole, of each table the first rows, of the interviews a first one and what followed it."""
    lines = [line.rstrip() for line in printed.partition(END)[0].strip().splitlines()]
    shown = [line for line in lines if set(line) - {" ", "─"}]
    groups = groupby(shown, key=lambda line: line.startswith(" "))
    return "\n".join(cut(line) for inside, group in groups for line in part([*group], inside)) + "\n"


def part(lines: list[str], inside: bool) -> Iterator[str]:
    if not inside:
        yield from lines
        return
    yield from first_and_second(lines) if lines[0].startswith("  ") else lines[:ROWS]
    yield f" {CUT}"
    yield ""


def first_and_second(lines: list[str]) -> Iterator[str]:
    """Of the interviews (each a line, and below it why) one that counts an earlier one, and that one."""
    told: list[list[str]] = []
    for line in lines:
        if OTHER.match(line):
            told.append([])
        told[-1].append(line)
    sentences = ((each, " ".join(map(str.strip, each[1:]))) for each in told)
    again, before = next((each, found[1]) for each, why in sentences if (found := SECOND.search(why)))
    for each in told:
        if before in each[0] or each == again:
            yield from each


def cut(line: str) -> str:
    return line if len(line) <= WIDEST else line[:WIDEST].rstrip() + CUT


def printed_by_demo() -> str:
    with redirect_stdout(io.StringIO()) as printed:
        assert main(COMMAND.split()[2:]) == 0
    return printed.getvalue()


def renew() -> None:
    before = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        now = COMMAND + shortened(printed_by_demo())
    README.write_text(before.replace(block(README, "demo").text, now), encoding="utf-8")


if __name__ == "__main__":
    renew()
