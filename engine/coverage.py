"""What stories can reach of a book: rules, rungs, guards, transitions, clocks, both sides of each term."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path as Folder
from typing import Literal

from engine.book.book import Book
from engine.book.compiled import CompiledClass, CompiledClock, CompiledMeasure, CompiledRule, Wanted
from engine.book.finding import Path, Place
from engine.book.gather import gather
from engine.book.merge import merge
from rules.cel import Condition

Kind = Literal["rule", "rung", "guard", "transition", "duty", "clock", "case", "pause", "level", "term"]
KINDS: tuple[Kind, ...] = (
    "rule",
    "rung",
    "guard",
    "transition",
    "duty",
    "clock",
    "case",
    "pause",
    "level",
    "term",
)
Mark = tuple[Path, object]  # where it is written, and which of several things about it
SPOKE = "spoke"
WHOLE = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Point:
    """Something that a story may reach. `which`: the term of a condition with its verdict, else SPOKE."""

    kind: Kind
    path: Path
    which: object = SPOKE
    text: str = ""  # the term, or the event
    start: int = 0  # of the term in its condition

    @property
    def mark(self) -> Mark:
        return self.path, self.which

    @property
    def verdict(self) -> bool:
        """Which side of a term it is."""
        assert isinstance(self.which, tuple)
        return bool(self.which[1])


@dataclass(frozen=True, kw_only=True)
class Coverage:
    points: tuple[Point, ...]
    reached: frozenset[Mark]

    def counts(self) -> Mapping[Kind, tuple[int, int]]:
        """How many were reached, and how many there are, of the kinds that the book has."""
        found: dict[Kind, tuple[int, int]] = {}
        for point in self.points:
            reached, whole = found.get(point.kind, (0, 0))
            found[point.kind] = reached + (point.mark in self.reached), whole + 1
        return {kind: found[kind] for kind in KINDS if kind in found}

    @property
    def missing(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.mark not in self.reached)

    @property
    def percent(self) -> Decimal:
        """Rounded down, so that 100 is all."""
        return percent_of(len(self.points) - len(self.missing), len(self.points))


def percent_of(reached: int, whole: int) -> Decimal:
    return Decimal(reached * 1000 // whole) * TENTH if whole else WHOLE


def places_of(folder: Folder) -> Callable[[Point], Place]:
    """Where points are written, the line and column of a term included."""
    root, _ = merge(gather(folder))

    def place(point: Point) -> Place:
        node = root.find(point.path)
        found = root.place_of(point.path, key=point.kind != "term" and isinstance(point.path[-1], str))
        if point.kind != "term" or node.inset is None:
            return found
        return Place(found.file, found.line, found.column + node.inset + point.start)

    return place


# ---------------------------------------------------------------- what there is to reach


def points_of(book: Book) -> tuple[Point, ...]:
    return tuple(
        point
        for found in (
            *(_rule_points(rule) for rule in book.rules.values()),
            *(_flow_points(book, id) for id in book.workflows),
            *((Point(kind="duty", path=("duties", id)),) for id in book.duties),
            *(_clock_points(clock) for clock in book.clocks.values()),
            *(_class_points(each) for each in book.classes.values()),
            *(terms_at(*each) for each in _measured(book)),
        )
        for point in found
    )


def _rule_points(rule: CompiledRule) -> Iterator[Point]:
    path: Path = ("rules", rule.id)
    if rule.occasion == "before":
        for where, condition in _requirements(rule):
            yield Point(kind="guard", path=where)
            yield from terms_at(where, condition)
    else:
        yield Point(kind="rule", path=path)
    yield from terms_at((*path, "if"), rule.condition)
    for rung in rule.ladder:
        yield Point(kind="rung", path=(*path, "ladder", rung.index))
        yield from terms_at((*path, "ladder", rung.index, "if"), rung.condition)
    for index, _ in enumerate(rule.times):
        yield Point(kind="rung", path=(*path, "times", index))


def _requirements(rule: CompiledRule) -> Iterator[tuple[Path, Condition]]:
    places: tuple[tuple[Path, Wanted], ...] = (
        (("rules", rule.id, "then", "require"), rule.then),
        *((("rules", rule.id, "times", at, "require"), each.wanted) for at, each in enumerate(rule.times)),
    )
    for path, wanted in places:
        if wanted.require is not None:
            yield path, wanted.require


def _flow_points(book: Book, workflow: str) -> Iterator[Point]:
    for at, each in enumerate(book.workflows[workflow].spec.transitions):
        yield Point(kind="transition", path=("workflows", workflow, "transitions", at), text=each.event)


def _clock_points(clock: CompiledClock) -> Iterator[Point]:
    path: Path = ("clocks", clock.id)
    yield Point(kind="clock", path=path)
    yield from terms_at((*path, "if"), clock.condition)
    for at, case in enumerate(clock.budgets):
        if len(clock.budgets) > 1:
            yield Point(kind="case", path=(*path, "budget", at))
        yield from terms_at((*path, "budget", at, "if"), case.condition)
    for id, pause in clock.pauses.items():
        yield Point(kind="pause", path=(*path, "pauses", id))
        yield from terms_at((*path, "pauses", id, "if"), pause.condition)


def _class_points(found: CompiledClass) -> Iterator[Point]:
    for level in found.levels:
        path: Path = ("classes", found.id, "levels", level.name)
        yield Point(kind="level", path=path)
        yield from terms_at((*path, "if"), level.condition)


def _measured(book: Book) -> Iterator[tuple[Path, Condition | None]]:
    for id, measure in book.measures.items():
        yield asked_at(id, measure), measure.condition


def asked_at(id: str, measure: CompiledMeasure) -> Path:
    """Where the condition of a measure is written."""
    return ("measures", id, "is") if measure.spec.is_ is not None else ("measures", id, "periods", "if")


def terms_at(path: Path, condition: Condition | None) -> Iterator[Point]:
    if condition is None:
        return
    for number, term in enumerate(condition.terms):
        for verdict in (True, False):
            which = (number, verdict)
            yield Point(kind="term", path=path, which=which, text=term.text, start=term.start)


def coverage(book: Book, marks: Iterable[Mark]) -> Coverage:
    return Coverage(points=points_of(book), reached=frozenset(marks))
