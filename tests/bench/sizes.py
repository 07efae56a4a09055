"""How large each benchmark is: in one place, so that what is compared has the same size."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    repeats: int  # of which the median is taken
    drained: int  # items due at once; the log that is verified has twice as many entries
    idle: tuple[int, int]  # open items with nothing due
    ticks: int
    remembered: tuple[int, int]  # items drained while memory is watched
    starts: int  # of a program
    evaluations: int  # of one condition
    rules: int  # of the book that is checked
    profiled: int  # items drained under a profiler
    recomputed: int  # open clocks when the calendar changes
    replayed: int  # events of persons in a history


FULL = Sizes(
    repeats=3,
    drained=50_000,
    idle=(10_000, 1_000_000),
    ticks=300,
    remembered=(10_000, 200_000),
    starts=7,
    rules=2_000,
    evaluations=1_000_000,
    profiled=10_000,
    recomputed=13_000,
    replayed=100_000,
)
QUICK = Sizes(
    repeats=1,
    drained=2_000,
    idle=(1_000, 20_000),
    ticks=50,
    remembered=(1_000, 5_000),
    starts=2,
    rules=200,
    evaluations=20_000,
    profiled=1_000,
    recomputed=500,
    replayed=1_000,
)
