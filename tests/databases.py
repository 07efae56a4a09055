"""Addresses of empty places for stores: a file of SQLite, or a schema on a PostgreSQL server of our own.

The server is started where first needed, once in each process of the tests: that takes less than two seconds,
and nobody has to agree with anybody. Its data lie in a temporary folder, it listens on a socket there and on
no port, and it keeps what it was told (`fsync`), as the stores of offices do.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest

WITHOUT = "DUBAN_TEST_NO_POSTGRES"
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
STARTING_SECONDS = 60
SMALL = (
    "shared_buffers=16MB",
    "max_connections=200",
    "autovacuum=off",
    "listen_addresses=",
    "max_wal_senders=0",
    "wal_level=minimal",
)
OWNER = "duban"


def programs() -> Path:
    """Where the server's programs are: Debian keeps those of each version in a folder of its own."""
    folders = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise FileNotFoundError(
        f"no PostgreSQL server on this machine: install Debian's package postgresql, or set {WITHOUT}=1"
    )


def servant() -> tuple[int, int]:
    """User and group. The server refuses to run as root: there it runs as who can do nothing else."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    names = {each.pw_name: each for each in pwd.getpwall()}
    found = names.get("postgres", names["nobody"])
    return found.pw_uid, found.pw_gid


class Server:
    """A PostgreSQL server in a temporary folder. `options` are settings, as in fsync=off."""

    def __init__(self, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="duban-postgres-"))
        self._options = (*SMALL, f"unix_socket_directories={self.folder}", *options)
        self._bin = programs()
        self._user, self._group = servant()
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = count(1)
        os.chown(self.folder, self._user, self._group)
        try:
            self._run("initdb", "-D", "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
            self.start()
        except BaseException:  # also an interrupt: nothing is left lying about
            shutil.rmtree(self.folder)
            raise

    def _run(self, name: str, *words: str) -> None:
        done = subprocess.run(
            [self._bin / name, *words],
            cwd=self.folder,
            capture_output=True,
            check=False,
            user=self._user,
            group=self._group,
        )
        assert done.returncode == 0, f"{name}: {done.stderr.decode()}"

    def start(self) -> None:
        settings = [word for option in self._options for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", "data", *settings],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._group,
            )
        until = time.monotonic() + STARTING_SECONDS
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        asked = ("-q", "-h", str(self.folder), "-U", OWNER)
        return subprocess.run([self._bin / "pg_isready", *asked], check=False).returncode == 0

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-D", "data", "-m", how)
        if self._process is not None:
            self._process.wait()

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def url(self, schema: str | None = None, role: str = OWNER) -> str:
        """Of an empty schema; of a new one where none is named."""
        schema = schema or f"office_{next(self._schemas)}"
        return f"postgresql://{role}@/postgres?host={self.folder}&schema={schema}"


class Databases:
    @cached_property
    def server(self) -> Server:
        return Server()

    def url(self, kind: str, folder: Path) -> str:
        return f"sqlite:///{folder / 'office.db'}" if kind == "sqlite" else self.server.url()

    def close(self) -> None:
        if "server" in vars(self):
            self.server.remove()


@contextmanager
def opened() -> Iterator[Databases]:
    databases = Databases()
    try:
        yield databases
    finally:
        databases.close()
