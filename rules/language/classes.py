"""The shape of classes: how grave something is, by the highest threshold that is reached."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from rules.shape import Identifier, Label, Model, Scalar, listed

IF = "if"


def _threshold(level: dict[str, Scalar]) -> dict[str, Scalar]:
    """A bound is a number, reached from itself on, or a text such as `> 3` or `>= 3`."""
    for name, bound in level.items():
        if name != IF:
            parse_bound(bound)
        elif not isinstance(bound, str):
            raise ValueError("`if` of a level is a condition")
    return level


Level = Annotated[dict[Identifier, Scalar], AfterValidator(_threshold)]


def parse_bound(bound: Scalar) -> tuple[Decimal, bool]:
    """The number, and whether the bound itself is not reached yet. Raises ValueError."""
    if isinstance(bound, int | Decimal) and not isinstance(bound, bool):
        return Decimal(bound), False
    sign, _, number = str(bound).strip().partition(" ")
    digits = number.strip().removeprefix("-")
    if sign in (">", ">=") and digits.replace(".", "", 1).isdecimal() and digits.isascii():
        return Decimal(number.strip()), sign == ">"
    raise ValueError("a threshold is a number (reached from there on), or a text such as `> 3` or `>= 3`")


class While(Model):
    """A window, and the date by which a change is judged."""

    clock: Identifier = Field(description="期间 | the window")
    by: Identifier | None = Field(
        default=None, description="以何日为准 | this date field, where it is given with the change"
    )


def _named(written: object) -> object:
    return {"clock": written} if isinstance(written, str) else written


Within = Annotated[While, BeforeValidator(_named, json_schema_input_type=Identifier | While)]


class Class(Model):
    """The highest level that any threshold or condition reaches, calculated anew after every change."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    of: tuple[Identifier, ...] = Field(min_length=1, description="工作流 | workflows whose items have it")
    field: Identifier = Field(description="字段 | text field that holds it; its `one_of` are the levels")
    levels: dict[Identifier, Level] = Field(
        min_length=1,
        description="各级 | by level: fields with their thresholds, and `if`; any of them is enough. "
        "`{}` is always reached",
    )
    falls: bool = Field(default=True, description="可否降级 | false: only ever upwards")
    while_: Within | None = Field(
        alias="while",
        default=None,
        description="限于期间 | after opening, only while this clock runs, or as of a date within it",
    )

    _widen = listed("of")
