"""`python -m tests.torture`: every torture at length, shown as it goes, and docs/reliability-report.md."""

# ruff: noqa: T201 - progress is there to be seen
import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.records import Violation
from tests.torture.disks import CannotTry
from tests.torture.kills import Told
from tests.torture.report import REPORT, Row, write_report
from tests.torture.tortures import PROFILES, tortures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--profile", choices=list(PROFILES), default="long", help="how much of each")
    parser.add_argument("--only", default="", help="tortures whose name and database contain this")
    parser.add_argument("--report", type=Path, default=REPORT, help="where the report goes")
    given = parser.parse_args()
    profile, rows = PROFILES[given.profile], []
    for torture in tortures():
        if given.only not in f"{torture.name}, {torture.database}":
            continue
        print(f"{torture.name}, {torture.database} …", flush=True)
        with TemporaryDirectory(prefix="duban-torture-") as folder:
            try:
                told = torture.run(Path(folder), profile)
            except CannotTry as reason:
                rows.append(Row(torture, None, str(reason)))
            except AssertionError as reason:  # it could not even be judged
                broken = Told(torture.name, torture.database)
                broken.violations.append(Violation("ended", str(reason)))
                rows.append(Row(torture, broken, ""))
            else:
                rows.append(Row(torture, told, torture.vacuous(told, profile) or ""))
        print("\n".join(rows[-1].lines()), flush=True)
        write_report(given.report, given.profile, profile, rows)  # also of a run that is broken off
    return int(any(row.is_bad for row in rows))


sys.exit(main())
