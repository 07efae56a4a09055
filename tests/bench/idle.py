"""A heartbeat with nothing to do: it must not cost more the more items are open."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from engine.office import Office
from engine.turn import turn
from store import sqlite
from store.instants import instant_text
from tests.bench.backlog import BEGINS, NOW, Workshop, open_office
from tests.bench.measure import Figure, Stopwatch, load, ratio, say
from tests.bench.sizes import Sizes

ASLEEP = timedelta(days=30)


def idle(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    few, many = (open_office(sleepers(workshop, count)) for count in sizes.idle)
    ticks = [(tick(few), tick(many)) for _ in range(sizes.ticks)]
    say(f"{len(ticks)} ticks of each ({load()})")
    small, large = (median(each[which].wall for each in ticks) * 1000 for which in (0, 1))
    for office in (few, many):
        office.close()
    yield Figure(name=f"idle tick, {sizes.idle[0]:,} open items", value=small, unit="ms")
    yield ratio(f"idle tick, {sizes.idle[1]:,} open items", large, small, "≤ 1.5 ×", "ms")


def tick(office: Office) -> Stopwatch:
    with Stopwatch() as watch:
        done = turn(office, NOW)
    assert done.work == 0, "an idle tick has nothing to do"
    return watch


def sleepers(workshop: Workshop, count: int) -> Path:
    """An office with `count` open items that wake later than NOW, all like one that the store wrote."""
    say(f"making {count:,} open items")
    path = workshop.copy_of(workshop.backlog(1))
    connection = sqlite.driver().connect(str(path), isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")  # while it is made, a crash may spoil it
    cursor = connection.execute("SELECT * FROM items")
    names, model = [column[0] for column in cursor.description], cursor.fetchone()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE items SET wake_at = ?", (instant_text(NOW + ASLEEP),))
    values = f"INSERT INTO items VALUES ({', '.join('?' * len(names))})"
    connection.executemany(values, asleep(names, model, count - 1))
    connection.execute("COMMIT")
    connection.close()
    return path


def asleep(names: list[str], model: tuple[Any, ...], count: int) -> Iterator[tuple[Any, ...]]:
    row = dict(zip(names, model, strict=True))
    units = ("north", "south", "east", "west")
    for number in range(count):
        row["id"] = f"S-2021-{number:07d}"
        row["unit"] = units[number % 4]
        row["opened_at"] = instant_text(BEGINS + timedelta(minutes=number % 100_000))
        row["wake_at"] = instant_text(NOW + ASLEEP + timedelta(minutes=number % 100_000))
        yield tuple(row.values())
