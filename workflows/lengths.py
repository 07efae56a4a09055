"""Durations that fields hold: how one is written, and which of two is longer, where that can be known."""

import re

WRITTEN = re.compile(r"(\d{1,7})\s*([a-z]+(?: +[a-z]+)?)", re.ASCII)
# Ten years: nobody agrees on more, and a calendar reaches no further.
LONGEST = {
    "workdays": 2_600,
    "days": 3_650,
    "weeks": 520,
    "months": 120,
    "years": 10,
    "hours": 87_600,
    "minutes": 5_256_000,
    "business hours": 20_800,
    "business minutes": 1_248_000,
}
MINUTES = {"minutes": 1, "hours": 60, "days": 1_440, "weeks": 10_080}
MONTHS = {"months": 1, "years": 12}
BUSINESS = {"business minutes": 1, "business hours": 60}
FAMILIES = (MINUTES, MONTHS, BUSINESS, {"workdays": 1})
DAY = MINUTES["days"]


def read_length(text: str) -> tuple[int, str] | None:
    """Amount and unit, in the plural."""
    found = WRITTEN.fullmatch(text.strip().lower())
    unit = " ".join(found[2].split()).removesuffix("s") + "s" if found else ""
    return (int(found[1]), unit) if found and unit in LONGEST else None


def as_written(amount: int, unit: str) -> str:
    return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


def compare(left: str, right: str) -> int | None:
    """Below 0, 0 or above 0. None where it depends: on the month, or on which days are worked."""
    one, other = read_length(left), read_length(right)
    assert one is not None, left
    assert other is not None, right
    for family in FAMILIES:
        if one[1] in family and other[1] in family:
            return one[0] * family[one[1]] - other[0] * family[other[1]]
    mine, theirs = _minutes(*one), _minutes(*other)
    if mine is None or theirs is None:
        return None
    if mine[1] <= theirs[0]:
        return -1
    return 1 if mine[0] >= theirs[1] else None


def _minutes(amount: int, unit: str) -> tuple[int, int] | None:
    """The least and the most that it can be: of months, 28 days or 31 each, several a little more than 28."""
    if unit in MINUTES:
        return (amount * MINUTES[unit],) * 2
    if unit not in MONTHS:
        return None
    months = amount * MONTHS[unit]
    return (30 * months - 2) * DAY, 31 * months * DAY
