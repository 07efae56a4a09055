"""What a measure asks of fields: values, lists of values, bounds, each compared as its type wants."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engine.book.context import Context
from engine.book.finding import Path
from rules.shape import Scalar
from rules.time.instant import instant, resolve
from store.instants import instant_text
from store.rows import Test, Where
from workflows.language import FieldSpec, FieldType, WorkflowSpec
from workflows.values import Unfit, fit, parse

BOUND = re.compile(r"(>=|<=|!=|==|>|<)\s*(.*)", re.DOTALL)
TESTS: dict[str, Test] = {"==": "in", "!=": "not in", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
ORDERED: tuple[FieldType, ...] = ("int", "number", "date", "moment")
NUMBERS: tuple[FieldType, ...] = ("int", "number")
DATES: tuple[FieldType, ...] = ("date", "moment")
DAY = timedelta(days=1)
Compared = Literal["text", "moment"]
NOW = "now"  # the moment as of which the measure is asked


def shared_field(
    context: Context, path: Path, name: str, specs: Sequence[WorkflowSpec], *, key: bool = False
) -> FieldSpec | None:
    """The field as all these workflows have it that have it at all; notes it when there is no such one."""
    fields = {field: spec for each in specs for field, spec in each.fields.items()}
    if not context.check(path, "field", name, fields, key=key):
        return None
    kinds = {spec.fields[name].type for spec in specs if name in spec.fields}
    if len(kinds) > 1:
        said = ", ".join(sorted(kinds))
        zh = f"字段 {name} 在这些流程中类型不同（{said}），不能放在一起比较或合计"
        en = f"the field {name} is of different types in these workflows ({said}): they do not go together"
        context.note(path, "mixed_field", zh=zh, en=en, key=key)
        return None
    return fields[name]


def compile_where(
    context: Context,
    path: Path,
    where: dict[str, Scalar | tuple[Scalar, ...]],
    specs: Sequence[WorkflowSpec],
) -> tuple[Where, ...]:
    found = []
    for name, value in where.items():
        field = shared_field(context, (*path, name), name, specs, key=True)
        if field is not None and not _is_expression(context, (*path, name), value):
            _check_members(context, (*path, name), field, value)
            try:
                found.append(_where(name, field, value, ZoneInfo(context.data.book.timezone)))
            except Unfit as unfit:
                said = value if isinstance(value, Scalar) else ", ".join(map(str, value))
                zh, en = f"{said}：{unfit.zh}", f"{said} {unfit.en}"
                context.note((*path, name), "unfit", zh=zh, en=en)
    return tuple(found)


def _is_expression(context: Context, path: Path, value: Scalar | tuple[Scalar, ...]) -> bool:
    """One value is compared for all items at once: there is none whose expression it could be."""
    written = value if isinstance(value, tuple) else (value,)
    found = any(isinstance(each, str) and re.match(r"\s*=(?!=)", each) for each in written)
    if found:
        zh = "where 写的是值，不能是表达式：要数与本事项字段相同的事项，请写 for: item 和 same: [字段]"
        en = "`where` has values and no expressions: for those like the item itself write for: item and same"
        context.note(path, "no_expression_here", zh=zh, en=en)
    return found


def _check_members(
    context: Context, path: Path, field: FieldSpec, value: Scalar | tuple[Scalar, ...]
) -> None:
    """The units and posts that are asked for exist."""
    if field.type not in ("unit", "post"):
        return
    known = context.names("units") if field.type == "unit" else context.post_names
    for each in value if isinstance(value, tuple) else (value,):
        bound = BOUND.fullmatch(str(each))
        context.check(path, field.type, bound[2] if bound else str(each), known)


def _where(name: str, field: FieldSpec, value: Scalar | tuple[Scalar, ...], zone: ZoneInfo) -> Where:
    if field.type == "texts":
        raise Unfit("是多项文字，不能作为条件", "is asked of a list of texts, which cannot be compared")
    bound = BOUND.fullmatch(value) if isinstance(value, str) else None
    if bound is None:
        values = value if isinstance(value, tuple) else (value,)
        return _equal(name, field, "in", [_text(field, each, zone) for each in values], zone)
    if bound[2] == NOW and field.type in DATES and bound[1] in ("<", "<=", ">", ">="):
        of: Compared = "moment" if field.type == "moment" else "text"
        return Where(field=name, test=TESTS[bound[1]], values=(NOW,), of=of)
    test, text = TESTS[bound[1]], _text(field, bound[2], zone)
    if test in ("in", "not in"):
        return _equal(name, field, test, [text], zone)
    if field.type not in ORDERED:
        raise Unfit("只能写值、列表或 !=", "can only be a value, a list, or !=")
    if field.type == "moment":
        return _moment(name, test, text, zone)
    return Where(field=name, test=test, values=(text,), of="number" if field.type in NUMBERS else "text")


def _text(field: FieldSpec, value: Scalar, zone: ZoneInfo) -> str:
    """A value as fields keep it. A moment may be written as a day, or by the clock on the wall."""
    if field.type == "moment" and isinstance(value, str):
        return _day_or_moment(value, zone)
    if field.type in NUMBERS and isinstance(value, str):
        value = _parsed(field, value)
    fitted = fit(field, value)
    return str(fitted).lower() if isinstance(fitted, bool) else str(fitted)


def _parsed(field: FieldSpec, value: str) -> Scalar:
    parsed = parse(field, value)
    assert isinstance(parsed, Scalar)
    return parsed


def _day_or_moment(value: str, zone: ZoneInfo) -> str:
    try:
        if len(value) <= len("2020-01-01"):
            return date.fromisoformat(value).isoformat()
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Unfit(
            "应为日期或时刻，写作 2020-10-01 或 2020-10-01 09:00", "must be a day or a moment"
        ) from None
    return instant_text(resolve(found, zone) if found.tzinfo is None else found)


def _equal(name: str, field: FieldSpec, test: Test, values: list[str], zone: ZoneInfo) -> Where:
    if field.type != "moment":
        of = "number" if field.type in NUMBERS else "text"
        return Where(field=name, test=test, values=tuple(values), of=of)  # type: ignore[arg-type]
    if len(values) > 1:
        raise Unfit("时刻只能写一个值或界限", "is asked of a moment: write one day, moment or bound")
    first, after = _span(values[0], zone)
    return Where(field=name, test="within" if test == "in" else "without", values=(first, after), of="moment")


def _moment(name: str, test: Test, text: str, zone: ZoneInfo) -> Where:
    """After a day is from the next one on; until a day is before the next one."""
    first, after = _span(text, zone)
    bound: tuple[Test, str] = {
        "<": ("<", first),
        "<=": ("<", after),
        ">": (">=", after),
        ">=": (">=", first),
    }[test]  # type: ignore[assignment]
    return Where(field=name, test=bound[0], values=(bound[1],), of="moment")


def _span(text: str, zone: ZoneInfo) -> tuple[str, str]:
    """From the beginning of what is written to the beginning of what comes after."""
    if len(text) > len("2020-01-01"):
        moment = datetime.fromisoformat(text)
        return text, instant_text(moment + timedelta(milliseconds=1))
    day = date.fromisoformat(text)
    return instant_text(instant(day, 0, zone)), instant_text(instant(day + DAY, 0, zone))
