"""The drain of a backlog on PostgreSQL, against COPY and UPDATE of the same rows in the same batches.

The floor takes the rows from a store that was drained, and knows by their entries which transaction wrote
them. New rows it writes with COPY; changed ones it copies to a temporary table, and changes each table by one
UPDATE. Both write into copies of one database, on a server with usual settings (`fsync` is on).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from statistics import median
from typing import Any

import psycopg

from engine.office import Founding, Office, found
from engine.testing import everybody
from engine.turn import turn_all
from tests.bench.backlog import AT_ONCE, BEGINS, NOW, Workshop, batch_of
from tests.bench.measure import Figure, Stopwatch, compare, load, say
from tests.bench.sizes import Sizes
from tests.databases import OWNER, Server

ADDED = ("audit", "events", "firings", "notices", "documents")
CHANGED = {"items": ("id",), "clocks": ("item", "clock")}  # with their keys
OPTIONS = ("shared_buffers=128MB", "max_wal_size=4GB")
SCHEMA = "duban"
Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one transaction wrote to one table."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


class Yard:
    """A server with copies of one database, each used once."""

    def __init__(self, workshop: Workshop, items: int) -> None:
        self.server = Server(*OPTIONS)
        self._workshop, self._items = workshop, items
        self._copies = count(1)

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.server.folder}&schema={SCHEMA}"

    def connect(self, database: str) -> "psycopg.Connection[Row]":
        return psycopg.connect(host=str(self.server.folder), user=OWNER, dbname=database, autocommit=True)

    def make(self, database: str, template: str = "template0") -> str:
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
            connection.execute("CHECKPOINT")  # what was copied is not to be written out while we measure
        return database

    @cached_property
    def base(self) -> str:
        say(f"making a backlog of {self._items:,} items")
        book, database = self._workshop.book, self.make("base")
        holders = everybody(book)
        founding = Founding(url=self.url(database), book=book, files={}, holders=holders, ledger=False)
        office = found(founding, BEGINS)
        for first in range(0, self._items, AT_ONCE):
            with office.store.write(BEGINS) as tx:
                tx.commit_batch(batch_of(book, range(first, min(first + AT_ONCE, self._items))))
        office.close()
        with self.connect(database) as connection:
            connection.execute("VACUUM ANALYZE")
        return database

    def copy(self) -> str:
        return self.make(f"copy_{next(self._copies)}", self.base)

    def drop(self, database: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE {database}")

    def drain(self, database: str) -> Stopwatch:
        office = Office.open(self.url(database))
        try:
            with Stopwatch() as watch:
                turn_all(office, NOW)
        finally:
            office.close()
        return watch

    def write(self, database: str, transactions: Sequence[Sequence[Part]]) -> Stopwatch:
        watch = Stopwatch()
        with self.connect(database) as connection:
            connection.execute(f"SET search_path = {SCHEMA}")
            for table in (*ADDED, *CHANGED):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for table in CHANGED:
                connection.execute(f"CREATE TEMP TABLE new_{table} (LIKE {table})")
            for transaction in transactions:
                with watch, connection.transaction():
                    for part in transaction:
                        write_part(connection, part)
        return watch


def write_part(connection: "psycopg.Connection[Row]", part: Part) -> None:
    into = f"new_{part.table}" if part.table in CHANGED else part.table
    columns = ", ".join(part.columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
            for row in part.rows:
                copy.write_row(row)
        if part.table in CHANGED:
            key = CHANGED[part.table]
            values = ", ".join(f"{name} = new.{name}" for name in part.columns if name not in key)
            same = " AND ".join(f"old.{name} = new.{name}" for name in key)
            cursor.execute(f"UPDATE {part.table} old SET {values} FROM {into} new WHERE {same}")
            cursor.execute(f"TRUNCATE {into}")


def transactions_of(yard: Yard, database: str) -> list[list[Part]]:
    """What was written since the backlog was made, transaction by transaction."""
    with yard.connect(yard.base) as connection:
        ((first,),) = connection.execute(f"SELECT size FROM {SCHEMA}.audit_head").fetchall()
    with yard.connect(database) as connection:
        connection.execute(f"SET search_path = {SCHEMA}")
        asked = "SELECT rec FROM audit WHERE seq >= %s ORDER BY seq"
        named = [json.loads(rec)["tx"] for (rec,) in connection.execute(asked, [first])]
        names = list(dict.fromkeys(named))
        parts: dict[str, list[Part]] = {name: [] for name in names}
        for table in (*ADDED, *CHANGED):
            entry = "seq" if table == "audit" else "audit_seq"
            cursor = connection.execute(f"SELECT * FROM {table} WHERE {entry} >= %s", [first])
            columns = tuple(column.name for column in cursor.description or ())
            grouped: dict[str, list[Row]] = {}
            for row in cursor:
                grouped.setdefault(named[row[columns.index(entry)] - first], []).append(row)
            for name, rows in grouped.items():
                parts[name].append(Part(table=table, columns=columns, rows=rows))
    return [parts[name] for name in names]


def drain(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    items = sizes.drained
    yard = Yard(workshop, items)
    try:
        model = yard.copy()
        yard.drain(model)
        transactions = transactions_of(yard, model)
        rows = sum(len(part.rows) for transaction in transactions for part in transaction)
        say(f"{rows:,} rows in {len(transactions):,} transactions")
        ours, floors = [], []
        for number in range(sizes.repeats):
            one, other = yard.copy(), yard.copy()
            ours.append(yard.drain(one))
            floors.append(yard.write(other, transactions))
            say(f"{number + 1}: {ours[-1].wall:.2f} s against {floors[-1].wall:.2f} s ({load()})")
            yard.drop(one)
            yard.drop(other)
        yield from compare(f"drain of {items:,} due items on PostgreSQL", ours, floors, "≤ 6 ×")
        speeds = [items / median(each.wall for each in watches) for watches in (ours, floors)]
        yield Figure(
            name="items drained in a second, PostgreSQL", value=speeds[0], unit="items/s", floor=speeds[1]
        )
    finally:
        yard.server.remove()
