"""No room left on the disk, and disks that fail now and then."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.simulation.records import Violation
from tests.torture.kills import Told
from tests.torture.nursery import ROOT, environment
from tests.torture.place import Place
from tests.torture.servers import Fragile

MEGABYTE = 1 << 20
FIU = ("fiu-run", "-x")
FAULTS = ("posix/io/rw/pwrite*", "posix/io/sync/*")


class CannotTry(Exception):
    """What this torture needs is not on this machine. The text says what."""


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Not below the folder of a test, into which a server that runs as another user may not look."""
    folder = Path(tempfile.mkdtemp(prefix="duban-small-"))
    try:
        words = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "duban-torture", str(folder))
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotTry(f"a small disk cannot be mounted here ({done.stderr.strip()}): root may do it")
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            subprocess.run(("umount", "--lazy", str(folder)), check=True)
    finally:
        folder.rmdir()


def fill(disk: Path, leave: int) -> Path:
    """So that about so many bytes are left; others write meanwhile."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):  # somebody else took the rest
        while (free := shutil.disk_usage(disk).free) > leave:
            file.write(bytes(min(free - leave, MEGABYTE)))
    return ballast


def fill_sqlite(folder: Path, times: int, seed: int) -> Told:
    """The store and the letters are on the small disk."""
    with small_disk(64) as disk:
        url = f"sqlite:///{disk / 'office.db'}"
        return fill_and_empty(folder / "office", url, disk, times=times, seed=seed, server=None)


def fill_postgres(folder: Path, times: int, seed: int) -> Told:
    """All of the server is on the small disk; it may give up, and is started again when there is room."""
    with small_disk(256) as disk:
        usual, tempfile.tempdir = tempfile.tempdir, str(disk)
        try:
            server = Fragile("min_wal_size=32MB", "max_wal_size=64MB")
        finally:
            tempfile.tempdir = usual
        try:
            return fill_and_empty(
                folder / "office", server.url(), disk, times=times, seed=seed, server=server
            )
        finally:
            server.remove()


def fill_and_empty(
    folder: Path, url: str, disk: Path, *, times: int, seed: int, server: Fragile | None
) -> Told:
    draw, told = Random(seed), Told("disk full", url.partition(":")[0])
    began = time.monotonic()
    outbox = None if server else disk / "outbox"
    with Place(folder, url, draw, outbox=outbox) as place:
        place.populate(daemons=1, drivers=2)
        place.rest(1, 2)
        for _ in range(times):
            ballast = fill(disk, draw.randrange(MEGABYTE // (64 if server is None else 1)))
            if server is not None:
                server.use_up_log()
            place.rest(0.6, 1.2)
            ballast.unlink()
            if server is not None and not server.is_running():
                told.counted["server gave up"] += 1
                server.start()
            place.rest(0.3, 0.6)
            told.counted["full disks"] += 1
        told.judge(place)
    told.seconds = time.monotonic() - began
    return told


def fail_now_and_then(folder: Path, runs: int, steps: int, probability: float, seed: int) -> Told:
    """Writes and syncs of a driver fail by chance. SQLite alone: a server is a program of its own."""
    if shutil.which(FIU[0]) is None:
        raise CannotTry("fiu-run is not installed: Debian has it as fiu-utils")
    told, draw, began = Told("I/O errors", "sqlite"), Random(seed), time.monotonic()
    for run in range(runs):
        place_of_run = folder / f"run{run}"
        place_of_run.mkdir(parents=True)
        with Place(place_of_run, f"sqlite:///{place_of_run / 'office.db'}", draw) as place:
            place.start("daemon", 0)
            job = replace(place.usual, kind="driver", slot=1, seed=draw.randrange(10**9), steps=steps)
            faults = [
                word
                for name in FAULTS
                for word in ("-c", f"enable_random name={name},probability={probability}")
            ]
            words = (*FIU, *faults, sys.executable, "-m", "tests.torture.work", job.to_text())
            done = subprocess.run(
                words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
            )
            if done.returncode:
                told.violations.append(Violation("ended", f"the driver: {done.stderr[-500:]}"))
            told.counted["runs"] += 1
            told.counted["steps"] += steps
            told.judge(place)
    told.seconds = time.monotonic() - began
    return told
