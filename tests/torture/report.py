"""docs/reliability-report.md: what was tortured, when, on what, and what was found."""

import os
import platform
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.sqlite import driver
from tests.databases import programs
from tests.torture.kills import Told
from tests.torture.tortures import Profile, Torture

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reliability-report.md"
FAULTS = ("kills", "pauses", "restarts", "full disks", "wires", "promotions", "failed: StoreError")
# By the names that the oracle gives to what must hold.
LOST = frozenset({"lost", "T1", "T7", "N6", "T2"})
DOUBLED = frozenset({"doubled", "N1", "N2"})
CHAIN = frozenset({"A1", "A2", "A8", "D5"})
ACKNOWLEDGED = frozenset({"acknowledged", "A6"})
HEAD = """# What was tortured, and what was found

Written by `make torture` (`python -m tests.torture`, ADR 0021), never by hand.

Real processes on a real disk: daemons (`duban run`) and drivers, who act through the engine without a pause,
over one office whose time runs {pace} hours in a second. What a driver wrote down after its commit, and every
letter that the file channel kept, is held against tables and log by an oracle that reads them with SQL alone.
"""


@dataclass(frozen=True)
class Row:
    torture: Torture
    told: Told | None
    why: str  # it was not tried, or proves nothing

    @property
    def is_bad(self) -> bool:
        return self.told is not None and bool(self.told.violations or self.why)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Faults; lost, doubled, chain, acknowledged but missing, other; seconds."""
        assert self.told is not None
        kinds = Counter(each.invariant for each in self.told.violations)
        groups = [sum(kinds[name] for name in group) for group in (LOST, DOUBLED, CHAIN, ACKNOWLEDGED)]
        faults = next((self.told.counted[name] for name in FAULTS if self.told.counted[name]), 0)
        other = sum(kinds.values()) - sum(groups)
        excused = self.told.counted["lost although acknowledged"]
        missing = f"{groups.pop()}" + (f", and {excused} as expected" if excused else "")
        return (str(faults), *map(str, groups), missing, str(other), f"{self.told.seconds:.0f}")

    def lines(self) -> list[str]:
        if self.told is None:
            return [f"  NOT TRIED: {self.why}"]
        counted = ", ".join(f"{name} {count}" for name, count in sorted(self.told.counted.items()))
        bad = [f"  {each}" for each in self.told.violations[:20]]
        return [f"  {len(self.told.violations)} violations, {self.told.seconds:.0f} s; {counted}", *bad]


def commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return found.stdout.strip() or "no commit"


def machine() -> str:
    version = subprocess.run(
        [programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (
        f"{os.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}, "
        f"SQLite {driver().sqlite_version}, PostgreSQL {version}"
    )


def write_report(path: Path, name: str, profile: Profile, rows: list[Row]) -> None:
    from tests.torture.place import PACE

    asked = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in asdict(profile).items())
    lines = [
        HEAD.format(pace=PACE // 3600),
        f"- When: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Commit: {commit()} (`-dirty`: with changes that were not committed)",
        f"- Machine: {machine()}; load {os.getloadavg()[0]:.1f} at the end",
        f"- Profile: {name} ({asked})",
        "",
        "| Torture | Database | Faults | Lost | Doubled | Chain | Acknowledged, missing | Other | Seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = row.numbers if row.told else ("not tried", *[""] * 6)
        lines.append(f"| {row.torture.name} | {row.torture.database} | {' | '.join(cells)} |")
    lines += ["", "## What each went through", ""]
    for row in rows:
        lines += [f"### {row.torture.name}, {row.torture.database}", ""]
        if row.why:
            lines += [f"**{'Not tried' if row.told is None else 'Proves nothing'}**: {row.why}", ""]
        if row.told is not None:
            lines += [f"- {key}: {value}" for key, value in sorted(row.told.counted.items())]
            lines += [f"- **{each}**" for each in row.told.violations]
            lines.append("")
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
