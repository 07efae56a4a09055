"""A backlog that is due at once: decide, step, audit, notice, commit."""

from collections.abc import Iterator
from statistics import median

from engine.turn import turn_all
from tests.bench.backlog import NOW, Workshop
from tests.bench.measure import Figure, compare, say
from tests.bench.race import race
from tests.bench.sizes import Sizes


def drain(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    count = sizes.drained
    raced = race(workshop, workshop.backlog(count), lambda office: turn_all(office, NOW), sizes.repeats)
    say(f"{raced.rows:,} rows in {raced.transactions:,} transactions")
    yield from compare(f"drain of {count:,} due items", raced.ours, raced.raw, "≤ 4 ×")
    speeds = (count / median(each.wall for each in watches) for watches in (raced.ours, raced.raw))
    ours, raw = speeds
    yield Figure(name="items drained in a second", value=ours, unit="items/s", floor=raw)
