"""Values given to fields: the field exists, and a literal suits its type."""

from collections.abc import Collection, Mapping

from engine.book.clockwork import check_hours
from engine.book.context import Context
from engine.book.finding import Path
from engine.book.rulework import EXPRESSION
from rules.shape import Scalar
from rules.time.duration import Duration
from rules.time.errors import DurationError
from workflows.language import FieldSpec
from workflows.values import Unfit, fit

# The engine gives these by itself when something is opened and the workflow has such a field.
GIVEN = frozenset({"reason", "nth", "measure"})


def check_values(
    context: Context,
    path: Path,
    values: Mapping[str, Scalar | tuple[str, ...]],
    fields: Mapping[str, FieldSpec],
    *,
    of: str,
    plain: bool = False,
    roles: bool = True,
) -> None:
    """`plain`: no expressions and durations here, because there is no decision that could compute them.
    `roles`: whether a role may stand for the post that holds it."""
    for name, value in values.items():
        if context.check((*path, name), "field", name, fields, key=True, of=of):
            _check_value(context, (*path, name), value, fields[name], plain=plain, roles=roles)


def check_needs(
    context: Context, path: Path, needs: Collection[str], given: Collection[str], *, of: str
) -> None:
    missing = [name for name in needs if name not in given]
    if missing:
        zh = f"{of} 必须给出字段：{'、'.join(missing)}，请写在 with 中"
        en = f"{of} needs the fields {', '.join(missing)}: give them in `with`"
        context.note(path, "missing_field", zh=zh, en=en, key=True)


def _check_value(
    context: Context,
    path: Path,
    value: Scalar | tuple[str, ...],
    field: FieldSpec,
    *,
    plain: bool,
    roles: bool,
) -> None:
    if isinstance(value, str) and value.startswith(EXPRESSION):
        if plain:
            context.note(path, "no_expression_here", zh="这里不能写表达式", en="no expression can stand here")
        return
    if isinstance(value, str) and field.type in ("unit", "post"):
        check_member(context, path, value, field, roles=roles)
    elif not (isinstance(value, str) and _waits(context, path, value, field, plain=plain)):
        try:
            fit(field, value)
        except Unfit as unfit:
            context.note(path, "unfit", zh=f"{value}：{unfit.zh}", en=f"{value} {unfit.en}")


def check_member(context: Context, path: Path, value: str, field: FieldSpec, *, roles: bool) -> None:
    """Whether the unit or post exists that a field of such a type names."""
    if field.type == "unit":
        context.check(path, "unit", value, context.names("units"))
    elif not roles:
        context.check(path, "post", value, context.post_names)
    elif value not in context.post_names:
        context.check(path, "role", value, {*context.names("roles"), *context.post_names})


def _waits(context: Context, path: Path, value: str, field: FieldSpec, *, plain: bool) -> bool:
    """Whether the value is known only when the rule speaks: a text with placeholders, a duration."""
    if field.type == "text":
        return "{" in value and not plain
    if plain or field.type not in ("date", "moment"):
        return False
    try:
        check_hours(context, path, Duration.parse(value))
    except DurationError:
        return False
    return True
