"""What this machine says of the time: see engine/trusted.py for how much of it is believed."""

import time
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

from duban.clock import read_clock
from engine.trusted import Reading
from store.office import Store

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def read_machine(store: Store) -> Reading:
    """The database's time where machines share one, else that of this machine; and how much of it passed."""
    wall = store.now() if store.shared else read_clock()
    return Reading(wall=wall, steady=timedelta(seconds=_steady()), boot=_boot())


def _steady() -> float:
    """Seconds since the machine was started, its sleep included where it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


@cache
def _boot() -> str:
    """Which start of the machine; where it does not say, each process stands for itself."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return uuid4().hex
