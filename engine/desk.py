"""The working table of one write transaction.

Cases are taken out, changed by the step, and written back once; entries are kept in order. Whoever
asks the store a question first has everything on the table written, so that a rule never reads a
world without its own doings (invariant D1).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain

from engine.book.book import Book
from engine.case import Case, Running
from engine.limits import NO_LIMITS, Limits
from engine.wake import next_wake
from store.office import Tx
from store.rows import (
    Batch,
    ClockRow,
    DocumentRow,
    Entry,
    EventRow,
    FiringRow,
    HoldRow,
    ItemRow,
    NoticeRow,
    PersonRow,
    ScheduleRow,
    Tallied,
    Tally,
)


class Desk:
    def __init__(
        self, book: Book, tx: Tx, people: Mapping[str, PersonRow], now: datetime, limits: Limits = NO_LIMITS
    ) -> None:
        self.book = book
        self.limits = limits  # of the brake
        self.caps: dict[date, int | None] = {}  # of the brake, by day
        self.tx = tx
        self.people = people
        self.now = now
        self.cases: dict[str, Case] = {}
        self.spoke = 0
        self.dates = False  # whether each entry takes the moment of the desk, where those of one batch differ
        self.soonest: datetime | None = None  # the earliest moment at which what was written wakes
        self._tallies: dict[Tally, Mapping[str, Tallied]] = {}
        self.kept: dict[object, tuple[tuple[object, ...], object]] = {}  # what was made of answers
        self._noticed: datetime | None = None  # while it is looked at as of a moment before
        self._numbers: dict[str, Iterator[int]] = {}
        self._base = 0  # entries already written: positions count on, so that a stale one is found out
        self._clear()

    def _clear(self) -> None:
        self.entries: list[Entry] = []
        self.events: list[EventRow] = []
        self.firings: list[FiringRow] = []
        self.holds: list[HoldRow] = []
        self.notices: list[NoticeRow] = []
        self.documents: list[DocumentRow] = []
        self.schedules: list[ScheduleRow] = []

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """As of a moment before now, for what time alone had done by then. It is noticed now all the same."""
        now = self.now
        self.now, self._noticed = moment, now
        try:
            yield
        finally:
            self.now, self._noticed = now, None

    @property
    def noticed(self) -> datetime:
        """When this is entered, whenever it came to pass."""
        return self._noticed or self.now

    def enter(self, entry: Entry) -> int:
        """Put an entry on the table, in the office's language; the position is what rows refer to."""
        english = entry.more.get("why_en")
        if self.book.info.language == "en" and isinstance(english, str):
            rest = {key: value for key, value in entry.more.items() if key != "why_en"}
            entry = replace(entry, why=english, more={**rest, "why_zh": entry.why})
        self.entries.append(replace(entry, at=self.noticed) if self.dates else entry)
        return self.position - 1

    @property
    def position(self) -> int:
        """Of the next entry."""
        return self._base + len(self.entries)

    def take(self, ids: Iterable[str], rows: Mapping[str, ItemRow] | None = None) -> None:
        """Take items out of the store, with their clocks and who did what to them."""
        wanted = [each for each in ids if each not in self.cases]
        if not wanted:
            return
        found = rows if rows is not None else self.tx.items_by_id(wanted)
        clocks = self.tx.clocks_of(wanted)
        for each in wanted:
            if each in found:
                case = Case.of(found[each])
                case.clocks = {row.clock: Running.of(row) for row in clocks.get(each, ())}
                self.cases[each] = case

    def case(self, id: str) -> Case | None:
        self.take([id])
        return self.cases.get(id)

    def can_take(self, id: str) -> bool:
        """False for one that is poisoned: it is set aside at its own turn, with its reason."""
        try:
            return self.case(id) is not None
        except (ValueError, AssertionError):
            return False

    def know_doers(self, *cases: Case) -> None:
        """Read who did what to these; only needed before somebody acts on them."""
        unknown = [case for case in cases if not case.known]
        if not unknown:
            return
        parents = {case.row.parent for case in unknown if case.row.parent is not None}
        found = self.tx.events_of([*(case.row.id for case in unknown), *parents])
        for event in self.events:  # what was done a moment ago counts too
            found.setdefault(event.item, []).append(event)
        openers = {row.id: row.opened_by for row in self.tx.items_by_id(parents).values()}
        openers |= {id: self.cases[id].row.opened_by for id in parents if id in self.cases}
        for case in unknown:
            case.known = True
            case.did("open", case.row.opened_by)
            for event in found.get(case.row.id, ()):
                case.did(event.name, event.by)
            parent = case.row.parent
            if parent is not None and parent in openers:
                acts = [(event.name, event.by) for event in found.get(parent, ())]
                for name, by in (("open", openers[parent]), *acts):
                    case.did("parent", by)
                    case.did(f"parent.{name}", by)

    def tally(self, question: Tally) -> Mapping[str, Tallied]:
        """Asked again only when something on the table could have changed the answer."""
        if any(
            case.row.workflow in question.workflows
            for case in self.cases.values()
            if case.touched is not None
        ):
            self.flush()
        if question not in self._tallies:
            self._tallies[question] = self.tx.tally(question)
        return self._tallies[question]

    def has_spoken(self, rule: str, subject: str, occasion: str) -> bool:
        """In earnest or, for a rule on trial, as it would have; or it was held, and two persons decide."""
        here = any(
            (each.rule, each.subject, each.occasion) == (rule, subject, occasion) for each in self.firings
        )
        fired = here or any(each.occasion == occasion for each in self.tx.firings_of(subject, rule))
        return fired or any(each.occasion == occasion for each in self.holds_of(subject, rule))

    @cached_property
    def changed(self) -> bool:
        """Whether the office has ever had another book: only then may a rule come to an occasion again."""
        return len(self.tx.books()) > 1

    @cached_property
    def holding(self) -> bool:
        """Whether anything is held that nobody has decided yet."""
        return self.tx.anything_held()

    def holds_of(self, subject: str, rule: str) -> tuple[HoldRow, ...]:
        here = (each for each in self.holds if (each.subject, each.rule) == (subject, rule))
        return (*self.tx.holds_of(subject, rule), *here)

    def schedule(self, id: str) -> ScheduleRow | None:
        here = (each for each in reversed(self.schedules) if each.id == id)
        return next(here, None) or self.tx.schedules().get(id)

    def children(self, parent: str, workflow: str | None) -> tuple[ItemRow, ...]:
        """Those that are open."""
        self.flush()
        found = self.tx.list_items(parent=parent, workflow=workflow, open_only=True, include_sealed=True)
        return tuple(found)

    def waiting(
        self, workflow: str, ower: tuple[str | None, str | None], state: str, rule: str
    ) -> tuple[ItemRow, ...]:
        """Items that a rule has opened for a unit and post and that nobody has decided yet."""
        self.flush()
        found = self.tx.list_items(
            workflow=workflow, unit=ower[0], state=state, open_only=True, include_sealed=True
        )
        return tuple(row for row in found if row.rule == rule and (row.unit, row.owner) == ower)

    def open_items(self, workflows: Iterable[str]) -> tuple[ItemRow, ...]:
        self.flush()
        lists = (self.tx.list_items(workflow=each, open_only=True, include_sealed=True) for each in workflows)
        return tuple(chain.from_iterable(lists))

    def reserve(self, prefix: str, count: int) -> None:
        """Take numbers in one go for items that are opened together."""
        self._numbers[prefix] = iter(self.tx.reserve_numbers(prefix, self._year, count))

    def number(self, prefix: str) -> str:
        """`INT-2020-0007`: a series for each workflow, so that a gap betrays nothing of another."""
        number = next(self._numbers.get(prefix, iter(())), None)
        if number is None:
            number = self.tx.number(prefix, self._year)
        return f"{prefix}-{self._year}-{number:04d}"

    @property
    def _year(self) -> int:
        return self.now.astimezone(self.book.zone).year

    def untouched_wakes(self, ids: Iterable[str]) -> dict[str, datetime | None]:
        """When items that woke and had nothing to say wake again: what a flush has not written."""
        waiting = (self.cases[each] for each in ids)
        return {
            case.row.id: next_wake(self.book, case, self.now)
            for case in waiting
            if case.row.wake_at is not None and case.row.wake_at <= self.now
        }

    def _wakes(self, case: Case) -> datetime | None:
        """Whoever was due and only touched by others, as one that was joined, is still due."""
        due = case.row.wake_at
        if due is not None and due <= self.now and case.heard != self.now:
            return due
        return next_wake(self.book, case, self.now)

    def flush(self) -> None:
        """Write the table into the transaction and clear it."""
        touched = [case for case in self.cases.values() if case.touched is not None]
        if not (touched or self.entries or self.schedules):
            return
        opened: list[ItemRow] = []
        changed: list[ItemRow] = []
        clocks: list[ClockRow] = []
        for case in touched:
            row = case.to_row(self._wakes(case))
            self.soonest = min(filter(None, (self.soonest, row.wake_at)), default=None)
            (opened if case.fresh else changed).append(row)
            for running in case.clocks.values():
                if running.changed:
                    clocks.append(running.to_row(row.entry))
                    running.changed = False
            case.row, case.fresh, case.rewritten, case.touched = row, False, False, None
        batch = Batch(
            base=self._base,
            entries=tuple(self.entries),
            opened=tuple(opened),
            changed=tuple(changed),
            clocks=tuple(clocks),
            events=tuple(self.events),
            firings=tuple(self.firings),
            holds=tuple(self.holds),
            notices=tuple(self.notices),
            documents=tuple(self.documents),
            schedules=tuple(self.schedules),
        )
        self._base += len(self.entries)
        self._clear()
        written = {row.workflow for row in (*opened, *changed)}
        self._tallies = {
            question: answer
            for question, answer in self._tallies.items()
            if written.isdisjoint(question.workflows)
        }
        self.tx.commit_batch(batch)
