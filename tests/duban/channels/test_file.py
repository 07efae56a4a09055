"""The folder: a notice is in it whole, once, or not at all."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from duban.channels.file import FileChannel
from duban.channels.mail import render
from engine.deliver import deliver, outgoing
from store.office import Store
from tests.duban.channels.servers import NOW, SENDER, message
from tests.engine.test_deliver import acts, formal, notice_row, outbox, put


def test_a_notice_is_one_file_and_the_same_again_is_no_second(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "outbox", SENDER)
    first, again = channel.send(message()), channel.send(message())
    assert (first.kind, again.kind) == ("sent", "sent")
    assert "already" in again.detail
    assert files(tmp_path / "outbox") == {f"{message().message_id}.eml": render(message(), SENDER)}


def test_another_notice_under_the_same_name_is_for_a_person_to_compare(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path, SENDER)
    channel.send(message())
    outcome = channel.send(message(subject="另一份"))
    assert (outcome.kind, outcome.down) == ("unknown", False)
    assert "differs" in outcome.detail
    assert files(tmp_path) == {f"{message().message_id}.eml": render(message(), SENDER)}


@pytest.mark.parametrize("name", ["../../../escape", "a/b", "", "x" * 100])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    outcome = FileChannel(tmp_path / "outbox", SENDER).send(message(message_id=name))
    assert outcome.kind == "refused"
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_tried_again_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    channel = FileChannel(tmp_path, SENDER)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        outcome = channel.send(message())
    assert (outcome.kind, outcome.down) == ("retry", True)
    assert "No space left" in outcome.detail
    assert not files(tmp_path)
    assert channel.send(message()).kind == "sent"


def test_a_folder_that_cannot_be_made_is_tried_again(tmp_path: Path) -> None:
    outcome = FileChannel(tmp_path / "not there" / "outbox", SENDER).send(message())
    assert (outcome.kind, outcome.down) == ("retry", True)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


DAEMON = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from duban.channels.file import FileChannel
from duban.channels.mail import Sender
from engine.deliver import deliver
from store.office import Store

url, folder, start = sys.argv[1:]
store, now = Store.open(url), datetime.fromisoformat(start)
channel = FileChannel(Path(folder), Sender(name="督查室", address="duban@office.example"))
while deliver(store, {"mail": channel}, now, limit=5).sent:
    print("round", flush=True)
"""
NOTICES = 60


def daemon(url: str, folder: Path, hour: int) -> "subprocess.Popen[bytes]":
    start = (NOW + timedelta(hours=hour)).isoformat()
    return subprocess.Popen(
        [sys.executable, "-c", DAEMON, url, str(folder), start], stdout=subprocess.PIPE, cwd=Path.cwd()
    )


def rounds_of(process: "subprocess.Popen[bytes]", wanted: int) -> Iterator[bytes]:
    assert process.stdout is not None
    for _ in range(wanted):
        yield process.stdout.readline()


@pytest.mark.faults
@pytest.mark.slow
def test_kill_9_loses_no_notice_and_doubles_none(tmp_path: Path) -> None:
    """Killed three times in the middle; each start is an hour later, when the leases of the dead are over."""
    url, folder = f"sqlite:///{tmp_path / 'office.db'}", tmp_path / "outbox"
    store = Store.create(url, {"office": "office"}, NOW)
    put(store, *[(formal if number % 2 else notice_row)(f"post{number}") for number in range(NOTICES)])
    for hour in range(3):
        process = daemon(url, folder, hour)
        assert list(rounds_of(process, 2)) == [b"round\n"] * 2
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    last = daemon(url, folder, 3)
    last.communicate()
    assert last.returncode == 0
    deliver(store, {"mail": FileChannel(folder, SENDER)}, NOW + timedelta(hours=5))
    notices = outbox(store)
    unknown = [notice for notice in notices if notice.state == "unknown"]
    written = set(files(folder))
    store_says_sent = {f"{notice.message_id}.eml" for notice in notices if notice.state == "sent"}
    assert len(store_says_sent) + len(unknown) == NOTICES
    assert all(notice.notice.formal for notice in unknown)
    assert len(unknown) <= 3, "at most one for each time it was killed"
    assert written - store_says_sent <= {f"{notice.message_id}.eml" for notice in unknown}
    assert store_says_sent <= written
    assert acts(store).count("notice.sent") == len(store_says_sent)
    store.close()


def test_after_a_crash_the_file_that_is_there_counts_as_sent(tmp_path: Path) -> None:
    """The crash came after the file was written and before the store knew."""
    store = Store.create(f"sqlite:///{tmp_path / 'office.db'}", {"office": "office"}, NOW)
    put(store, notice_row("zhang"))
    channel = FileChannel(tmp_path / "outbox", SENDER)
    with store.write(NOW) as tx:
        tx.claim_notices(NOW, 1, timedelta(minutes=30))
    [claimed] = outbox(store)
    assert channel.send(outgoing(claimed)).kind == "sent"
    assert deliver(store, {"mail": channel}, NOW + timedelta(hours=1)).sent == 1
    assert "already" in (outbox(store)[0].outcome or "")
    assert len(files(tmp_path / "outbox")) == 1
    store.close()
