"""The way out of what cannot be compared or computed: what the author probably meant to write."""

from decimal import Decimal

from rules.cel.facts import Kind
from rules.cel.tree import Arithmetic, Comparison, Constant, Expression, Reading

HOURS = 'duration("24h")'
# What a literal of the second kind should have been, beside a fact of the first.
EXAMPLES = {
    (Kind.MOMENT, Kind.TEXT): 'timestamp("2026-01-31T09:00:00+08:00")',
    (Kind.SPAN, Kind.TEXT): HOURS,
    (Kind.SPAN, Kind.INT): HOURS,
    (Kind.BOOL, Kind.TEXT): "true",
    (Kind.BOOL, Kind.INT): "true",
}
NONE = ("", "")


def advise_comparison(operator: str, left: Expression, right: Expression) -> tuple[str, str]:
    """English and Chinese, to be put behind the complaint; empty where there is no good guess."""
    if isinstance(left, Comparison) and operator not in ("==", "!="):
        return "; write a < b && b < c", "；请写成 a < b && b < c"
    wanted = rewrite(left, right) or rewrite(right, left)
    return write(wanted) if wanted else advise_mixture(left, right)


def advise_arithmetic(operator: str, left: Expression, right: Expression) -> tuple[str, str]:
    kinds = {left.shape.kind, right.shape.kind}
    if kinds == {Kind.INT, Kind.NUMBER}:
        wanted = rewrite(left, right) or rewrite(right, left)
        return write(wanted) if wanted else advise_mixture(left, right)
    if kinds & {Kind.MOMENT, Kind.SPAN} and Kind.INT in kinds and operator in "+-":
        return write(HOURS)
    if Kind.SPAN in kinds:
        span = left if left.shape.kind is Kind.SPAN else right
        return write(f"{spelled(span)}.getHours()")
    return NONE


def advise_mixture(left: Expression, right: Expression) -> tuple[str, str]:
    """Beside a number, an int has to be made one."""
    if {left.shape.kind, right.shape.kind} != {Kind.INT, Kind.NUMBER}:
        return NONE
    whole = left if left.shape.kind is Kind.INT else right
    if isinstance(whole, Arithmetic) and whole.operator == "/":
        wanted = f"double({spelled(whole.left)}) / double({spelled(whole.right)})"
        return (
            f"; the division of two ints drops the remainder, write {wanted}",
            f"；两个整数相除会舍去余数，请写成 {wanted}",
        )
    return write(f"{whole.value}.0" if isinstance(whole, Constant) else f"double({spelled(whole)})")


def write(wanted: str) -> tuple[str, str]:
    return f", write {wanted}", f"，请写成 {wanted}"


def spelled(node: Expression) -> str:
    match node:
        case Reading():
            return node.fact.name
        case Constant(value=int(value)):
            return str(value)
        case _:
            return "…"


def rewrite(kept: Expression, literal: Expression) -> str | None:
    if not isinstance(literal, Constant) or (isinstance(kept, Constant) and kept.shape.kind is Kind.INT):
        return None
    match kept.shape.kind, literal.value:
        case Kind.NUMBER, bool():
            return None
        case Kind.NUMBER, int(value):
            return f"{value}.0"
        case Kind.INT, Decimal() as value if value == value.to_integral_value():
            return str(int(value))
        case kind, _:
            return EXAMPLES.get((kind, literal.shape.kind))
