"""Whatever happens to a matter in whatever order: no clock breaks, and an outage changes none of them."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.time.instant import local_day
from tests.engine.city import SHANGHAI, City
from tests.engine.matter import matter_city, open_matter

ACTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("张三", "wait", {}),
    ("张三", "wait", {"asked_on": -4}),
    ("张三", "go_on", {}),
    ("张三", "go_on", {"told_on": -2}),
    ("督查室", "hear", {}),
    ("督查室", "heard", {}),
    ("督查室", "classify", {"kind": "urgent"}),
    ("督查室", "classify", {"kind": "plain"}),
    ("督查室", "classify", {"kind": "endless"}),
    ("督查室", "classify", {"agreed": "3 weeks"}),
    ("督查室", "extend", {"more": "2 workdays"}),
    ("张三", "answer", {}),
    ("督查室", "return", {}),
    ("督查室", "serve", {"served_on": -1}),
    ("李主任", "object", {}),
    ("督查室", "close", {}),
)
waiting = st.tuples(st.just("pass"), st.sampled_from((1, 15, 24, 70, 200, 500)))
acting = st.tuples(st.just("act"), st.integers(0, len(ACTS) - 1))
stories = st.lists(st.one_of(waiting, acting, acting, acting), max_size=18)


def tell(city: City, item: str, step: tuple[str, int], *, down: bool) -> None:
    kind, number = step
    if kind == "pass":
        then = (city.now + timedelta(hours=number)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        (city.sleep if down else city.wait)(then)
        return
    who, event, args = ACTS[number]
    today = local_day(city.now, SHANGHAI)
    given: dict[str, Any] = {
        name: (today + timedelta(days=value)).isoformat() if isinstance(value, int) else value
        for name, value in args.items()
    }
    city.tries(who, event, item, **given)


def seen(city: City) -> list[tuple[Any, ...]]:
    return [
        (row.clock, row.started_at, row.due_at, row.outcome, row.missed_at, row.ended_at, row.state)
        for row in city.clocks()
    ]


@given(story=stories)
@settings(max_examples=12, deadline=None)
def test_no_clock_breaks_and_an_outage_changes_none(story: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        up, down = matter_city(Path(folder) / "up"), matter_city(Path(folder) / "down")
        items = [open_matter(city) for city in (up, down)]
        for step in story:
            for city, item in zip((up, down), items, strict=True):
                tell(city, item, step, down=city is down)
        down.turn()
        up.turn()
        assert seen(up) == seen(down)
        for city in (up, down):
            assert city.log("park") == []
            assert city.verdict().ok
            for row in city.clocks():
                assert row.missed_at in (None, row.due_at)
                assert row.outcome != "running" or row.due_at > city.now
            city.close()
