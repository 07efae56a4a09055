"""Virtual time: many moments in one transaction, where nobody waits and nothing is delivered.

For demos, back-tests and imports. A live office acts and turns moment by moment, so that what was
acknowledged is on the disk.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType

from engine.act import NewItem, NotFound, Outcome, Wish, act_on, open_on
from engine.desk import Desk
from engine.guards import Forbidden
from engine.office import Office
from engine.turn import Turned, turn_within
from engine.wake import next_wake
from store.office import Tx
from workflows.machine import Refused

MOMENTS = 500  # in one transaction
ACTS = 64  # on the table before they are written together


class Run:
    """Time goes forward only. Leaving it by an error loses what its transaction held."""

    def __init__(self, office: Office, since: datetime) -> None:
        self.office = office
        self.now = since
        self.wake: datetime | None = since  # nothing is due before
        self._begun = ExitStack()
        self._tx: Tx | None = None
        self._moments = 0
        self._desk: Desk | None = None
        self._acts = 0

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.write()
        self._tx = None
        self._begun.__exit__(kind, error, trace)

    def at(self, now: datetime) -> Tx:
        """The transaction, gone on to this moment; what it is asked it answers with all that was done."""
        self.write()
        return self._go_on(now)

    def write(self) -> None:
        """What people have done since, all at once."""
        if self._desk is not None:
            self._desk.flush()
            self._desk, self._acts = None, 0

    def _go_on(self, now: datetime) -> Tx:
        if self._tx is None or self._moments >= MOMENTS:
            self.write()
            self._begun.close()
            self._tx, self._moments = self._begun.enter_context(self.office.store.write(now)), 0
        elif now != self.now:
            self._tx.advance(now)
        self._moments += now != self.now
        self.now = now
        return self._tx

    # ------------------------------------------------------------ what is due

    def drive(self, until: datetime) -> int:
        """Everything due up to then, each at its own moment; how often a rule or duty had work."""
        work = 0
        while self.wake is not None and self.wake <= until:
            at = max(self.wake, self.now)
            done = self.turn_all(at)
            work += done.work
            if done.next_at is not None and done.next_at <= at:
                break  # it claims to be due and had nothing to say
        return work

    def turn_all(self, now: datetime) -> Turned:
        total = Turned(more=True)
        while total.more:
            total += turn_within(self.office, self.at(now))
        self.wake = total.next_at
        return total

    # ------------------------------------------------------------ what people do

    def act(self, wishes: tuple[Wish, ...], now: datetime) -> tuple[Outcome, ...]:
        return tuple(self.act_one(wish, now) for wish in wishes)

    def act_one(self, wish: Wish, now: datetime) -> Outcome:
        desk = self._table(now)
        before = desk.position
        outcome = act_on(desk, wish)
        self._acted(desk, before)
        return outcome

    def open(self, wish: NewItem, now: datetime) -> str | Refused | Forbidden | NotFound:
        desk = self._table(now)
        before = desk.position
        outcome = open_on(desk, wish)
        self._acted(desk, before)
        return outcome

    def expect(self, items: Iterable[str], now: datetime) -> None:
        """These will be acted on next: take them out together."""
        self._table(now).take(items)

    def _table(self, now: datetime) -> Desk:
        """One desk for the acts of many moments; whoever reads the store has it written before."""
        tx = self._go_on(now)
        if self._desk is None:
            self._desk = self.office.desk(tx, now)
            self._desk.dates = True
        self._desk.now = now
        return self._desk

    def _acted(self, desk: Desk, before: int) -> None:
        """When what was touched just now wakes, the office wakes; it need not be written to be known."""
        touched = (
            case for case in desk.cases.values() if case.touched is not None and case.touched >= before
        )
        wakes = [next_wake(desk.book, case, desk.now) for case in touched]
        self.wake = min(filter(None, (self.wake, desk.soonest, *wakes)), default=None)
        self._acts += 1
        if self._acts >= ACTS:
            self.write()
