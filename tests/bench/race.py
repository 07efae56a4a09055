"""The same rows written twice: by the engine, and by the driver alone.

What the engine writes is listened to once, transaction by transaction. Then both write it into copies of one
store: the engine from its decisions, the driver from the rows as they were, a statement for each kind of row.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from engine.office import Office
from store import sqlite
from tests.bench.backlog import Workshop, open_office
from tests.bench.measure import Stopwatch, load, say

PAST_SQLALCHEMY = ("store.statements.write_rows", "store.commit.command", "store.registers.fetch_rows")
WRITES = ("INSERT", "UPDATE", "DELETE")
Written = tuple[str, tuple[Any, ...]]  # statement and one row
Work = Callable[[Office], object]


@dataclass(frozen=True, kw_only=True)
class Raced:
    ours: tuple[Stopwatch, ...]
    raw: tuple[Stopwatch, ...]
    rows: int
    transactions: int


def race(workshop: Workshop, base: Path, work: Work, repeats: int) -> Raced:
    script = workshop.copy_of(base).with_suffix(".script")
    say("listening to what the engine writes")
    with recorded(script):
        run(workshop.copy_of(base), work)
    ours, raw = [], []
    for number in range(repeats):
        ours.append(run(workshop.copy_of(base), work))
        raw.append(write_raw(script, workshop.copy_of(base)))
        times = f"{ours[-1].wall:.2f} s against {raw[-1].wall:.2f} s"
        say(f"{number + 1} of {repeats}: {times} ({load()})")
    sizes = [len(transaction) for transaction in transactions(script)]
    return Raced(ours=tuple(ours), raw=tuple(raw), rows=sum(sizes), transactions=len(sizes))


def run(store: Path, work: Work) -> Stopwatch:
    office = open_office(store)
    try:
        with Stopwatch() as watch:
            work(office)
    finally:
        office.close()
    return watch


class Recorder:
    """Keeps what a transaction writes until it is committed; what a savepoint undid was not written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._written: list[Written] = []
        self._savepoints: dict[str, int] = {}

    def hear(
        self, _connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        words = statement.split()
        verb, name = words[0], words[-1]
        if verb in WRITES:
            self._written.extend((statement, kept(row)) for row in (given if many else [given]))
        elif verb == "SAVEPOINT":
            self._savepoints[name] = len(self._written)
        elif verb == "ROLLBACK":
            del self._written[self._savepoints[name] :]

    @contextmanager
    def at_the_driver(self) -> Iterator[None]:
        """Where the store goes past SQLAlchemy (store/driver.py), which then has nothing to tell."""
        with ExitStack() as stack:
            for place in PAST_SQLALCHEMY:
                module, _, name = place.rpartition(".")
                stack.enter_context(patch(place, self._heard(getattr(import_module(module), name))))
            yield

    def _heard(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def heard(connection: Any, text: str, rows: Any = ()) -> Any:
            many = work.__name__ == "write_rows"
            self.hear(None, None, text, rows, None, many)
            return work(connection, text, *((rows,) if work.__name__ != "command" else ()))

        return heard

    def end(self, _connection: Any) -> None:
        if self._written:
            pickle.dump(self._written, self._file)
        self._written, self._savepoints = [], {}


def kept(row: Iterable[Any]) -> tuple[Any, ...]:
    """As it can be pickled: a blob comes as a view of its bytes."""
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


@contextmanager
def recorded(script: Path) -> Iterator[None]:
    with script.open("wb") as file:
        recorder = Recorder(file)
        listeners = (("before_cursor_execute", recorder.hear), ("commit", recorder.end))
        for name, hear in listeners:
            event.listen(Engine, name, hear)
        try:
            with recorder.at_the_driver():
                yield
        finally:
            for name, hear in listeners:
                event.remove(Engine, name, hear)


def transactions(script: Path) -> Iterator[list[Written]]:
    with script.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # our own file of a moment ago
            except EOFError:
                return


def write_raw(script: Path, store: Path) -> Stopwatch:
    """Only the writing is timed, not the reading of the script."""
    module = sqlite.driver()
    connection = module.connect(str(store), isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA synchronous = {sqlite.journal(module.sqlite_version_info)[1]}")
    watch = Stopwatch()
    for transaction in transactions(script):
        kinds = by_statement(transaction)
        with watch:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in kinds:
                if " RETURNING " in statement:
                    for row in rows:  # many at once give nothing back
                        connection.execute(statement, row).fetchall()
                else:
                    connection.executemany(statement, rows)
            connection.execute("COMMIT")
    connection.close()
    return watch


def by_statement(transaction: Sequence[Written]) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """All rows of a kind in one go; new items first, because other rows refer to them."""
    kinds: dict[str, list[tuple[Any, ...]]] = {}
    for statement, row in transaction:
        kinds.setdefault(statement, []).append(row)
    return sorted(kinds.items(), key=lambda kind: not kind[0].startswith("INSERT INTO items"))
