"""Below the shell `now` is an argument: nothing there reads a clock or makes an identifier out of one."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.names import used_names
from tests.architecture.source import BELOW_THE_SHELL, python_files, tree_of

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlmodel.func.now",
    "sqlmodel.func.current_timestamp",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
} | {
    f"time.{name}"
    for name in (
        *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time"),
        *("sleep", "localtime", "gmtime", "ctime", "asctime", "strftime"),
    )
}
SQL_CLOCK = re.compile(
    r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bnow\(\)|\bclock_timestamp\(|\b(datetime|julianday|strftime)\('now'",
    re.IGNORECASE,
)


def clocks_read(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for line, name in used_names(tree):
        if name in CLOCKS:
            yield line, name
    prose = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            for match in SQL_CLOCK.finditer(node.value):
                yield node.lineno, f"SQL {match.group()}"


def docstrings(tree: ast.Module) -> set[int]:
    bodies = (
        node.body
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


ASKS_THE_DATABASE = (
    "store/clock.py"  # an office's own clock: whoever writes may ask for it, or bring a moment
)


@pytest.mark.parametrize("room", BELOW_THE_SHELL)
def test_no_clock_below_the_shell(room: str) -> None:
    found = [
        f"{path}:{line}: {name}"
        for path in python_files(room)
        if not path.match(ASKS_THE_DATABASE)
        for line, name in clocks_read(tree_of(path))
    ]
    assert not found, "take `now` (or the identifier) as an argument instead:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as d\nd.date.today()",
        "from datetime import datetime\nfield(default_factory=datetime.utcnow)",
        "import time\ntime.sleep(1)",
        "from time import monotonic as elapsed",
        "from uuid import uuid4\nuuid4()",
        "from sqlalchemy import func\nfunc.now()",
        "text('UPDATE item SET at = CURRENT_TIMESTAMP')",
    ],
)
def test_every_way_to_read_a_clock_is_seen(source: str) -> None:
    assert list(clocks_read(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        '"""Never calls now()."""',
        "from datetime import datetime\ndef due(now: datetime) -> datetime: return now",
        "from datetime import datetime\ndatetime.fromisoformat('2020-08-04')",
    ],
)
def test_an_argument_called_now_is_no_clock(source: str) -> None:
    assert not list(clocks_read(ast.parse(source)))
