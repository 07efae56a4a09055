"""What databases say differently, each as one word with a form for SQLite and one for PostgreSQL.

Questions are written once with these. Texts compare by their bytes on both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Integer, Table, Text, bindparam, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.sql.functions import FunctionElement

BY_BYTES = 'COLLATE "C"'
# What each database takes as a moment, so that a text that is none gives nothing on both, and no error.
MOMENT_SHAPE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$"
)
NUMBER_SHAPE = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?\s*$"

_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class among(FunctionElement[Any]):
    """`column` is one of the parameter `ids`, a JSON list: one parameter however many there are."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[str]) -> None:
        super().__init__(column, bindparam("ids", type_=Text()))


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **more: Any) -> str:
    """An array made once, so that an index answers whatever the planner thinks of the list's length."""
    column, ids = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({ids} AS json))))"


class member(FunctionElement[str]):
    """A member of a JSON object, however deep, as text; yes and no as "true" and "false"."""

    inherit_cache = True
    type = Text()

    def __init__(self, document: ColumnElement[Any], *names: str) -> None:
        path = "$" + "".join(f'."{name}"' for name in names)
        super().__init__(document, literal(path, Text()), *(literal(name, Text()) for name in names))


@compiles(member, "sqlite")
def _member_sqlite(element: member, compiler: SQLCompiler, **more: Any) -> str:
    document, path = (compiler.process(each, **more) for each in list(element.clauses)[:2])
    kind, text = f"json_type({document}, {path})", f"CAST(json_extract({document}, {path}) AS TEXT)"
    return f"CASE WHEN {kind} IN ('true', 'false') THEN {kind} ELSE {text} END"


@compiles(member, "postgresql")
def _member_postgresql(element: member, compiler: SQLCompiler, **more: Any) -> str:
    document, _path, *names = (compiler.process(each, **more) for each in element.clauses)
    return f"(json_extract_path_text(CAST({document} AS json), {', '.join(names)}) {BY_BYTES})"


class utc_text(FunctionElement[str]):
    """2020-12-31T23:30:00+08:00 as 2020-12-31T15:30:00.000000Z: as text it is in the order of time.

    Nothing where it is no moment. SQLite knows milliseconds, PostgreSQL microseconds.
    """

    inherit_cache = True
    type = Text()

    def __init__(self, moment: ColumnElement[Any]) -> None:
        super().__init__(moment)


@compiles(utc_text, "sqlite")
def _utc_text_sqlite(element: utc_text, compiler: SQLCompiler, **more: Any) -> str:
    (moment,) = element.clauses
    return f"strftime('%Y-%m-%dT%H:%M:%f000Z', {compiler.process(moment, **more)})"


@compiles(utc_text, "postgresql")
def _utc_text_postgresql(element: utc_text, compiler: SQLCompiler, **more: Any) -> str:
    """A transaction's time zone is UTC (postgres.py): a moment without an offset is in UTC, as on SQLite."""
    (moment,) = element.clauses
    text = compiler.process(moment, **more)
    told = f"""to_char(CAST({text} AS timestamptz), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"(CASE WHEN {text} ~ '{MOMENT_SHAPE}' THEN {told} END {BY_BYTES})"


class compare_numbers(FunctionElement[int]):
    """Below, at or above 0 as the field is less, the same or more; nothing where it is no number.

    As decimals: texts would be in the order of their digits, and floats would round.
    """

    inherit_cache = True
    type = Integer()

    def __init__(self, field: ColumnElement[str], number: str) -> None:
        super().__init__(field, literal(number, Text()))


@compiles(compare_numbers, "sqlite")
def _compare_sqlite(element: compare_numbers, compiler: SQLCompiler, **more: Any) -> str:
    field, number = (compiler.process(each, **more) for each in element.clauses)
    return f"duban_compare({field}, {number})"


@compiles(compare_numbers, "postgresql")
def _compare_postgresql(element: compare_numbers, compiler: SQLCompiler, **more: Any) -> str:
    field, number = (compiler.process(each, **more) for each in element.clauses)
    difference = f"sign(CAST({field} AS numeric) - CAST({number} AS numeric))"
    return f"CAST(CASE WHEN {field} ~ '{NUMBER_SHAPE}' THEN {difference} END AS integer)"


def is_no(flag: ColumnElement[bool]) -> ColumnElement[bool]:
    """Flags are numbers on every database (types.py): what SQL calls false is another type."""
    return flag == literal(False, flag.type)


def is_yes(flag: ColumnElement[bool]) -> ColumnElement[bool]:
    return flag == literal(True, flag.type)


def upsert(dialect: Dialect, table: Table, values: Mapping[str, Any], key: Sequence[str]) -> Insert:
    """Insert, or replace everything but the key."""
    statement = _INSERTS[dialect.name](table).values(values)
    rest = {name: statement.excluded[name] for name in values if name not in key}
    made: Insert = statement.on_conflict_do_update(index_elements=key, set_=rest)
    return made


def insert_new(dialect: Dialect, table: Table, values: Mapping[str, Any]) -> Insert:
    """Insert what is not there yet. Fewer rows written than given say that some were."""
    made: Insert = _INSERTS[dialect.name](table).values(values).on_conflict_do_nothing()
    return made


def add_to(
    dialect: Dialect, table: Table, key: Sequence[str], total: str, amount: str
) -> ReturningInsert[Any]:
    """Add the parameter `amount` to a total that begins at nothing; the new total comes back."""
    start: dict[str, Any] = {**{name: bindparam(name) for name in key}, total: bindparam(amount)}
    statement = _INSERTS[dialect.name](table).values(start)
    more = {total: table.c[total] + statement.excluded[total]}
    made: ReturningInsert[Any] = statement.on_conflict_do_update(index_elements=key, set_=more).returning(
        table.c[total]
    )
    return made
