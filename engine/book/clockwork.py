"""Expressions of time made ready, and duties with their owers found."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal, TypeVar

from engine.book.compiled import CompiledDuty, Whole
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Duty
from rules.time.duration import Duration
from rules.time.moment import DueDay, parse_due_day
from rules.time.period import Every, parse_every

Parsed = TypeVar("Parsed")
# What is owed once may be due on a date; its time then ends with that day.
DATED = re.compile(r"(\d{4}-\d{2}-\d{2})( at \d{2}:\d{2})?", re.ASCII)
SUGGESTED = re.compile(r"did you mean '(.+?)'")
LENGTHS = "5 workdays、24 hours、2 months"
EXAMPLES = {
    **dict.fromkeys(("budget", "is", "limit", "total", "after", "latest", "at_least", "by"), LENGTHS),
    "within": "calendar year、rolling 12 months、month、previous month、period、programme、ever",
    "every": "week、half month、month、quarter、year、year from 04-01、2 weeks from 2026-01-05、once",
    "due": "friday at 17:00、last workday、5th workday of next month at 17:00、day 20、november 30、end",
    "on": "first workday at 09:00、friday at 17:00、day 20 at 09:00",
    "at": "5 workdays before at 09:00、24 hours before、at due、1 workday after at 09:00、50 %",
}
Owers = tuple[Literal["units", "posts"], tuple[str, ...]]


def parse(
    context: Context, path: Path, parser: Callable[[str], Parsed], text: str, examples: str | None = None
) -> Parsed | None:
    """What the words mean, or a finding where they stand."""
    try:
        return parser(text)
    except ValueError as error:
        found = SUGGESTED.search(str(error))
        near = found[1] if found else None
        examples = examples or EXAMPLES.get(str(path[-1]), EXAMPLES["at"])
        zh = f"读不懂时间 {text}，" + (f"是不是 {near}？" if near else "") + f"可写：{examples}"
        context.note(path, "bad_time", zh=zh, en=str(error), near=near)
        return None


def check_hours(context: Context, path: Path, duration: Duration, name: str | None = None) -> None:
    """Business hours are counted in the hours of the calendar, so it must have some."""
    calendar = context.calendar_of(name)
    if calendar is None or calendar.hours or not duration.unit.startswith("business"):
        return
    id = calendar.id
    zh = f"日历 {id} 没有办公时间，不能按工作小时计算：请在日历中写 hours，或改用 hours、workdays"
    en = f"the calendar {id} has no office hours: give it `hours`, or count in hours or workdays"
    context.note(path, "no_hours", zh=zh, en=en)


def compile_duties(context: Context) -> dict[str, CompiledDuty]:
    found = {}
    programme = context.data.book.programme
    for id, spec in context.data.duties.items():
        path = ("duties", id, "due")
        first, last = spec.during.from_ or programme.start, spec.during.until or programme.end
        every = parse(context, ("duties", id, "every"), partial(_every, since=first), spec.every)
        owers = _owers(context, id, spec)
        dated = DATED.fullmatch(spec.due) if every == "once" else None
        if dated:
            last = parse(context, path, date.fromisoformat, dated[1]) or last
        due: DueDay | None = parse(
            context, path, parse_due_day, f"end{dated[2] or ''}" if dated else spec.due
        )
        if not _check_days(context, id, first, last) or every is None or due is None or owers is None:
            continue
        found[id] = CompiledDuty(
            id=id, spec=spec, every=every, due=due, first=first, last=last, of=owers[0], owers=owers[1]
        )
    return found


def _every(text: str, since: date) -> Every | Whole:
    if text == "once":
        return "once"
    return "programme" if text == "programme" else parse_every(text, since)


def _check_days(context: Context, id: str, first: date, last: date) -> bool:
    if first <= last:
        return True
    zh, en = f"期间倒置：{first} 在 {last} 之后", f"runs backwards: {first} is after {last}"
    context.note(("duties", id, "during"), "backwards", zh=zh, en=en)
    return False


def _owers(context: Context, id: str, spec: Duty) -> Owers | None:
    """The units or posts that owe a duty; a unit, a group, or a role with posts of its own."""
    data, path = context.data, ("duties", id, "for")
    if spec.for_ in data.units:
        return "units", (spec.for_,)
    if spec.for_ in data.groups:
        return data.groups[spec.for_].of, data.groups[spec.for_].members
    if spec.for_ in data.roles:
        return _role_owers(context, path, spec.for_)
    known = {*context.names("units"), *context.names("groups"), *context.names("roles")}
    context.check(path, "group", spec.for_, known)
    return None


def _role_owers(context: Context, path: Path, role: str) -> Owers | None:
    posts = context.data.roles[role].posts
    if posts:
        return "posts", posts
    zh = f"角色 {role} 因事项而异，不能承担周期性责任：请写分组、单位，或写明岗位的角色"
    en = f"the role {role} differs from item to item: name a group, a unit or a role with posts"
    context.note(path, "relative_ower", zh=zh, en=en)
    return None
