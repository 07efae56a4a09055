"""The first book's year on a virtual clock, with its scenario's people or, where it has none, without."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median

from duban.shelf import SHELF
from engine.book.book import Book, read_book, read_scenario
from engine.drive import drive
from engine.language import Scenario
from engine.office import Founding, Office, found
from engine.simulate import people_of, simulate
from engine.testing import everybody
from rules.time.instant import END_OF_DAY, instant
from store.read import Reader
from tests.bench.backlog import Workshop, open_office
from tests.bench.measure import Figure, compare, say
from tests.bench.race import race
from tests.bench.sizes import Sizes

FOLDER = SHELF / "wuhu-2020"


class Year:
    def __init__(self, workshop: Workshop) -> None:
        self.book = read_book(FOLDER)
        self.scenario = scenario_of(FOLDER)
        self.base = workshop.folder / "year.db"
        if not self.base.exists():
            begin(self.base, self.book, self.scenario, self.since)

    @property
    def since(self) -> datetime:
        return instant(self.book.info.programme.start, 0, self.book.zone)

    def live(self, office: Office) -> None:
        until = instant(self.book.info.programme.end, END_OF_DAY, self.book.zone)
        if self.scenario is None:
            drive(office, self.since, until)
        else:
            simulate(office, self.scenario, self.since, until)


def scenario_of(folder: Path) -> Scenario | None:
    path = next(iter(sorted(folder.glob("scenarios/*.yaml"))), None)
    return None if path is None else read_scenario(path)


def begin(path: Path, book: Book, scenario: Scenario | None, now: datetime) -> None:
    holders = everybody(book) if scenario is None else people_of(book, scenario)
    found(Founding(url=f"sqlite:///{path}", book=book, files={}, holders=holders), now).close()


def year(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    lived = Year(workshop)
    who = "nobody acts" if lived.scenario is None else f"seed {lived.scenario.seed}"
    say(f"the year of {lived.book.info.id}, {who}")
    raced = race(workshop, lived.base, lived.live, sizes.repeats)
    say(f"{raced.rows:,} rows in {raced.transactions:,} transactions")
    yield from compare(f"programme year ({who})", raced.ours, raced.raw, "≤ 5 s")
    end = workshop.copy_of(lived.base)
    office = open_office(end)
    lived.live(office)
    with office.store.read() as reader:
        counts = counted(reader)
    office.close()
    for name, count in counts.items():
        yield Figure(name=f"programme year: {name}", value=count, unit=name)
    entries = counts["entries"]
    yield Figure(
        name="programme year: entries in a second",
        value=entries / median(each.wall for each in raced.ours),
        unit="entries/s",
        floor=entries / median(each.wall for each in raced.raw),
    )


def counted(reader: Reader) -> dict[str, int]:
    return {
        "items": sum(each.count for each in reader.count_items()),
        "firings": sum(each.count for each in reader.count_firings()),
        "entries": reader.head().size,
    }
