"""Conditions of a book compiled against the facts of their place, their mistakes told at line and column."""

from dataclasses import replace

from engine.book.context import Context
from engine.book.echo import is_echo
from engine.book.finding import Path
from rules.cel import Condition, ConditionError, Facts, Kind, compile_condition


def compile_at(
    context: Context, source: str, path: Path, facts: Facts, *, kind: Kind = Kind.BOOL, shift: int = 0
) -> Condition | None:
    """None when it is wrong, and then a finding says why: here, or at the piece that it reads and that is
    wrong itself. `shift`: signs of the value before the source."""
    try:
        return compile_condition(source, facts, kind)
    except ConditionError as error:
        if error.unknown is not None and is_echo(context, error.unknown):
            return None
        context.note(path, "bad_condition", zh=error.zh, en=error.message, near=error.suggestion)
        node = context.root.find(path)
        if node.inset is not None:
            finding = context.findings[-1]
            column = finding.column + node.inset + shift + error.column - 1
            context.findings[-1] = replace(finding, column=column)
        return None
