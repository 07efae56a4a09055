"""What is committed runs anywhere and is finished: no machine's path, no registry's host, no note to self."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, texts

HERE = Path(__file__).relative_to(ROOT)
TRACES = {
    "a path of one machine": re.compile(
        r"(?<![\w.~*])/(?:home|Users|root|work|farm|mnt)/\w|/opt/(?:pypi|wheels)|\b[A-Z]:\\Users"
    ),
    "a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|npmjs\.org|proxy\.golang\.org|crates\.io|pypi\.tuna|mirrors\.\w+\.|"
        r"--(?:extra-)?index-url|--find-links",
        re.IGNORECASE,
    ),
    "unfinished work": re.compile(r"\b(?:TODO|FIXME|NotImplementedError)\b"),
}


def traces(text: str) -> list[tuple[int, str, str]]:
    return [
        (number, what, match.group())
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in TRACES.items()
        if (match := pattern.search(line))
    ]


def test_no_trace_of_a_machine_or_of_unfinished_work() -> None:
    found = [
        f"{path}:{line}: {what}: {said}"
        for path, text in texts()
        if path != HERE
        for line, what, said in traces(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "see /work/shared/design.md",
        'open("/home/anna/x")',
        "https://pypi.org/simple",
        "# TODO later",
        "raise NotImplementedError",
    ],
)
def test_traces_are_seen(line: str) -> None:
    assert traces(line)


@pytest.mark.parametrize("line", ["/var/lib/duban", "file://home", "docs/home/index.md", "a/work/b"])
def test_other_paths_are_no_traces(line: str) -> None:
    assert not traces(line)
