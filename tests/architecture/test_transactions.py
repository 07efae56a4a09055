"""No write transaction begins but through Store.write and Store.create: decisions rest on that (F1, F18)."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import python_files, tree_of

# Who may connect and begin, and who may ask them for a transaction that writes.
DATABASES = ("store/sqlite.py", "store/postgres.py")
BEGINNING = frozenset(
    {"create_engine", "begin", "begin_nested", "begin_twophase", "connect", "raw_connection", "sessionmaker"}
)
WRITERS = ("store/office.py", "store/copying.py")
WRITING = frozenset({"writing", "founding", "converting"})


def beginnings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in BEGINNING | WRITING:
                yield node.lineno, name
        elif isinstance(node, ast.Constant) and str(node.value).startswith(("BEGIN", "START TRANSACTION")):
            yield node.lineno, str(node.value)


def test_transactions_begin_in_one_place() -> None:
    """Only the store can reach a database: import-linter keeps the other rooms from it."""
    found = [
        f"{path}:{line}: {name}"
        for path in python_files("store")
        for line, name in beginnings(tree_of(path))
        if not any(path.match(each) for each in (WRITERS if name in WRITING else DATABASES))
    ]
    assert not found, "use Store.read or Store.write:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    ["engine.begin()", "create_engine(url)", "connection.exec_driver_sql('BEGIN')", "database.writing()"],
)
def test_beginnings_are_seen(source: str) -> None:
    assert list(beginnings(ast.parse(source)))
