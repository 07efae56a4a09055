"""What a process under torture does: `duban run`, or somebody who acts through the engine without a pause.

Time runs faster than on the clock, leases and patience are shorter; all else is the program as installed.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import duban.channels
import duban.daemon
import engine.deliver
from duban.cli import main
from duban.machine import read_machine
from engine.deliver import Channel, Outcome, Outgoing
from engine.trusted import Reading
from store.database import BUSY_SECONDS
from store.office import Store
from store.postgres import PostgresDatabase
from store.sqlite import SqliteDatabase
from tests.torture.diary import Diary
from tests.torture.driving import drive
from tests.torture.job import FIRST, Job
from tests.torture.marks import Doing, Marks

LETTERS = "letters.jsonl"
HEARTBEAT = "1"
Writing = Callable[[Any], AbstractContextManager[Any]]


class Witness:
    """A channel of which every attempt is written down before and after."""

    def __init__(self, channel: Channel, job: Job, mark: Callable[[Doing], None]) -> None:
        self.channel, self.job, self.mark = channel, job, mark
        self.letters = Diary(job.path(LETTERS))

    def send(self, message: Outgoing) -> Outcome:
        attempt = f"{os.getpid()}-{time.monotonic_ns()}"
        self.mark(Doing.SENDING)
        self.letters.note(
            attempt=attempt,
            at=time.time(),
            message_id=message.message_id,
            address=message.to_address,
            subject=message.subject,
            body=message.body,
            formal=message.formal,
        )
        outcome = self.channel.send(message)
        self.letters.note(attempt=attempt, kind=outcome.kind)
        self.mark(Doing.NOTHING)
        return outcome

    def close(self) -> None:
        self.channel.close()


def marked(original: Writing, mark: Callable[[Doing], None]) -> Writing:
    """The same transactions, telling where they are."""

    @contextmanager
    def writing(database: Any) -> Iterator[Any]:
        mark(Doing.WAITING)
        try:
            with original(database) as connection:
                mark(Doing.OPEN)
                yield connection
                mark(Doing.COMMITTING)
        finally:
            mark(Doing.NOTHING)

    return writing


def fast(job: Job, store: Store) -> Reading:
    """What the machine, or the database, says, at the pace of the office."""
    wall = job.time_of(read_machine(store).wall)
    return Reading(wall=wall, steady=wall - FIRST, boot="torture")


def prepare(job: Job, mark: Callable[[Doing], None]) -> None:
    """For the rest of this process's life."""
    made, opened = PostgresDatabase.__init__, duban.channels.open_channels

    def impatient(database: PostgresDatabase, address: Any, busy: float = BUSY_SECONDS) -> None:
        made(database, address, busy, job.idle_seconds)

    def witnessed(*words: Any) -> dict[str, Channel]:
        return {name: Witness(channel, job, mark) for name, channel in opened(*words).items()}

    for target, name, new in (
        (duban.daemon, "read_machine", partial(fast, job)),
        (duban.channels, "open_channels", witnessed),
        (engine.deliver, "LEASE", job.lease),
        (PostgresDatabase, "__init__", impatient),
        (PostgresDatabase, "writing", marked(PostgresDatabase.writing, mark)),
        (SqliteDatabase, "writing", marked(SqliteDatabase.writing, mark)),
    ):
        patch.object(target, name, new).start()


def work(job: Job) -> int:
    os.chdir(job.folder)
    os.environ["DUBAN_CHANNEL_FOLDER"] = job.outbox
    prepare(job, Marks(job.path("marks"), job.slot).set)
    if job.kind == "driver":
        return drive(job)
    return main(["run", "--store", job.url, "--heartbeat", HEARTBEAT])


if __name__ == "__main__":
    sys.exit(work(Job.from_text(sys.argv[1])))
