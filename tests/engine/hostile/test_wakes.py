"""Whatever happens to a matter: nothing becomes due at a moment for which it does not wake."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from engine.turn import turn_within
from rules.time.instant import local_day
from tests.engine.city import SHANGHAI, City
from tests.engine.matter import matter_city, open_matter
from tests.engine.test_clocks_any import ACTS, seen, stories

HOUR = timedelta(hours=1)


def ask(city: City) -> None:
    """Wake everything, whatever it says of when it wakes."""
    with city.office.store.write(city.now) as tx:
        tx.set_wakes({row.id: city.now for row in tx.list_items(include_sealed=True)})
        turn_within(city.office, tx)


def tell(city: City, item: str, step: tuple[str, int], *, asked: bool) -> None:
    kind, number = step
    if kind == "act":
        who, event, args = ACTS[number]
        today = local_day(city.now, SHANGHAI)
        given: dict[str, Any] = {
            name: (today + timedelta(days=value)).isoformat() if isinstance(value, int) else value
            for name, value in args.items()
        }
        city.tries(who, event, item, **given)
        return
    until = city.now + number * HOUR
    if not asked:
        city.wait(until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
        return
    while city.now < until:
        city.now += HOUR
        ask(city)


@given(story=stories)
@settings(max_examples=5, deadline=None)
@pytest.mark.slow
def test_whoever_is_asked_every_hour_says_no_more(story: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        alone, asked = matter_city(Path(folder) / "alone"), matter_city(Path(folder) / "asked")
        for city in (alone, asked):
            item = open_matter(city)
            for step in (*story, ("pass", 1)):
                tell(city, item, step, asked=city is asked)
        assert seen(alone) == seen(asked)
        assert alone.told() == asked.told()
        assert (alone.log("park"), asked.log("park")) == ([], [])
        assert asked.verdict().ok
        for city in (alone, asked):
            city.close()
