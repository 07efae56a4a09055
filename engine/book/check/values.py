"""Values given to fields: the field exists, and a literal suits its type."""

from collections.abc import Collection, Mapping

from engine.book.context import NOUNS, Context
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
) -> None:
    """`plain`: no expressions and durations here, because there is no decision that could compute them."""
    for name, value in values.items():
        if context.check((*path, name), "field", name, fields, key=True, of=of):
            _check_value(context, (*path, name), value, fields[name], plain=plain)


def check_needs(
    context: Context, path: Path, needs: Collection[str], given: Collection[str], *, of: str
) -> None:
    missing = [name for name in needs if name not in given]
    if missing:
        zh = f"{of} 必须给出字段：{'、'.join(missing)}，请写在 with 中"
        en = f"{of} needs the fields {', '.join(missing)}: give them in `with`"
        context.note(path, "missing_field", zh=zh, en=en, key=True)


def _check_value(
    context: Context, path: Path, value: Scalar | tuple[str, ...], field: FieldSpec, *, plain: bool
) -> None:
    if isinstance(value, str) and value.startswith(EXPRESSION):
        if plain:
            context.note(path, "no_expression_here", zh="这里不能写表达式", en="no expression can stand here")
        return
    if isinstance(value, str) and field.type in ("unit", "post"):
        _check_member(context, path, value, field.type)
    elif not (isinstance(value, str) and _waits(value, field, plain=plain)):
        try:
            fit(field, value)
        except Unfit as unfit:
            context.note(path, "unfit", zh=f"{value}：{unfit.zh}", en=f"{value} {unfit.en}")


def _check_member(context: Context, path: Path, value: str, kind: str) -> None:
    if kind == "unit":
        context.check(path, "unit", value, context.names("units"))
    elif value not in context.post_names:
        assert kind in NOUNS
        context.check(path, "role", value, {*context.names("roles"), *context.post_names})


def _waits(value: str, field: FieldSpec, *, plain: bool) -> bool:
    """Whether the value is known only when the rule speaks: a text with placeholders, a duration."""
    if field.type == "text":
        return "{" in value and not plain
    if plain or field.type not in ("date", "moment"):
        return False
    try:
        Duration.parse(value)
    except DurationError:
        return False
    return True
