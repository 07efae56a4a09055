"""Cases of budgets and levels of classes that ask of time where nobody can say when to ask them again."""

from collections.abc import Mapping

from engine.book.asked import asked_of_time
from engine.book.compiled import CompiledClass, CompiledClock
from engine.book.context import Context
from engine.book.finding import Path
from rules.cel import Condition
from rules.language.classes import IF


def check_asked(
    context: Context, clocks: Mapping[str, CompiledClock], classes: Mapping[str, CompiledClass]
) -> None:
    for clock in clocks.values():
        for at, case in enumerate(clock.budgets):
            fact = _unforeseen(context, case.condition) if clock.varies else None
            if fact is not None:
                _note_budget(context, ("clocks", clock.id, "budget", at, IF), fact)
    for each in classes.values():
        for level in each.levels:
            fact = _unforeseen(context, level.condition)
            if fact is not None:
                _note_level(context, ("classes", each.id, "levels", level.name, IF), fact)


def _unforeseen(context: Context, condition: Condition | None) -> str | None:
    if condition is None:
        return None
    return min(asked_of_time(condition, context.formulas).unforeseen, default=None)


def _note_budget(context: Context, path: Path, fact: str) -> None:
    zh = (
        f"{fact} 随时间变化，何时变化无法预先算出，这一情形要到事项有变动时才再问："
        "请改用天数、小时数、时限的状态或与日期的比较，或由规则写入字段"
    )
    en = (
        f"nobody can say when {fact} changes this, so that it is asked again only when something happens to "
        "the item: take days, hours, how a clock stands, now against a date, or a field that a rule sets"
    )
    context.note(path, "limit_of_time", zh=zh, en=en, severity="warning")


def _note_level(context: Context, path: Path, fact: str) -> None:
    zh = (
        f"{fact} 随时间变化，何时变化无法预先算出，等级要到事项有变动时才再算："
        "请改用天数、小时数、时限的状态或与日期的比较，或由规则写入字段"
    )
    en = (
        f"nobody can say when {fact} changes this, so that the class is found anew only when something "
        "happens to the item: take days, hours, how a clock stands, now against a date, or a field that a "
        "rule sets"
    )
    context.note(path, "class_of_time", zh=zh, en=en, severity="warning")
