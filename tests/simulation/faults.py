"""What goes wrong within one operation: where its process dies, or what its database says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.simulation.counters import Counters
from tests.simulation.driver import Crash, Hand, real

MOST_STATEMENTS = 60  # of one operation before which a fault may come
KINDS = {
    "crash": 10,  # before the n-th statement
    "crash_before_commit": 5,
    "crash_after_commit": 6,  # what was done is done, and whoever asked for it never hears so
    "lost_answer": 6,  # the same, and the process lives on with an error
    "full": 3,  # no room: the database gives up the whole transaction
    "failing": 3,  # no room: one statement fails, the transaction stays
    "full_at_commit": 2,
    "locked": 2,
}


@dataclass
class Plan:
    """One fault of one operation; `left` counts statements or commits down."""

    kind: str
    left: int


@dataclass
class Faults:
    """`share`: of the operations that get a plan. `between` may do something before a transaction begins."""

    hand: Hand
    draw: Random
    counted: Counters
    share: float
    plan: Plan | None = None
    between: Callable[[], None] = lambda: None
    dead: set[str] = field(default_factory=set)  # processes that have died and were not yet thrown away

    def __post_init__(self) -> None:
        self.hand.at_statement, self.hand.at_commit = self.at_statement, self.at_commit

    def arm(self) -> Plan | None:
        """A plan for the operation that begins; returns that of the one it stands within."""
        before, self.plan = self.plan, None
        if self.draw.random() < self.share:
            kind = self.draw.choices(list(KINDS), list(KINDS.values()))[0]
            short = self.draw.random() < 0.5
            most = 3 if kind.endswith("commit") or kind in ("lost_answer", "locked") else MOST_STATEMENTS
            self.plan = Plan(kind, self.draw.randrange(12 if short and most > 12 else most))
        return before

    def at_statement(self, connection: Any, text: str) -> None:
        if connection.dead:
            raise Crash
        if text.startswith("BEGIN"):
            connection.writes = text == "BEGIN IMMEDIATE"
            self.between()
        plan = self.plan
        if plan is None or plan.kind in ("crash_before_commit", "crash_after_commit", "lost_answer"):
            return
        if plan.kind == "locked":
            if text == "BEGIN IMMEDIATE" and self._is_now(plan):
                raise real.OperationalError("database is locked")
        elif plan.kind == "crash":
            if self._is_now(plan):
                self.die()
        elif (
            plan.kind in ("full", "failing") and text.startswith(("INSERT", "UPDATE")) and self._is_now(plan)
        ):
            if plan.kind == "full":
                real.Connection.rollback(connection)
            raise real.OperationalError("database or disk is full")

    def at_commit(self, connection: Any, commit: Callable[[], None]) -> None:
        plan = self.plan
        if (
            plan is None
            or not getattr(connection, "writes", False)
            or not connection.in_transaction
            or plan.kind not in ("crash_before_commit", "crash_after_commit", "lost_answer", "full_at_commit")
            or not self._is_now(plan)
        ):
            commit()
        elif plan.kind == "crash_before_commit":
            self.die()
        elif plan.kind == "full_at_commit":
            real.Connection.rollback(connection)
            raise real.OperationalError("database or disk is full")
        else:
            commit()
            self.counted.unknown_commits += 1
            if plan.kind == "crash_after_commit":
                self.die()
            raise real.OperationalError("disk I/O error")

    def die(self) -> None:
        """The process that works now stops: from here on none of its connections does anything."""
        self.counted.crashes += 1
        self.dead.add(self.hand.process)
        for connection in self.hand.connections.get(self.hand.process, ()):
            connection.dead = True
        raise Crash

    def bury(self) -> None:
        """The dead say nothing: a library may answer a crash with an error of its own."""
        if self.hand.process in self.dead:
            raise Crash

    def _is_now(self, plan: Plan) -> bool:
        plan.left -= 1
        if plan.left >= 0:
            return False
        self.plan = None
        self.counted.faults[plan.kind] += 1
        return True
