"""A small town's office, and the command line as its people use it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from duban.cli import main

HERE = Path(__file__).parent
BOOK = HERE / "book"
PEOPLE = HERE / "people.yaml"
BEGINS = "2020-09-07 08:00"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Duban = Callable[..., Said]


@pytest.fixture
def duban(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Duban:
    """Runs a command in an empty folder, in English, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "DUBAN_STORE",
        "DUBAN_AS",
        "DUBAN_NOW",
        "DUBAN_LANG",
        "DUBAN_CONFIG",
        "DUBAN_DEBUG",
        "LC_ALL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(*words: str) -> Said:
        code = main(list(words))
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of an office in its first week: boards of two bureaus are due on Friday."""
    store = tmp_path_factory.mktemp("office") / "duban.db"
    url = f"sqlite:///{store}"
    assert main(["init", str(BOOK), "--people", str(PEOPLE), "--now", BEGINS, "--store", url]) == 0
    assert main(["run", "--once", "--store", url]) == 0
    return store


@pytest.fixture
def town(duban: Duban, first_week: Path, tmp_path: Path) -> Duban:
    """That office in ./duban.db, on a virtual clock."""
    shutil.copy(first_week, tmp_path / "duban.db")
    return duban
