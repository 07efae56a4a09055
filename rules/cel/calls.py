"""The functions and methods of the language: what each takes, and what to write where it does not fit."""

from collections.abc import Callable
from typing import TypeAlias

from lark import Token

from rules.cel.advice import advise_mixture
from rules.cel.arithmetic import CONVERSIONS, EXTREMES
from rules.cel.facts import Kind, Scalar, closest
from rules.cel.faults import ConditionError, ConditionFailed
from rules.cel.literals import read_moment, read_span, read_text
from rules.cel.parse import UNITS, Syntax
from rules.cel.places import branch, fault, place, token
from rules.cel.tree import Constant, Conversion, Expression, Extreme, Matching, Shape, Size

Check: TypeAlias = Callable[[Syntax], Expression]

FUNCTIONS = (
    "has",
    "size",
    "timestamp",
    "duration",
    "double",
    "int",
    "math.least",
    "math.greatest",
    "math.round",
)
ROUND = "math.round"
MATCHES = ("startsWith", "endsWith", "contains")
COUNTS = ("getHours", "getMinutes")
METHODS = MATCHES + COUNTS
# What other languages call what we have.
ELSEWHERE = {
    **dict.fromkeys(("min", "least", "math.min", "minimum"), "math.least"),
    **dict.fromkeys(("max", "greatest", "math.max", "maximum"), "math.greatest"),
    "round": "math.round",
    **dict.fromkeys(("len", "length", "count"), "size"),
    **dict.fromkeys(("float", "decimal", "number"), "double"),
    **dict.fromkeys(("floor", "trunc", "integer", "math.floor", "math.trunc"), "int"),
    **dict.fromkeys(("date", "datetime", "time"), "timestamp"),
    **dict.fromkeys(("hours", "getHour"), "getHours"),
    **dict.fromkeys(("minutes", "getMinute"), "getMinutes"),
}
LOOPS = ("exists", "exists_one", "all", "filter", "map", "any", "sum")
DAYS = ("getDays", "days", "getDate", "getDayOfMonth", "getWorkdays")


def check_function(tree: Syntax, check: Check) -> Expression:
    name, arguments = token(tree, 0), branch(tree, 1)
    if name not in FUNCTIONS:
        raise unknown_function(name, name)
    expect(arguments, name, 1)
    argument = branch(arguments, 0)
    match str(name):
        case "size":
            return check_size(tree, argument, check)
        case "double" | "int":
            return check_conversion(tree, check(argument), str(name), argument)
        case written:
            return check_time(tree, argument, written)


def check_size(tree: Syntax, argument: Syntax, check: Check) -> Expression:
    inner = check(argument)
    if inner.shape.kind not in (Kind.TEXT, Kind.LIST):
        raise fault(
            argument,
            f"size(…) counts a list or a text, it is {inner.shape.kind.phrase}",
            f"size(…) 只能用于列表或文本，现在是{inner.shape.zh}",
        )
    return Size(shape=Shape(kind=Kind.INT), **place(tree), inner=inner)


def check_time(tree: Syntax, argument: Syntax, name: str) -> Expression:
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


def check_conversion(tree: Syntax, inner: Expression, name: str, where: Syntax | Token) -> Expression:
    found = CONVERSIONS.get((name, inner.shape.kind))
    if found is None:
        raise refuse_conversion(where, name, inner.shape.kind)
    kind, compute = found
    if isinstance(inner, Constant):
        return fold(tree, Shape(kind=kind), lambda: compute(inner.value))
    return Conversion(shape=Shape(kind=kind), **place(tree), name=name, inner=inner)


def refuse_conversion(where: Syntax | Token, name: str, kind: Kind) -> ConditionError:
    wanted, result = next((took, made) for (known, took), (made, _) in CONVERSIONS.items() if known == name)
    written = f"{name}()" if name in COUNTS else f"{name}(…)"
    en, zh = f"{written} takes {wanted.phrase}, it is {kind.phrase}", f"{written} 只能用于{wanted.zh}"
    zh += f"，现在是{kind.zh}"
    if kind is result:
        return fault(where, f"{en} already, leave out {written}", f"{zh}，不需要 {written}")
    if name == ROUND and kind is Kind.INT:
        return fault(where, f"{en}, which is whole already", f"{zh}，本来就是整数")
    if kind is Kind.MOMENT:
        way = "(now - item.opened).getHours()"
        return fault(where, f"{en}; subtract two moments: {way}", f"{zh}；请用两个时刻相减：{way}")
    if kind is Kind.SPAN:
        return fault(where, f"{en}; count its hours with .getHours()", f"{zh}；请用 .getHours() 取小时数")
    return fault(where, en, zh)


def check_extreme(tree: Syntax, name: Token, check: Check) -> Expression:
    arguments = branch(tree, len(tree.children) - 1)
    if name == "round":
        expect(arguments, name, 1)
        argument = branch(arguments, 0)
        return check_conversion(tree, check(argument), ROUND, argument)
    if name not in EXTREMES:
        raise unknown_function(name, f"math.{name}")
    items = tuple(check(branch(arguments, index)) for index in range(len(arguments.children)))
    if len(items) < 2:
        raise fault(
            arguments,
            f"math.{name}(…) takes two or more values, it has {len(items)}",
            f"math.{name}(…) 需要两个或更多的值，现在有 {len(items)} 个",
        )
    for index, item in enumerate(items):
        refuse_other_kind(branch(arguments, index), name, items[0], item)
    if all(isinstance(item, Constant) for item in items):
        values = [item.value for item in items if isinstance(item, Constant)]
        return fold(tree, items[0].shape, lambda: EXTREMES[name](values))
    return Extreme(shape=items[0].shape, **place(tree), name=str(name), items=items)


def refuse_other_kind(where: Syntax, name: str, first: Expression, item: Expression) -> None:
    if item.shape.kind not in (Kind.INT, Kind.NUMBER):
        raise fault(
            where,
            f"math.{name}(…) compares ints or numbers, this is {item.shape.kind.phrase}",
            f"math.{name}(…) 只能比较整数或小数，这里是{item.shape.zh}",
        )
    if item.shape != first.shape:
        en, zh = advise_mixture(first, item)
        raise fault(
            where,
            f"math.{name}(…) takes values of one kind, this is {item.shape} after {first.shape}{en}",
            f"math.{name}(…) 的值必须同一类型，{first.shape.zh}之后出现了{item.shape.zh}{zh}",
        )


def check_method_of(tree: Syntax, receiver: Expression, name: Token, check: Check) -> Expression:
    arguments = branch(tree, len(tree.children) - 1)
    if name in COUNTS:
        expect(arguments, name, 0)
        return check_conversion(tree, receiver, str(name), name)
    expect(arguments, name, 1)
    part = check(branch(arguments, 0))
    for side in (receiver, part):
        if side.shape.kind is not Kind.TEXT:
            raise fault(
                name,
                f"{name} compares two texts, one is {side.shape.kind.phrase}",
                f"{name} 只能比较两段文本，其中一个是{side.shape.zh}",
            )
    return Matching(shape=Shape(kind=Kind.BOOL), **place(tree), method=str(name), text=receiver, part=part)


def expect(arguments: Syntax, name: Token, wanted: int) -> None:
    if (count := len(arguments.children)) != wanted:
        one = ("one argument", "一个参数") if wanted else ("no argument", "空括号")
        raise fault(
            arguments,
            f"{name}(…) takes {one[0]}, it has {count}",
            f"{name}(…) 需要{one[1]}，现在有 {count} 个",
        )


def fold(tree: Syntax, shape: Shape, compute: Callable[[], Scalar]) -> Expression:
    try:
        return Constant(shape=shape, **place(tree), value=compute())
    except ConditionFailed as failed:
        raise fault(
            tree, f"this can never be computed: {failed.message}", f"永远无法计算：{failed.zh}"
        ) from None


def unknown_function(where: Token, name: str) -> ConditionError:
    if name.rstrip("s") in UNITS or name in ("workdays", "hours", "minutes"):
        return fault(
            where,
            f"unknown function '{name}', write duration('24h') for a span; workdays belong to clocks",
            f"未知的函数“{name}”，时长要写成 duration('24h')；工作日请用时限表达",
        )
    return unknown_name(where, name, ("function", "函数"), FUNCTIONS)


def unknown_method(name: Token) -> ConditionError:
    if name in LOOPS:
        return fault(
            name,
            f"unknown method '{name}': there are no loops, write 'a' in list, or count with a measure",
            f"未知的方法“{name}”：条件里没有循环，请写 'a' in 列表，或用指标来计数",
        )
    if name in DAYS:
        return fault(
            name,
            f"unknown method '{name}': write duration('72h') for three days; workdays belong to clocks",
            f"未知的方法“{name}”：三天请写成 duration('72h')；工作日请用时限表达",
        )
    return unknown_name(name, name, ("method", "方法"), METHODS)


def unknown_name(where: Token, name: str, what: tuple[str, str], choices: tuple[str, ...]) -> ConditionError:
    elsewhere = ELSEWHERE.get(name)
    guess = elsewhere if elsewhere in choices else closest(name, choices)
    listed = ", ".join(choices)
    return fault(
        where,
        f"unknown {what[0]} '{name}', "
        + (f"did you mean '{guess}'?" if guess else f"there are only {listed}"),
        f"未知的{what[1]}“{name}”，" + (f"是否想写“{guess}”？" if guess else f"只有 {listed}"),
        suggestion=guess,
    )
