"""Measures: how often, how much and how well, as of a moment, from what is recorded.

What is recorded is asked of the store once for all units; what is made of it (rates, ranks, rows of
periods) is reckoned here, each time it is read, so that a late report counts at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from typing import TypeVar

from engine.alike import OFFICE, alike, under
from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.case import canonical
from engine.desk import Desk
from engine.published import published, read_value, say_kept
from engine.questions import CITED, DEADLINE, Asked, later_than, question_of, read_answer
from engine.telling import Reason, capped, in_none, made_of, of_periods, of_rank, too_few, unknown
from engine.tree import top_of
from rules.cel import ConditionFailed, Kind
from rules.rank import places
from rules.time.instant import local_day
from rules.time.period import Every, Period
from store.rows import Tallied

Value = object
Kept = TypeVar("Kept")


class Unreadable(ValueError):
    """A number that a measure needs and that is none."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a measure came to, None when unknown; the items behind it; what it rests on, or why not. `held`:
    the periods that it counts, where it counts these."""

    value: Value = None
    cites: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    reason: Reason | None = None


def measure(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    """As it was published, or else as it is."""
    values = published(desk, found, asked)
    if values is None:
        return _measure(desk, found, asked)
    now, text = _measure(desk, found, asked), values.get(asked.whose or "")
    kept = None if text is None else read_value(desk.book, found.kind, text)
    zh, en = say_kept(desk.book, kept, now.value)
    return Known(value=kept, cites=now.cites, reason=Reason(zh=zh, en=en))


def _measure(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    spec = found.spec
    if spec.recorded:
        return _recorded(desk, found, asked)
    if spec.rank is not None:
        return _ranked(desk, found, asked)
    return _calculated(desk, found, asked) if spec.is_ else _followed(desk, found, asked)


def measure_named(desk: Desk, name: str, asked: Asked) -> Known:
    """By the name of its fact. What is of the office is the same for everybody."""
    place, _, id = name.partition(".")
    return measure(desk, desk.book.measures[id], replace(asked, whose=OFFICE) if place == "office" else asked)


def is_measure(book: Book, name: str) -> bool:
    place, _, id = name.partition(".")
    return id in book.measures and book.measures[id].spec.for_ == place


# ---------------------------------------------------------------- recorded


def _recorded(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    tallied = answers(desk, found, asked).get(_key(desk.book, found, asked) or "")
    if tallied is None:
        tallied = Tallied(value=0, cites=())
    if tallied.fault is not None:
        raise Unreadable(tallied.fault)
    if found.spec.reduce == "sum":
        return _bounded(found, Decimal(tallied.value), tallied.cites)
    if found.kind is Kind.INT:
        return Known(value=int(tallied.value), cites=tallied.cites)
    value = read_answer(desk.book, found.kind, str(tallied.value)) if tallied.cites else None
    return Known(value=value, cites=tallied.cites)


def _key(book: Book, found: CompiledMeasure, asked: Asked) -> str | None:
    if found.spec.same:
        return under(found, asked)
    over = found.spec.over
    return asked.whose if over == "own" or asked.whose is None else top_of(book, asked.whose, over)


def answers(desk: Desk, found: CompiledMeasure, asked: Asked) -> Mapping[str, Tallied]:
    """What the store says of a recorded measure, for all."""
    question = question_of(desk.book, found, asked, desk.now)
    if found.spec.same:
        question = alike(desk.book, found, question, asked)
    if found.spec.after is not None:
        same = under(found, asked) if found.spec.same else None
        question = replace(question, after=_bounds(desk, found.spec.after, asked, same=same))
    return desk.tally(question)


def _bounds(desk: Desk, name: str, asked: Asked, *, same: str | None) -> str:
    """From when on each counts: canonical JSON [[whose, instant, day], …] of those who have such a moment."""
    found = desk.book.measures[name.partition(".")[2]]

    def make() -> str:
        owners = {"unit": desk.book.units, "owner": desk.book.posts}.get(found.spec.for_, (asked.whose,))
        known = ((whose, measure(desk, found, replace(asked, whose=whose)).value) for whose in owners)
        return canonical(
            [
                [whose if same is None else same, *later_than(desk.book, at)]
                for whose, at in known
                if isinstance(at, datetime)
            ]
        )

    key = (found.fact, "bounds", same, asked.whose if found.spec.for_ == "item" else None)
    return _kept(desk, key, _leaves(desk, found, asked), make)


def _bounded(found: CompiledMeasure, total: Decimal, cites: tuple[str, ...]) -> Known:
    """Points with a cap and a floor."""
    most, least = found.spec.at_most, found.spec.at_least
    if most is not None and total > most:
        return Known(value=Decimal(most), cites=cites, reason=capped(total, Decimal(most), highest=True))
    if least is not None and total < least:
        return Known(value=Decimal(least), cites=cites, reason=capped(total, Decimal(least), highest=False))
    return Known(value=total, cites=cites)


# ---------------------------------------------------------------- calculated


@dataclass(frozen=True, kw_only=True)
class _Result:
    """An expression with the measures it read, by fact."""

    value: Value = None
    read: Mapping[str, Known]
    reason: Reason | None = None

    @property
    def cites(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item for known in self.read.values() for item in known.cites))


def _calculated(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    result = _evaluate(desk, found, asked)
    cites, sample = _bounded_cites(asked, result.cites), found.spec.sample
    if sample is not None:
        size = result.read[sample.of].value
        if not isinstance(size, int | Decimal) or size < sample.at_least:
            return Known(cites=cites, reason=too_few(size, sample.at_least))
    if result.value is None:
        return Known(cites=cites, reason=result.reason)
    values = {name: known.value for name, known in result.read.items()}
    reason = made_of(desk.book, found, values) if values else None
    return Known(value=result.value, cites=cites, reason=reason)


def _evaluate(desk: Desk, found: CompiledMeasure, asked: Asked) -> _Result:
    """Division by nothing and facts that are not known leave it unknown, with the reason."""
    assert found.condition is not None
    read = {
        name: measure_named(desk, name, asked) for name in sorted(found.reads) if is_measure(desk.book, name)
    }
    values = {name: known.value for name, known in read.items() if known.value is not None}
    missing = next((name for name in read if name not in values and name in found.condition.reads), None)
    if missing is not None and not found.guarded:
        return _Result(read=read, reason=unknown(desk.book, missing, read[missing].reason))
    for name in found.condition.reads - read.keys():
        values[name] = _fact(desk.book, name, asked)
        if values[name] is None and not found.guarded:
            return _Result(read=read, reason=Reason(zh=f"{name} 未知", en=f"{name} is not known"))
    try:
        return _Result(value=found.condition.evaluate(values), read=read)
    except ConditionFailed as failed:
        return _Result(read=read, reason=Reason(zh=failed.zh, en=failed.message))


def _fact(book: Book, name: str, asked: Asked) -> Value:
    place, _, key = name.partition(".")
    if place == "params":
        return book.params[key].value
    if place == "unit":
        return unit_fact(book, key, asked.whose)
    return asked.at if place == "now" else asked.whose


def _bounded_cites(asked: Asked, cites: tuple[str, ...]) -> tuple[str, ...]:
    return cites if asked.complete else cites[:CITED]


# ---------------------------------------------------------------- ranked


def _ranked(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    rank = found.spec.rank
    assert rank is not None
    own = measure_named(desk, rank.of, asked) if asked.whose is not None else Known()
    top = None if rank.within is None or asked.whose is None else top_of(desk.book, asked.whose, rank.within)
    if rank.within is not None and top is None:
        return Known(cites=own.cites, reason=in_none(rank.within))

    def make() -> Mapping[str, int]:
        members = [
            each
            for each in desk.book.groups[rank.among].members
            if rank.within is None or top_of(desk.book, each, rank.within) == top
        ]
        known = ((each, _comparable(desk, rank.of, replace(asked, whose=each))) for each in members)
        highest_first = (rank.best == "highest") == (rank.count == "from best")
        return places({each: value for each, value in known if value is not None}, highest_first, rank.ties)

    compared = desk.book.measures[rank.of.partition(".")[2]]
    table = _kept(desk, (found.fact, top, asked.at, asked.period), _leaves(desk, compared, asked), make)
    place = table.get(asked.whose or "")
    if place is None:
        return Known(cites=own.cites, reason=unknown(desk.book, rank.of, own.reason))
    return Known(value=place, cites=own.cites, reason=of_rank(desk.book, rank, own.value, len(table)))


def _comparable(desk: Desk, name: str, asked: Asked) -> Value:
    """Somebody else's unreadable number is his own trouble: he has no place."""
    try:
        return measure_named(desk, name, asked).value
    except Unreadable:
        return None


# ---------------------------------------------------------------- periods


def _followed(desk: Desk, found: CompiledMeasure, asked: Asked) -> Known:
    periods = found.spec.periods
    assert periods is not None
    judged = [
        (each, _evaluate(desk, found, _as_of(desk.book, asked, each))) for each in _last(desk, found, asked)
    ]
    known = [(period, result) for period, result in judged if result.value is not None]
    if periods.count == "consecutive":
        held = list(takewhile(lambda each: each[1].value is True, known))
    else:
        held = [each for each in known if each[1].value is True]
    cites = dict.fromkeys(item for _, result in reversed(held) for item in result.cites)
    return Known(
        value=len(held),
        cites=_bounded_cites(asked, tuple(cites)),
        held=tuple(period.id for period, _ in reversed(held)),
        reason=of_periods([period for period, _ in reversed(held)], len(judged), len(judged) - len(known)),
    )


def _as_of(book: Book, asked: Asked, period: Period) -> Asked:
    return replace(asked, at=min(period.ends(book.zone) - DEADLINE, asked.at), period=period)


def _last(desk: Desk, found: CompiledMeasure, asked: Asked) -> Iterator[Period]:
    """The newest first: the one a rule is about, or else the one before now; none before the programme."""
    assert found.every is not None
    assert found.spec.periods is not None
    period = _newest(desk.book, found.every, asked)
    for _ in range(found.spec.periods.last):
        if period.last < desk.book.info.programme.start:
            return
        yield period
        period = period.previous()


def _newest(book: Book, every: Every, asked: Asked) -> Period:
    if asked.period is None:
        return every.containing(local_day(asked.at, book.zone)).previous()
    period = every.containing(asked.period.last)
    same = (period.first, period.last) == (asked.period.first, asked.period.last)
    return period if same or period.ends(book.zone) <= asked.at else period.previous()


# ---------------------------------------------------------------- kept


def _leaves(desk: Desk, found: CompiledMeasure, asked: Asked) -> tuple[object, ...]:
    """The store's answers that it is made of."""
    if found.spec.recorded:
        return (answers(desk, found, asked),)
    names = [name for name in sorted(found.reads) if is_measure(desk.book, name)]
    if found.spec.periods is not None:
        moments = [_as_of(desk.book, asked, each) for each in _last(desk, found, asked)]
    else:
        moments = [asked]
    measures = (desk.book.measures[name.partition(".")[2]] for name in names)
    return tuple(leaf for each in measures for moment in moments for leaf in _leaves(desk, each, moment))


def _kept(desk: Desk, key: object, basis: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
    """Made once for all units, and anew when the store has answered anew."""
    known = desk.kept.get(key)
    if (
        known is None
        or len(known[0]) != len(basis)
        or any(a is not b for a, b in zip(known[0], basis, strict=True))
    ):
        known = desk.kept[key] = (basis, make())
    return known[1]  # type: ignore[return-value]


def unit_fact(book: Book, key: str, unit: str | None) -> Value:
    if unit is None:
        # What belongs to no unit has no members, no kind and nothing to count.
        return {"id": "", "kind": "", "groups": ()}.get(key)
    if key == "groups":
        return tuple(name for name, group in book.groups.items() if unit in group.members)
    spec = book.units[unit]
    return {"id": unit, "kind": spec.kind}.get(key, spec.facts.get(key))
