"""What a benchmark says: values with their floors, and the clocks they were taken with."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `floor`: what the bare work takes on the same machine in the same run."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: str | None = None


class Stopwatch:
    """Adds up what happens within it: seconds by the clock on the wall, and seconds of processor time."""

    def __init__(self) -> None:
        self.wall = self.processor = 0.0
        self._since = (0.0, 0.0)

    def __enter__(self) -> Self:
        self._since = (perf_counter(), process_time())
        return self

    def __exit__(self, *_error: object) -> None:
        self.wall += perf_counter() - self._since[0]
        self.processor += process_time() - self._since[1]


def compare(
    name: str, ours: Iterable[Stopwatch], floors: Iterable[Stopwatch], goal: str
) -> tuple[Figure, Figure]:
    """Medians by both clocks: the wall's is what the goal means, the processor's bears others beside us."""
    ours, floors = tuple(ours), tuple(floors)
    return (
        ratio(name, median(each.wall for each in ours), median(each.wall for each in floors), goal),
        ratio(
            f"{name}, processor time",
            median(each.processor for each in ours),
            median(each.processor for each in floors),
        ),
    )


def ratio(name: str, value: float, floor: float, goal: str | None = None, unit: str = "s") -> Figure:
    return Figure(name=name, value=value, unit=unit, floor=floor, ratio=value / floor, goal=goal)


def say(text: str) -> None:
    """Progress goes to stderr; only figures go to stdout."""
    print(f"  {text}", file=sys.stderr, flush=True)


def load() -> str:
    """How busy the machine is: figures taken above one are taken beside others."""
    return f"load {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "load unknown"
