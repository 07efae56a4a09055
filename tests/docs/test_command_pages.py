"""Pages about commands: their files are written, their commands run as the reader types them."""

import shlex
import subprocess
from pathlib import Path

import pytest

from duban.cli import main
from tests.docs.pages import DOCS, blocks

AUTHORS = DOCS / "authors"
PAGES = sorted(path for topic in ("changing", "trials", "import") for path in AUTHORS.glob(f"{topic}.??.md"))
BOOK_FILES = {"complaints.yaml"}  # of the book in ./my-book; other files lie beside it
DIFFERS = "duban diff "  # whose exit code says that the books differ


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found: Path = request.param
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", found.suffixes[0].removeprefix("."))
    for each in blocks(found):
        if each.name and each.language in ("yaml", "csv"):
            folder = tmp_path / "my-book" if each.name in BOOK_FILES else tmp_path
            folder.mkdir(exist_ok=True)
            (folder / each.name).write_text(each.text, encoding="utf-8")
            if each.name in BOOK_FILES:
                (folder / "office.yaml").write_bytes((AUTHORS / "howto" / "office.yaml").read_bytes())
    return found


@pytest.mark.slow
def test_every_command_of_the_page_does_what_it_says(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for each in blocks(page):
        for line in each.text.splitlines() if each.language == "sh" else ():
            if line.startswith("duban "):
                code = main(shlex.split(line)[1:])
                assert code == line.startswith(DIFFERS), f"{line}: {capsys.readouterr().err}"
            else:
                subprocess.run(shlex.split(line), check=True)  # the page's own line


def test_both_languages_show_the_same_files_and_commands() -> None:
    assert PAGES
    for chinese in [page for page in PAGES if page.suffixes[0] == ".zh"]:
        english = chinese.with_name(chinese.name.replace(".zh.", ".en."))
        zh, en = (
            [each.text for each in blocks(page) if each.language in ("yaml", "csv", "sh")]
            for page in (chinese, english)
        )
        assert zh == en, chinese.name
