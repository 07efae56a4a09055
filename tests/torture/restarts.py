"""The server is stopped at once and started again, under load: everybody comes back by himself."""

import json
import time
from datetime import datetime
from pathlib import Path
from random import Random

from tests.databases import Server
from tests.torture.kills import Told
from tests.torture.place import Place
from tests.torture.reading import asker

BACK_SECONDS = 10
STARTING_SECONDS = 30


def restart_at_random(folder: Path, server: Server, restarts: int, seed: int) -> Told:
    draw, told, url = Random(seed), Told("pg_ctl -m immediate", "postgresql"), server.url()
    began = time.monotonic()
    with Place(folder, url, draw) as place:
        place.populate(daemons=2, drivers=2)
        until_back(place, STARTING_SECONDS)  # a daemon that finds no server when it starts says so and ends
        slowest = 0.0
        for _ in range(restarts):
            place.rest(0.1, 0.6)
            told.counted["busy when it stopped"] += any(place.marks.read(slot) for slot in place.processes)
            server.stop("immediate")
            place.rest(0, 0.4)
            server.start()
            slowest = max(slowest, until_back(place))
            told.counted["restarts"] += 1
        told.counted["slowest return, ms"] = round(slowest * 1000)
        told.judge(place)
    told.seconds = time.monotonic() - began
    return told


def until_back(place: Place, seconds: float = BACK_SECONDS) -> float:
    """Seconds until every daemon has shown a sign of life, without anybody's help."""
    began, missing = time.monotonic(), {place.processes[slot].pid for slot in (0, 1)}
    since = place.usual.now()
    with asker(place.url) as ask:
        while missing:
            for (text,) in ask("SELECT value FROM office WHERE key = 'sign_of_life'"):
                sign = json.loads(text)
                if datetime.fromisoformat(sign["at"]) > since:
                    missing.discard(sign["pid"])
            waited = time.monotonic() - began
            assert waited < seconds, f"after {seconds} s these are not there: {missing}\n{place.said()}"
            time.sleep(0.005)
    return time.monotonic() - began
