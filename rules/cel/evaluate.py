"""From the typed tree to a Python function.

The function's text is written here from checked nodes only: fact names and literals never enter it, they are
bound as constants, so nothing an author wrote is run as Python.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

from rules.cel.arithmetic import LARGEST_INT, LONGEST_SPAN, NEVER_FAIL, OPERATIONS, OPPOSITES, SMALLEST_INT
from rules.cel.facts import Fact, Kind, Scalar, Value
from rules.cel.faults import ConditionFailed, FactMissing, FactMistyped
from rules.cel.tree import (
    Arithmetic,
    Choice,
    Comparison,
    Conjunction,
    Constant,
    Disjunction,
    Expression,
    Listing,
    Matching,
    Membership,
    Negation,
    Opposite,
    Presence,
    Reading,
    Size,
    facts_read,
    walk,
)

Values: TypeAlias = Mapping[str, Any]
Run: TypeAlias = Callable[[Values], Value]

METHODS = {"startsWith": "startswith", "endsWith": "endswith", "contains": "__contains__"}


def compile_tree(tree: Expression, *, guarded: bool = True) -> Run:
    """`guarded` says that the checker has seen every optional fact behind its guard."""
    facts = facts_read(tree)
    writer = Writer(facts, failing=find_failing(tree, guarded=guarded))
    lines = ["def condition(values):"]
    lines += [f"    {line}" for fact in facts.values() for line in writer.read(fact)]
    lines.append(f"    return {writer.write(tree)}")
    code = compile("\n".join(lines), "<condition>", "exec")
    exec(code, writer.namespace)
    run: Run = writer.namespace["condition"]
    return run


class Writer:
    """Writes each node as a Python expression and collects what the expressions name."""

    def __init__(self, facts: Iterable[str], *, failing: frozenset[int]) -> None:
        self.failing = failing
        self.variables = {name: f"fact_{index}" for index, name in enumerate(facts)}
        self.namespace: dict[str, Any] = {
            "missing": missing,
            "unknown": unknown,
            "accept": accept,
            "all_hold": all_hold,
            "any_holds": any_holds,
            "Decimal": Decimal,
            "datetime": datetime,
            "timedelta": timedelta,
            "UTC": UTC,
            "LONGEST_SPAN": LONGEST_SPAN,
        }

    def bind(self, value: object) -> str:
        name = f"constant_{len(self.namespace)}"
        self.namespace[name] = value.astimezone(UTC) if isinstance(value, datetime) else value
        return name

    def read(self, fact: Fact) -> list[str]:
        """All facts are read first: a fact left out is noticed however the condition is decided."""
        variable, name = self.variables[fact.name], self.bind(fact.name)
        doubt = DOUBTS[fact.kind].format(variable)
        accept_it = f"{variable} = accept({self.bind(fact)}, {variable})"
        take = f"{variable} = values.get({name})"
        if fact.optional:
            return [take, f"if {variable} is not None and ({doubt}): {accept_it}"]
        return [take, f"if {doubt}:", f"    if {variable} is None: missing({name})", f"    {accept_it}"]

    def write(self, node: Expression) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of node
        write = self.write
        match node:
            case Constant():
                return self.bind(node.value)
            case Reading():
                return self.write_reading(node)
            case Presence():
                return f"({self.variables[node.fact.name]} is not None)"
            case Negation():
                return f"(not {write(node.inner)})"
            case Conjunction():
                return self.write_parts(node.parts, "and", "all_hold")
            case Disjunction():
                return self.write_parts(node.parts, "or", "any_holds")
            case Choice():
                return f"({write(node.yes)} if {write(node.condition)} else {write(node.no)})"
            case Comparison():
                return f"({write(node.left)} {node.operator} {write(node.right)})"
            case Membership():
                return f"({write(node.item)} in {write(node.among)})"
            case Matching():
                return f"{write(node.text)}.{METHODS[node.method]}({write(node.part)})"
            case Size():
                return f"len({write(node.inner)})"
            case Listing():
                return self.write_list(node)
            case Opposite():
                return f"{self.bind(OPPOSITES[node.shape.kind])}({write(node.inner)})"
            case Arithmetic():
                _, compute = OPERATIONS[node.operator, node.left.shape.kind, node.right.shape.kind]
                return f"{self.bind(compute)}({write(node.left)}, {write(node.right)})"

    def write_reading(self, node: Reading) -> str:
        variable = self.variables[node.fact.name]
        if id(node) in self.failing:
            return f"({variable} if {variable} is not None else unknown({self.bind(node.fact)}))"
        return variable

    def write_parts(self, parts: tuple[Expression, ...], word: str, absorber: str) -> str:
        written = [self.write(part) for part in parts]
        if any(id(inner) in self.failing for part in parts[:-1] for inner in walk(part)):
            return f"{absorber}({', '.join(f'(lambda: {part})' for part in written)})"
        return f"({f' {word} '.join(written)})"

    def write_list(self, node: Listing) -> str:
        if all(isinstance(item, Constant) for item in node.items):
            return self.bind(tuple(item.value for item in node.items if isinstance(item, Constant)))
        return f"({', '.join(self.write(item) for item in node.items)},)"


def find_failing(tree: Expression, *, guarded: bool) -> frozenset[int]:
    """The nodes, by id, that may have no value: computations, and optional facts without a sure guard.

    A guard stands before its fact; it is sure unless a computation before may have failed and been absorbed.
    """
    failing = set()
    for node in walk(tree):
        if computes(node) or (isinstance(node, Reading) and node.fact.optional and not guarded):
            failing.add(id(node))
            guarded = False
    return frozenset(failing)


def computes(node: Expression) -> bool:
    return isinstance(node, Opposite) or (isinstance(node, Arithmetic) and node.shape.kind not in NEVER_FAIL)


def all_hold(*parts: Callable[[], bool]) -> bool:
    """CEL's &&: one false part decides, also beside parts that fail."""
    failure: ConditionFailed | None = None
    for part in parts:
        try:
            if not part():
                return False
        except ConditionFailed as failed:
            failure = failure or failed
    if failure:
        raise failure
    return True


def any_holds(*parts: Callable[[], bool]) -> bool:
    """CEL's ||: one true part decides, also beside parts that fail."""
    failure: ConditionFailed | None = None
    for part in parts:
        try:
            if part():
                return True
        except ConditionFailed as failed:
            failure = failure or failed
    if failure:
        raise failure
    return False


def unknown(fact: Fact) -> NoReturn:
    raise ConditionFailed(f"{fact.label('en')} is not known", zh=f"{fact.label('zh')}未知")


def missing(name: str) -> NoReturn:
    raise FactMissing(name)


# A value of which this is false needs no second look. Lists always do: their elements have kinds too.
DOUBTS = {
    Kind.BOOL: "type({0}) is not bool",
    Kind.INT: f"type({{0}}) is not int or not {SMALLEST_INT} <= {{0}} <= {LARGEST_INT}",
    Kind.NUMBER: "type({0}) is not Decimal or not {0}.is_finite()",
    Kind.TEXT: "type({0}) is not str",
    Kind.MOMENT: "type({0}) is not datetime or {0}.tzinfo is not UTC",
    Kind.SPAN: "type({0}) is not timedelta or not -LONGEST_SPAN <= {0} <= LONGEST_SPAN",
    Kind.LIST: "True",
}


def accept(fact: Fact, value: Any) -> Value:
    """The value as the condition needs it: moments in UTC, lists as tuples."""
    if fact.kind is not Kind.LIST:
        return accept_scalar(fact, fact.kind, value)
    if not isinstance(value, tuple | list):
        raise FactMistyped(fact.name, "a list", value)
    assert fact.of is not None
    return tuple([accept_scalar(fact, fact.of, element) for element in value])


def accept_scalar(fact: Fact, kind: Kind, value: Any) -> Scalar:
    if kind is Kind.MOMENT and isinstance(value, datetime) and value.tzinfo is not None:
        # Python compares and adds within one zone by the wall clock, which repeats an hour each autumn.
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    if FITS[kind](value):
        fitting: Scalar = value
        return fitting
    raise FactMistyped(fact.name, kind.phrase, value)


FITS: dict[Kind, Callable[[Any], bool]] = {
    Kind.BOOL: lambda value: isinstance(value, bool),
    Kind.INT: lambda value: type(value) is int and SMALLEST_INT <= value <= LARGEST_INT,
    Kind.NUMBER: lambda value: isinstance(value, Decimal) and value.is_finite(),
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.MOMENT: lambda _: False,
    Kind.SPAN: lambda value: isinstance(value, timedelta) and abs(value) <= LONGEST_SPAN,
}
