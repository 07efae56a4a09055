"""The written values of a condition, each limited to what Python and CEL read alike."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from rules.cel.arithmetic import LARGEST_INT, LONGEST_SPAN, SMALLEST_INT

LONGEST_NUMBER = 15  # significant digits that a CEL double keeps exactly
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)
SPAN = re.compile(r"-?(\d+(\.\d+)?(h|ms|m|us|s))+", re.ASCII)
SPAN_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|us|s)", re.ASCII)
MICROSECONDS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}


def read_text(written: str) -> str:
    return re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[1]), written[1:-1])


def read_int(written: str) -> int | None:
    value = int(written)
    return value if SMALLEST_INT <= value <= LARGEST_INT else None


def read_number(written: str) -> Decimal | None:
    value = Decimal(written)
    return value if len(value.as_tuple().digits) <= LONGEST_NUMBER else None


def read_moment(text: str) -> datetime | None:
    if MOMENT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)  # refuses what is outside the years 1 to 9999 in UTC
    except (ValueError, OverflowError):
        return None
    return moment


def read_span(text: str) -> timedelta | None:
    """None also for parts of a microsecond, which Python cannot hold."""
    if SPAN.fullmatch(text) is None:
        return None
    total = sum(Decimal(amount) * MICROSECONDS[unit] for amount, unit in SPAN_PART.findall(text))
    if total != int(total) or total > LONGEST_SPAN / timedelta(microseconds=1):
        return None
    span = timedelta(microseconds=int(total))
    return -span if text.startswith("-") else span
