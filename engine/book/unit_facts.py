"""What the book knows of its units, `unit.turnover`: numbers and flags, given with each of them."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from engine.book.context import Context
from rules.cel import Fact, Kind
from rules.cel.facts import RESERVED
from rules.office import Unit, UnitFact

TAKEN = ("id", "kind", "groups")  # what every unit has
NOUNS = {
    Kind.BOOL: ("是或否", "true or false"),
    Kind.INT: ("整数", "an int"),
    Kind.NUMBER: ("小数", "a number"),
}


def unit_facts(context: Context, of: Collection[str] | None = None) -> Iterator[Fact]:
    """`of`: the units that are read, or all of them. Known for sure where each of these has it."""
    units = context.data.units
    read = [units[name].facts for name in (units if of is None else of) if name in units]
    for name, kind in kinds(units).items():
        if name not in RESERVED and name not in TAKEN:
            optional = not all(name in facts for facts in read)
            yield Fact(name=f"unit.{name}", kind=kind, optional=optional, zh=name, en=name)


def kinds(units: Mapping[str, Unit]) -> dict[str, Kind]:
    """By the first unit that has it."""
    found: dict[str, Kind] = {}
    for unit in units.values():
        for name, value in unit.facts.items():
            found.setdefault(name, kind_of(value))
    return found


def kind_of(value: UnitFact) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOL
    return Kind.NUMBER if isinstance(value, Decimal) else Kind.INT


def check_unit_facts(context: Context) -> None:
    """One kind each for all units, and a name of its own."""
    first = kinds(context.data.units)
    for id, unit in context.data.units.items():
        for name, value in unit.facts.items():
            path = ("units", id, "facts", name)
            if name in RESERVED or name in TAKEN:
                zh, en = f"{name} 另有所指，请换一个名称", f"{name} means something else: choose another name"
                context.note(path, "reserved_word", zh=zh, en=en, key=True)
            elif kind_of(value) is not first[name]:
                wanted, given = NOUNS[first[name]], NOUNS[kind_of(value)]
                zh = f"别的单位的 {name} 是{wanted[0]}，这里是{given[0]}：请写成同一类，小数写作 3.0"
                en = f"{name} is {wanted[1]} for other units and {given[1]} here: a number is written 3.0"
                context.note(path, "unit_fact_kinds", zh=zh, en=en)
