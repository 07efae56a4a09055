"""Whether an office is well: what a person, a probe and systemd are told, and the way out."""

import json
import re
import socket
import urllib.request
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import HTTPError

import pytest
from sqlalchemy import text

from duban.daemon import Daemon
from duban.health import systemd
from duban.session import VIRTUAL
from engine.office import Office
from tests.duban.conftest import Duban
from tests.duban.readings import on_time
from tests.duban.test_daemon import running, wait_for


def verdicts(said: list[dict[str, str]]) -> dict[str, str]:
    return {each["about"]: each["level"] for each in said}


@pytest.fixture
def office(town: Duban) -> Office:
    """In real time, so that a daemon may keep it."""
    found = Office.open("sqlite:///duban.db")
    with found.store.write(datetime(2020, 9, 14, 1, tzinfo=UTC)) as tx:
        tx.set_meta(VIRTUAL[0], "no")
    return found


def test_an_office_that_nobody_keeps_is_told_so(town: Duban, office: Office) -> None:
    said = town("doctor", "-o", "json")
    assert said.code == 0
    found = verdicts(said.data)
    assert found["daemon"] == "warning"
    assert found["log"] == found["store"] == found["disk"] == "good"
    Daemon(office, {}, 30).turn()
    assert verdicts(town("doctor", "-o", "json").data)["daemon"] == "good"


def test_a_daemon_that_went_silent_is_missed(town: Duban, office: Office) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=2)
    Daemon(office, {}, 30, on_time(lambda: long_ago)).turn()
    said = town("doctor", "-o", "json")
    assert said.code == 1
    found = next(each for each in said.data if each["about"] == "daemon")
    assert found["level"] == "bad"
    assert "duban run" in found["finding"]


def test_a_log_whose_end_was_cut_is_found(town: Duban, office: Office) -> None:
    with office.store.read() as reader:
        last = reader.head().size - 1
    with office.store.write(datetime(2020, 9, 14, 2, tzinfo=UTC)) as tx:
        tx.connection.execute(text("DROP TRIGGER audit_no_delete"))
        tx.connection.execute(text("DELETE FROM audit WHERE seq = :last"), {"last": last})
    office.close()
    found = next(each for each in town("doctor", "-o", "json").data if each["about"] == "log")
    assert found["level"] == "bad"
    assert "audit verify" in found["finding"]


def test_a_virtual_office_needs_no_daemon(town: Duban) -> None:
    found = town("doctor", "-o", "json").data
    assert "daemon" not in verdicts(found)
    assert "虚拟时钟" in town("doctor", "--lang", "zh").out


def test_a_mail_server_that_does_not_answer_is_found(
    town: Duban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    channel = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "sender": "a@b.example"}
    (tmp_path / "duban.yaml").write_text(json.dumps({"channel": channel}))
    found = [each for each in town("doctor", "--reach", "-o", "json").data if each["about"] == "channel"]
    assert found[-1]["level"] == "bad"
    assert str(port) in found[-1]["finding"]


@pytest.mark.slow
def test_a_probe_and_a_chart_are_answered(town: Duban, tmp_path: Path) -> None:
    with running(tmp_path, "--heartbeat", "1", "--health-port", "0") as process:
        port = wait_for(process, "health")["port"]
        wait_for(process, "turn")

        def ask(page: str) -> tuple[int, str]:
            try:
                answer: HTTPResponse = urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=10)
            except HTTPError as refused:
                return refused.code, refused.read().decode()
            with answer:
                return answer.status, answer.read().decode()

        assert ask("/health") == (200, '{"ok": true}\n')
        status, body = ask("/ready")
        assert (status, json.loads(body)) == (200, {"ok": True, "findings": []})
        status, body = ask("/metrics")
        assert status == 200
        late = re.search(r"^duban_timer_late_seconds_count (\d+)", body, re.MULTILINE)
        assert late
        assert float(late[1]) > 0
        assert "duban_audit_entries" in body
        assert ask("/")[0] == 404


@pytest.mark.slow
def test_a_port_that_is_taken_is_a_sentence(town: Duban, office: Office) -> None:
    office.close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = town("run", "--health-port", str(taken.getsockname()[1]))
    assert said.code == 3
    assert "--health-port" in said.err


def test_systemd_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        assert systemd.notify("READY=1", {"NOTIFY_SOCKET": str(path)})
        assert listening.recv(100) == b"READY=1"
    assert not systemd.notify("READY=1", {})
