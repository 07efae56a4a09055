"""Whatever is in a file, a check ends soon and says where and why (L9).

How long the slowest takes is measured by CORPUS_FIGURES=1; here only what would be a hang is refused, because
machines that run tests are shared.
"""

import os
import resource
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from time import process_time

import pytest

from engine.book.book import check_book
from engine.book.finding import Finding
from engine.book.text import read_yaml
from tests.engine.book.corpus import BASE, damaged
from tests.engine.book.hostile import hostile

SEED = 20201009
QUICK, QUICK_HOSTILE = 400, 80
ALL, ALL_HOSTILE = 10_000, 2_000
BESIDE = 5  # every fifth damaged file is also checked as part of a book
TOO_LONG = 3.0  # seconds of processor time; the goal is 0.2 on an idle machine
TOO_MUCH = 50 * 1024  # kilobytes by which the process may grow over one file


class Watch:
    """The slowest file and the largest growth."""

    def __init__(self) -> None:
        self.slowest, self.largest, self.worst = 0.0, 0, b""

    def look(self, raw: bytes, seconds: float, before: int) -> None:
        if seconds > self.slowest:
            self.slowest, self.worst = seconds, raw
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.largest = max(self.largest, grown)
        assert seconds < TOO_LONG, raw[:300]
        assert grown < TOO_MUCH, raw[:300]

    def tell(self, name: str) -> None:
        if os.environ.get("CORPUS_FIGURES"):
            figures = f"slowest {self.slowest * 1000:.0f} ms, grew {self.largest / 1024:.1f} MB"
            sys.stderr.write(f"\n{name}: {figures}\n{self.worst[:200]!r}\n")


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def assert_told(findings: Iterable[Finding]) -> None:
    for each in findings:
        assert each.line >= 1, each
        assert each.column >= 1, each
        assert each.zh, each
        assert each.en, each


def read_all(files: Iterable[bytes], name: str) -> None:
    watch = Watch()
    for raw in files:
        before, begin = peak(), process_time()
        root, findings = read_yaml(raw, "file.yaml")
        watch.look(raw, process_time() - begin, before)
        assert_told(findings)
        assert root is not None or findings, "what cannot be read says why"
    watch.tell(f"{name}, read")


def check_all(files: Iterable[bytes], folder: Path, name: str) -> None:
    shutil.copytree(BASE, folder)
    watch = Watch()
    for raw in files:
        (folder / "zz.yaml").write_bytes(raw)
        before, begin = peak(), process_time()
        findings = check_book(folder)
        watch.look(raw, process_time() - begin, before)
        assert_told(findings)
    watch.tell(f"{name}, checked beside a good book")


def test_damaged_files(tmp_path: Path) -> None:
    files = list(damaged(SEED, QUICK))
    read_all(files, "damaged")
    check_all(files[::BESIDE], tmp_path / "book", "damaged")


def test_hostile_files(tmp_path: Path) -> None:
    check_all(hostile(SEED, QUICK_HOSTILE), tmp_path / "book", "hostile")


@pytest.mark.slow
def test_ten_thousand_damaged_files(tmp_path: Path) -> None:
    files = list(damaged(SEED + 1, ALL))
    read_all(files, "damaged")
    check_all(files[::BESIDE], tmp_path / "book", "damaged")


@pytest.mark.slow
def test_two_thousand_hostile_files(tmp_path: Path) -> None:
    check_all(hostile(SEED + 1, ALL_HOSTILE), tmp_path / "book", "hostile")


def test_a_seed_gives_the_same_files() -> None:
    assert list(damaged(1, 20)) == list(damaged(1, 20))
    assert list(hostile(1, 20)) == list(hostile(1, 20))
    assert list(damaged(1, 20)) != list(damaged(2, 20))
