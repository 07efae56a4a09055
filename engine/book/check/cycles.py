"""Rules that would set one another off without end: an event, a rule, a move, an event, …"""

from collections.abc import Collection, Iterator, Mapping

from engine.book.check.rules import actions_of
from engine.book.context import Context
from engine.book.rulework import moved
from rules.language import Rule

Step = tuple[str, str]  # workflow and event


def check_cycles(context: Context) -> None:
    rules = {id: spec for id, spec in context.data.rules.items() if spec.when.event or spec.when.change}
    caused = {id: _caused(context, spec) for id, spec in rules.items()}
    heard = {
        id: {
            (name, step)
            for name in spec.for_
            for step in (*spec.when.event, *map(_changed, spec.when.change))
        }
        for id, spec in rules.items()
    }
    hearers: dict[Step, set[str]] = {}
    for id, steps in heard.items():
        for step in steps:
            hearers.setdefault(step, set()).add(id)
    follows = {
        id: sorted(set().union(*(hearers.get(step, ()) for step in steps)))
        for id, steps in sorted(caused.items())
    }
    told: set[frozenset[str]] = set()
    for id in follows:
        cycle = _cycle(id, follows)
        if cycle and frozenset(cycle) not in told:
            told.add(frozenset(cycle))
            shown = " → ".join((*cycle, cycle[0]))
            zh = f"规则互相触发，没有尽头：{shown}"
            en = f"these rules set one another off without end: {shown}"
            context.note(("rules", cycle[0]), "cycle", zh=zh, en=en, key=True)


def _caused(context: Context, spec: Rule) -> set[Step]:
    """The events that a rule brings about at once."""
    steps: set[Step] = set()
    for actions, _ in actions_of(spec, ()):
        if actions.move is not None:
            names = spec.for_ if actions.move.item == "self" else moved(context, actions.move)
            steps |= {(name, actions.move.event) for name in names}
            steps |= {(name, _changed(field)) for name in names for field in actions.move.with_}
        steps |= {(opening.workflow, "open") for _, _, opening in actions.openings}
        steps |= {(name, _changed(field)) for name in spec.for_ for field in actions.set}
    return steps | set(_classed(context, steps))


def _classed(context: Context, steps: Collection[Step]) -> Iterator[Step]:
    """A class changes when a field changes that it weighs."""
    for spec in context.data.classes.values():
        weighed = {_changed(field) for level in spec.levels.values() for field in level}
        yield from (
            (name, _changed(spec.field)) for name, step in steps if name in spec.of and step in weighed
        )


def _changed(field: str) -> str:
    return f"change of {field}"


def _cycle(start: str, follows: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The shortest way from a rule back to itself."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for after in follows[way[-1]]:
            if after == start:
                return way
            if after not in seen:
                seen.add(after)
                ways.append((*way, after))
    return ()
