"""Which unit stands above which: the one it is part of, or the one of a kind that it is in."""

from collections.abc import Iterator, Mapping

from rules.office import Unit

PART_OF = "part_of"


def above(units: Mapping[str, Unit], unit: str | None, step: str) -> str | None:
    """`part_of`: the next higher one. A kind: the nearest of that kind, the unit itself where it is one."""
    if unit is None or unit not in units:
        return None
    if step == PART_OF:
        return units[unit].part_of
    return next((each for each in upwards(units, unit) if units[each].kind == step), None)


def upwards(units: Mapping[str, Unit], unit: str) -> Iterator[str]:
    """The unit, the one it is part of, and so on."""
    at: str | None = unit
    seen: set[str] = set()
    while at is not None and at in units and at not in seen:
        seen.add(at)
        yield at
        at = units[at].part_of
