"""One seed, or many: faults and safety, then healing and liveness; a report of what each run went through."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.simulation.counters import Counters
from tests.simulation.evidence import Evidence
from tests.simulation.oracle import LIVENESS, SAFETY, judge
from tests.simulation.records import Violation
from tests.simulation.world import World, world

MEMORY = Path("/dev/shm")  # where writing to a disk costs nothing; any folder does


@dataclass
class Ran:
    seed: int
    days: int
    counted: Counters
    violations: list[Violation] = field(default_factory=list)
    seconds: float = 0.0
    log: str = ""  # digest of all its bytes

    @property
    def sound(self) -> bool:
        return not self.violations and self.counted.vacuous(self.days) is None


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="duban-simulation-", dir=MEMORY if MEMORY.is_dir() else None) as made:
        yield Path(made)


def run(seed: int, days: int, after: Callable[[World], None] = lambda _: None) -> Ran:
    began = perf_counter()
    with folder() as place, world(place, seed, days) as made:
        ran = Ran(seed, days, made.counted)
        made.on_restore = lambda: ran.violations.extend(judge(made.ask, _until_now(made), SAFETY))
        made.live()
        made.heal()
        ran.violations += judge(made.ask, made.evidence, (*SAFETY, *LIVENESS))
        made.cure()
        ran.violations += judge(made.ask, made.evidence, (*SAFETY, *LIVENESS))
        ran.log, made.counted.entries, made.counted.firings = digest(made), made.size(), firings(made)
        after(made)
    ran.seconds = perf_counter() - began
    return ran


def _until_now(made: World) -> Evidence:
    made.evidence.until = made.now
    return made.evidence


def digest(made: World) -> str:
    lines = made.ask("SELECT rec FROM audit ORDER BY seq")
    return sha256("\n".join(row[0] for row in lines).encode()).hexdigest()


def firings(made: World) -> int:
    return int(made.ask("SELECT count(*) FROM firings")[0][0])
