"""An office as it stood at an earlier moment, as far as its log tells: a reader that answers as of then.

States, events, firings and entries are exact. Clocks are wound back by their own history. What nobody wrote
down is taken as it is now, and that is said: `assumed` collects each such sentence.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from duban.texts import Text
from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import canonical, clock_row
from engine.clock_calendar import calendar_of
from engine.summary import light_of
from rules.time.clock_state import ClockState, Hold, from_plain
from rules.time.duration import Due, Duration
from rules.time.projection import project
from store.read import Reader
from store.rows import AuditLine, ClockRow, EventRow, FiringRow, ItemRow, Parked, Plain

MOVED_DUE = ("clock.retarget", "clock.recompute", "clock.extend")


class Past(Reader):
    def __init__(self, reader: Reader, book: Book, at: datetime) -> None:
        super().__init__(reader.connection)
        self.rules_of, self.at = book, at
        self.assumed: dict[Text, None] = {}

    def assume(self, zh: str, en: str) -> None:
        self.assumed[Text(zh, en)] = None

    # ------------------------------------------------------------ the log

    def _then(self, line: AuditLine) -> bool:
        return datetime.fromisoformat(line.ts) <= self.at

    def list_audit(self, *, limit: int | None = None, **asked: Any) -> list[AuditLine]:
        return [line for line in super().list_audit(**asked) if self._then(line)][:limit]

    def _since(self, obj: str) -> list[dict[str, Any]]:
        """What was entered about it later, the earliest first."""
        lines = [line for line in super().list_audit(obj=obj) if not self._then(line)]
        return [json.loads(line.rec) | {"ts": line.ts} for line in reversed(lines)]

    def steps_of(self, item: str) -> list[dict[str, Any]]:
        return [each for each in super().steps_of(item) if datetime.fromisoformat(each["ts"]) <= self.at]

    def events_of(
        self, ids: Iterable[str], names: Collection[str] | None = None
    ) -> dict[str, list[EventRow]]:
        found = super().events_of(ids, names)
        return {id: [each for each in events if each.learnt_at <= self.at] for id, events in found.items()}

    def firings_of(self, subject: str, rule: str | None = None) -> list[FiringRow]:
        return [each for each in super().firings_of(subject, rule) if each.at <= self.at]

    def parked(self) -> list[Parked]:
        return [each for each in super().parked() if each.parked_at <= self.at]

    # ------------------------------------------------------------ items

    def items_by_id(self, ids: Iterable[str]) -> dict[str, ItemRow]:
        found = super().items_by_id(ids)
        return {
            id: self._with_fields(self._row(row)) for id, row in found.items() if row.opened_at <= self.at
        }

    def list_items(
        self, *, state: str | None = None, open_only: bool = False, limit: int | None = None, **asked: Any
    ) -> list[ItemRow]:
        rows = [self._row(row) for row in super().list_items(**asked) if row.opened_at <= self.at]
        kept = [
            row
            for row in rows
            if state in (None, row.state) and not (open_only and row.closed_at is not None)
        ]
        return kept[:limit]

    def _row(self, row: ItemRow) -> ItemRow:
        """Its state by its events; its light by what the rules had said."""
        events = super().events_of([row.id]).get(row.id, [])
        before = [each for each in events if each.learnt_at <= self.at]
        later = [each for each in events if each.learnt_at > self.at]
        state = before[-1].after if before else later[0].before if later else row.state
        closed = row.closed_at
        if closed is not None and (closed > self.at or any(each.before != each.after for each in later)):
            closed = None
        return replace(row, state=state, closed_at=closed, light=self._light(row), wake_at=None)

    def _light(self, row: ItemRow) -> str:
        light = "none"
        for firing in self.firings_of(f"item:{row.id}"):
            named = f"{firing.subject}|{firing.rule}|{firing.occasion}"
            if firing.rule in self.rules_of.rules and firing.outcome != "shadow":
                light = light_of(self.rules_of, named) or light
        return light

    def _with_fields(self, row: ItemRow) -> ItemRow:
        """Fields that were written later are set back to what was written last before."""
        fields: dict[str, Plain] = json.loads(row.fields)
        later = self._since(row.id)
        if any(record["act"] == "item.migrate" for record in later):
            self.assume(
                f"{row.id} 后来转入了现行规则册：这里按现行册看",
                f"{row.id} was migrated later: it is looked at under the book it has now",
            )
        written = {name for record in later for name in self._written(record)}
        known = self._known(row.id)
        for name in sorted(written):
            if name in known:
                fields[name] = known[name]
            else:
                fields[name] = self._default(row, name)
        return replace(row, fields=canonical({k: v for k, v in fields.items() if v is not None}))

    def _default(self, row: ItemRow, name: str) -> Plain:
        """No entry gives it a value: as if nothing had been given on opening."""
        spec = self.rules_of.workflows[row.workflow].spec.fields.get(name)
        default = spec.default if spec is not None else None
        if not self._untold(row.id, name):
            return default
        label = spec.label if spec is not None else Text(name, name)
        as_zh, as_en = (
            ("未填", "not given") if default is None else (f"缺省的 {default}", f"{default}, its default")
        )
        self.assume(
            f"{row.id} 的“{label.zh}”当时填了什么，日志没有记载：按{as_zh}看",
            f"the log does not say what “{label.en}” of {row.id} was then: taken as {as_en}",
        )
        return default

    def _untold(self, item: str, name: str) -> bool:
        """Whether it may have had a value that no entry holds: what a person gives on opening is entered,
        what a rule or duty gives then is not, nor what a rule fills in."""
        records = [json.loads(line.rec) for line in self.list_audit(obj=item)]
        opened = next((each for each in records if each["act"] == "item.open"), None)
        by_person = opened is not None and opened["actor"].get("kind") == "person"
        return not by_person or any(name in self._written(each) for each in records)

    def _written(self, record: Mapping[str, Any]) -> Iterable[str]:
        """The fields that an entry has written, whether or not it says with which value."""
        if record["act"] == "item.classify":
            return (record["field"],)
        if record["act"] == "rule.fire" and record["rule"] in self.rules_of.rules:
            rule = self.rules_of.rules[record["rule"]]
            wanted = [
                rule.then,
                *(each.wanted for each in rule.ladder),
                *(each.wanted for each in rule.times),
            ]
            return {name for each in wanted for name in each.spec.set}
        return record.get("args", {}) if record["act"] == "item.move" else ()

    def _known(self, item: str) -> dict[str, Plain]:
        """The last value of each field that the log holds."""
        known: dict[str, Plain] = {}
        for line in reversed(self.list_audit(obj=item)):
            record = json.loads(line.rec)
            if record["act"] in ("item.open", "item.move"):
                known |= record.get("args", {})
            elif record["act"] == "item.classify":
                known[record["field"]] = record["to"]
        return known

    # ------------------------------------------------------------ clocks

    def clocks_of(self, ids: Iterable[str]) -> dict[str, list[ClockRow]]:
        found = super().clocks_of(ids)
        return {
            id: [back for row in rows if (back := self._clock(row)) is not None] for id, rows in found.items()
        }

    def _clock(self, row: ClockRow) -> ClockRow | None:
        """As its history was then; None for one that had not begun."""
        spec = self.rules_of.clocks.get(row.clock)
        if spec is None or not self._had_begun(row, spec):
            return None
        state = from_plain(json.loads(row.state))
        if spec.spec.done_on is not None and state.ended is not None and self._told_later(row, spec):
            state = replace(state, ended=None, outcome="running")
        back = wound_back(state, self.at)
        later = (each for each in self._since(row.item) if each.get("clock") == row.clock)
        moved = next((each for each in later if each["act"] in MOVED_DUE and "from" in each), None)
        if moved is not None:
            back = set_back(back, moved)
        elif back.budget is not None:
            back = project(back, calendar_of(self.rules_of, spec))
        if back.outcome == "running" and back.due <= self.at and not spec.spec.window:
            back = replace(back, outcome="missed", missed_at=back.due)  # withdrawn only later
        return replace(clock_row(back, row.item, row.clock, row.entry), spoken=self._spoken(row))

    def _told_later(self, row: ClockRow, spec: CompiledClock) -> bool:
        """Whether what it is for was done as of an earlier date, and told only after this moment."""
        events = super().events_of([row.item]).get(row.item, [])
        ends = (each for each in events if each.name in spec.spec.stopped_by or each.after in spec.spec.stops)
        return any(each.learnt_at > self.at for each in ends)

    def _had_begun(self, row: ClockRow, spec: CompiledClock) -> bool:
        """Whether what sets it off had happened. A later start has hidden its run before."""
        starts = spec.spec.starts
        events = super().events_of([row.item]).get(row.item, [])
        told = [each for each in events if each.name in starts.event or each.after in starts.state]
        item = super().items_by_id([row.item])[row.item]
        by_itself = starts.opened or starts.latest is not None or starts.clock is not None
        if not any(each.learnt_at <= self.at for each in told) and not (
            by_itself and item.opened_at <= self.at
        ):
            return False
        if row.started_at > self.at and any(each.learnt_at > self.at for each in told):
            label = spec.spec.label
            self.assume(
                f"{row.item} 的“{label.zh}”后来重新起算过，之前那一轮日志里没有完整记载：这里不列",
                f"“{label.en}” of {row.item} was started anew later, of its run before the log holds no "
                "state: it is left out here",
            )
            return False
        return starts.clock is None or row.started_at <= self.at

    def _spoken(self, row: ClockRow) -> str:
        """What each rule had said of it by then, as the firings know."""
        spoken: dict[str, dict[str, int | list[int]]] = {}
        for firing in self.firings_of(f"item:{row.item}"):
            clock, *rest = firing.occasion.split("|")
            if clock == row.clock and len(rest) >= 2:
                due, rung, *again = rest
                said: int | list[int] = [int(rung), int(again[0])] if again else int(rung)
                spoken.setdefault(firing.rule, {})[due] = said
        return canonical(spoken)


def wound_back(state: ClockState, at: datetime) -> ClockState:
    """Without what came later: pauses that had not begun or not ended, extensions, the end."""
    over = tuple(each for each in state.suspensions if each.until <= at)
    broken = [each for each in state.suspensions if each.since <= at < each.until and each.cause]
    holds = tuple(Hold(each.since, each.cause) for each in broken)
    holds += tuple(hold for hold in state.holds if hold.since <= at)
    ended = state.ended if state.ended is not None and state.ended <= at else None
    missed = state.missed_at if state.missed_at is not None and state.missed_at <= at else None
    outcome = state.outcome
    if ended is None:
        outcome = "paused" if holds else "missed" if missed is not None else "running"
    return replace(
        state,
        suspensions=over,
        holds=holds,
        extensions=tuple(each for each in state.extensions if each.at <= at),
        ended=ended,
        missed_at=missed,
        outcome=outcome,
    )


def set_back(state: ClockState, moved: Mapping[str, Any]) -> ClockState:
    """To the due moment, and where it is told the budget, from which it was moved later."""
    due = datetime.fromisoformat(moved["from"])
    back, given = replace(state, due=due, nominal=due), Due(nominal=due, due=due)
    if "budget_from" in moved:
        return replace(back, budget=Duration.parse(moved["budget_from"]), given=None, written=None)
    if "until_from" in moved:
        return replace(back, budget=None, given=given, written=moved["until_from"])
    return back if state.given is None else replace(back, given=given)
