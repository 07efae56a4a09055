"""Measure, print a table, and write build/bench.json: `python -m tests.bench [--quick] [--only NAME]`."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from store.sqlite import driver
from tests.bench.backlog import Workshop
from tests.bench.backtest import backtest
from tests.bench.check import check
from tests.bench.conditions import conditions
from tests.bench.drain import drain
from tests.bench.idle import idle
from tests.bench.measure import Figure, load, say
from tests.bench.memory import memory
from tests.bench.postgres import drain as drain_postgres
from tests.bench.recompute import recomputing
from tests.bench.sizes import FULL, QUICK, Sizes
from tests.bench.start import start
from tests.bench.verify import verify
from tests.bench.year import year

BENCHMARKS: Mapping[str, Callable[[Workshop, Sizes], Iterator[Figure]]] = {
    "start": start,
    "check": check,
    "drain": drain,
    "drain-postgres": drain_postgres,
    "verify": verify,
    "year": year,
    "recompute": recomputing,
    "backtest": backtest,
    "conditions": conditions,
    "memory": memory,
    "idle": idle,
}
WRITTEN = Path("build/bench.json")
HEAD = ("work", "value", "unit", "floor", "ratio", "goal")


def main() -> None:
    given = arguments()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        workshop = Workshop(Path(folder))
        for name in given.only or BENCHMARKS:
            print(f"{name} ({load()})", file=sys.stderr)
            figures.extend(BENCHMARKS[name](workshop, QUICK if given.quick else FULL))
    print_table(figures)
    WRITTEN.parent.mkdir(exist_ok=True)
    listed = json.dumps([asdict(each) for each in figures], indent=2, ensure_ascii=False)
    WRITTEN.write_text(listed + "\n", encoding="utf-8")
    say(f"{WRITTEN} written: Python {platform.python_version()}, SQLite {driver().sqlite_version}, {load()}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs, not how fast")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="one benchmark; may be repeated")
    return parser.parse_args()


def print_table(figures: list[Figure]) -> None:
    lines = [HEAD, *(cells(each) for each in figures)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    for line in lines:
        name, *rest = line
        aligned = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        print("  ".join((name.ljust(widths[0]), *aligned)).rstrip())


def cells(figure: Figure) -> tuple[str, ...]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} ×"
    return (
        figure.name,
        number(figure.value),
        figure.unit,
        "" if figure.floor is None else number(figure.floor),
        ratio,
        figure.goal or "",
    )


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
