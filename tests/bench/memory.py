"""Memory while a backlog is drained: it must not grow with the backlog.

Run as a module with the path of a store, it drains that store and prints the peak of its memory in bytes.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.turn import turn_all
from tests.bench.backlog import NOW, Workshop, open_office
from tests.bench.measure import Figure, say
from tests.bench.sizes import Sizes

MEGABYTE = 1_000_000
STATUS = Path("/proc/self/status")


def memory(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    few, many = (peak_of(workshop, count) for count in sizes.remembered)
    yield Figure(name=f"memory, {sizes.remembered[0]:,} items drained", value=few, unit="MB")
    yield Figure(name=f"memory, {sizes.remembered[1]:,} items drained", value=many, unit="MB", floor=few)
    yield Figure(name="memory, growth", value=many - few, unit="MB", goal="< 50 MB")


def peak_of(workshop: Workshop, count: int) -> float:
    store = workshop.copy_of(workshop.backlog(count))
    say(f"draining {count:,} items in a process of its own")
    command = [sys.executable, "-m", __name__, str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / MEGABYTE


def peak() -> int:
    """Bytes. Linux may tell the parent's as ru_maxrss, so the process's own account is read there."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def drain_and_tell(path: Path) -> None:
    office = open_office(path)
    turn_all(office, NOW)
    office.close()
    print(peak())


if __name__ == "__main__":
    drain_and_tell(Path(sys.argv[1]))
