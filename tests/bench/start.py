"""How long a person waits for a command, beside an interpreter that does nothing."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.backlog import Workshop
from tests.bench.measure import Figure, Stopwatch, compare, load, say
from tests.bench.sizes import Sizes
from tests.bench.year import FOLDER

DUBAN = str(Path(sys.executable).with_name("duban"))
COMMANDS = (
    ("duban --help", (DUBAN, "--help"), "≤ 0.5 s"),
    ("duban check", (DUBAN, "check", str(FOLDER)), "≤ 2 s"),
)
USAGE = 2  # exit code of a command that is not there


def start(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    bare = [wait(workshop, (sys.executable, "-c", "pass"))[0] for _ in range(sizes.starts)]
    for name, command, goal in COMMANDS:
        waits = [wait(workshop, command) for _ in range(sizes.starts)]
        if any(code == USAGE for _, code in waits):
            say(f"{name} is not there yet")
            continue
        say(f"{name}: {sizes.starts} times ({load()})")
        yield from compare(name, (watch for watch, _ in waits), bare, goal)


def wait(workshop: Workshop, command: Sequence[str]) -> tuple[Stopwatch, int]:
    """The wait, and the exit code; 1 says that the book has findings, which is an answer too."""
    installed = installed_in(workshop)
    before = children()
    with Stopwatch() as watch:
        done = subprocess.run(command, capture_output=True, check=False, cwd=workshop.folder, env=installed)
    watch.processor = children() - before
    return watch, done.returncode


def installed_in(workshop: Workshop) -> dict[str, str]:
    """As where duban was installed: with byte code, made beforehand, whatever is set for this process."""
    bytecode = workshop.folder / "bytecode"
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not bytecode.exists():
        warm = (DUBAN, "check", str(FOLDER))
        subprocess.run(warm, capture_output=True, check=False, cwd=workshop.folder, env=environment)
    return environment


def children() -> float:
    """Processor seconds of the processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
