"""What operators and auditors are told: settings that load, people that are read, entries that look so."""

import json
from pathlib import Path

import pytest

from duban.cli import main
from duban.config import VARIABLES, load_settings
from tests.docs.pages import DOCS, block, blocks, prose

OFFICE = DOCS / "operators" / "first-office.md"
LOG = DOCS / "auditors" / "log.md"
TUTORIAL = DOCS / "authors" / "tutorial.zh.md"


@pytest.fixture
def my_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for each in blocks(TUTORIAL):
        if each.language == "yaml":
            file = Path("my-book", each.name)
            file.parent.mkdir(exist_ok=True, parents=True)
            file.write_text(each.text, encoding="utf-8")
    return Path("my-book")


def test_the_settings_load(tmp_path: Path) -> None:
    file, password = tmp_path / "duban.yaml", tmp_path / "mail-password"
    written = block(OFFICE, "duban.yaml").text
    file.write_text(written.replace("mail-password", str(password)), encoding="utf-8")
    password.write_text("secret\n", encoding="utf-8")
    assert load_settings({}, {}, file).channel.kind == "smtp"


def test_every_setting_is_told() -> None:
    told = prose(OFFICE) + block(OFFICE, "duban.yaml").text
    assert [name for name in VARIABLES if f"`{name}`" not in told] == []


def test_people_are_read(my_book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = next(each.text for each in blocks(OFFICE) if each.language == "yaml" and not each.name)
    Path("people.yaml").write_text(people, encoding="utf-8")
    made = ["init", str(my_book), "--people", "people.yaml", "--now", "2026-03-02 08:00"]
    assert main(made) == 0
    assert main(["people", "list", "-o", "json"]) == 0
    posts = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert {each["post"] for each in posts if each["name"]} == {"water.head", "water.liaison"}


def test_an_entry_looks_as_auditors_are_told(my_book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(my_book), "--now", "2026-03-02 08:00"]) == 0
    assert main(["run", "--once", "--now", "2026-03-05 09:00"]) == 0
    capsys.readouterr()
    assert main(["audit", "list", "--act", "rule.fire", "-o", "json"]) == 0
    number = str(json.loads(capsys.readouterr().out)[-1]["seq"])
    assert main(["audit", "show", number, "-o", "json"]) == 0
    record = json.loads(capsys.readouterr().out)["record"]
    shown = json.loads(block(LOG, "entry").text)
    assert record.keys() == shown.keys()
    told = prose(LOG)
    assert [key for key in record if f"`{key}`" not in told] == []
    same = ("act", "actor", "basis", "cls", "idem", "log", "ok", "rule", "v", "ts", "why")
    assert {key: record[key] for key in same} == {key: shown[key] for key in same}
