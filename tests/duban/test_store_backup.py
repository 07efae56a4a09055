"""An office is lost and comes back out of a backup: read at once, acting once two persons said so (O2)."""

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from duban.config import load_settings
from duban.daemon import Daemon
from duban.health.pages import pages
from duban.session import VIRTUAL
from engine.office import Office
from store.office import Store
from store.verify import verify
from tests.databases import KINDS, Databases
from tests.duban.conftest import BOOK, PEOPLE, Duban
from tests.duban.readings import on_time
from tests.duban.test_daemon import Mailbox

MONDAY = datetime(2020, 9, 14, 2, tzinfo=UTC)  # the boards of the first week are overdue
HOUR = timedelta(hours=1)
PERSONS = ("--by", "supervisor", "--by", "mayor")


@pytest.fixture
def lived(duban: Duban, url: str) -> str:
    """The address of an office in real time, founded on the first Monday."""
    assert (
        duban("init", str(BOOK), "--people", str(PEOPLE), "--now", "2020-09-07 08:00", "--store", url).code
        == 0
    )
    store = Store.open(url)
    with store.write(MONDAY - HOUR) as tx:
        tx.set_meta(VIRTUAL[0], "no")
    store.close()
    return url


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    (tmp_path / "there").mkdir()
    return databases.url(request.param, tmp_path / "there")


def live(url: str, hours: range, *, deliver: bool = True) -> Mailbox:
    """A daemon's beat at each of these hours after Monday."""
    mailbox, office = Mailbox(), Office.open(url)
    for hour in hours:
        daemon = Daemon(office, {"mail": mailbox}, 1, on_time(lambda hour=hour: MONDAY + hour * HOUR))  # type: ignore[misc]
        assert daemon.turn() is not None
        if deliver:
            daemon.deliver()
    office.close()
    return mailbox


def spoken(url: str) -> list[tuple[str, str, str]]:
    store = Store.open(url)
    with store.read() as reader:
        told = [(line.obj_id, line.rec) for line in reader.audit_lines() if line.act == "rule.fire"]
        assert verify(reader).ok
    store.close()
    return [(obj, *(json.loads(rec).get(name, "") for name in ("rule", "occasion"))) for obj, rec in told]


def test_an_office_comes_back(duban: Duban, lived: str, place: str) -> None:
    live(lived, range(2))
    live(lived, range(2, 3), deliver=False)
    made = duban("store", "backup", "backup.db", "--store", lived, "-o", "json")
    assert made.code == 0, made.err
    before = spoken(lived)
    live(lived, range(3, 4 * 24, 9))  # four days that nobody will remember
    later = duban("store", "backup", "later.db", "--store", lived, "-o", "json").data
    missed = spoken(lived)
    assert len(missed) > len(before) > 0

    back = duban("store", "restore", "backup.db", "--store", place)
    assert back.code == 0, back.err
    assert "reconcile" in back.out
    done = duban("store", "reconcile", *PERSONS, "--anchor", later["anchor"], "--store", place, "-o", "json")
    assert done.code == 0, done.err
    assert done.data["lost"] == later["entries"] - made.data["entries"] > 0
    for hour in (4 * 24, 4 * 24 + 1, 4 * 24 + 2):
        live(place, range(hour, hour + 1))
    after = spoken(place)
    assert len(set(after)) == len(after)
    assert set(before) < set(after)  # what was due meanwhile was caught up with, and nothing twice
    entry = duban("audit", "list", "--act", "office.recover", "--store", place, "-o", "json").data[0]
    told = duban("audit", "show", str(entry["seq"]), "--store", place, "-o", "json").data["record"]
    assert [each["id"] for each in told["by"]] == ["supervisor", "mayor"]
    assert (told["backup"], told["size"], told["root"]) == (
        "backup.db",
        made.data["entries"],
        made.data["root"],
    )
    assert told["anchor"] == {"size": later["entries"], "root": later["root"]}
    assert duban("audit", "verify", "--store", place).code == 0


@pytest.fixture
def held(duban: Duban, lived: str, place: str) -> str:
    """Restored, with notices that waited when the backup was made."""
    live(lived, range(3), deliver=False)
    assert duban("store", "backup", "backup.db", "--store", lived).code == 0
    assert duban("store", "restore", "backup.db", "--store", place).code == 0
    return place


def test_what_is_held_is_read_and_never_written(
    duban: Duban, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_STORE", held)
    board = next(row["id"] for row in duban("item", "list", "-o", "json").data if row["workflow"] == "board")
    for words in (
        ("run", "--once"),
        ("run",),
        ("item", "do", board, "file", "pages=3", "--as", "water.head"),
        ("people", "set", "mayor", "赵市长", "zhao@town.example"),
        ("book", "adopt", str(BOOK), "--by", "mayor"),
        ("clock", "confirm", "--as", "mayor"),
    ):
        said = duban(*words)
        assert said.code == 3, words
        assert "duban store reconcile" in said.err
    assert "reconcile" in duban("run", "--once", "--lang", "zh").err
    for question in ("board", f"item show {board}", f"why {board}", "audit verify", "notice list"):
        assert duban(*question.split()).code == 0, question
    doctor = duban("doctor", "-o", "json")
    assert doctor.code == 1
    assert {each["about"]: each["level"] for each in doctor.data}["restored"] == "bad"


def test_a_daemon_whose_store_is_held_is_not_ready(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office.open(held)
    daemon = Daemon(office, {}, 30, on_time(lambda: MONDAY + 9 * HOUR))
    assert daemon.turn() is None
    assert "duban store reconcile" in capsys.readouterr().err
    status, _, body = pages(daemon, load_settings({"store": held}, {}))["/ready"]()
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "restored" in {each["about"] for each in json.loads(body)["findings"]}
    office.close()


def test_what_waited_is_not_sent_again_by_itself(duban: Duban, held: str) -> None:
    store = Store.open(held)
    with store.read() as reader:
        waiting = reader.list_notices(state="pending")
    store.close()
    formal = {each.id for each in waiting if each.notice.formal}
    assert waiting
    done = duban("store", "reconcile", *PERSONS, "--store", held, "-o", "json")
    assert done.code == 0, done.err
    assert (done.data["unknown"], done.data["dropped"]) == (len(formal), len(waiting) - len(formal))
    assert done.data["lost"] is None
    found = {row["id"]: row["state"] for row in duban("notice", "list", "--store", held, "-o", "json").data}
    assert {id for id, state in found.items() if state == "unknown"} == formal
    assert {found[each.id] for each in waiting} <= {"unknown", "dropped"}
    mailbox = live(held, range(3, 4))
    assert not {each.message_id for each in mailbox.letters} & {each.message_id for each in waiting}
    again = duban("store", "reconcile", *PERSONS, "--store", held)
    assert (again.code, "nothing is to be done" in again.err) == (1, True)


def test_two_persons_and_an_anchor_that_agrees_are_asked_for(duban: Duban, held: str, lived: str) -> None:
    made = duban("store", "backup", "again.db", "--store", lived, "-o", "json").data
    for words, sentence in (
        ((), "say who decides"),
        (("--by", "mayor"), "say who decides"),
        (("--by", "mayor", "--by", "mayor"), "two different persons"),
        (("--by", "mayor", "--by", "nobody"), "no post nobody"),
        ((*PERSONS, "--anchor", "12"), "SIZE·ROOT"),
        ((*PERSONS, "--anchor", f"{made['entries']}·{'0' * 64}"), "another root"),
        ((*PERSONS, "--anchor", f"2·{'0' * 64}"), "another root"),
    ):
        said = duban("store", "reconcile", *words, "--store", held)
        assert said.code in (1, 2), words
        assert sentence in said.err
        assert duban("doctor", "--store", held).code == 1
    assert duban("store", "reconcile", *PERSONS, "--anchor", made["anchor"], "--store", held).code == 0


def test_where_to_restore_to_is_said(duban: Duban, tmp_path: Path) -> None:
    assert "--store" in duban("store", "restore", "backup.db").err
    assert not list(tmp_path.iterdir())
