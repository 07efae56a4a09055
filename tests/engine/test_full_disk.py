"""A full disk ends SQLite's transaction behind our back: nothing may be written after it, alone (O4)."""

from pathlib import Path

import pytest

from engine.turn import turn, turn_all
from store.errors import TransactionLost
from tests.engine.city import City

ROOM = 1_000_000  # pages


def limit_pages(city: City, extra: int) -> None:
    """As a disk with room for so many more pages."""
    raw = city.office.store._database._writer.raw_connection()  # type: ignore[attr-defined]
    cursor = raw.cursor()
    pages = cursor.execute("PRAGMA page_count").fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages + extra}")
    raw.close()


def test_a_turn_that_finds_the_disk_full_leaves_nothing_and_the_next_one_does_it_all(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-28 08:00", duties=["weekly_board"])
    tasks = [city.task("2020-10-15", unit) for unit in ("works", "traffic") * 30]
    before = len(city.log())
    city.sleep("2020-11-05 09:00")
    for extra in (0, 10, 40):
        limit_pages(city, extra)
        with pytest.raises(TransactionLost, match="no room left on the disk"):
            turn(city.office, city.now)
        assert (len(city.log()), city.verdict().ok) == (before, True), extra
    limit_pages(city, ROOM)
    assert turn_all(city.office, city.now).items >= len(tasks)
    assert city.verdict().ok
    assert {city.clock(task).outcome for task in tasks} == {"missed"}
    city.close()
