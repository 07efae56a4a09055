"""One office under torture: its processes, who may be killed, and at the end the judgement of the oracle."""

import os
import select
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType

from duban.channels.file import FileChannel
from duban.channels.mail import Sender
from engine.deliver import deliver
from engine.office import Founding, Office, found
from engine.testing import everybody
from engine.turn import turn_all
from tests.simulation.regime import edition
from tests.torture.driving import DOINGS
from tests.torture.job import FIRST, Job, Kind
from tests.torture.marks import Doing, Marks
from tests.torture.nursery import SAID, Nursery
from tests.torture.reading import Found, asker, read_all
from tests.torture.work import Witness

PACE = 4 * 3600  # hours of the office in a second
HEALED = (timedelta(hours=3), timedelta(hours=33), timedelta(hours=66))
SENDER = Sender(name="模拟督办", address="duban@localhost")
ROUNDS = 20_000


@dataclass
class Process:
    job: Job
    pid: int
    handle: int  # a file that says when it has ended, and cannot be taken for another process
    began: float = field(default_factory=time.monotonic)

    def send(self, number: signal.Signals) -> None:
        """Also to one that has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, number)

    @property
    def ended(self) -> bool:
        return self._ends_within(0)

    def wait(self, seconds: float = 10) -> None:
        assert self._ends_within(seconds), f"process {self.pid} does not end"
        os.close(self.handle)

    def _ends_within(self, seconds: float) -> bool:
        """By poll: select knows no file with a number above 1023."""
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


@dataclass
class Place:
    folder: Path
    url: str
    draw: Random
    outbox: Path | None = None
    lease_seconds: float = 2.0
    idle_seconds: float = 20.0
    counted: Counter[str] = field(default_factory=Counter)
    processes: dict[int, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        book = edition(1)
        found(Founding(url=self.url, book=book, files={}, holders=everybody(book)), FIRST).close()
        self.marks = Marks(self.folder / "marks")
        self.usual = Job(
            kind="daemon",
            url=self.url,
            folder=str(self.folder),
            outbox=str(self.outbox or self.folder / "outbox"),
            began=time.time(),
            pace=PACE,
            slot=0,
            seed=0,
            lease_seconds=self.lease_seconds,
            idle_seconds=self.idle_seconds,
        )
        self.nursery = Nursery()

    def __enter__(self) -> "Place":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for slot in list(self.processes):
            self.kill(slot)
        self.nursery.close()

    # ------------------------------------------------------------ processes

    def populate(self, daemons: int = 2, drivers: int = 1) -> None:
        for slot in range(daemons + drivers):
            self.start("daemon" if slot < daemons else "driver", slot)

    def start(self, kind: Kind, slot: int, url: str | None = None) -> None:
        self.marks.clear(slot)
        job = replace(self.usual, kind=kind, slot=slot, seed=self.draw.randrange(10**9), url=url or self.url)
        pid = self.nursery.start(job)
        self.processes[slot] = Process(job, pid, os.pidfd_open(pid))

    def kill(self, slot: int) -> Doing:
        """What it was doing when it died."""
        process = self.processes.pop(slot)
        process.send(signal.SIGKILL)
        process.wait()
        return self.marks.read(slot)

    def catch(self, doing: Doing | None, seconds: float = 0.3) -> int:
        """Somebody who does this just now; after a while, or where nothing is named, anybody."""
        until = time.monotonic() + seconds
        slots = sorted(self.processes, key=lambda slot: self.processes[slot].began + self.draw.random())
        slots = slots[: (len(slots) + 1) // 2]  # whoever was killed just now first gets something done
        while doing is not None and time.monotonic() < until:
            for slot in slots:
                if self.marks.read(slot) == doing:
                    return slot
            time.sleep(0.0002)
        return slots[0]

    def until_done(self, seconds: float = 1.0) -> None:
        """Somebody has been answered since, so that there is something to lose."""
        doings, until = self.usual.path(DOINGS), time.monotonic() + seconds
        before = doings.stat().st_size if doings.exists() else 0
        while time.monotonic() < until:
            if doings.exists() and b'"done"' in doings.read_bytes()[before:]:
                return
            time.sleep(0.005)

    def rest(self, least: float, most: float) -> None:
        time.sleep(least + (most - least) * self.draw.random())

    def said(self) -> str:
        """The last that was logged."""
        log = self.usual.path(SAID)
        return "\n".join(log.read_text(encoding="utf-8").splitlines()[-12:]) if log.exists() else ""

    # ------------------------------------------------------------ the end

    def judged(self, *, excused: frozenset[str] = frozenset()) -> Found:
        """Everybody is gone, what is left over is done, and an outsider looks at all of it."""
        for slot in list(self.processes):
            assert not self.processes[slot].ended, f"process {slot} ended by itself\n{self.said()}"
            self.kill(slot)
        until = self.heal()
        with asker(self.url) as ask:
            return read_all(ask, self.usual, until, excused)

    def heal(self) -> datetime:
        """All that is due comes to its end, without faults, until the moment that is returned."""
        office = Office.open(self.url)
        ended = now = self.usual.now()
        channels = {"mail": Witness(FileChannel(Path(self.usual.outbox), SENDER), self.usual, lambda _: None)}
        try:
            for later in HEALED:
                now = ended + later
                turn_all(office, now)
                for _ in range(ROUNDS):
                    if not deliver(office.store, channels, now).more:
                        break
            return now
        finally:
            office.close()
