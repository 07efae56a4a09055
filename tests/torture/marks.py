"""What each process is doing at this instant, readable after it was killed: a few bytes of shared memory."""

import mmap
import os
import threading
from enum import IntEnum
from pathlib import Path

SLOTS, THREADS = 16, 8


class Doing(IntEnum):
    NOTHING = 0
    WAITING = 1  # for the writer's lock
    SENDING = 2  # a letter
    OPEN = 3  # a transaction
    COMMITTING = 4


class Marks:
    def __init__(self, path: Path, slot: int | None = None) -> None:
        """`slot`: whose marks are set here."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(descriptor, SLOTS * THREADS)
        self._memory = mmap.mmap(descriptor, SLOTS * THREADS)
        os.close(descriptor)
        self._slot = slot
        self._places: dict[int, int] = {}

    def set(self, doing: Doing) -> None:
        assert self._slot is not None
        place = self._places.setdefault(threading.get_ident(), len(self._places) % THREADS)
        self._memory[self._slot * THREADS + place] = doing

    def read(self, slot: int) -> Doing:
        """The most delicate of what its threads do."""
        return Doing(max(self._memory[slot * THREADS : (slot + 1) * THREADS]))

    def clear(self, slot: int) -> None:
        self._memory[slot * THREADS : (slot + 1) * THREADS] = bytes(THREADS)
