"""Named dates, laws and what hangs on them: lists in order, days within their period, rungs that recur."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from engine.book.compiled import CompiledRule, CompiledRung
from engine.book.context import Context
from engine.book.dates import check_falls
from engine.book.finding import Path
from rules.language import During
from rules.time.calendar import Calendar
from rules.time.errors import TimeError
from rules.time.instant import instant
from rules.time.moment import parse_occurrence
from rules.time.period import parse_every

# A length of time long enough for every usual rung.
SAMPLE = timedelta(days=200)


def check_dates(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    for id, dates in context.data.dates.items():
        _check_order(context, ("dates", id, "days"), dates.days)
    for id, law in context.data.laws.items():
        if law.from_ and law.until and law.until < law.from_:
            zh, en = (
                f"施行期间倒置：{law.from_} 在 {law.until} 之后",
                f"ends on {law.until}, before it begins",
            )
            context.note(("laws", id, "until"), "backwards", zh=zh, en=en)
    _check_named(context)
    _check_rolls(context)
    _check_openings(context)
    _check_periods(context)
    for rule in rules.values():
        _check_recurring(context, rule)


def _check_order(context: Context, path: Path, days: tuple[date, ...]) -> None:
    for at, (earlier, later) in enumerate(pairwise(days), start=1):
        if later <= earlier:
            zh = f"{later} 应晚于前一天 {earlier}：按先后排列，每天只写一次"
            en = f"{later} does not come after {earlier}: write the days in order, each once"
            context.note((*path, at), "dates_order", zh=zh, en=en)
            return


def _check_named(context: Context) -> None:
    """Lists that are named are known, and reach to the end of the programme."""
    known, ends = context.names("dates"), context.data.book.programme.end
    for path, name in dates_named(context):
        spec = context.data.dates.get(name)
        if not context.check(path, "dates", name, known) or spec is None or not spec.days:
            continue
        if spec.days[-1] < ends:
            zh = f"{name} 只列到 {spec.days[-1]}，而规则册施行到 {ends}：此后这里不再发生任何事"
            en = f"{name} ends on {spec.days[-1]}, the programme on {ends}: nothing happens here after that"
            context.note(path, "dates_end", zh=zh, en=en, severity="warning")


def _check_rolls(context: Context) -> None:
    for section in ("clocks", "duties"):
        for id, spec in getattr(context.data, section).items():
            if spec.roll_to is not None and spec.roll != "none":
                zh, en = "roll 与 roll_to 只写一个", "write `roll` or `roll_to`, one of the two"
                context.note((section, id, "roll"), "two_rolls", zh=zh, en=en)


def dates_named(context: Context) -> Iterator[tuple[Path, str]]:
    """Where a list of dates is named, and which."""
    for id, rule in context.data.rules.items():
        if rule.when.dates is not None:
            yield ("rules", id, "when", "dates"), rule.when.dates
        for at, rung in enumerate(rule.ladder):
            if rung.only is not None:
                yield ("rules", id, "ladder", at, "only"), rung.only
    for section in ("clocks", "duties"):
        for id, spec in getattr(context.data, section).items():
            if spec.roll_to is not None:
                yield (section, id, "roll_to"), spec.roll_to


def _check_openings(context: Context) -> None:
    """Only what is about items can be judged by their opening."""
    for id, rule in context.data.rules.items():
        if set(rule.for_) - set(context.names("workflows")):
            _check_by(context, ("rules", id, "effective"), rule.effective)
    for id, duty in context.data.duties.items():
        _check_by(context, ("duties", id, "during"), duty.during)


def _check_by(context: Context, path: Path, during: During) -> None:
    if during.by == "opened":
        zh, en = "by: opened 只用于针对流程的规则和时限", "`by: opened` is for rules and clocks of workflows"
        context.note((*path, "by"), "opened_of_nothing", zh=zh, en=en)


def _check_periods(context: Context) -> None:
    """`november 30` lies in every year and in one quarter only; a rule on it would stumble in the others."""
    if context.calendar is None:
        return
    for id, rule in context.data.rules.items():
        if rule.when.every and rule.when.on:
            path: Path = ("rules", id, "when", "on")
            _check_day(context, path, rule.when.every, rule.when.on, context.calendar)
    for id, duty in context.data.duties.items():
        if duty.every not in ("once", "programme"):
            _check_day(context, ("duties", id, "due"), duty.every, duty.due, context.calendar)


def _check_day(context: Context, path: Path, every: str, day: str, calendar: Calendar) -> None:
    begins = context.data.book.programme.start
    try:
        check_falls(context, path, parse_every(every, begins), parse_occurrence(day), calendar)
    except TimeError:  # that it cannot be read is told where it is compiled
        return


def _check_recurring(context: Context, rule: CompiledRule) -> None:
    """A rung that comes again only after the next has spoken never comes again."""
    if context.calendar is None:
        return
    start = instant(context.data.book.programme.start, 0, context.calendar.zone)
    for rung, higher in pairwise(rule.ladder):
        if rung.every is None or rung.only or higher.only or higher.condition is not None:
            continue
        first, following = (_moment(each, start, context.calendar) for each in (rung, higher))
        if first is None or following is None:
            continue
        if rung.offset.again(first, rung.every, 1, context.calendar) >= following:
            zh = f"不会重复：每 {rung.spec.every} 一次，而下一级 {higher.spec.at} 到得更早"
            en = f"never comes again: {higher.spec.at} comes before another {rung.spec.every} have passed"
            context.note(("rules", rule.id, "ladder", rung.index, "every"), "never_again", zh=zh, en=en)


def _moment(rung: CompiledRung, start: datetime, calendar: Calendar) -> datetime | None:
    if rung.offset.day is not None or rung.offset.side == "share":
        return None
    try:
        return rung.offset.moment(start=start, due=start + SAMPLE, calendar=calendar)
    except TimeError:  # business hours without any, which is told elsewhere
        return None
