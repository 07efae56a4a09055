"""Servers that are stopped in the middle, and a second one that takes over."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.databases import OWNER, SMALL, Server, programs, servant

PRIMARY = ("wal_level=replica", "max_wal_senders=5", "wal_keep_size=64MB", "wal_receiver_status_interval=1s")
FOLLOWING_SECONDS = 30
SETTLING_SECONDS = 30
PIECES = 6


class Primary(Server):
    def __init__(self) -> None:
        super().__init__(*PRIMARY)

    def wait_for_answers(self, replica: "Replica") -> None:
        """From now on a commit is acknowledged only when the replica has it, too."""
        self.say("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.say("SELECT pg_reload_conf()")
        until = time.monotonic() + FOLLOWING_SECONDS
        while self.say("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
            assert time.monotonic() < until, "the replica is not synchronous"
            time.sleep(0.05)

    def remove_if_there(self) -> None:
        """It may have died."""
        if self._process is not None and self._process.poll() is None:
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def say(self, text: str) -> list[tuple[object, ...]]:
        return say(self.folder, text)


class Fragile(Server):
    """On a disk that may be full: it gives up when it cannot write."""

    def is_running(self) -> bool:
        """Once it is neither on its way down nor up again."""
        until = time.monotonic() + SETTLING_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                return False
            assert time.monotonic() < until, "the server neither answers nor ends"
            time.sleep(0.02)
        return True

    def use_up_log(self) -> None:
        """Of the pieces of its log that it has made beforehand none is left."""
        with suppress(psycopg.Error):  # which is what it is for
            for _ in range(PIECES):
                say(self.folder, "SELECT txid_current(), pg_switch_wal()")


class Replica(Server):
    """Follows the primary until it is promoted."""

    def __init__(self, port: int) -> None:
        """`port`: of this machine, behind which the primary answers."""
        self.folder = Path(tempfile.mkdtemp(prefix="duban-replica-"))
        self._options = (*SMALL, *PRIMARY, f"unix_socket_directories={self.folder}")
        self._bin = programs()
        self._user, self._group = servant()
        self._process = None
        os.chown(self.folder, self._user, self._group)
        where = ("-h", "127.0.0.1", "-p", str(port), "-U", OWNER)
        self._run("pg_basebackup", "-D", "data", *where, "-R", "-X", "stream", "--no-sync", "-c", "fast")
        self.start()
        until = time.monotonic() + FOLLOWING_SECONDS
        while not say(self.folder, "SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming'"):
            assert time.monotonic() < until, "the replica does not follow"
            time.sleep(0.05)

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-D", "data", "-w")

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)


def say(folder: Path, text: str) -> list[tuple[object, ...]]:
    with psycopg.connect(host=str(folder), user=OWNER, dbname="postgres", autocommit=True) as server:
        cursor = server.execute(text)
        return cursor.fetchall() if cursor.description else []
