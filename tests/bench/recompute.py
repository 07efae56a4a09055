"""The calendar changes: every open clock projected anew, all of them moving, in one transaction."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from engine.book.book import Book, read_book
from engine.case import clock_row
from engine.office import Founding, found
from engine.recompute import Recomputed, recompute
from engine.testing import everybody
from rules.time.clock import start
from rules.time.duration import Duration
from store.rows import Batch
from tests.bench.backlog import AT_ONCE, BEGINS, BOOK, NOW, Workshop, entry_of, open_office, tasks
from tests.bench.measure import Figure, Stopwatch, load, say
from tests.bench.sizes import Sizes

BUDGET = "90 workdays"
# A week off that the old calendar did not know: no due date stays where it was.
CHANGED = """
calendars:
  cn:
    from: cn
    overrides: [{source: made up, off: [{name: 停工, days: '2021-05-10..2021-05-14'}]}]
"""


def recomputing(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    before, after = budgeted(workshop.folder / "before", ""), budgeted(workshop.folder / "after", CHANGED)
    say(f"making {sizes.recomputed:,} open clocks")
    model = workshop.folder / "recompute.db"
    fill(model, before, after, sizes.recomputed)
    watches = [one(workshop.copy_of(model), sizes.recomputed) for _ in range(sizes.repeats)]
    say(f"{len(watches)} calendars changed ({load()})")
    wall, processor = (median(getattr(each, name) for each in watches) for name in ("wall", "processor"))
    name = f"recompute {sizes.recomputed:,} open deadlines, all moved"
    yield Figure(name=name, value=wall, unit="s", goal="≤ 5 s")
    yield Figure(name=f"{name}, processor time", value=processor, unit="s")


def one(path: Path, count: int) -> Stopwatch:
    office = open_office(path)
    with Stopwatch() as watch:
        done: Recomputed = recompute(office, NOW)
    assert len(done.moved) == count
    office.close()
    return watch


def budgeted(folder: Path, extra: str) -> Book:
    """The book of the benchmarks with a clock counted in workdays."""
    folder.mkdir()
    text = (BOOK / "book.yaml").read_text(encoding="utf-8")
    counted = text.replace("    due: due\n", f"    budget: {BUDGET}\n")
    assert counted != text
    (folder / "book.yaml").write_text(counted + extra, encoding="utf-8")
    return read_book(folder)


def fill(path: Path, before: Book, after: Book, count: int) -> None:
    """An office under the new book whose clocks were counted by the old calendar."""
    founding = Founding(url=f"sqlite:///{path}", book=after, files={}, holders=everybody(after), ledger=False)
    office = found(founding, BEGINS)
    for first in range(0, count, AT_ONCE):
        with office.store.write(BEGINS) as tx:
            tx.commit_batch(batch_of(before, after, range(first, min(first + AT_ONCE, count))))
    office.close()


def batch_of(before: Book, after: Book, numbers: range) -> Batch:
    budget = Duration.parse(BUDGET)
    opened, clocks = [], []
    for position, (row, _) in enumerate(tasks(before, numbers)):
        opened.append(replace(row, book=after.digest))
        clocks.append(clock_row(start(row.opened_at, budget, before.calendar), row.id, "due", position))
    return Batch(entries=tuple(map(entry_of, opened)), opened=tuple(opened), clocks=tuple(clocks))
