"""The daemon: at every heartbeat one turn and one round of delivery, until it is told to stop.

The scheduler is a heartbeat and nothing else: what is due stands in the store, so a daemon that was
killed, or slept through a week, finds all of it there again.
"""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Condition, Event
from types import FrameType
from typing import Any, TypeVar

from apscheduler.schedulers.background import BackgroundScheduler

from duban.clock import read_clock
from duban.follow import Followed
from duban.health.metrics import Metrics
from duban.health.systemd import notify
from duban.machine import read_machine
from engine.brake import HOLD
from engine.deliver import OUTCOMES, Channel, Delivered, deliver
from engine.office import SYSTEM, Office
from engine.refused import refusals_since
from engine.trusted import BEATS_MISSED, Reading, Sign, believe, enter_outage, last_of, last_sign, live_on
from engine.turn import Turned, turn_all
from store.office import Store

Done = TypeVar("Done")

GRACE_SECONDS = 0.7  # for work under way when it is told to stop; the rest of the second is for leaving


class Daemon:
    def __init__(
        self,
        office: Office,
        channels: Mapping[str, Channel],
        heartbeat_seconds: int,
        read: Callable[[], Reading] | None = None,
        followed: Followed | None = None,
    ) -> None:
        self.office, self.channels, self.followed = office, channels, followed
        self.read = read or partial(read_machine, office.store)
        self.heartbeat_seconds = heartbeat_seconds
        self.heartbeat = timedelta(seconds=heartbeat_seconds)
        self.stopping = Event()
        with office.store.read() as reader:
            self._told = reader.head().size  # entries before this one are no news
            self.sign = last_sign(reader)
        self.metrics = Metrics(office.store)
        self.beaten: float | None = None  # when the last turn ended well, in seconds of the machine
        self._busy = 0
        self._quiet = Condition()

    def run(self) -> int:
        """Until SIGTERM or SIGINT. What did not end in time is taken up at the next start."""
        scheduler = self.schedule()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        scheduler.start()
        notify("READY=1")
        log("start", store=self.office.store.log, heartbeat_seconds=self.heartbeat_seconds, pid=os.getpid())
        self.stopping.wait()
        notify("STOPPING=1")
        scheduler.shutdown(wait=False)
        if not self.wait_quiet():
            log("stop", clean=False, next="what was under way is taken up at the next start")
            sys.stderr.flush()
            os._exit(0)  # a thread still waits for a mail server; the store is in order without it
        self.office.close()
        log("stop", clean=True)
        return 0

    def schedule(self) -> BackgroundScheduler:
        # Its own lines are no JSON; what a beat skipped, the next one catches up.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for job in (self.turn, self.deliver):
            scheduler.add_job(job, "interval", seconds=self.heartbeat_seconds, next_run_time=read_clock())
        return scheduler

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopping.set()

    def wait_quiet(self) -> bool:
        with self._quiet:
            return self._quiet.wait_for(lambda: self._busy == 0, GRACE_SECONDS)

    # ------------------------------------------------------------ the two jobs

    def turn(self) -> Turned | None:
        return self.guarded("turn", self.turn_once)

    def deliver(self) -> Delivered | None:
        return self.guarded("deliver", self.deliver_once)

    def now(self) -> datetime:
        """What may be acted on of what the clock says."""
        return believe(self.sign, self.read()).believed

    def live(self) -> tuple[Sign | None, Sign]:
        """The last sign of life of this office, and the one of now."""
        with self.office.store.read() as reader:
            last = last_of(last_sign(reader), self.sign)
        self.sign = believe(last, self.read())
        return last, self.sign

    def turn_once(self) -> Turned:
        last, sign = self.live()
        now = sign.believed
        followed = self.followed
        if followed is not None:  # by itself: whatever is wrong with a folder, time is kept
            self.guarded("follow", lambda: self.follow(followed, now))
        self.office.forget_people()  # somebody may have come or gone since, by another process
        began = time.monotonic()
        done = turn_all(self.office, now, stop=self.stopping.is_set, waited=self.metrics.waited)
        with self.office.store.write(now) as tx:
            live_on(tx, last, sign, SYSTEM, os.getpid())
            away = enter_outage(tx, last, sign, max(OUTAGE, BEATS_LOST * self.heartbeat))
        if away:
            log("outage", level="warning", until=now.isoformat(), next=WAYS_OUT["outage"])
        if sign.doubt:
            log("clock", level="error", wall=sign.reading.wall.isoformat(), believed=now.isoformat(), **DOUBT)
        self.beat(done, sign, time.monotonic() - began)
        if done.work:
            log("turn", items=done.items, schedules=done.schedules, spoke=done.spoke, parked=done.parked)
        if done.parked:
            log("parked", level="error", count=done.parked, next=WAYS_OUT["parked"])
        self.tell_alarms()
        return done

    def beat(self, done: Turned, sign: Sign, seconds: float) -> None:
        """A sign of life for whoever watches; a turn that failed gives none."""
        self.beaten = time.monotonic()
        self.metrics.turned(done, seconds)
        self.metrics.beat.set(sign.reading.wall.timestamp())
        self.metrics.doubt.set(sign.doubt is not None)
        notify("WATCHDOG=1")

    def is_alive(self) -> bool:
        longest = BEATS_MISSED * self.heartbeat_seconds
        return self.beaten is not None and time.monotonic() - self.beaten <= longest

    def follow(self, followed: Followed, now: datetime) -> None:
        """A changed folder is read once: a good book is adopted, a bad one changes nothing."""
        for happened in followed.look(self.office, now):
            bad = happened == "book.refuse"
            way = {"next": "`duban audit list --act book.refuse` says why; mend the folder"} if bad else {}
            log(happened, level="error" if bad else "info", digest=self.office.book.digest, **way)

    def tell_alarms(self) -> None:
        """Whom nobody could tell, and what rules wanted and were refused, by whichever process."""
        with self.office.store.read() as reader:
            nobody = len(reader.list_audit(act="notice.nobody", since=self._told, limit=MOST_COUNTED))
            refused = len(refusals_since(reader, self._told))
            held = len(reader.list_audit(act=HOLD, since=self._told, limit=MOST_COUNTED))
            self._told = reader.head().size
        for name, count in {"nobody": nobody, "refused": refused, "held": held}.items():
            if count:
                log(name, level="error", count=count, next=WAYS_OUT[name])

    def deliver_once(self) -> Delivered:
        done = deliver_all(self.office.store, self.channels, self.now, self.stopping.is_set)
        self.metrics.delivered(done)
        handled = {name: getattr(done, name) for name in OUTCOMES if getattr(done, name)}
        if handled:
            log("deliver", **handled)
        for name in handled.keys() & ALARMING:
            log(name, level="error", count=handled[name], next=WAYS_OUT[name])
        return done

    def guarded(self, name: str, work: Callable[[], Done]) -> Done | None:
        """A job that fails is told, and the next heartbeat comes."""
        with self.busy():
            if self.stopping.is_set():
                return None
            try:
                return work()
            except Exception as error:  # whatever it is, the daemon lives on and says so
                self.metrics.failed.inc()
                way = WAY_OUT.format(self.heartbeat_seconds)
                log(name, level="error", error=f"{type(error).__name__}: {error}", next=way)
                return None

    @contextmanager
    def busy(self) -> Iterator[None]:
        with self._quiet:
            self._busy += 1
        try:
            yield
        finally:
            with self._quiet:
                self._busy -= 1
                self._quiet.notify_all()


ALARMING = {"dead", "unknown"}
MOST_COUNTED = 1000
BEATS_LOST, OUTAGE = 10, timedelta(minutes=15)  # of silence, both: what is entered as an outage
DOUBT = {"next": "set the clock right, or `duban clock confirm` where it is right"}
WAYS_OUT = {
    "outage": "`duban audit list --act office.outage` says since when; what fell due is handled now",
    "parked": "`duban audit list --act park` says why; after the fifth time `duban item retry ID`",
    "dead": "`duban notice list --state dead` shows what could not be sent",
    "unknown": "`duban notice list --state unknown` shows them; decide with `duban outbox resolve`",
    "nobody": "`duban audit list --act notice.nobody` says who; `duban people set` enters people",
    "held": "`duban hold list` shows what exceeds the brake; look for a wrong rule, list or clock first",
    "refused": "`duban audit list --act rule.refused` says why; mend the book, do by hand what is missing",
}
WAY_OUT = "tried again in {} s; if it stays, stop the daemon and run `duban run --once` to see it alone"


def deliver_all(
    store: Store,
    channels: Mapping[str, Channel],
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Until nothing more can leave; one at a time, so that a stop waits for one and not for twenty."""
    total = Delivered()
    while not stop():
        done = deliver(store, channels, now(), limit=1)
        total = Delivered(**{name: getattr(total, name) + getattr(done, name) for name in OUTCOMES})
        if not done.more:
            break
    return total


def log(event: str, *, level: str = "info", **more: Any) -> None:
    """One line on stderr for whoever keeps logs: JSON, so that nothing in it needs quoting."""
    line = {"at": read_clock().isoformat(timespec="seconds"), "level": level, "event": event, **more}
    print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
