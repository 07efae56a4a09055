"""A followed folder in which something is wrong: the last good book stays, time is kept, it is told once."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duban.daemon import Daemon
from duban.follow import Followed
from engine.office import Office
from tests.duban.conftest import BOOK, Duban
from tests.duban.readings import on_time

BEFORE_REMINDERS = datetime(2020, 9, 17, 0, 59, 50, tzinfo=UTC)  # on Thursday at 09:00 boards are reminded of


class Beating:
    """A daemon that follows a folder, a second from beat to beat."""

    def __init__(self, office: Office, folder: Path, log: Callable[[], str]) -> None:
        self.office, self.folder, self._log, self.now = office, folder, log, BEFORE_REMINDERS
        self.daemon = Daemon(office, {}, 1, on_time(lambda: self.now), Followed(folder))

    def beat(self, times: int = 3) -> list[str]:
        """What the log says meanwhile."""
        for _ in range(times):
            self.now += timedelta(seconds=1)
            assert self.daemon.turn() is not None, "a turn takes place whatever the folder holds"
        return [json.loads(line)["event"] for line in self._log().splitlines()]

    @property
    def version(self) -> str:
        return self.office.book.info.version


@pytest.fixture
def beating(town: Duban, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Beating]:
    folder = tmp_path / "followed"
    shutil.copytree(BOOK, folder)
    office = Office.open("sqlite:///duban.db")
    made = Beating(office, folder, lambda: capsys.readouterr().err)
    assert made.beat() == [], "what is followed is what is in force"
    yield made
    office.close()


def write(book: Path, old: str, new: str) -> None:
    text = book.read_text("utf-8")
    assert old in text
    book.write_text(text.replace(old, new, 1), "utf-8")


def half_saved(folder: Path) -> None:
    write(folder / "book.yaml", "rules:\n", "rules: [\n")


def misspelt(folder: Path) -> None:
    write(folder / "book.yaml", "for: leads", "for: leadz")


def without_a_file(folder: Path) -> None:
    (folder / "workflows.yaml").unlink()


def in_another_encoding(folder: Path) -> None:
    (folder / "workflows.yaml").write_text((folder / "workflows.yaml").read_text("utf-8"), "gb18030")


def empty(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        path.unlink()


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [half_saved, misspelt, without_a_file, in_another_encoding, empty, gone])
def test_the_last_good_book_stays_and_it_is_told_once(
    harm: Callable[[Path], None], beating: Beating, town: Duban
) -> None:
    before = beating.office.book.digest
    harm(beating.folder)
    assert beating.beat() == ["book.refuse"], "not at every beat"
    assert beating.beat() == []
    assert beating.office.book.digest == before
    (entry,) = town("audit", "list", "--act", "book.refuse", "-o", "json").data
    assert "the one before stays" in entry["why"]
    assert town("audit", "verify").code == 0


def locked_by_an_editor(folder: Path) -> None:
    (folder / ".#book.yaml").symlink_to("somebody@office.1")


def linked_to_nothing(folder: Path) -> None:
    (folder / "more.yaml").symlink_to("nowhere.yaml")


def with_a_folder_of_such_a_name(folder: Path) -> None:
    (folder / "more.yaml").mkdir()


@pytest.mark.parametrize("litter", [locked_by_an_editor, linked_to_nothing, with_a_folder_of_such_a_name])
def test_what_is_no_file_of_the_book_stops_nothing(litter: Callable[[Path], None], beating: Beating) -> None:
    litter(beating.folder)
    assert beating.beat() == []
    write(beating.folder / "book.yaml", 'version: "1"', 'version: "2"')
    assert beating.beat() == ["book.adopt"]


def test_a_file_that_cannot_be_read_is_told_once(beating: Beating, monkeypatch: pytest.MonkeyPatch) -> None:
    (beating.folder / "more.yaml").write_text("templates: {}\n", "utf-8")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "more.yaml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert beating.beat() == ["book.refuse"]
    assert beating.beat() == []


def test_what_failed_for_another_reason_is_tried_again_and_time_is_kept(
    beating: Beating, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(beating.folder / "book.yaml", 'version: "1"', 'version: "2"')
    with monkeypatch.context() as busy:
        busy.setattr("duban.follow.adopt", lambda *_: 1 // 0)
        assert beating.beat(20) == ["follow"] * 6 + ["follow", "turn"] + ["follow"] * 13
    assert beating.beat() == ["book.adopt"]


def test_meanwhile_time_is_kept(beating: Beating, town: Duban) -> None:
    misspelt(beating.folder)
    assert beating.beat(20) == ["book.refuse", "turn"]
    assert town("notice", "list", "-o", "json").data, "the reminders of nine o'clock"


def test_mended_it_is_adopted(beating: Beating) -> None:
    misspelt(beating.folder)
    beating.beat()
    write(beating.folder / "book.yaml", "for: leadz", "for: leads")
    assert beating.beat() == [], "what it was is in force already"
    write(beating.folder / "book.yaml", 'version: "1"', 'version: "2"')
    assert beating.beat() == ["book.adopt"]
    assert beating.version == "2"


def test_another_mistake_is_told_anew(beating: Beating, town: Duban) -> None:
    misspelt(beating.folder)
    assert beating.beat() == ["book.refuse"]
    half_saved(beating.folder)
    assert beating.beat() == ["book.refuse"]
    told = town("audit", "list", "--act", "book.refuse", "-o", "json").data
    assert ["did you mean leads?" in each["why"] for each in told] == [False, True], "the newest first"


def test_the_log_says_the_way_out(beating: Beating, capsys: pytest.CaptureFixture[str]) -> None:
    misspelt(beating.folder)
    beating.now += timedelta(seconds=1)
    beating.daemon.turn()
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["digest"]) == ("error", beating.office.book.digest)
    assert "duban audit list --act book.refuse" in line["next"]
