"""Times too late or too early: outside the programme, before a clock starts, after the calendar ends."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from engine.book.compiled import CompiledClock, CompiledDuty, CompiledRule
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import During
from rules.time.calendar import Calendar
from rules.time.duration import Duration
from rules.time.errors import TimeError
from rules.time.instant import instant
from rules.time.moment import Offset

# A working week: a budget in workdays has its usual length from any of its days.
STARTS = tuple(timedelta(days=14 + day, hours=9) for day in range(7))


def check_spans(
    context: Context,
    rules: Mapping[str, CompiledRule],
    clocks: Mapping[str, CompiledClock],
    duties: Mapping[str, CompiledDuty],
) -> None:
    for path, during in _in_force(context):
        _check_force(context, path, during)
    calendar = context.calendar
    if calendar is None:
        return
    for rule in rules.values():
        clock = clocks.get(rule.spec.when.clock or "")
        if clock is not None:
            _check_rungs(context, rule, clock, calendar)
    for id, duty in duties.items():
        _check_duty(context, ("duties", id, "due"), duty, calendar)
    for path, day in _dates(context):
        _check_published(context, path, day, calendar)


def _in_force(context: Context) -> Iterator[tuple[Path, During]]:
    for id, rule in context.data.rules.items():
        yield ("rules", id, "effective"), rule.effective
    for id, duty in context.data.duties.items():
        yield ("duties", id, "during"), duty.during


def _check_force(context: Context, path: Path, during: During) -> None:
    programme = context.data.book.programme
    late = during.from_ is not None and during.from_ > programme.end
    early = during.until is not None and during.until < programme.start
    if programme.start <= programme.end and (late or early):
        zh = f"施行期间在规则册的 {programme.start} 至 {programme.end} 之外，永远不发生"
        en = f"in force only outside the programme ({programme.start} to {programme.end}): it never happens"
        context.note(path, "never_in_force", zh=zh, en=en, severity="warning")


def _check_rungs(context: Context, rule: CompiledRule, clock: CompiledClock, calendar: Calendar) -> None:
    """A rung that lies before the clock's start, whenever it starts, is never reached."""
    lengths = [each.length for each in clock.budgets]
    if not lengths or None in lengths or clock.spec.due is not None or clock.at_least is not None:
        return
    for rung in rule.ladder:
        if rung.offset.side != "before" or rung.offset.anchor != "due":
            continue
        if all(_too_early(context, rung.offset, length, clock, calendar) for length in lengths if length):
            zh = f"{rung.spec.at} 早于时限的起点，永远轮不到"
            en = f"{rung.spec.at} lies before the clock starts: it never speaks"
            context.note(("rules", rule.id, "ladder", rung.index, "at"), "before_start", zh=zh, en=en)


def _too_early(
    context: Context, offset: Offset, length: Duration, clock: CompiledClock, calendar: Calendar
) -> bool:
    begins = instant(context.data.book.programme.start, 0, calendar.zone)
    for wait in STARTS:
        start = begins + wait
        try:
            due = length.due(start, calendar, at=clock.at, roll=clock.spec.roll).due
            moment = offset.moment(start=start, due=due, calendar=calendar)
        except TimeError:
            return False
        if moment >= start:
            return False
    return True


def _check_duty(context: Context, path: Path, duty: CompiledDuty, calendar: Calendar) -> None:
    """Opened when the period is over, and due within it: late from the beginning."""
    period = next(duty.periods(), None)
    if period is None or duty.spec.opens_at != "end":
        return
    try:
        due = duty.due.moment(period, calendar, duty.spec.roll).due
    except TimeError:
        return
    if due <= _end(period.last, calendar):
        zh = "周期结束才立项(opens_at: end)，期限却在周期之内：一立项就已逾期"
        en = "opened when the period is over (opens_at: end) and due within it: late from the beginning"
        context.note(path, "born_late", zh=zh, en=en)


def _end(last: date, calendar: Calendar) -> datetime:
    return instant(last + timedelta(days=1), 0, calendar.zone)


def _dates(context: Context) -> Iterator[tuple[Path, date]]:
    """Fixed dates by which something is due."""
    data = context.data
    for id, duty in data.duties.items():
        if duty.every == "once":
            yield from _day(("duties", id, "due"), duty.due)
    for id, entry in data.items.items():
        spec = data.workflows.get(entry.workflow)
        limits = {clock.due for clock in data.clocks.values() if entry.workflow in clock.of and clock.due}
        for name, value in entry.with_.items():
            if spec is not None and name in limits:
                yield from _day(("items", id, "with", name), str(value))


def _day(path: Path, text: str) -> Iterator[tuple[Path, date]]:
    try:
        yield path, date.fromisoformat(text[:10])
    except ValueError:
        return  # no date, or one that is told elsewhere


def _check_published(context: Context, path: Path, day: date, calendar: Calendar) -> None:
    if day > calendar.published_until:
        until = calendar.published_until
        zh = f"日历 {calendar.id} 只公布到 {until}，{day} 是不是工作日还不知道：期限是暂定的"
        en = f"the calendar {calendar.id} is published until {until}: this due date is provisional"
        context.note(path, "provisional", zh=zh, en=en, severity="warning")
