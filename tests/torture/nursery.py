"""Starts processes in no time: everything is loaded once, and each of them is a fork of that.

`python -m tests.torture.nursery` reads jobs, one a line, and answers each with the number of its process.
"""

import ctypes
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.torture.job import Job
from tests.torture.work import work

ROOT = Path(__file__).parents[2]
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
SAID = "said.jsonl"  # what daemons log


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    return {**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


class Nursery:
    """The parent's side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        )

    def start(self, job: Job) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(job.to_text() + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery died"
        return int(answer)

    def close(self) -> None:
        """With everybody whom it started."""
        self._process.kill()
        self._process.communicate()


def child(job: Job) -> None:
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said = os.open(job.path(SAID), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, said), (2, said)):
        os.dup2(source, target)
    code = 1
    try:
        code = work(job)
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    gc.freeze()
    for line in sys.stdin:
        job = Job.from_text(line)
        pid = os.fork()
        if pid == 0:
            child(job)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
