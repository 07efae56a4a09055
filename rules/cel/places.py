"""Where in the source a complaint points, and the way from there to the parts of a syntax tree."""

from lark import Token

from rules.cel.faults import ConditionError
from rules.cel.parse import Syntax
from rules.cel.tree import Expression


def fault(where: Syntax | Token, en: str, zh: str, *, suggestion: str | None = None) -> ConditionError:
    span = place_between(where, where) if isinstance(where, Token) else place(where)
    return ConditionError(
        en, zh=zh, column=span["start"] + 1, length=span["end"] - span["start"], suggestion=suggestion
    )


def at(node: Expression, en: str, zh: str, *, suggestion: str | None = None) -> ConditionError:
    return ConditionError(
        en, zh=zh, column=node.start + 1, length=node.end - node.start, suggestion=suggestion
    )


def place(tree: Syntax) -> dict[str, int]:
    return {"start": tree.meta.start_pos, "end": tree.meta.end_pos}


def place_between(first: Token, last: Token) -> dict[str, int]:
    assert first.start_pos is not None
    assert last.end_pos is not None
    return {"start": first.start_pos, "end": last.end_pos}


def branch(tree: Syntax, index: int) -> Syntax:
    child = tree.children[index]
    assert not isinstance(child, Token)
    return child


def token(tree: Syntax, index: int) -> Token:
    child = tree.children[index]
    assert isinstance(child, Token)
    return child
