"""Proving a log whole, beside reading the same bytes once: one hash and one parse of each record."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.verify import verify as verify_log
from tests.bench.backlog import Workshop, open_office
from tests.bench.measure import Figure, Stopwatch, compare, load, say
from tests.bench.sizes import Sizes


def verify(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    store = workshop.drained(sizes.drained)
    records = records_of(store)
    ours, floors = [], []
    for _ in range(sizes.repeats):
        ours.append(prove(store))
        floors.append(read_once(records))
        say(f"{ours[-1].wall:.2f} s against {floors[-1].wall:.2f} s ({load()})")
    yield from compare(f"verify of {len(records):,} entries", ours, floors, "≤ 3 ×")


def records_of(store: Path) -> list[bytes]:
    office = open_office(store)
    with office.store.read() as reader:
        records = [line.rec.encode() for line in reader.audit_lines()]
    office.close()
    return records


def prove(store: Path) -> Stopwatch:
    office = open_office(store)
    with office.store.read() as reader, Stopwatch() as watch:
        verdict = verify_log(reader)
    office.close()
    assert verdict.ok, verdict.en
    return watch


def read_once(records: Sequence[bytes]) -> Stopwatch:
    with Stopwatch() as watch:
        for record in records:
            hashlib.sha256(record).digest()
            json.loads(record)
    return watch
