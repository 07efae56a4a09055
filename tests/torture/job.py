"""What a process under torture is told to do, and how fast its office lives."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

Kind = Literal["daemon", "driver"]
FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday, in a year whose calendar the regime has


@dataclass(frozen=True, kw_only=True)
class Job:
    """`began`: when the office was founded, by this machine; since then each second is `pace` of its own."""

    kind: Kind
    url: str
    folder: str  # diaries, marks, logs; the letters too unless `outbox` says otherwise
    outbox: str
    began: float
    pace: int
    slot: int
    seed: int
    lease_seconds: float  # of this machine
    idle_seconds: float  # after which a server cuts off a writer that does nothing
    steps: int | None = None  # of a driver; none: until it is killed

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Job":
        return cls(**json.loads(text))

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds * self.pace)

    def time_of(self, wall: datetime) -> datetime:
        """The office's time at a moment of this machine."""
        return FIRST + (wall - datetime.fromtimestamp(self.began, UTC)) * self.pace

    def now(self) -> datetime:
        return self.time_of(datetime.fromtimestamp(time.time(), UTC))

    def path(self, name: str) -> Path:
        return Path(self.folder) / name
