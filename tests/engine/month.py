"""A month in the city, that can be killed anywhere and begun again; run by tests as a process.

`python -m tests.engine.month live FOLDER` goes on from wherever the log ends.
`python -m tests.engine.month digest FOLDER` lives a year with fixed names and keys and hashes its log.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from engine.office import Office
from tests.engine.city import City, at

BEGINS, ENDS, YEAR_ENDS = "2020-09-28 08:00", "2020-11-04 12:00", "2021-08-31 12:00"
STEP = timedelta(hours=3)
DUES = ("2020-09-30", "2020-10-15", "2020-10-21", "2020-11-02")


def acts(city: City) -> list[tuple[str, str, Callable[[], object]]]:
    """Moment, how to know that it was done, and the act."""

    def task(due: str) -> str:
        return next(row.id for row in city.items("task") if due in row.fields)

    def opens(due: str) -> tuple[str, str, Callable[[], object]]:
        return (BEGINS, f"task {due}", lambda: city.task(due))

    return [
        *(opens(due) for due in DUES),
        (
            "2020-10-09 10:00",
            "张三 complete",
            lambda: city.does("张三", "complete", task("2020-09-30"), result="完成"),
        ),
        (
            "2020-10-10 10:00",
            "秘书长 approve",
            lambda: city.does("秘书长", "approve", "YT-2020-0001", planned_on="2020-10-12"),
        ),
        (
            "2020-10-12 10:00",
            "督查室 hold",
            lambda: city.does("督查室", "hold", "YT-2020-0001", held_on="2020-10-12"),
        ),
        (
            "2020-10-19 10:00",
            "督查室 send_back",
            lambda: city.does("督查室", "send_back", task("2020-09-30"), reason="不实", due="2020-10-28"),
        ),
    ]


def done(city: City) -> set[str]:
    tasks = {f"task {due}" for row in city.items("task") for due in DUES if f'"due":"{due}"' in row.fields}
    moves = {
        f"{each['actor']['name']} {each['event']}"
        for each in city.records("item.move")
        if "name" in each["actor"]
    }
    return tasks | moves | ({f"task {DUES[0]}"} if "督查室 send_back" in moves else set())


def moments(since: datetime, until: datetime) -> Iterator[datetime]:
    now = at(BEGINS)
    while now <= until:
        if now >= since:
            yield now
        now += STEP


def live(city: City, until: str) -> None:
    city.now = at(BEGINS)
    last = datetime.fromisoformat(city.log()[-1].ts)
    known = done(city)
    todo = [(at(moment), act) for moment, mark, act in acts(city) if mark not in known]
    for now in moments(last, at(until)):
        city.now = now
        city.turn()
        while todo and todo[0][0] <= now:
            todo.pop(0)[1]()


def reopen(url: str) -> City:
    city = City.__new__(City)
    city.url = url
    city.office = Office.open(city.url)
    return city


def digest(folder: Path) -> str:
    with patch("store.office.secrets.token_hex", lambda length: "5a" * length):
        city = City(folder, BEGINS, duties=["weekly_board"])
    live(city, YEAR_ENDS)
    assert city.verdict().ok
    return hashlib.sha256("\n".join(line.rec for line in city.log()).encode()).hexdigest()


def main(what: str, where: str) -> None:
    """`where` is a folder to make an office in, or the address of one."""
    if what == "digest":
        sys.stdout.write(digest(Path(where)))
        return
    city = reopen(where)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    live(city, ENDS)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
