"""Every torture, how much of it there is in each profile, and when it proves nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Server, opened
from tests.torture.disks import fail_now_and_then, fill_postgres, fill_sqlite
from tests.torture.failovers import fail_over
from tests.torture.kills import Told, kill_at_random, pause_at_random
from tests.torture.networks import cut_at_random
from tests.torture.restarts import restart_at_random

SEED = 2020
IO_SHARE = 0.02  # of writes and syncs that fail


@dataclass(frozen=True, kw_only=True)
class Profile:
    kills: int
    pauses: int
    restarts: int
    full_disks: int
    io_runs: int
    io_steps: int
    wires: int
    failovers: int


PROFILES = {
    "short": Profile(
        kills=200, pauses=8, restarts=12, full_disks=4, io_runs=1, io_steps=300, wires=10, failovers=1
    ),
    "middle": Profile(
        kills=100, pauses=12, restarts=10, full_disks=4, io_runs=1, io_steps=300, wires=10, failovers=1
    ),
    "long": Profile(
        kills=1000,
        pauses=200,
        restarts=100,
        full_disks=40,
        io_runs=20,
        io_steps=3000,
        wires=200,
        failovers=10,
    ),
}


@dataclass(frozen=True)
class Torture:
    """`vacuous`: why a run of it proves nothing, if so."""

    name: str
    database: str
    run: Callable[[Path, Profile], Told]
    vacuous: Callable[[Told, Profile], str | None]


def on(database: str, torture: Callable[[Path, str, Profile], Told]) -> Callable[[Path, Profile], Told]:
    def run(folder: Path, profile: Profile) -> Told:
        with opened() as databases:
            return torture(folder / "office", databases.url(database, folder), profile)

    return run


def with_server(
    torture: Callable[[Path, Server, Profile], Told],
) -> Callable[[Path, Profile], Told]:
    def run(folder: Path, profile: Profile) -> Told:
        with opened() as databases:
            return torture(folder / "office", databases.server, profile)

    return run


def failovers(synchronous: bool) -> Callable[[Path, Profile], Told]:
    def run(folder: Path, profile: Profile) -> Told:
        total = fail_over(folder / "0", synchronous, SEED)
        for number in range(1, profile.failovers):
            told = fail_over(folder / str(number), synchronous, SEED + number)
            total.violations += told.violations
            total.counted += told.counted
            total.seconds += told.seconds
        return total

    return run


def at_least(*names: str, share: Callable[[Profile], float]) -> Callable[[Told, Profile], str | None]:
    def vacuous(told: Told, profile: Profile) -> str | None:
        found, wanted = sum(told.counted[name] for name in names), share(profile)
        return None if found >= wanted else f"{' + '.join(names)}: {found}, wanted {wanted:.0f}"

    return vacuous


KILLED = at_least("killed: open", "killed: committing", share=lambda profile: profile.kills / 10)
STOPPED = at_least("stopped: open", "stopped: committing", share=lambda profile: profile.pauses / 5)


def tortures() -> Iterator[Torture]:
    yield Torture(
        "pg_ctl -m immediate",
        "postgresql",
        with_server(
            lambda folder, server, profile: restart_at_random(folder, server, profile.restarts, SEED)
        ),
        at_least("failed: StoreError", "failed: ConnectionLost", share=lambda profile: profile.restarts / 4),
    )
    for database, fill in (("sqlite", fill_sqlite), ("postgresql", fill_postgres)):
        yield Torture(
            "disk full",
            database,
            lambda folder, profile, fill=fill: fill(folder, profile.full_disks, SEED),  # type: ignore[misc]
            at_least("no room", "server gave up", share=lambda profile: 1),
        )
    yield Torture(
        "I/O errors",
        "sqlite",
        lambda folder, profile: fail_now_and_then(folder, profile.io_runs, profile.io_steps, IO_SHARE, SEED),
        at_least("failed: StoreError", share=lambda profile: profile.io_runs * profile.io_steps / 20),
    )
    yield Torture(
        "a bad wire",
        "postgresql",
        with_server(lambda folder, server, profile: cut_at_random(folder, server, profile.wires, SEED)),
        at_least("commits of unknown outcome", share=lambda profile: 1),
    )
    yield Torture(
        "failover, synchronous",
        "postgresql",
        failovers(synchronous=True),
        at_least("busy when it died", share=lambda profile: 1),
    )
    yield Torture(
        "failover, not synchronous",
        "postgresql",
        failovers(synchronous=False),
        at_least("lost although acknowledged", share=lambda profile: 1),
    )
    for kind in ("sqlite", "postgresql"):
        kill = on(kind, lambda folder, url, profile: kill_at_random(folder, url, profile.kills, SEED))
        yield Torture("kill -9", kind, kill, KILLED)
        pause = on(kind, lambda folder, url, profile: pause_at_random(folder, url, profile.pauses, SEED))
        yield Torture("SIGSTOP, SIGCONT", kind, pause, STOPPED)
