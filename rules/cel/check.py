"""From the syntax tree to the typed tree: facts are found, kinds agree, optional facts are guarded."""

from collections.abc import Callable
from typing import TypeAlias

from lark import Token

from rules.cel.advice import advise_comparison
from rules.cel.arithmetic import OPERATIONS, OPPOSITES
from rules.cel.facts import Fact, Facts, Kind, Scalar, closest
from rules.cel.faults import ConditionError, ConditionFailed
from rules.cel.guards import NOTHING, known_if
from rules.cel.literals import read_int, read_moment, read_number, read_span, read_text
from rules.cel.parse import Syntax
from rules.cel.places import at, branch, fault, place, place_between, token
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
    Shape,
    Size,
    walk,
)

Known: TypeAlias = frozenset[str]

BOOL, INT, NUMBER, TEXT = (
    Shape(kind=Kind.BOOL),
    Shape(kind=Kind.INT),
    Shape(kind=Kind.NUMBER),
    Shape(kind=Kind.TEXT),
)
ORDERED = (Kind.INT, Kind.NUMBER, Kind.TEXT, Kind.MOMENT, Kind.SPAN)
FUNCTIONS = ("has", "size", "timestamp", "duration")
METHODS = ("startsWith", "endsWith", "contains")


class Checker:
    """One use for one condition. Each method takes a syntax tree and the optional facts known there."""

    def __init__(self, source: str, facts: Facts) -> None:
        self.source = source
        self.facts = facts

    def check(self, tree: Syntax, known: Known = NOTHING) -> Expression:
        visit: Callable[[Syntax, Known], Expression] = getattr(self, f"check_{tree.data}")
        return visit(tree, known)

    def check_group(self, tree: Syntax, known: Known) -> Expression:
        return self.check(branch(tree, 0), known)

    def check_choice(self, tree: Syntax, known: Known) -> Expression:
        condition = self.check_as(BOOL, branch(tree, 0), known)
        yes = self.check(branch(tree, 1), known | known_if(condition, True))
        no = self.check(branch(tree, 2), known | known_if(condition, False))
        if not yes.shape.fits(no.shape):
            raise fault(
                tree,
                f"both outcomes of ? : must be of one kind, they are {yes.shape} and {no.shape}",
                f"? : 的两个结果必须是同一类型，现在是{yes.shape.zh}和{no.shape.zh}",
            )
        shape = yes.shape if yes.shape.of else no.shape
        return Choice(shape=shape, **place(tree), condition=condition, yes=yes, no=no)

    def check_both(self, tree: Syntax, known: Known) -> Expression:
        return Conjunction(shape=BOOL, **place(tree), parts=self.check_parts(tree, known, verdict=True))

    def check_either(self, tree: Syntax, known: Known) -> Expression:
        return Disjunction(shape=BOOL, **place(tree), parts=self.check_parts(tree, known, verdict=False))

    def check_parts(self, tree: Syntax, known: Known, *, verdict: bool) -> tuple[Expression, ...]:
        """A later part is only asked once the earlier ones came out as `verdict`."""
        parts: list[Expression] = []
        for index in range(len(tree.children)):
            parts.append(self.check_as(BOOL, branch(tree, index), known))
            known |= known_if(parts[-1], verdict)
        return tuple(parts)

    def check_negation(self, tree: Syntax, known: Known) -> Expression:
        return Negation(shape=BOOL, **place(tree), inner=self.check_as(BOOL, branch(tree, 0), known))

    def check_compare(self, tree: Syntax, known: Known) -> Expression:
        left, right = self.check(branch(tree, 0), known), self.check(branch(tree, 2), known)
        operator = token(tree, 1)
        equality = operator in ("==", "!=")
        if not left.shape.fits(right.shape) or not (equality or left.shape.kind in ORDERED):
            en, zh = advise_comparison(operator, left, right)
            raise fault(
                operator,
                f"cannot compare {left.shape} {operator} {right.shape}{en}",
                f"{left.shape.zh}与{right.shape.zh}不能用 {operator} 比较{zh}",
            )
        if equality:
            self.check_closed_text(left, right)
            self.check_closed_text(right, left)
        return Comparison(shape=BOOL, **place(tree), operator=str(operator), left=left, right=right)

    def check_member(self, tree: Syntax, known: Known) -> Expression:
        item, among = self.check(branch(tree, 0), known), self.check(branch(tree, 1), known)
        if among.shape.kind is not Kind.LIST:
            raise fault(
                branch(tree, 1),
                f"after 'in' there must be a list, it is {among.shape.kind.phrase}; write ['a', 'b']",
                f"in 后面必须是列表，现在是{among.shape.zh}；请写成 ['甲', '乙']",
            )
        if among.shape.of not in (item.shape.kind, None):
            raise fault(
                tree,
                f"cannot look for {item.shape.kind.phrase} in a {among.shape}",
                f"不能在{among.shape.zh}中查找{item.shape.zh}",
            )
        self.check_closed_text(item, among)
        self.check_closed_text(among, item)
        return Membership(shape=BOOL, **place(tree), item=item, among=among)

    def check_closed_text(self, reader: Expression, other: Expression) -> None:
        """A text that a closed set of texts can never equal is a misspelling."""
        if not isinstance(reader, Reading) or not reader.fact.one_of:
            return
        for literal in walk(other) if isinstance(other, Constant | Listing) else ():
            if isinstance(literal, Constant) and isinstance(literal.value, str):
                refuse_unless_one_of(reader.fact, literal, literal.value)

    def check_arithmetic(self, tree: Syntax, known: Known) -> Expression:
        left, right = self.check(branch(tree, 0), known), self.check(branch(tree, 2), known)
        operator = token(tree, 1)
        found = OPERATIONS.get((str(operator), left.shape.kind, right.shape.kind))
        if found is None or (left.shape.kind is Kind.LIST and not left.shape.fits(right.shape)):
            raise fault(
                operator,
                f"cannot compute {left.shape} {operator} {right.shape}",
                f"{left.shape.zh}与{right.shape.zh}不能做 {operator} 运算",
            )
        kind, compute = found
        of = (left.shape.of or right.shape.of) if kind is Kind.LIST else None
        shape = Shape(kind=kind, of=of)
        if isinstance(left, Constant) and isinstance(right, Constant):
            return self.fold(tree, shape, lambda: compute(left.value, right.value))
        if operator in ("/", "%") and isinstance(right, Constant) and not right.value:
            raise at(right, "division by zero", "除数为零")
        return Arithmetic(shape=shape, **place(tree), operator=str(operator), left=left, right=right)

    def check_opposite(self, tree: Syntax, known: Known) -> Expression:
        operand = branch(tree, 1)
        if (
            operand.data == "whole"
        ):  # in CEL too, the sign belongs to the literal: the smallest int has no opposite
            return self.check_whole(tree, known)
        inner = self.check(operand, known)
        if inner.shape.kind not in OPPOSITES:
            raise fault(tree, f"cannot compute - {inner.shape}", f"{inner.shape.zh}前不能加负号")
        if isinstance(inner, Constant):
            return self.fold(tree, inner.shape, lambda: OPPOSITES[inner.shape.kind](inner.value))
        return Opposite(shape=inner.shape, **place(tree), inner=inner)

    def fold(self, tree: Syntax, shape: Shape, compute: Callable[[], Scalar]) -> Expression:
        try:
            return Constant(shape=shape, **place(tree), value=compute())
        except ConditionFailed as failure:
            raise fault(
                tree, f"this can never be computed: {failure.message}", f"永远无法计算：{failure.zh}"
            ) from None

    def check_path(self, tree: Syntax, known: Known) -> Expression:
        return self.read([child for child in tree.children if isinstance(child, Token)], known)

    def read(self, names: list[Token], known: Known) -> Expression:
        fact = self.find(names)
        shape = Shape(kind=fact.kind, of=fact.of)
        reading = Reading(shape=shape, **place_between(names[0], names[-1]), fact=fact)
        if fact.optional and fact.name not in known:
            name = self.source[reading.start : reading.end]
            raise ConditionError(
                f"'{name}' may be unknown, write has({name}) && … or !has({name}) || … or has({name}) ? …",
                zh=f"“{name}”可能未知，请写 has({name}) && … 或 !has({name}) || … 或 has({name}) ? …",
                column=reading.start + 1,
                length=reading.end - reading.start,
            )
        return reading

    def find(self, names: list[Token]) -> Fact:
        name = ".".join(names)
        fact = self.facts.find(name)
        if fact is not None:
            return fact
        where = place_between(names[0], names[-1])
        column, length = where["start"] + 1, where["end"] - where["start"]
        if name == "null":
            raise ConditionError(
                "there is no null, write has(…) to ask whether a fact is known",
                zh="没有 null，请用 has(…) 判断是否已知",
                column=column,
                length=length,
            )
        guess = self.facts.suggest(name)
        nearby = ", ".join(self.facts.nearby(name))
        en = f", did you mean '{guess}'?" if guess else f"; there are {nearby}" if nearby else ""
        zh = f"，是否想写“{guess}”？" if guess else f"；现有 {nearby}" if nearby else ""
        raise ConditionError(
            f"unknown fact '{name}'{en}",
            zh=f"未知的事实“{name}”{zh}",
            column=column,
            length=length,
            suggestion=guess,
        )

    def check_call(self, tree: Syntax, known: Known) -> Expression:
        name, arguments = token(tree, 0), branch(tree, 1)
        if name not in FUNCTIONS:
            raise unknown_name(name, "function", "函数", FUNCTIONS)
        self.expect_one(name, arguments)
        argument = branch(arguments, 0)
        match str(name):
            case "has":
                return self.check_has(argument)
            case "size":
                return self.check_size(tree, argument, known)
            case written:
                return self.check_time(tree, argument, written)

    def check_has(self, argument: Syntax) -> Expression:
        if argument.data != "path":
            raise fault(
                argument,
                "has(…) asks about one fact, such as has(item.due)",
                "has(…) 里只能写一个事实，如 has(item.due)",
            )
        names = [child for child in argument.children if isinstance(child, Token)]
        fact = self.find(names)
        if not fact.optional:
            raise fault(
                argument,
                f"'{'.'.join(names)}' is always known, leave out has(…)",
                f"“{'.'.join(names)}”总是已知，不需要 has(…)",
            )
        return Presence(shape=BOOL, **place_between(names[0], names[-1]), fact=fact)

    def check_size(self, tree: Syntax, argument: Syntax, known: Known) -> Expression:
        inner = self.check(argument, known)
        if inner.shape.kind not in (Kind.TEXT, Kind.LIST):
            raise fault(
                argument,
                f"size(…) counts a list or a text, it is {inner.shape.kind.phrase}",
                f"size(…) 只能用于列表或文本，现在是{inner.shape.zh}",
            )
        return Size(shape=INT, **place(tree), inner=inner)

    def check_time(self, tree: Syntax, argument: Syntax, name: str) -> Expression:
        written = read_text(token(argument, 0)) if argument.data == "text" else None
        if name == "timestamp":
            moment = read_moment(written) if written is not None else None
            if moment is not None:
                return Constant(shape=Shape(kind=Kind.MOMENT), **place(tree), value=moment)
            example = 'timestamp("2026-01-31T09:00:00+08:00")'
        else:
            span = read_span(written) if written is not None else None
            if span is not None:
                return Constant(shape=Shape(kind=Kind.SPAN), **place(tree), value=span)
            example = 'duration("24h") or duration("1h30m"), units h m s'
        raise fault(
            argument,
            f"{name}(…) takes one text written like {example}",
            f"{name}(…) 要写成 {example.replace(' or ', ' 或 ').replace(', units', '，单位')}",
        )

    def expect_one(self, name: Token, arguments: Syntax) -> None:
        if (count := len(arguments.children)) != 1:
            raise fault(
                arguments,
                f"{name}(…) takes one argument, it has {count}",
                f"{name}(…) 需要一个参数，现在有 {count} 个",
            )

    def check_method(self, tree: Syntax, known: Known) -> Expression:
        *receiver, name = [child for child in tree.children if isinstance(child, Token)]
        if name not in METHODS:
            raise unknown_name(name, "method", "方法", METHODS)
        return self.check_matching(tree, self.read(receiver, known), name, known)

    def check_value_method(self, tree: Syntax, known: Known) -> Expression:
        name = token(tree, 1)
        if name not in METHODS:
            raise unknown_name(name, "method", "方法", METHODS)
        return self.check_matching(tree, self.check(branch(tree, 0), known), name, known)

    def check_matching(self, tree: Syntax, text: Expression, name: Token, known: Known) -> Expression:
        arguments = branch(tree, len(tree.children) - 1)
        self.expect_one(name, arguments)
        part = self.check(branch(arguments, 0), known)
        for side in (text, part):
            if side.shape != TEXT:
                raise fault(
                    name,
                    f"{name} compares two texts, one is {side.shape.kind.phrase}",
                    f"{name} 只能比较两段文本，其中一个是{side.shape.zh}",
                )
        return Matching(shape=BOOL, **place(tree), method=str(name), text=text, part=part)

    def check_list(self, tree: Syntax, known: Known) -> Expression:
        items = tuple(self.check(branch(tree, index), known) for index in range(len(tree.children)))
        for item in items:
            if item.shape.kind is Kind.LIST:
                raise at(item, "a list cannot contain lists", "列表里不能再放列表")
            if item.shape != items[0].shape:
                raise at(
                    item,
                    f"a list holds elements of one kind, this is {item.shape} after {items[0].shape}",
                    f"列表元素必须同一类型，{items[0].shape.zh}之后出现了{item.shape.zh}",
                )
        return Listing(
            shape=Shape(kind=Kind.LIST, of=items[0].shape.kind if items else None), **place(tree), items=items
        )

    def check_truth(self, tree: Syntax, _known: Known) -> Expression:
        return Constant(shape=BOOL, **place(tree), value=token(tree, 0) == "true")

    def check_whole(self, tree: Syntax, _known: Known) -> Expression:
        if tree.data == "opposite":
            value = read_int(f"-{token(branch(tree, 1), 0)}")
        else:
            value = read_int(token(tree, 0))
        if value is None:
            raise fault(tree, "this int has more than 64 bits", "这个整数超出 64 位")
        return Constant(shape=INT, **place(tree), value=value)

    def check_number(self, tree: Syntax, _known: Known) -> Expression:
        value = read_number(token(tree, 0))
        if value is None:
            raise fault(tree, "this number has more than 15 digits", "这个小数超过 15 位数字")
        return Constant(shape=NUMBER, **place(tree), value=value)

    def check_text(self, tree: Syntax, _known: Known) -> Expression:
        return Constant(shape=TEXT, **place(tree), value=read_text(token(tree, 0)))

    def check_as(self, shape: Shape, tree: Syntax, known: Known) -> Expression:
        node = self.check(tree, known)
        if node.shape != shape:
            raise fault(
                tree,
                f"this must be true or false, it is {node.shape.kind.phrase}",
                f"这里必须是真或假，现在是{node.shape.zh}",
            )
        return node


def refuse_unless_one_of(fact: Fact, literal: Constant, value: str) -> None:
    if value in fact.one_of:
        return
    guess = closest(value, fact.one_of)
    choices = ", ".join(f"'{choice}'" for choice in fact.one_of)
    en = f"did you mean '{guess}'?" if guess else f"only {choices}"
    zh = f"是否想写“{guess}”？" if guess else f"只能是 {choices}"
    raise at(
        literal,
        f"'{fact.name}' is never '{value}', {en}",
        f"“{fact.name}”不会是“{value}”，{zh}",
        suggestion=guess,
    )


def unknown_name(name: Token, en: str, zh: str, choices: tuple[str, ...]) -> ConditionError:
    guess = closest(name, choices)
    listed = ", ".join(choices)
    return fault(
        name,
        f"unknown {en} '{name}', " + (f"did you mean '{guess}'?" if guess else f"there are only {listed}"),
        f"未知的{zh}“{name}”，" + (f"是否想写“{guess}”？" if guess else f"只有 {listed}"),
        suggestion=guess,
    )
