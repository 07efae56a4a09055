"""A small city on a virtual clock: one to three daemons and some people over one office, all from one seed.

One thread. Whoever works is a process with an Office of its own; a crash throws it away and closes its
connections, as when a machine stops. Between two transactions of one process others may do something.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from engine import deliver
from engine.book.book import Book
from engine.deliver import Outgoing
from engine.office import Founding, Office, found
from engine.testing import everybody
from engine.turn import turn_all
from store.errors import StoreError
from tests.simulation.accidents import Accidents
from tests.simulation.channel import Server
from tests.simulation.counters import Counters
from tests.simulation.driver import Crash, Hand, installed, real
from tests.simulation.evidence import Evidence, Sent, Told
from tests.simulation.faults import Faults
from tests.simulation.people import People
from tests.simulation.regime import edition

SECOND, MINUTE, HOUR, DAY = (timedelta(**{name: 1}) for name in ("seconds", "minutes", "hours", "days"))
FIRST = datetime(2026, 1, 12, tzinfo=UTC)
DESK = "desk"  # the process through which people work
ROUNDS = 40  # of delivery in one beat


@dataclass
class Process:
    """`skew`: what its own clock is off by."""

    name: str
    office: Office | None = None
    skew: timedelta = timedelta(0)
    down_until: datetime | None = None


class World:
    def __init__(self, folder: Path, seed: int, days: int, url: str | None = None) -> None:
        self.draw = Random(seed)
        self.seed, self.days, self.folder = seed, days, folder
        self.path = folder / "office.db"
        self.url = url or f"sqlite:///{self.path}"
        self.counted = Counters()
        self.now = FIRST + timedelta(seconds=self.draw.randrange(int((345 * DAY).total_seconds())))
        self.end = self.now + timedelta(days=days)
        self.evidence = Evidence(
            began=self.now, until=self.end, editions={edition(number).digest: number for number in (1, 2)}
        )
        self.processes = [Process(f"daemon {n}") for n in range(self.draw.choice((1, 2, 2, 3)))]
        self.desk = Process(DESK)
        self.healed = False
        self.edition = 1
        self.on_restore: Callable[[], None] = lambda: (
            None
        )  # the office that is left behind is looked at first
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0
        self._working: list[str] = []

    # ------------------------------------------------------------ one life

    def live(self) -> None:
        """From the founding to the last fault; `heal` comes after."""
        with self.process(self.desk.name):
            self.desk.office = self._found()
        self.faults.between = self.intrude
        self.look()
        self.people, self.accidents = People(self), Accidents(self)
        for process in self.processes:
            self.at(self.now, lambda process=process: self.beat(process))  # type: ignore[misc]
        self.people.begin()
        self.accidents.begin()
        while self._events and self._events[0][0] < self.end:
            moment, _, event = heappop(self._events)
            self.now = max(self.now, moment)
            event()

    def heal(self) -> None:
        """No more faults: what is due must come to its end, but for what is poisoned."""
        self.healed, self.server.healed, self.faults.share, self.faults.plan = True, True, 0.0, None
        self.now = max(self.now, self.end)
        for process in (*self.processes, self.desk):
            process.skew, process.down_until = timedelta(0), None
        self.beats(3)

    def cure(self) -> None:
        """The poisoned rows are mended, and a person has them tried again."""
        self.accidents.cure_all()
        self.beats(3)

    def beats(self, count: int) -> None:
        """So many from every daemon, each time after whatever was put off for later has come."""
        for _ in range(count):
            self.now += 3 * HOUR
            for process in self.processes:
                self.beat_once(process)
        self.now += 30 * HOUR  # letters are put off by up to a day
        for process in self.processes:
            self.beat_once(process)
        self.evidence.until = self.now

    # ------------------------------------------------------------ time

    def at(self, moment: datetime, event: Callable[[], None]) -> None:
        self._number += 1
        heappush(self._events, (moment, self._number, event))

    def later(self, least: timedelta, most: timedelta) -> datetime:
        return self.now + least + (most - least) * self.draw.random()

    def believed(self, process: Process) -> datetime:
        """What may be acted on (ADR 0019): a clock behind stands at the office's time, one ahead by more than
        the tolerance is not believed. Until engine/trusted.py decides it, the simulator does."""
        return self.now + min(process.skew, 4 * MINUTE)

    def wall(self, process: Process) -> datetime:
        """What the machine's own clock says, believable or not."""
        return self.now + process.skew

    # ------------------------------------------------------------ who works

    @contextmanager
    def process(self, name: str) -> Iterator[None]:
        before, self.hand.process = self.hand.process, name
        self._working.append(name)
        try:
            yield
        finally:
            self._working.pop()
            self.hand.process = before

    def open(self, process: Process) -> Office:
        if process.office is None:
            process.office = Office.open(self.url)
        return process.office

    def kill(self, process: Process) -> None:
        self.faults.dead.discard(process.name)
        self.hand.kill(process.name)
        if process.office is not None:
            process.office.close()
        process.office = None

    def kill_all(self) -> None:
        for process in (*self.processes, self.desk):
            self.kill(process)

    def operate(self, process: Process, work: Callable[[Office, datetime], Any]) -> Any:
        """One operation of one process, which may fail, die, or be done without anybody hearing of it."""
        before, size, nested = self.faults.arm(), self.size(), bool(self._working)
        now, interleaved = self.believed(process), self.counted.interleaved
        try:
            with self.process(process.name):
                return work(self.open(process), now)
        except Crash:
            self.kill(process)
            return None
        finally:
            self.faults.plan = before
            self.look()
            if not nested and interleaved == self.counted.interleaved:
                self.evidence.told.append(Told(size, self.size(), now))

    def intrude(self) -> None:
        """Somebody else does something between two transactions of the one who works."""
        if len(self._working) != 1 or self.healed or self.hand.is_reading() or self.draw.random() > 0.01:
            return
        others = [each for each in (*self.processes, self.desk) if each.name != self._working[0]]
        other = self.draw.choice(others)
        self.counted.interleaved += 1
        if other is self.desk:
            self.people.act()
        elif other.down_until is None:
            self.beat_once(other)

    def wait(self, time: timedelta) -> None:
        """A slow answer: others work on meanwhile."""
        self.now += time
        if len(self._working) == 1 and not self.hand.is_reading():
            self.counted.interleaved += 1
            for process in self.processes:
                if process.name != self._working[0] and process.down_until is None:
                    self.beat_once(process)

    # ------------------------------------------------------------ daemons

    def beat(self, process: Process) -> None:
        if process.down_until is not None and self.now >= process.down_until:
            process.down_until = None
        upcoming = None if process.down_until is not None else self.beat_once(process)
        soon = self.later(20 * MINUTE, 9 * HOUR)
        if upcoming is not None and self.draw.random() < 0.7:
            soon = min(soon, max(upcoming, self.now) + SECOND * self.draw.randrange(1, 31))
        self.at(max(soon, self.now + SECOND), lambda: self.beat(process))

    def beat_once(self, process: Process) -> datetime | None:
        """A turn and a round of delivery, as the shell does them; when there is more to do."""
        self.counted.beats += 1
        upcoming = self.operate(process, lambda office, now: self.guarded(lambda: self.turn(office, now)))
        self.operate(process, lambda office, now: self.guarded(lambda: self.deliver(office, now)))
        return upcoming if isinstance(upcoming, datetime) else None

    def turn(self, office: Office, now: datetime) -> datetime | None:
        done = turn_all(office, now)
        self.counted.backlog += done.work > 2
        return done.next_at

    def deliver(self, office: Office, now: datetime) -> None:
        began = self.now
        for _ in range(ROUNDS):
            if not deliver.deliver(
                office.store, {"mail": self.server}, now + (self.now - began), limit=1
            ).more:
                return

    def guarded(self, work: Callable[[], Any]) -> Any:
        """As the daemon guards its jobs: an error is told, and the next heartbeat comes."""
        planned, counted = self.faults.plan, sum(self.counted.faults.values())
        try:
            return work()
        except Exception as error:  # whatever it is: the daemon lives on
            self.faults.bury()
            injected = planned is not None and sum(self.counted.faults.values()) > counted
            if not injected or not isinstance(error, StoreError):
                self.evidence.errors.append(f"{type(error).__name__}: {error}")
            return None

    # ------------------------------------------------------------ looking from outside

    def ask(self, text: str, *values: Any) -> list[Any]:
        """As an onlooker with a connection of his own."""
        found: list[Any] = self.onlooker.execute(text, values).fetchall()
        return found

    def size(self) -> int:
        return int(self.ask("SELECT size FROM audit_head")[0][0])

    def look(self) -> None:
        size, leaf = self.ask("SELECT size, last_leaf FROM audit_head")[0]
        self.evidence.see(size, self.now, leaf)

    def reopen(self) -> None:
        self.onlooker = real.connect(str(self.path), isolation_level=None)

    # ------------------------------------------------------------ beginning and end

    def _found(self) -> Office:
        book = edition(1)
        office = found(Founding(url=self.url, book=book, files={}, holders=everybody(book)), self.now)
        self.reopen()
        return office

    def _tell(self, message: Outgoing, mood: str) -> None:
        self.counted.sent[mood] += 1
        sender = next(each for each in self.processes if each.name == self.hand.process)
        self.evidence.sent.append(
            Sent(
                at=self.now,
                told=self.believed(sender),
                size=self.size(),
                message_id=message.message_id,
                address=message.to_address,
                subject=message.subject,
                body=message.body,
                formal=message.formal,
                mood=mood,
            )
        )

    def setting(self, hand: Hand) -> None:
        """Everything by which chance and accident enter."""
        self.hand = hand
        self.faults = Faults(hand, self.draw, self.counted, self.draw.choice((0.05, 0.1, 0.2)))
        self.server = Server(self.draw, self._tell, self.wait, self.faults.die, lambda: self.now)


KEPT: dict[bytes, Book] = {}  # books that were read: reading one takes longer than a turn


@contextmanager
def world(folder: Path, seed: int, days: int, url: str | None = None) -> Iterator[World]:
    made = World(folder, seed, days, url)
    read = Book.from_canonical

    def kept(content: bytes) -> Book:
        if content not in KEPT:
            KEPT[content] = read(content)
        return KEPT[content]

    with ExitStack() as stack:
        made.setting(stack.enter_context(installed()))
        stack.enter_context(patch.object(Book, "from_canonical", kept))
        # The one chance of the store itself: the key of its images.
        stack.enter_context(patch.object(secrets, "token_hex", lambda size: made.draw.randbytes(size).hex()))
        try:
            yield made
        finally:
            made.kill_all()
            if hasattr(made, "onlooker"):
                made.onlooker.close()


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
