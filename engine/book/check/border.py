"""What a sealed item gives to items that everybody may read: an author may write it there only knowingly."""

import re
from collections.abc import Iterator, Mapping

from engine.book.check.rules import actions_of
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Actions
from rules.shape import Scalar

OF_ITEM = re.compile(r"=.*\b(?:item|clock|parent|unit|owner|事项|时限)\.", re.DOTALL)
Given = tuple[Path, str, str]  # where it is written, what, and the workflow that it is written into


def check_border(context: Context) -> None:
    sealed = {id for id, spec in context.data.workflows.items() if spec.sealed}
    for id, rule in context.data.rules.items():
        if sealed.isdisjoint(rule.for_):
            continue
        for actions, path in actions_of(rule, ("rules", id)):
            for where, written, workflow in (*_opened(actions, path), *_moved(actions, path)):
                if workflow not in sealed and OF_ITEM.match(written):
                    _note(context, where, written, workflow)


def _opened(actions: Actions, path: Path) -> Iterator[Given]:
    for key, at, opening in actions.openings:
        for where, written in _texts((*path, key, at, "with"), opening.with_):
            yield where, written, opening.workflow


def _moved(actions: Actions, path: Path) -> Iterator[Given]:
    """To one of the same kind, unless it says another."""
    move = actions.move
    if move is not None and move.item != "self" and move.workflow is not None:
        for where, written in _texts((*path, "move", "with"), move.with_):
            yield where, written, move.workflow


def _texts(path: Path, values: Mapping[str, Scalar]) -> Iterator[tuple[Path, str]]:
    yield from (((*path, name), value) for name, value in values.items() if isinstance(value, str))


def _note(context: Context, path: Path, written: str, workflow: str) -> None:
    zh = f"{written} 把保密事项的内容写进人人可见的 {workflow}：请写固定文字，或把 {workflow} 也设为保密"
    en = (
        f"{written} writes what a sealed item holds into a {workflow}, which everybody may read: "
        "write a fixed text, or seal that workflow too"
    )
    context.note(path, "sealed_tells", zh=zh, en=en, severity="warning")
