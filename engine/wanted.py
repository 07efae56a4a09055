"""What a rule wants on one of its rungs: `then` and the rung together, the rung having the last word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.book.compiled import CompiledRule
from rules.cel import Condition
from rules.decide import Manner
from rules.language import Actions

JOINED = ("with_", "set")  # dictionaries of both are joined; everything else is overridden
TELLING = ("remind", "notify", "tell")
ENDING = ("move", "set", "extend")  # what may end a ladder, or begin it anew
ACTING = (*ENDING, "propose", "open", "document")


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


@lru_cache(maxsize=4096)
def _quiet(rule: "_Same", rung: int | None) -> Wanted:
    wanted = _combine(rule, rung)
    silent: dict[str, tuple[str, ...]] = dict.fromkeys(TELLING, ())
    return replace(wanted, actions=Actions.model_construct(**{**dict(wanted.actions), **silent}))


@lru_cache(maxsize=4096)
def _manners(rule: "_Same") -> tuple[Manner, ...]:
    """What the rule wants on every rung alike is done once, by the highest; a rung's own act is its own."""
    own = [rung.wanted.spec for rung in rule.rule.ladder]
    whole = [_combine(rule, rung).actions for rung in range(len(own))]
    return tuple(
        Manner(acts=_any(mine, ACTING), tells=_any(each, TELLING), ends=_any(each, ENDING))
        for mine, each in zip(own, whole, strict=True)
    )


def _any(actions: Actions, names: Iterable[str]) -> bool:
    return any(getattr(actions, name) for name in names)


class _Same:
    """A rule by identity: rules are not hashable by value, and a book never changes."""

    __slots__ = ("rule",)

    def __init__(self, rule: CompiledRule) -> None:
        self.rule = rule

    def __hash__(self) -> int:
        return id(self.rule)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rule is self.rule


def combine(rule: CompiledRule, rung: int | None, *, tells: bool = True) -> Wanted:
    """`tells`: False where a higher rung tells people what this one does, too."""
    return (_combine if tells else _quiet)(_Same(rule), rung)


def manners_of(rule: CompiledRule) -> tuple[Manner, ...]:
    """Of each rung by time: whether it acts, and whether it tells."""
    return _manners(_Same(rule))
