"""kill -9 and SIGSTOP, at moments of chance and at those that hurt."""

import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.simulation.records import Violation
from tests.torture.marks import Doing
from tests.torture.place import Place

AIMS = (None, None, Doing.SENDING, Doing.OPEN, Doing.OPEN, Doing.COMMITTING, Doing.COMMITTING)
# A sender who wakes after its lease sends what others may have sent since: in which order nobody can say.
ZOMBIES = frozenset({"sequence", "patience"})
STOP_LEASE, STOP_IDLE, STOPPED = 0.5, 0.4, 0.8  # seconds


@dataclass
class Told:
    """What one torture went through and what was found after it."""

    name: str
    database: str
    counted: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    seconds: float = 0.0

    def judge(self, place: Place, *, excused: frozenset[str] = frozenset()) -> None:
        found = place.judged(excused=excused)
        self.violations += found.violations
        self.counted += found.counted


def kill_at_random(folder: Path, url: str, kills: int, seed: int) -> Told:
    """Whoever it hits is started again at once."""
    draw, told = Random(seed), Told("kill -9", url.partition(":")[0])
    began = time.monotonic()
    with Place(folder, url, draw) as place:
        place.populate(daemons=2, drivers=2)
        place.rest(0.5, 1)
        for _ in range(kills):
            aim = draw.choice(AIMS)
            place.until_done()
            place.rest(0, 0.2)
            slot = place.catch(aim)
            kind = place.processes[slot].job.kind
            told.counted[f"killed: {place.kill(slot).name.lower()}"] += 1
            told.counted["kills"] += 1
            place.start(kind, slot)
        told.judge(place)
    told.seconds = time.monotonic() - began
    return told


def pause_at_random(folder: Path, url: str, pauses: int, seed: int) -> Told:
    """Stopped for longer than a lease, and longer than a server waits for a writer who does nothing."""
    draw, told = Random(seed), Told("SIGSTOP, SIGCONT", url.partition(":")[0])
    began = time.monotonic()
    with Place(folder, url, draw, lease_seconds=STOP_LEASE, idle_seconds=STOP_IDLE) as place:
        place.populate(daemons=2, drivers=2)
        place.rest(0.5, 1)
        for _ in range(pauses):
            aim = draw.choice(AIMS)
            slot = place.catch(aim, seconds=1.5)
            place.processes[slot].send(signal.SIGSTOP)
            time.sleep(0.002)
            told.counted[f"stopped: {place.marks.read(slot).name.lower()}"] += 1
            told.counted["pauses"] += 1
            time.sleep(STOPPED)
            place.processes[slot].send(signal.SIGCONT)
            place.rest(0.05, 0.2)
        told.judge(place, excused=ZOMBIES)
    told.seconds = time.monotonic() - began
    return told
