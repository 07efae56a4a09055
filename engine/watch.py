"""Take note of what stories reach of a book, without the engine knowing of it.

The book is copied with conditions that remember what they come to, stories run on the copy, and the rest is
read from the log that each of them leaves.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.book.book import Book
from engine.book.compiled import (
    CompiledBudget,
    CompiledClass,
    CompiledClock,
    CompiledMeasure,
    CompiledRule,
    Wanted,
)
from engine.book.finding import Path
from engine.coverage import SPOKE, Mark, asked_at, terms_at
from rules.cel import Condition, Facts, compile_condition
from rules.cel import Value as Fact
from store.read import Reader

LOGGED = ("rule.fire", "rule.shadow", "clock.pause", "duty.open", "item.classify")
RUNG = 4  # of what names a firing: subject, rule, clock, due moment, rung, and how often it came again


@dataclass(kw_only=True)
class Watch:
    """Takes note of what the stories reach. `terms` costs about as much again as deciding."""

    terms: bool = True
    reached: set[Mark] = field(default_factory=set)

    def over(self, book: Book) -> Book:
        """The same book, its conditions watched."""
        return replace(
            book,
            rules={id: self._rule(rule) for id, rule in book.rules.items()},
            clocks={id: self._clock(clock) for id, clock in book.clocks.items()},
            classes={id: self._class(each) for id, each in book.classes.items()},
            measures={id: self._measure(id, each) for id, each in book.measures.items()},
        )

    def _condition(
        self, path: Path, condition: Condition | None, when: bool | None = None
    ) -> Condition | None:
        """`when`: the verdict that reaches what is written at the path itself."""
        if condition is None:
            return None
        decide, reached, left = condition.evaluate, self.reached, set[Mark]()
        if self.terms:
            left |= {point.mark for point in terms_at(path, condition)}

        def evaluate(values: Mapping[str, Fact]) -> Fact:
            if left:
                seen = {(path, each) for each in enumerate(condition.verdicts(values))} & left
                reached.update(seen)
                left.difference_update(seen)
            verdict = decide(values)
            if when is not None and verdict is when:
                reached.add((path, SPOKE))
            return verdict

        return replace(condition, watched=evaluate)

    def _rule(self, rule: CompiledRule) -> CompiledRule:
        path: Path = ("rules", rule.id)
        return replace(
            rule,
            condition=self._condition((*path, "if"), rule.condition),
            then=self._wanted((*path, "then"), rule.then),
            ladder=tuple(
                replace(rung, condition=self._condition((*path, "ladder", rung.index, "if"), rung.condition))
                for rung in rule.ladder
            ),
            times=tuple(
                replace(band, wanted=self._wanted((*path, "times", at), band.wanted))
                for at, band in enumerate(rule.times)
            ),
        )

    def _wanted(self, path: Path, wanted: Wanted) -> Wanted:
        return replace(wanted, require=self._condition((*path, "require"), wanted.require, when=False))

    def _clock(self, clock: CompiledClock) -> CompiledClock:
        path: Path = ("clocks", clock.id)
        pauses = {
            id: replace(pause, condition=self._condition((*path, "pauses", id, "if"), pause.condition))
            for id, pause in clock.pauses.items()
        }
        return replace(
            clock,
            condition=self._condition((*path, "if"), clock.condition),
            budgets=tuple(self._case((*path, "budget"), at, clock) for at in range(len(clock.budgets))),
            pauses=pauses,
        )

    def _case(self, path: Path, at: int, clock: CompiledClock) -> CompiledBudget:
        """The case that stands for all others has no condition: it is given one that always holds."""
        case = clock.budgets[at]
        watched = self._condition((*path, at, "if"), case.condition)
        if len(clock.budgets) > 1:
            always = watched or compile_condition("true", Facts(()))
            decide, mark = always.evaluate, ((*path, at), SPOKE)

            def evaluate(values: Mapping[str, Fact]) -> Fact:
                verdict = decide(values)
                if verdict:
                    self.reached.add(mark)
                return verdict

            watched = replace(always, watched=evaluate)
        return replace(case, condition=watched)

    def _class(self, found: CompiledClass) -> CompiledClass:
        path: Path = ("classes", found.id, "levels")
        levels = (
            replace(each, condition=self._condition((*path, each.name, "if"), each.condition))
            for each in found.levels
        )
        return replace(found, levels=tuple(levels))

    def _measure(self, id: str, measure: CompiledMeasure) -> CompiledMeasure:
        return replace(measure, condition=self._condition(asked_at(id, measure), measure.condition))

    # ------------------------------------------------------------ what a story leaves behind

    def look(self, book: Book) -> Callable[[Reader], None]:
        def look(reader: Reader) -> None:
            self.reached.update((path, SPOKE) for path in _left(book, reader))

        return look


def _left(book: Book, reader: Reader) -> Iterator[Path]:
    for line in reader.list_since(0, LOGGED):
        record = json.loads(line.rec)
        match line.act:
            case "duty.open":
                yield "duties", line.obj_id
            case "clock.pause" if record.get("ok", True):
                yield "clocks", record["clock"], "pauses", record["cause"]
            case "item.classify" if record["to"] is not None:
                yield "classes", record["class"], "levels", record["to"]
            case "rule.fire" | "rule.shadow" if "idem" in record:
                yield from _spoken(book, record)
    rows = reader.list_items(include_sealed=True)
    workflows = {row.id: row.workflow for row in rows}
    for item, events in reader.events_of(workflows).items():
        for event in events:
            yield from _taken(book, workflows[item], event.name, event.before)
    for clocks in reader.clocks_of(workflows).values():
        yield from (("clocks", clock.clock) for clock in clocks)


def _spoken(book: Book, record: Mapping[str, str | int]) -> Iterator[Path]:
    rule = book.rules[str(record["rule"])]
    path: Path = ("rules", rule.id)
    yield path
    if rule.ladder:
        yield *path, "ladder", int(str(record["idem"]).split("|")[RUNG])
    nth = record.get("nth")
    if isinstance(nth, int):
        yield from ((*path, "times", at) for at, band in enumerate(rule.times) if band.covers(nth))


def _taken(book: Book, workflow: str, event: str, before: str) -> Iterator[Path]:
    for at, each in enumerate(book.workflows[workflow].spec.transitions):
        if each.event == event and before in each.from_:
            yield "workflows", workflow, "transitions", at
