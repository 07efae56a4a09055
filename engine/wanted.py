"""What a rule wants on one of its rungs: `then` and the rung together, the rung having the last word."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.book.compiled import CompiledRule
from rules.cel import Condition
from rules.language import Actions

JOINED = ("with_", "set")  # dictionaries of both are joined; everything else is overridden


@dataclass(frozen=True, kw_only=True)
class Wanted:
    actions: Actions
    expressions: Mapping[str, Condition]  # compiled `=…`, by its text
    require: Condition | None


@lru_cache(maxsize=4096)
def _combine(rule: "_Same", rung: int | None) -> Wanted:
    compiled = rule.rule
    then = compiled.then
    if rung is None:
        return Wanted(actions=then.spec, expressions=then.expressions, require=then.require)
    own = (compiled.ladder or compiled.times)[rung].wanted
    changed = {
        name: {**getattr(then.spec, name), **value} if name in JOINED else value
        for name in Actions.model_fields
        if (value := getattr(own.spec, name))
        != Actions.model_fields[name].get_default(call_default_factory=True)
    }
    if compiled.ladder and own.spec.light is None:
        # A light is a state: a rung that is jumped over after an outage has still lit it.
        below = (each.wanted.spec.light for each in reversed(compiled.ladder[:rung]) if not each.condition)
        changed |= {"light": light} if (light := next(filter(None, below), None)) else {}
    return Wanted(
        actions=Actions.model_construct(**{**dict(then.spec), **changed}),
        expressions={**then.expressions, **own.expressions},
        require=own.require or then.require,
    )


class _Same:
    """A rule by identity: rules are not hashable by value, and a book never changes."""

    __slots__ = ("rule",)

    def __init__(self, rule: CompiledRule) -> None:
        self.rule = rule

    def __hash__(self) -> int:
        return id(self.rule)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rule is self.rule


def combine(rule: CompiledRule, rung: int | None) -> Wanted:
    return _combine(_Same(rule), rung)
