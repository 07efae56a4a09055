"""A book lives through the events of persons again: tasks of two bureaus, opened and done, on time or late.

Beside them the duties, clocks and reminders of the book: about as many doings of rules as of people.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from engine.book.book import Book, read_book
from engine.history import OPENING, Birth, Happened, History
from engine.replay import found_for, replay
from tests.bench.backlog import Workshop
from tests.bench.measure import Figure, Stopwatch, load, say
from tests.bench.sizes import Sizes

TOWN = Path(__file__).parents[1] / "duban" / "book"
BEGINS = datetime(2020, 9, 1, tzinfo=UTC)
DAYS = 110
QUARTER = timedelta(minutes=15)


def backtest(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    book = read_book(TOWN)
    history = made_up(sizes.replayed)
    paths = (workshop.folder / f"backtest-{number}.db" for number in range(sizes.repeats))
    watches = [one(path, book, history) for path in paths]
    say(f"{len(watches)} histories lived through ({load()})")
    wall, processor = (median(getattr(each, name) for each in watches) for name in ("wall", "processor"))
    name = f"back-test of {sizes.replayed:,} events"
    yield Figure(name=name, value=wall, unit="s", goal="≤ 60 s for 100,000")
    yield Figure(name=f"{name}, processor time", value=processor, unit="s")


def one(path: Path, book: Book, history: History) -> Stopwatch:
    office = found_for(history, book, f"sqlite:///{path}")
    with Stopwatch() as watch:
        replayed = replay(office, history, history.ends)
    assert (replayed.done, replayed.left) == (len(history.happened), [])
    office.close()
    return watch


def made_up(events: int) -> History:
    draw = Random(1)
    births: dict[str, Birth] = {}
    happened: list[Happened] = []
    for number in range(events // 2):
        item, unit = f"c{number}", draw.choice(("finance", "water"))
        births[item] = Birth(workflow="task", maker="person", unit=unit, nth=0)
        opened = BEGINS + QUARTER * draw.randrange(DAYS * 96)
        due = (opened + timedelta(days=draw.randint(3, 12))).date().isoformat()
        done = opened + timedelta(minutes=draw.randint(60, 14 * 24 * 60))
        happened += (
            Happened(at=opened, item=item, event=OPENING, by="supervisor", args={"due": due}, title=item),
            Happened(at=done, item=item, event="finish", by=f"{unit}.head", args={"result": "done"}),
        )
    happened.sort(key=lambda each: each.at)
    begins, ends = happened[0].at - timedelta(hours=1), happened[-1].at
    return History(source="made up", happened=tuple(happened), births=births, begins=begins, ends=ends)
