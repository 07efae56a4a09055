"""The database's driver with a hand on it: before and after every statement something may go wrong.

The store asks `store.sqlite.driver` for its driver; here it gets the real one, whose connections belong to
the process that opened them and die with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any
from unittest.mock import patch

from store import sqlite

real = sqlite.driver()


class Crash(BaseException):
    """The machine stops here: whoever catches this has survived his own death."""


class Hand:
    """What the simulator does at a statement; `process` is whoever works at this moment."""

    def __init__(self) -> None:
        self.process = ""
        self.connections: dict[str, list[Any]] = {}
        self.at_statement: Callable[[Any, str], None] = lambda _connection, _text: None
        self.at_commit: Callable[[Any, Callable[[], None]], None] = lambda _connection, commit: commit()

    def kill(self, process: str) -> None:
        """Its connections close, and what they had begun is gone."""
        for connection in list(self.connections.pop(process, ())):
            connection.end()

    def is_reading(self) -> bool:
        """Whether anybody holds a transaction open: then nobody else can do something in between."""
        return any(each.in_transaction for some in self.connections.values() for each in some)


HAND = Hand()


class FaultyCursor(real.Cursor):  # type: ignore[misc, name-defined]
    def execute(self, text: str, *parameters: Any) -> Any:
        HAND.at_statement(self.connection, text)
        return super().execute(text, *parameters)

    def executemany(self, text: str, *parameters: Any) -> Any:
        HAND.at_statement(self.connection, text)
        return super().executemany(text, *parameters)


class FaultyConnection(real.Connection):  # type: ignore[misc, name-defined]
    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.dead = False
        HAND.connections.setdefault(HAND.process, []).append(self)

    def cursor(self, *_: Any) -> Any:
        return super().cursor(FaultyCursor)

    def commit(self) -> None:
        if self.dead:
            raise Crash
        HAND.at_commit(self, super().commit)

    def rollback(self) -> None:
        if not self.dead:
            super().rollback()

    def close(self) -> None:
        if not self.dead:
            super().close()
            self.forget()

    def forget(self) -> None:
        for some in HAND.connections.values():
            if self in some:
                some.remove(self)

    def end(self) -> None:
        self.dead = True
        with suppress(real.ProgrammingError):  # it was closed before
            super().rollback()
            super().close()


class Driver(ModuleType):
    """The real driver in all but how it connects."""

    def __getattr__(self, name: str) -> Any:
        return getattr(real, name)

    @staticmethod
    def connect(*arguments: Any, **more: Any) -> Any:
        return real.connect(*arguments, **{**more, "factory": FaultyConnection})


FAULTY = Driver("faulty")


@contextmanager
def installed() -> Iterator[Hand]:
    """While it lasts every store opens its file through this driver."""
    global HAND  # noqa: PLW0603 - connections know no other way to whoever made them
    before, HAND = HAND, Hand()
    try:
        with patch.object(sqlite, "driver", lambda: FAULTY):
            yield HAND
    finally:
        for process in list(HAND.connections):
            HAND.kill(process)
        HAND = before
