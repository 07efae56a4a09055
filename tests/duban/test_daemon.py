"""The daemon keeps time, ends when told, survives a failing turn, and loses nothing when killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from duban.daemon import Daemon
from duban.session import VIRTUAL
from engine.deliver import Outcome, Outgoing
from engine.office import Office
from store.office import Store
from tests.duban.conftest import Duban
from tests.duban.readings import on_time

MONDAY = "2020-09-14 10:00"  # the boards of the first week are overdue, and a notice has been due since 09:00
STARTS_WITHIN_SECONDS = 30.0
ENDS_WITHIN_SECONDS = 5.0  # a second where nobody else is busy, which in a test nobody can promise


@contextmanager
def running(folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A daemon on an office that lives in real time; all of its programme is long overdue."""
    store = Store.open(f"sqlite:///{folder / 'duban.db'}")
    with store.write(datetime.now(UTC)) as tx:
        tx.set_meta(VIRTUAL[0], "no")
    store.close()
    command = [sys.executable, "-m", "duban.cli", "run", *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: "subprocess.Popen[str]", event: str) -> dict[str, Any]:
    assert process.stderr is not None
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < ends:
        line = process.stderr.readline()
        assert line, "the daemon ended"
        said: dict[str, Any] = json.loads(line)
        if said["event"] == event:
            return said
    raise AssertionError(f"no {event}")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once(town: Duban, tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "--heartbeat", "1") as process:
        wait_for(process, "turn")
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - began < ENDS_WITHIN_SECONDS
        assert '"clean": true' in (process.stderr.read() if process.stderr else "")
    assert town("audit", "verify").code == 0


@pytest.mark.slow
@pytest.mark.faults
def test_killed_and_begun_again_it_has_done_everything_once(town: Duban, tmp_path: Path) -> None:
    with running(tmp_path) as process:
        wait_for(process, "start")
        process.kill()
        process.wait(10)
    assert town("run", "--once").code == 0
    spoken = [
        row["obj"] for row in town("audit", "list", "--act", "rule.fire", "--limit", "0", "-o", "json").data
    ]
    town("run", "--once")
    again = [
        row["obj"] for row in town("audit", "list", "--act", "rule.fire", "--limit", "0", "-o", "json").data
    ]
    assert spoken
    assert again == spoken
    assert {each["state"] for each in town("notice", "list", "-o", "json").data} == {"sent"}
    assert town("audit", "verify").code == 0


class Mailbox:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Outgoing] = []

    def send(self, message: Outgoing) -> Outcome:
        self.letters.append(message)
        return Outcome(kind="sent", detail="kept")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def office(town: Duban) -> Iterator[Office]:
    found = Office.open("sqlite:///duban.db")
    yield found
    found.close()


def test_a_failing_turn_is_told_and_the_next_one_comes(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime(2020, 9, 14, 2, tzinfo=UTC)
    mailbox = Mailbox()
    daemon = Daemon(office, {"mail": mailbox}, 1, on_time(lambda: now))
    with monkeypatch.context() as broken:
        broken.setattr("duban.daemon.turn_all", lambda *_args, **_more: 1 // 0)
        assert daemon.turn() is None
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["event"]) == ("error", "turn")
    assert "ZeroDivisionError" in line["error"]
    assert "run --once" in line["next"]
    done = daemon.turn()
    assert done is not None
    assert done.spoke > 0
    sent = daemon.deliver()
    assert sent is not None
    assert sent.sent == len(mailbox.letters) > 0


def test_a_channel_that_is_down_stops_one_round_and_not_the_daemon(office: Office) -> None:
    class Down(Mailbox):
        def send(self, message: Outgoing) -> Outcome:
            super().send(message)
            return Outcome(kind="retry", detail="no connection", down=True)

    now = datetime(2020, 9, 14, 2, tzinfo=UTC)
    down = Down()
    daemon = Daemon(office, {"mail": down}, 1, on_time(lambda: now))
    daemon.turn()
    first = daemon.deliver()
    assert first is not None
    assert first.failed == 1
    daemon.channels = {"mail": Mailbox()}
    now += timedelta(hours=1)
    later = daemon.deliver()
    assert later is not None
    assert later.sent > 0


def test_its_last_sign_of_life_is_seen_by_others(office: Office, town: Duban) -> None:
    with freeze_time("2020-09-14 02:00:00"):
        Daemon(office, {}, 1).turn()
    assert "last heartbeat of the daemon 2020-09-14 10:00" in town("board").out


def test_told_to_stop_it_begins_nothing(office: Office) -> None:
    daemon = Daemon(office, {}, 1)
    daemon.stop()
    assert daemon.turn() is None
    assert daemon.deliver() is None
    assert daemon.wait_quiet()
