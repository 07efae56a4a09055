"""What + - * / % do to each pair of kinds: CEL's meaning, with CEL's limits, on Python's exact values."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from rules.cel.facts import Kind
from rules.cel.faults import ConditionFailed

SMALLEST_INT, LARGEST_INT = -(2**63), 2**63 - 1
LONGEST_SPAN = timedelta(microseconds=(2**63 - 1) // 1_000)  # CEL counts nanoseconds in 64 bits: 292 years
MICROSECOND = timedelta(microseconds=1)
DECIMALS = Context(prec=28, Emax=308, Emin=-308, traps=[InvalidOperation, DivisionByZero, Overflow])


def overflow() -> ConditionFailed:
    return ConditionFailed("the result is too large", zh="计算结果超出范围")


def division_by_zero() -> ConditionFailed:
    return ConditionFailed("division by zero", zh="除数为零")


def bounded(result: int) -> int:
    if SMALLEST_INT <= result <= LARGEST_INT:
        return result
    raise overflow()


def add_ints(left: int, right: int) -> int:
    return bounded(left + right)


def subtract_ints(left: int, right: int) -> int:
    return bounded(left - right)


def multiply_ints(left: int, right: int) -> int:
    return bounded(left * right)


def divide_ints(left: int, right: int) -> int:
    """Towards zero, as CEL does and Python does not."""
    if right == 0:
        raise division_by_zero()
    quotient = abs(left) // abs(right)
    return bounded(quotient if (left < 0) == (right < 0) else -quotient)


def remainder_ints(left: int, right: int) -> int:
    return left - right * divide_ints(left, right)


def opposite_int(value: int) -> int:
    return bounded(-value)


def opposite_number(value: Decimal) -> Decimal:
    return value.copy_negate()


def decimal(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
    def compute(left: Decimal, right: Decimal) -> Decimal:
        try:
            return operation(left, right)
        except (DivisionByZero, InvalidOperation):
            raise division_by_zero() from None
        except DecimalException:
            raise overflow() from None

    return compute


def add_spans(left: timedelta, right: timedelta) -> timedelta:
    return bounded_span(left + right)


def subtract_spans(left: timedelta, right: timedelta) -> timedelta:
    return bounded_span(left - right)


def bounded_span(result: timedelta) -> timedelta:
    if -LONGEST_SPAN <= result <= LONGEST_SPAN:
        return result
    raise overflow()


def later(moment: datetime, span: timedelta) -> datetime:
    try:
        return moment + span
    except OverflowError:
        raise overflow() from None


def later_swapped(span: timedelta, moment: datetime) -> datetime:
    return later(moment, span)


def earlier(moment: datetime, span: timedelta) -> datetime:
    return later(moment, -span)


def between(left: datetime, right: datetime) -> timedelta:
    return bounded_span(left - right)


def widen(value: int) -> Decimal:
    return Decimal(value)


def truncate(value: Decimal) -> int:
    """Towards zero, as CEL's int() does."""
    if not SMALLEST_INT <= value <= LARGEST_INT:
        raise overflow()
    return int(value)


def to_whole(value: Decimal) -> Decimal:
    """The nearest whole number, of two as near the one further from zero, as CEL's math.round() does."""
    return value.to_integral_value(ROUND_HALF_UP)


def whole_hours(span: timedelta) -> int:
    return divide_ints(span // MICROSECOND, 3_600_000_000)


def whole_minutes(span: timedelta) -> int:
    return divide_ints(span // MICROSECOND, 60_000_000)


def join(left: Any, right: Any) -> Any:
    return left + right


# Pairs that are not here are errors at load. The kind is the result's.
OPERATIONS: dict[tuple[str, Kind, Kind], tuple[Kind, Callable[[Any, Any], Any]]] = {
    ("+", Kind.INT, Kind.INT): (Kind.INT, add_ints),
    ("-", Kind.INT, Kind.INT): (Kind.INT, subtract_ints),
    ("*", Kind.INT, Kind.INT): (Kind.INT, multiply_ints),
    ("/", Kind.INT, Kind.INT): (Kind.INT, divide_ints),
    ("%", Kind.INT, Kind.INT): (Kind.INT, remainder_ints),
    ("+", Kind.NUMBER, Kind.NUMBER): (Kind.NUMBER, decimal(DECIMALS.add)),
    ("-", Kind.NUMBER, Kind.NUMBER): (Kind.NUMBER, decimal(DECIMALS.subtract)),
    ("*", Kind.NUMBER, Kind.NUMBER): (Kind.NUMBER, decimal(DECIMALS.multiply)),
    ("/", Kind.NUMBER, Kind.NUMBER): (Kind.NUMBER, decimal(DECIMALS.divide)),
    ("+", Kind.SPAN, Kind.SPAN): (Kind.SPAN, add_spans),
    ("-", Kind.SPAN, Kind.SPAN): (Kind.SPAN, subtract_spans),
    ("+", Kind.MOMENT, Kind.SPAN): (Kind.MOMENT, later),
    ("+", Kind.SPAN, Kind.MOMENT): (Kind.MOMENT, later_swapped),
    ("-", Kind.MOMENT, Kind.SPAN): (Kind.MOMENT, earlier),
    ("-", Kind.MOMENT, Kind.MOMENT): (Kind.SPAN, between),
    ("+", Kind.TEXT, Kind.TEXT): (Kind.TEXT, join),
    ("+", Kind.LIST, Kind.LIST): (Kind.LIST, join),
}
OPPOSITES: dict[Kind, Callable[[Any], Any]] = {Kind.INT: opposite_int, Kind.NUMBER: opposite_number}
CONVERSIONS: dict[tuple[str, Kind], tuple[Kind, Callable[[Any], Any]]] = {
    ("double", Kind.INT): (Kind.NUMBER, widen),
    ("int", Kind.NUMBER): (Kind.INT, truncate),
    ("math.round", Kind.NUMBER): (Kind.NUMBER, to_whole),
    ("getHours", Kind.SPAN): (Kind.INT, whole_hours),
    ("getMinutes", Kind.SPAN): (Kind.INT, whole_minutes),
}
EXTREMES: dict[str, Callable[[Any], Any]] = {"least": min, "greatest": max}
NEVER_FAIL = (Kind.TEXT, Kind.LIST)
