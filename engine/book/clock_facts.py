"""The facts about clocks that a rule may read: `clock.<id>.days_left` and the like."""

from collections.abc import Iterator, Mapping

from rules.cel import Fact, Kind
from rules.cel.facts import RESERVED
from rules.language import Clock

# The fact, its kind, and what is said after the name of the clock.
FACTS: Mapping[str, tuple[Kind, str, str]] = {
    "running": (Kind.BOOL, "在计时", "is running"),
    "paused": (Kind.BOOL, "已中止", "is paused"),
    "met": (Kind.BOOL, "已按时办结", "was met"),
    "missed": (Kind.BOOL, "已逾期", "was missed"),
    "lapsed": (Kind.BOOL, "已届满", "has lapsed"),
    "due": (Kind.MOMENT, "到期时间", "due moment"),
    "started": (Kind.MOMENT, "起算时间", "start"),
    "ended": (Kind.MOMENT, "结束时间", "end"),
    "days_left": (Kind.INT, "剩余天数", "calendar days left"),
    "workdays_left": (Kind.INT, "剩余工作日", "working days left"),
    "days_late": (Kind.INT, "逾期天数", "calendar days late"),
    "workdays_late": (Kind.INT, "逾期工作日", "working days late"),
    "hours_left": (Kind.INT, "剩余小时", "whole hours left"),
    "hours_late": (Kind.INT, "逾期小时", "hours late, begun ones counted"),
    "pauses": (Kind.INT, "中止次数", "number of pauses"),
    "extensions": (Kind.INT, "延期次数", "number of extensions"),
    "paused_days": (Kind.INT, "中止天数", "calendar days of pauses"),
}

# Only of a clock whose extensions are bounded so.
BOUNDED: Mapping[str, tuple[Kind, str, str]] = {
    "extensions_left": (Kind.INT, "剩余延期次数", "extensions left"),
    "extendable_until": (Kind.MOMENT, "最迟可延至", "may be extended until"),
}


def clock_facts(workflows: tuple[str, ...], clocks: Mapping[str, Clock]) -> Iterator[Fact]:
    """Of the clocks that may run in one of these workflows. Only moments may be unknown."""
    for id, clock in clocks.items():
        if id in RESERVED or not set(workflows) & set(clock.of):
            continue
        for name, (kind, zh, en) in (*FACTS.items(), *_bounded(clock)):
            yield Fact(
                name=f"clock.{id}.{name}",
                kind=kind,
                optional=kind is Kind.MOMENT,
                zh=f"{clock.label.zh}{zh}",
                en=f"{clock.label.en}: {en}",
            )


def _bounded(clock: Clock) -> Iterator[tuple[str, tuple[Kind, str, str]]]:
    bounds = clock.extensions
    given = {"extensions_left": bounds.times is not None, "extendable_until": bounds.total is not None}
    yield from ((name, fact) for name, fact in BOUNDED.items() if given[name])
