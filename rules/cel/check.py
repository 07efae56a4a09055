"""From the syntax tree to the typed tree: facts are found, kinds agree, optional facts are guarded."""

from collections.abc import Callable
from typing import TypeAlias

from lark import Token

from rules.cel.advice import advise_arithmetic, advise_comparison
from rules.cel.arithmetic import OPERATIONS, OPPOSITES
from rules.cel.calls import (
    FUNCTIONS,
    METHODS,
    Check,
    check_extreme,
    check_function,
    check_method_of,
    expect,
    fold,
    unknown_method,
)
from rules.cel.facts import Fact, Facts, Kind, closest
from rules.cel.faults import ConditionError
from rules.cel.guards import NOTHING, known_if
from rules.cel.literals import read_int, read_number, read_text
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
    Membership,
    Negation,
    Opposite,
    Presence,
    Reading,
    Shape,
    walk,
)

Known: TypeAlias = frozenset[str]

BOOL, INT, NUMBER, TEXT = (
    Shape(kind=Kind.BOOL),
    Shape(kind=Kind.INT),
    Shape(kind=Kind.NUMBER),
    Shape(kind=Kind.TEXT),
)
NO_NULL = (
    "there is no null, write has(…) to ask whether a fact is known",
    "没有 null，请用 has(…) 判断是否已知",
)
NOT_FACTS = {
    **dict.fromkeys(("null", "none", "nil"), NO_NULL),
    **dict.fromkeys(("true", "yes", "是"), ("write true, in small letters", "请写小写的 true")),
    **dict.fromkeys(("false", "no", "否"), ("write false, in small letters", "请写小写的 false")),
}
ORDERED = (Kind.INT, Kind.NUMBER, Kind.TEXT, Kind.MOMENT, Kind.SPAN)


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
            en, zh = advise_arithmetic(operator, left, right)
            raise fault(
                operator,
                f"cannot compute {left.shape} {operator} {right.shape}{en}",
                f"{left.shape.zh}与{right.shape.zh}不能做 {operator} 运算{zh}",
            )
        kind, compute = found
        of = (left.shape.of or right.shape.of) if kind is Kind.LIST else None
        shape = Shape(kind=kind, of=of)
        if isinstance(left, Constant) and isinstance(right, Constant):
            return fold(tree, shape, lambda: compute(left.value, right.value))
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
            return fold(tree, inner.shape, lambda: OPPOSITES[inner.shape.kind](inner.value))
        return Opposite(shape=inner.shape, **place(tree), inner=inner)

    def check_path(self, tree: Syntax, known: Known) -> Expression:
        return self.read([child for child in tree.children if isinstance(child, Token)], known)

    def read(self, names: list[Token], known: Known) -> Expression:
        fact = self.find(names)
        shape = Shape(kind=fact.kind, of=fact.of)
        reading = Reading(shape=shape, **place_between(names[0], names[-1]), fact=fact)
        if fact.optional and not fact.sure and fact.name not in known:
            name = self.source[reading.start : reading.end]
            given = self.given_now(fact)
            zh, en = (
                (f"；随这个事件填写的是 {given}", f"; what this event gives is {given}")
                if given
                else ("", "")
            )
            raise ConditionError(
                f"'{name}' may be unknown, "
                f"write has({name}) && … or !has({name}) || … or has({name}) ? …{en}",
                zh=f"“{name}”可能未知，请写 has({name}) && … 或 !has({name}) || … 或 has({name}) ? …{zh}",
                suggestion=given,
                column=reading.start + 1,
                length=reading.end - reading.start,
            )
        return reading

    def given_now(self, fact: Fact) -> str | None:
        """The same field as it comes with the event, where it surely does."""
        scope, _, field = fact.name.partition(".")
        given = self.facts.find(f"args.{field}") if scope == "item" else None
        return None if given is None or given.optional else given.name

    def find(self, names: list[Token]) -> Fact:
        name = ".".join(names)
        fact = self.facts.find(name)
        if fact is not None:
            return fact
        where = place_between(names[0], names[-1])
        column, length = where["start"] + 1, where["end"] - where["start"]
        if name.lower() in NOT_FACTS:
            en, zh = NOT_FACTS[name.lower()]
            raise ConditionError(en, zh=zh, column=column, length=length)
        if self.facts.has_text(name):
            en, zh = f"write '{name}' in quotes, it is a text", f"“{name}”是文本，请加引号写成 '{name}'"
            raise ConditionError(en, zh=zh, column=column, length=length, suggestion=f"'{name}'")
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
            unknown=name,
        )

    def check_call(self, tree: Syntax, known: Known) -> Expression:
        name, arguments = token(tree, 0), branch(tree, 1)
        if self.facts.find(name) is not None and name not in FUNCTIONS:
            raise not_a_function(name, str(name))
        if name == "has":
            expect(arguments, name, 1)
            return self.check_has(branch(arguments, 0))
        return check_function(tree, lambda syntax: self.check(syntax, known))

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

    def check_method(self, tree: Syntax, known: Known) -> Expression:
        *receiver, name = [child for child in tree.children if isinstance(child, Token)]
        check: Check = lambda syntax: self.check(syntax, known)  # noqa: E731 - the type is the point
        if receiver == ["math"]:
            return check_extreme(tree, name, check)
        if name not in METHODS:
            whole = ".".join((*receiver, name))
            raise unknown_method(name) if self.facts.find(whole) is None else not_a_function(name, whole)
        return check_method_of(tree, self.read(receiver, known), name, check)

    def check_value_method(self, tree: Syntax, known: Known) -> Expression:
        name = token(tree, 1)
        if name not in METHODS:
            raise unknown_method(name)
        receiver = self.check(branch(tree, 0), known)
        return check_method_of(tree, receiver, name, lambda syntax: self.check(syntax, known))

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


def not_a_function(where: Token, name: str) -> ConditionError:
    return fault(where, f"'{name}' is a fact, leave out the brackets", f"“{name}”是事实，不需要括号")
