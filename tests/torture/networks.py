"""Two hosts over one server, one of them behind a bad wire."""

import time
from pathlib import Path
from random import Random

from tests.databases import OWNER, Server
from tests.torture.kills import ZOMBIES, Told
from tests.torture.place import Place
from tests.torture.proxy import Proxy, Wire
from tests.torture.reading import asker
from tests.torture.restarts import STARTING_SECONDS, until_back

FAULTS = tuple(wire for wire in Wire if wire is not Wire.WHOLE)
IDLE, LEASE = 0.6, 1.0  # seconds
NEAR, FAR = (0, 2), (1, 3)  # a daemon and a driver each
LONGEST_STANDSTILL = (
    10.0  # seconds for those whose wire is whole: whoever writes through a slow one has the lock
)


def cut_at_random(folder: Path, server: Server, faults: int, seed: int) -> Told:
    draw, told, url = Random(seed), Told("a bad wire", "postgresql"), server.url()
    proxy, began = Proxy(server.folder), time.monotonic()
    schema = url.rpartition("=")[2]
    far = f"postgresql://{OWNER}@127.0.0.1:{proxy.port}/postgres?schema={schema}"
    try:
        with Place(folder, url, draw, lease_seconds=LEASE, idle_seconds=IDLE) as place:
            for slot in (*NEAR, *FAR):
                place.start("daemon" if slot < 2 else "driver", slot, far if slot in FAR else None)
            until_back(place, STARTING_SECONDS)
            slowest = 0.0
            for number in range(faults):
                place.rest(0.1, 0.4)
                wire = FAULTS[number % len(FAULTS)]
                proxy.set(wire)
                told.counted[f"wire {wire.value}"] += 1
                told.counted["wires"] += 1
                slowest = max(slowest, until_others_go_on(place))
                place.rest(0.3, 1.2)
                proxy.set(Wire.WHOLE)
                if wire is Wire.SILENT:
                    proxy.cut_all()
            told.counted["last return, ms"] = round(until_back(place) * 1000)
            told.counted["longest standstill of the others, ms"] = round(slowest * 1000)
            told.counted += proxy.counted
            told.judge(place, excused=ZOMBIES)
    finally:
        proxy.close()
    told.seconds = time.monotonic() - began
    return told


def until_others_go_on(place: Place) -> float:
    """Seconds until something new stands in the log, whatever hangs on the bad wire."""
    began = time.monotonic()
    with asker(place.url) as ask:
        size = ask("SELECT size FROM audit_head")[0][0]
        while ask("SELECT size FROM audit_head")[0][0] == size:
            waited = time.monotonic() - began
            assert waited < LONGEST_STANDSTILL, "one bad wire stops everybody"
            time.sleep(0.005)
    return time.monotonic() - began
