"""A condition: checked once when the book is loaded, decided many times."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from rules.cel.accept import Values, accept_all
from rules.cel.evaluate import Builder, Run, Step, compile_tree
from rules.cel.facts import Facts, Kind, Scalar, Value
from rules.cel.faults import ConditionError, ConditionFailed, Language
from rules.cel.guards import known_if
from rules.cel.quick import compile_quickly
from rules.cel.sentence import say
from rules.cel.tree import (
    Choice,
    Conjunction,
    Constant,
    Disjunction,
    Expression,
    Negation,
    Presence,
    Reading,
    children,
    facts_read,
    walk,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One comparison of a condition; the verdict is None where the values allow none."""

    text: str
    verdict: bool | None
    values: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A comparison, has(…) or fact that is true or false; `start` and `end` are offsets into the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Condition:
    """`reads` holds canonical names; `constant` is the verdict that no fact can change, if there is one.

    `evaluate` takes values by canonical name; the absence of an optional fact means that it is not known. It
    raises ConditionFailed (overflow, division by zero), or FactMissing and FactMistyped: the gatherer's
    mistakes. It is made when it is first asked for, since a check of a book asks few; and it is no method,
    because one around it would cost a third of its time. `watched` is asked in its place.
    """

    source: str
    reads: frozenset[str]
    constant: bool | None
    tree: Expression = field(repr=False)
    watched: Run | None = field(default=None, repr=False)

    @cached_property
    def evaluate(self) -> Run:
        return self.watched or compile_quickly(self.tree) or compile_tree(self.tree)

    @cached_property
    def given(self) -> frozenset[str]:
        """The optional facts that are known wherever it has come out true."""
        return known_if(self.tree, True)

    def sentence(self, language: Language) -> str:
        return say(self.tree, language)

    def trace(self, values: Values, language: Language, spell: str | None = None) -> tuple[Line, ...]:
        """Each comparison on its own, also those that the verdict did not need."""
        return tuple(
            Line(
                text=text,
                verdict=decide(run, values),
                values={name: values[name] for name in names if values.get(name) is not None},
            )
            for (_, names, run), text in zip(
                self._comparisons, self.said(values, language, spell), strict=True
            )
        )

    def held(self, values: Values) -> tuple[tuple[str, ...] | None, ...]:
        """Of each comparison the known facts that it reads; None for one that does not hold."""
        return tuple(
            tuple([name for name in names if values.get(name) is not None]) if decide(run, values) else None
            for names, run in self._holding
        )

    def said(self, values: Values, language: Language, spell: str | None = None) -> tuple[str, ...]:
        """Each comparison in words. `spell`: facts that begin so are said by their value, `params.` for the
        limits of the case at hand."""
        return self._said(language, self._spelled(values, spell))

    def _spelled(self, values: Values, spell: str | None) -> tuple[tuple[str, Scalar], ...]:
        if spell is None:
            return ()
        limits = self._beginning(spell)
        return tuple((name, value) for name in limits if isinstance(value := values.get(name), Scalar))

    def _beginning(self, spell: str) -> tuple[str, ...]:
        if spell not in self._limits:
            self._limits[spell] = tuple(sorted(name for name in self.reads if name.startswith(spell)))
        return self._limits[spell]

    def _said(self, language: Language, spelled: tuple[tuple[str, Scalar], ...]) -> tuple[str, ...]:
        """Limits seldom change, so the texts are put together once and kept."""
        key = (language, spelled)
        if key not in self._texts:
            known = dict(spelled)
            self._texts[key] = tuple(
                say(comparison, language, known) for comparison, _, _ in self._comparisons
            )
        return self._texts[key]

    @cached_property
    def _texts(self) -> dict[tuple[Language, tuple[tuple[str, Scalar], ...]], tuple[str, ...]]:
        return {}

    @cached_property
    def _limits(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _comparisons(self) -> tuple[tuple[Expression, tuple[str, ...], Run], ...]:
        return tuple((node, tuple(facts_read(node)), compile_tree(node)) for node in comparisons(self.tree))

    @cached_property
    def _holding(self) -> tuple[tuple[tuple[str, ...], Run], ...]:
        """What a comparison reads, and whether it holds; where that cannot be known it does not."""
        return tuple((names, compile_quickly(node) or run) for node, names, run in self._comparisons)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """What can come out true or false, in the order of the source."""
        return tuple(
            Term(text=self.source[start:end], start=start, end=end)
            for start, end in (self._extent(node) for node in self._varying)
        )

    def verdicts(self, values: Values) -> tuple[bool | None, ...]:
        """One for each of the terms, None for what was not reached or could not be computed."""
        marks, step = self._marked
        facts = accept_all(facts_read(self.tree).values(), values)
        with suppress(ConditionFailed):
            step(facts)
        return tuple(facts.get(mark) for mark in marks)

    @cached_property
    def _varying(self) -> tuple[Expression, ...]:
        return tuple(node for node in comparisons(self.tree) if facts_read(node))

    @cached_property
    def _marked(self) -> tuple[tuple[str, ...], Step]:
        marks = {id(node): f"#{number}" for number, node in enumerate(self._varying)}
        return tuple(marks.values()), Builder(marks).build(self.tree)

    def _extent(self, node: Expression) -> tuple[int, int]:
        """With the word has and its brackets, which the tree leaves out."""
        if not isinstance(node, Presence):
            return node.start, node.end
        start = self.source.rindex("has", 0, node.start)
        return start, self.source.index(")", node.end) + 1

    @property
    def portable(self) -> str:
        """The source with canonical names for aliases, as any other CEL implementation reads it."""
        text = self.source
        readings = [node for node in walk(self.tree) if isinstance(node, Reading | Presence)]
        for node in sorted(readings, key=lambda node: node.start, reverse=True):
            text = text[: node.start] + node.fact.name + text[node.end :]
        return text


def compile_condition(source: str, facts: Facts, expect: Kind = Kind.BOOL) -> Condition:
    """Raises ConditionError."""
    # lark takes longer to import than most commands to run, and many commands load no condition
    from rules.cel.check import Checker  # noqa: PLC0415
    from rules.cel.parse import parse  # noqa: PLC0415

    tree = Checker(source, facts).check(parse(source))
    if tree.shape.kind is not expect:
        raise unexpected_kind(tree, expect)
    return Condition(
        source=source,
        reads=frozenset(facts_read(tree)),
        constant=settle(tree),
        tree=tree,
    )


def unexpected_kind(tree: Expression, expect: Kind) -> ConditionError:
    en, zh = ("true or false", "真或假") if expect is Kind.BOOL else (expect.phrase, expect.zh)
    return ConditionError(
        f"the condition must be {en}, it is {tree.shape.kind.phrase}",
        zh=f"条件的结果必须是{zh}，现在是{tree.shape.kind.zh}",
        column=tree.start + 1,
        length=tree.end - tree.start,
    )


def comparisons(node: Expression) -> Iterator[Expression]:
    """The smallest statements that are true or false, in the order of the source."""
    connective = isinstance(node, Negation | Conjunction | Disjunction | Choice)
    if node.shape.kind is Kind.BOOL and not connective:
        yield node
        return
    for child in children(node):
        yield from comparisons(child)


def decide(run: Run, values: Values) -> bool | None:
    try:
        return bool(run(values))
    except ConditionFailed:
        return None


def settle(node: Expression) -> bool | None:
    """The verdict that literals alone decide, as in `true || …`; None if it depends on facts."""
    match node:
        case _ if node.shape.kind is not Kind.BOOL:
            return None
        case Negation():
            inner = settle(node.inner)
            return None if inner is None else not inner
        case Conjunction() | Disjunction():
            decisive = isinstance(node, Disjunction)
            parts = {settle(part) for part in node.parts}
            return decisive if decisive in parts else None if None in parts else not decisive
        case Choice():
            condition = settle(node.condition)
            return None if condition is None else settle(node.yes if condition else node.no)
        case Constant(value=bool(value)):
            return value
        case _:
            return None if facts_read(node) else decide(compile_tree(node), {})
