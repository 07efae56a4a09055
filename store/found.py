"""Rows as they come from the database, turned into the values of rows.py."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table
from sqlalchemy.sql import ColumnElement

Kind = TypeVar("Kind")


def columns_of(table: Table, *without: str) -> list[ColumnElement[Any]]:
    """A table's columns under the names that rows.py has for them."""
    return [
        column.label("entry") if column.name == "audit_seq" else column
        for column in table.c
        if column.name not in without
    ]


def fetch(connection: Connection, kind: type[Kind], query: Select[Any]) -> list[Kind]:
    result = connection.execute(query)
    names = tuple(result.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in result]


CHUNK = 500  # parameters in one IN (…)


def chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    listed = list(dict.fromkeys(ids))
    return (listed[at : at + CHUNK] for at in range(0, len(listed), CHUNK))
