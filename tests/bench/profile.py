"""Where the time goes: `python -m tests.bench.profile drain|year|verify`, by group and by function.

What a library or the interpreter itself does is counted for whoever of ours asked for it. Profiling makes
calls dearer than they are, so these figures are shares and not speeds.
"""

import argparse
import cProfile
import pstats
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

from engine.office import Office
from engine.turn import turn_all
from store.verify import verify
from tests.bench.backlog import NOW, Workshop, open_office
from tests.bench.race import Work
from tests.bench.sizes import FULL
from tests.bench.year import Year

ROOT = Path(__file__).resolve().parents[2]
MANY = 25
DEEPEST = 40  # calls within libraries
GROUPS = {
    "SQL": ("store/",),
    "audit": ("store/audit", "store/canonical", "store/tree", "store/commit"),
    "decide": ("engine/decide", "engine/facts", "engine/react", "engine/wanted", "rules/cel", "rules/decide"),
    "clocks": ("engine/clocks", "engine/wake", "rules/time"),
    "render": ("engine/words", "engine/notices", "engine/roles"),
    "rest of the engine": ("engine/", "workflows/", "rules/"),
    "people": ("engine/simulate", "engine/picks"),
}
Function = tuple[str, int, str]  # file, line, name


@cache
def group_of(function: Function) -> str | None:
    """The group with the longest prefix; None for what is not ours."""
    path = Path(function[0])
    if not path.is_relative_to(ROOT) or ".venv" in path.parts:
        return None
    name = path.relative_to(ROOT).as_posix()
    fitting = [
        (len(prefix), group)
        for group, prefixes in GROUPS.items()
        for prefix in prefixes
        if name.startswith(prefix)
    ]
    return max(fitting, default=(0, "bench"))[1]


class Shares:
    """Own times, with those of libraries passed on, call by call, until they reach a caller of ours."""

    def __init__(self, stats: Mapping[Function, Any]) -> None:
        self.spent: dict[Function, float] = {}
        moving = {function: own for function, (_, _, own, _, _) in stats.items()}
        for _ in range(DEEPEST):
            moving = self.settle(moving, stats)

    def settle(
        self, moving: Mapping[Function, float], stats: Mapping[Function, Any]
    ) -> dict[Function, float]:
        """Keeps what is ours; the rest goes to the callers, in proportion to the time they caused."""
        passed: dict[Function, float] = {}
        for function, seconds in moving.items():
            if group_of(function) is not None:
                self.spent[function] = self.spent.get(function, 0.0) + seconds
                continue
            callers = stats[function][4]
            whole = sum(times[3] for times in callers.values()) or 1
            for caller, times in callers.items():
                passed[caller] = passed.get(caller, 0.0) + seconds * times[3] / whole
        return passed

    def lines(self) -> Iterator[str]:
        whole = sum(self.spent.values())
        groups: dict[str, float] = {}
        for function, seconds in self.spent.items():
            group = group_of(function) or ""
            groups[group] = groups.get(group, 0.0) + seconds
        for group, seconds in sorted(groups.items(), key=lambda each: -each[1]):
            yield f"{seconds:8.2f} s {seconds / whole:6.1%}  {group}"
        yield ""
        for function, seconds in sorted(self.spent.items(), key=lambda each: -each[1])[:MANY]:
            where = f"{Path(function[0]).relative_to(ROOT)}:{function[1]}"
            yield f"{seconds:8.2f} s {seconds / whole:6.1%}  {where} {function[2]}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile", description=__doc__)
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("--raw", type=Path, help="keep the profile in this file too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duban-profile-") as folder:
        profiler = WORKS[given.work](Workshop(Path(folder)))
    if given.raw is not None:
        profiler.dump_stats(given.raw)
    print("\n".join(Shares(stats_of(profiler)).lines()))


def stats_of(profiler: cProfile.Profile) -> Mapping[Function, Any]:
    stats: Mapping[Function, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    return stats


def watch(store: Path, work: Work) -> cProfile.Profile:
    office = open_office(store)
    with cProfile.Profile(process_time) as profiler:
        work(office)
    office.close()
    return profiler


def watch_drain(workshop: Workshop) -> cProfile.Profile:
    return watch(workshop.backlog(FULL.profiled), lambda office: turn_all(office, NOW))


def watch_year(workshop: Workshop) -> cProfile.Profile:
    year = Year(workshop)
    return watch(year.base, year.live)


def watch_verify(workshop: Workshop) -> cProfile.Profile:
    return watch(workshop.drained(FULL.profiled), prove_whole)


def prove_whole(office: Office) -> None:
    with office.store.read() as reader:
        verify(reader)


WORKS: Mapping[str, Callable[[Workshop], cProfile.Profile]] = {
    "drain": watch_drain,
    "year": watch_year,
    "verify": watch_verify,
}

if __name__ == "__main__":
    main()
