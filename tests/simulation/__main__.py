"""`python -m tests.simulation --seeds 300 --days 60`: many lives, and what each went through."""

# ruff: noqa: T201 - a report is there to be printed
import argparse
import subprocess
import sys
from pathlib import Path

from tests.simulation.catching import first_caught
from tests.simulation.counters import Counters
from tests.simulation.planted import PLANTED
from tests.simulation.run import Ran, run


def commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return found.stdout.strip() or "no commit"


def report(ran: Ran) -> bool:
    """Whether it was sound; what was not is printed with all that is needed to see it again."""
    if ran.sound:
        return True
    print(f"seed {ran.seed} at {commit()}, {ran.days} days: {ran.counted.vacuous(ran.days) or 'unsound'}")
    for violation in ran.violations:
        print(f"  {violation}")
    print(f"  again: python -m tests.simulation --from {ran.seed} --seeds 1 --days {ran.days}", flush=True)
    return False


def simulate(seeds: range, days: int) -> int:
    total, seconds, bad = Counters(), 0.0, 0
    for seed in seeds:
        ran = run(seed, days)
        total.plus(ran.counted)
        seconds += ran.seconds
        bad += not report(ran)
    print(f"{len(seeds)} seeds × {days} days at {commit()}: {bad} unsound")
    print(f"{len(seeds) * days / seconds:.1f} simulated days/s")
    print("\n".join(total.lines()))
    return int(bad > 0)


def hunt(days: int) -> int:
    """Which seed finds each planted bug first."""
    missing = 0
    for bug in PLANTED:
        seed = first_caught(bug, days, range(60))
        missing += seed is None
        print(f"{bug.name} {bug.breaks} {seed}", flush=True)
    return int(missing > 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first")
    parser.add_argument("--days", type=int, default=60, help="of each life")
    parser.add_argument("--planted", action="store_true", help="find the planted bugs instead")
    given = parser.parse_args()
    if given.planted:
        return hunt(given.days)
    return simulate(range(given.first, given.first + given.seeds), given.days)


sys.exit(main())
