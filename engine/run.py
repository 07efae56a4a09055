"""Virtual time: many moments in one transaction, where nobody waits and nothing is delivered.

For demos, back-tests and imports. A live office acts and turns moment by moment, so that what was
acknowledged is on the disk.
"""

from contextlib import ExitStack
from datetime import datetime
from types import TracebackType

from engine.act import NewItem, NotFound, Outcome, Wish, act_within, open_within
from engine.guards import Forbidden
from engine.office import Office
from engine.turn import Turned, turn_within
from store.office import Tx
from workflows.machine import Refused

MOMENTS = 500  # in one transaction


class Run:
    """Time goes forward only. Leaving it by an error loses what its transaction held."""

    def __init__(self, office: Office, since: datetime) -> None:
        self.office = office
        self.now = since
        self._begun = ExitStack()
        self._tx: Tx | None = None
        self._moments = 0

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx = None
        self._begun.__exit__(kind, error, trace)

    def at(self, now: datetime) -> Tx:
        """The transaction, gone on to this moment; what it is asked it answers with all that was done."""
        if self._tx is None or self._moments >= MOMENTS:
            self._begun.close()
            self._tx, self._moments = self._begun.enter_context(self.office.store.write(now)), 0
        elif now != self.now:
            self._tx.advance(now)
        self._moments += now != self.now
        self.now = now
        return self._tx

    def turn_all(self, now: datetime) -> Turned:
        total = Turned(more=True)
        while total.more:
            total += turn_within(self.office, self.at(now))
        return total

    def act(self, wishes: tuple[Wish, ...], now: datetime) -> tuple[Outcome, ...]:
        return act_within(self.office, self.at(now), wishes)

    def open(self, wish: NewItem, now: datetime) -> str | Refused | Forbidden | NotFound:
        return open_within(self.office, self.at(now), wish)
