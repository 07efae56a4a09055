"""Ranks within one's own level: there must be such a level, and everybody in it."""

from engine.book.context import Context
from engine.book.finding import Path
from engine.book.hierarchy import above
from rules.language.measure import Rank


def check_within(context: Context, path: Path, rank: Rank) -> None:
    """There is such a kind, and every member is in a unit of it: another would never have a place."""
    units, group = context.data.units, context.data.groups.get(rank.among)
    kinds = {unit.kind for unit in units.values()}
    if rank.within is None or not context.check(path, "kind", rank.within, kinds) or group is None:
        return
    outside = [each for each in group.members if each in units and above(units, each, rank.within) is None]
    if outside:
        zh = "、".join(units[each].zh for each in outside)
        zh = f"{zh} 不在任何 {rank.within} 之内，永远没有名次：请写 part_of"
        names = ", ".join(units[each].en for each in outside)
        en = f"{names}: in no {rank.within}, and so never with a place: write part_of"
        context.note(path, "wrong_group", zh=zh, en=en)
