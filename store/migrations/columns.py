"""Columns as steps write them: their own words, so that an old step stays what it was when models change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Text
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from alembic.operations import Operations

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
LONG = BigInteger().with_variant(Integer(), "sqlite")
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
STRICT = {"sqlite_strict": True}


def texts(*names: str) -> list[Column[Any]]:
    return [text(name) for name in names]


def text(name: str, *, key: bool = False) -> Column[Any]:
    return Column(name, TEXT, nullable=False, primary_key=key)


def long(name: str, *, key: bool = False, begins: str | None = None) -> Column[Any]:
    """`begins` is what rows have in it that are there already."""
    default = None if begins is None else sql(begins)
    return Column(name, LONG, nullable=False, primary_key=key, autoincrement=False, server_default=default)


def flag(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def is_sqlite(op: "Operations") -> bool:
    return op.get_context().dialect.name == "sqlite"


def rebuild(
    op: "Operations",
    name: str,
    *parts: Column[Any] | CheckConstraint,
    taken: Sequence[str],
    new: Sequence[tuple[str, str]],
    **table: Any,
) -> None:
    """A table of SQLite made anew, with the rows it had: what is `taken` from them, and the `new` columns.

    Its indexes are gone with it. Triggers and foreign keys are off.
    """
    op.create_table(f"{name}_new", *parts, **table)
    columns = ", ".join((*taken, *(column for column, _ in new)))
    values = ", ".join((*taken, *(value for _, value in new)))
    op.execute(f"INSERT INTO {name}_new ({columns}) SELECT {values} FROM {name}")
    op.drop_table(name)
    op.rename_table(f"{name}_new", name)
