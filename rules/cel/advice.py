"""The way out of a comparison that cannot be: what the author probably meant to write."""

from decimal import Decimal

from rules.cel.facts import Kind
from rules.cel.tree import Comparison, Constant, Expression

# What a literal of the second kind should have been, beside a fact of the first.
EXAMPLES = {
    (Kind.MOMENT, Kind.TEXT): 'timestamp("2026-01-31T09:00:00+08:00")',
    (Kind.SPAN, Kind.TEXT): 'duration("24h")',
    (Kind.SPAN, Kind.INT): 'duration("24h")',
    (Kind.BOOL, Kind.TEXT): "true",
    (Kind.BOOL, Kind.INT): "true",
}


def advise_comparison(operator: str, left: Expression, right: Expression) -> tuple[str, str]:
    """English and Chinese, to be put behind the complaint; empty where there is no good guess."""
    if isinstance(left, Comparison) and operator not in ("==", "!="):
        return "; write a < b && b < c", "；请写成 a < b && b < c"
    wanted = rewrite(left, right) or rewrite(right, left)
    if wanted:
        return f", write {wanted}", f"，请写成 {wanted}"
    if {left.shape.kind, right.shape.kind} == {Kind.INT, Kind.NUMBER}:
        return "; compare facts of the same kind", "；请比较同类型的事实"
    return "", ""


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
