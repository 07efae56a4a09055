"""The working copy of one item during a transaction: changed here, written once by the desk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from rules.decide import NOTHING, Spoke
from rules.time.clock_state import ClockState, from_plain, to_plain
from store.rows import ClockRow, ItemRow, Plain

# JSON as the store keeps it: sorted, compact, readable Chinese. Made once: `dumps` makes one for each call.
canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@lru_cache(maxsize=4096)
def _parse(text: str) -> object:
    return json.loads(text)


@dataclass(slots=True)
class Running:
    """A clock of the case. `spoken`: by rule and due instant, the highest rung that spoke for it, and for one
    that came again how often: `2`, or `[2, 5]`.

    Also for instants that no longer stand: one may be set again, and what was said of it was said.
    """

    row: ClockRow
    spoken: dict[str, dict[str, int | list[int]]]
    changed: bool = False
    begun: bool = False  # in this step: whatever stops it by the item's state does so from the start

    @classmethod
    def of(cls, row: ClockRow) -> "Running":
        spoken = _parse(row.spoken)
        assert isinstance(spoken, dict)
        return cls(row=row, spoken={rule: dict(said) for rule, said in spoken.items()})

    @property
    def live(self) -> bool:
        return self.row.ended_at is None and self.row.outcome != "cancelled"

    @property
    def unlimited(self) -> bool:
        """It waits for a limit: no case of its budget holds."""
        return self.row.outcome == "cancelled" and self.state().without_limit

    @property
    def overdue(self) -> bool:
        return self.live and self.row.missed_at is not None

    @property
    def heard_from(self) -> datetime:
        """Since when its rungs count: from its start; from its due moment where that had passed before."""
        return min(self.row.started_at, self.row.due_at)

    def last_spoken(self, rule: str) -> Spoke:
        return self.spoken_for(rule, self.row.due_at)

    def spoken_for(self, rule: str, due: datetime) -> Spoke:
        by_due = self.spoken.get(rule)
        if by_due is None:
            return NOTHING
        said = by_due.get(due.isoformat(), NOTHING.rung)
        return Spoke(said) if isinstance(said, int) else Spoke(*said)

    def speak(self, rule: str, spoke: Spoke) -> None:
        said = [*spoke] if spoke.again else spoke.rung
        self.spoken.setdefault(rule, {})[self.row.due_at.isoformat()] = said
        self.changed = True

    def state(self) -> ClockState:
        plain = _parse(self.row.state)
        assert isinstance(plain, dict)
        return from_plain(plain)

    def settle(self, state: ClockState) -> None:
        self.row = clock_row(state, self.row.item, self.row.clock, self.row.entry)
        self.changed = True

    def to_row(self, entry: int) -> ClockRow:
        return replace(self.row, spoken=canonical(self.spoken), entry=entry)


def clock_row(state: ClockState, item: str, clock: str, entry: int) -> ClockRow:
    """The row repeats of the state what queries ask for."""
    return ClockRow(
        item=item,
        clock=clock,
        state=canonical(to_plain(state)),
        started_at=state.started,
        due_at=state.due,
        outcome=state.outcome,
        missed_at=state.missed_at,
        ended_at=state.ended,
        provisional=state.provisional,
        spoken="{}",
        entry=entry,
    )


@dataclass(slots=True)
class Case:
    row: ItemRow
    fields: dict[str, Plain]
    clocks: dict[str, Running] = field(default_factory=dict)
    doers: dict[str, frozenset[str]] = field(default_factory=dict)
    known: bool = False  # whether everybody who did something to it is among the doers
    fresh: bool = False
    rewritten: bool = False  # its fields are no longer those of its row
    asked: datetime | None = None  # up to when budgets and classes that ask of time have been asked again
    touched: int | None = None  # position of the latest entry that changed it
    heard: datetime | None = None  # when its ladders were last asked
    steps: int = 0  # events in this transaction, so that each has an occasion of its own

    @classmethod
    def of(cls, row: ItemRow) -> "Case":
        fields = _parse(row.fields)
        assert isinstance(fields, dict)
        return cls(row=row, fields=dict(fields))

    def change(self, entry: int, **columns: object) -> None:
        self.row = replace(self.row, **columns)  # type: ignore[arg-type]
        self.touched = entry

    def write(self, entry: int, fields: Mapping[str, Plain]) -> None:
        self.fields.update(fields)
        self.rewritten = True
        self.touched = entry

    def did(self, event: str, actor: str) -> None:
        self.doers[event] = self.doers.get(event, frozenset()) | {actor}

    def to_row(self, wake_at: datetime | None) -> ItemRow:
        assert self.touched is not None
        return replace(
            self.row,
            fields=canonical(self.fields) if self.rewritten or self.fresh else self.row.fields,
            wake_at=wake_at,
            rev=self.row.rev + 1,
            entry=self.touched,
        )
