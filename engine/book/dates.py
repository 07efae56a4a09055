"""Named days and laws made ready: which days are meant, and when rules, clocks and duties are in force."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.book.clockwork import parse
from engine.book.compiled import CompiledClock, CompiledDates, CompiledDuty
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import During, NamedDates
from rules.time.calendar import Calendar
from rules.time.errors import CalendarGap, MomentError
from rules.time.force import Force
from rules.time.instant import END_OF_DAY
from rules.time.listed import GivenDays, ListedDays, RecurringDays
from rules.time.moment import DueDay, parse_due_day
from rules.time.period import Every, parse_every

ALWAYS = During()
DAYS = "day 15、first monday、last friday、last workday、november 30"


def compile_dates(context: Context) -> dict[str, CompiledDates]:
    found = {}
    for id, spec in context.data.dates.items():
        days = _days(context, ("dates", id), spec)
        if days is not None:
            found[id] = CompiledDates(id=id, spec=spec, days=days)
    return found


def _days(context: Context, path: Path, spec: NamedDates) -> ListedDays | None:
    if spec.every is None:
        return GivenDays(spec.days)
    every, calendar = every_of(context, (*path, "every"), spec.every), context.calendar_of(spec.calendar)
    on = tuple(filter(None, _listed(context, path, spec)))
    if every is None or calendar is None or len(on) < len(spec.on):
        return None
    if not all(check_falls(context, (*path, "on", at), every, day, calendar) for at, day in enumerate(on)):
        return None
    return RecurringDays(every=every, on=on, roll=spec.roll, calendar=calendar)


def every_of(context: Context, path: Path, text: str) -> Every | None:
    """A run without a first day of its own begins with the programme."""
    begins = context.data.book.programme.start
    return parse(context, path, lambda text: parse_every(text, begins), text)


def _listed(context: Context, path: Path, spec: NamedDates) -> Iterator[DueDay | None]:
    for at, text in enumerate(spec.on):
        day = parse(context, (*path, "on", at), parse_due_day, text, DAYS)
        if day is not None and (day.at != END_OF_DAY or day.next is not None):
            zh = f"{text}：这里只写周期内的哪一天，时刻写在用它的地方，也不写 of next"
            en = f"{text}: a day of the period, no more: its time stands where it is used, `of next` nowhere"
            context.note((*path, "on", at), "not_a_day", zh=zh, en=en)
            day = None
        yield day


def check_falls(context: Context, path: Path, every: Every, day: DueDay, calendar: Calendar) -> bool:
    """Whether the day lies in every period of the programme; `november 30` lies in no quarter but one."""
    programme = context.data.book.programme
    for period in every.covering(programme.start, programme.end):
        try:
            day.moment(period, calendar)
        except CalendarGap:  # told where the programme is
            return True
        except MomentError as error:
            zh = f"{day} 不在周期 {period.id}（{period.first} 至 {period.last}）内"
            context.note(path, "outside_period", zh=zh, en=str(error))
            return False
    return True


def force_of(context: Context, path: Path, law: str | None, effective: During = ALWAYS) -> Force:
    """In force while its law is, and while it says itself."""
    if effective.from_ and effective.until and effective.until < effective.from_:
        zh, en = "施行期间倒置", "the rule ends before it begins"
        context.note((*path, "effective"), "backwards", zh=zh, en=en)
        return Force()
    own = Force(first=effective.from_, last=effective.until, by_opening=effective.by == "opened")
    if not context.check((*path, "law"), "law", law, context.names("laws")) or law not in context.data.laws:
        return own
    spec = context.data.laws[law]
    both = own.both(Force(first=spec.from_, last=spec.until))
    if both.never:
        zh = f"永不施行：法规 {law} 的施行期间与这里的施行期间没有交集"
        en = f"never in force: the law {law} and the days written here do not meet"
        context.note((*path, "law"), "law_never", zh=zh, en=en)
    return both


def clocks_in_force(context: Context, clocks: Mapping[str, CompiledClock]) -> dict[str, CompiledClock]:
    """Each with the days on which it may start."""
    return {
        id: replace(clock, force=force_of(context, ("clocks", id), clock.spec.law, clock.spec.effective))
        for id, clock in clocks.items()
    }


def duties_in_force(context: Context, duties: Mapping[str, CompiledDuty]) -> dict[str, CompiledDuty]:
    """Each with the days on which it may open items."""
    return {
        id: replace(duty, force=force_of(context, ("duties", id), duty.spec.law))
        for id, duty in duties.items()
    }
