"""No exception is swallowed: a broad `except` says why it is broad, and none ends in nothing."""

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO

import pytest

from tests.architecture.names import dotted
from tests.architecture.source import ROOMS, python_files, text_of

BROAD = {"Exception", "BaseException"}
DIRECTIVE = re.compile(r"#\s*(noqa|type:|pragma|ruff:)[^#]*")


def comments(source: str) -> dict[int, str]:
    """Line number → comment on it; directives to tools give no reason and do not count."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    said = {
        token.start[0]: DIRECTIVE.sub("", token.string) for token in tokens if token.type == tokenize.COMMENT
    }
    return {line: comment for line, comment in said.items() if comment.strip("# ")}


def is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(dotted(each) in BROAD for each in caught)


def says_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in handler.body
    )


def suppresses_everything(call: ast.Call) -> bool:
    name = dotted(call.func) or ""
    return name.endswith("suppress") and any(dotted(each) in BROAD for each in call.args)


def faults(source: str) -> Iterator[tuple[int, str]]:
    reasons = comments(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            if says_nothing(node):
                yield node.lineno, "the exception is swallowed"
            near = range(node.lineno - 1, node.body[0].lineno + 1)
            if is_broad(node) and not any(line in reasons for line in near):
                yield node.lineno, "a broad except needs a comment with its reason"
        elif isinstance(node, ast.Call) and suppresses_everything(node):
            yield node.lineno, "suppress() of everything swallows what nobody thought of"


def test_no_exception_is_swallowed() -> None:
    found = [
        f"{path}:{line}: {fault}"
        for path in python_files(*ROOMS, "tests")
        for line, fault in faults(text_of(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    pass",
        "except ValueError:\n    ...  # never mind",
        "except Exception:\n    log()",
        "except (OSError, Exception) as error:\n    log(error)",
        "except:  # noqa: E722\n    log()",
    ],
)
def test_faults_are_seen(handler: str) -> None:
    assert list(faults(f"try:\n    step()\n{handler}\n"))


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    log()",
        "except Exception as error:  # one bad item must not stop the turn\n    park(error)",
        "except Exception as error:\n    # one bad item must not stop the turn\n    park(error)",
    ],
)
def test_reasons_are_seen(handler: str) -> None:
    assert not list(faults(f"try:\n    step()\n{handler}\n"))
