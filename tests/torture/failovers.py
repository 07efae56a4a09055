"""The primary dies under load and the replica takes over: with and without waiting for its answers."""

import time
from pathlib import Path
from random import Random

from tests.databases import OWNER
from tests.torture.kills import Told
from tests.torture.place import Place
from tests.torture.proxy import Proxy, Wire
from tests.torture.reading import BROKEN, MISSING
from tests.torture.restarts import STARTING_SECONDS, until_back
from tests.torture.servers import Primary, Replica

BEHIND = 0.25  # seconds by which the replica is behind when the primary dies


def fail_over(folder: Path, synchronous: bool, seed: int) -> Told:
    """Whoever has two addresses finds the server that may be written to."""
    name = f"failover, {'synchronous' if synchronous else 'not synchronous'}"
    draw, told = Random(seed), Told(name, "postgresql")
    began = time.monotonic()
    primary = Primary()
    try:
        wire = Proxy(primary.folder)
        replica = Replica(wire.port)
        try:
            if synchronous:
                primary.wait_for_answers(replica)
            schema = primary.url().rpartition("=")[2]
            url = (
                f"postgresql://{OWNER}@/postgres?host={primary.folder},{replica.folder}"
                f"&target_session_attrs=read-write&schema={schema}"
            )
            with Place(folder, url, draw) as place:
                promote_under_load(place, primary, replica, wire, told)
                told.judge(place)
        finally:
            replica.remove()
            wire.close()
    finally:
        primary.remove_if_there()
    if not synchronous:
        show_what_is_lost(told)
    told.seconds = time.monotonic() - began
    return told


def promote_under_load(place: Place, primary: Primary, replica: Replica, wire: Proxy, told: Told) -> None:
    place.populate(daemons=2, drivers=2)
    until_back(place, STARTING_SECONDS)
    place.rest(1, 2)
    wire.set(Wire.SILENT)  # between the two, so that what is acknowledged now has not arrived
    time.sleep(BEHIND)
    told.counted["busy when it died"] += any(place.marks.read(slot) for slot in place.processes)
    primary.stop("immediate")
    wire.cut_all()
    replica.promote()
    told.counted["promotions"] += 1
    told.counted["return, ms"] = round(until_back(place) * 1000)
    place.rest(1, 2)


def show_what_is_lost(told: Told) -> None:
    """The log is whole, but what had not arrived is gone: it is counted, and nothing else is excused."""
    told.counted["lost although acknowledged"] += sum(
        each.invariant in (MISSING, "A6") for each in told.violations
    )
    told.violations = [each for each in told.violations if each.invariant in (BROKEN, "A2", "A1")]
