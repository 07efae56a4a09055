"""Measures, formulas, named days and laws in words."""

from collections.abc import Iterator
from datetime import date

from duban.views.explained_clocks import by_calendar
from duban.views.phrases import Voice
from duban.views.spoken_time import say_date, say_due_day, say_every, say_window
from engine.book.compiled import CompiledClass, CompiledDates, CompiledFormula, CompiledLevel, CompiledMeasure
from rules.language import Class, Law, Measure
from rules.language.classes import IF
from rules.language.time import HAPPENED

SUBJECTS = {
    "unit": ("每个单位", "of each unit"),
    "owner": ("每个岗位", "of each post"),
    "office": ("全机关", "of the whole office"),
    "item": ("每个事项自身", "of each item itself"),
}
REDUCES = {
    "count": ("的件数", "the number of"),
    "times": ("的次数", "how often there were"),
    "sum": ("的合计", "the sum of"),
    "latest": ("最近一次的", "the latest"),
    "average": ("的平均", "the average of"),
    "least": ("的最小值", "the least"),
    "greatest": ("的最大值", "the greatest"),
    "distinct": ("有几个不同的值", "how many different values there are of"),
}
DATES = {
    "opened": ("立项日", "their opening"),
    "closed": ("办结日", "their closing"),
    "missed": ("逾期之时", "the moment of the miss"),
    "due": ("到期之时", "their due moment"),
    "met": ("办到之时", "the moment it was done"),
    "ended": ("办到之时", "the moment it was done"),
}
PASSED = {
    "missed": ("逾期", "was missed"),
    "due": ("到期", "was due"),
    "overdue": ("逾期", "was overdue"),
    "met": ("按时办到", "was met"),
    "ended": ("办到（无论是否按时）", "has ended, in time or late"),
}
TIES = {
    "shared": (
        "并列的名次相同，其后空出名次（1、2、2、4）",
        "those that are equal share a place (1, 2, 2, 4)",
    ),
    "dense": (
        "并列的名次相同，其后不空名次（1、2、2、3）",
        "those that are equal share a place, none is left out (1, 2, 2, 3)",
    ),
    "last": (
        "并列的都取靠后的名次（1、3、3、4）",
        "those that are equal all take the last place (1, 3, 3, 4)",
    ),
}


def measure_lines(voice: Voice, found: CompiledMeasure) -> Iterator[str]:
    spec = found.spec
    whose = SUBJECTS[spec.for_][0 if voice.language == "zh" else 1]
    label = voice.call(spec.label)
    if spec.recorded:
        yield voice.end(
            voice.pick(
                f"{label}：{whose}，{_counted(voice, spec)}", f"{label} {whose}: {_counted(voice, spec)}"
            )
        )
        yield from _recorded(voice, spec)
    elif spec.rank is not None:
        yield from _rank(voice, found, whose)
    elif spec.periods is not None:
        yield from _periods(voice, found, whose)
    else:
        said = voice.condition(found.condition)
        yield voice.end(voice.pick(f"{label}：{whose}，等于{said}", f"{label} {whose} is {said}"))
        if spec.sample is not None:
            size, least = voice.measure(spec.sample.of), spec.sample.at_least
            yield voice.end(
                voice.pick(
                    f"{size}少于{least}时，视为未知", f"with fewer than {least} in {size} it is not known"
                )
            )
    if spec.fixed_by is not None:
        rule = voice.rule(spec.fixed_by)
        yield voice.end(
            voice.pick(
                f"{rule}就某一期说过以后，那一期的数按当时的定下来，以后更正不再改变",
                f"once {rule} has spoken of a period, it stays for that period as it was then",
            )
        )


# ---------------------------------------------------------------- what is recorded


def _counted(voice: Voice, spec: Measure) -> str:
    """What is counted, summed or read."""
    what = _what(voice, spec)
    zh, en = REDUCES[spec.reduce]
    if spec.reduce in ("count", "times"):
        return voice.pick(f"{what}{zh}", f"{en} {what}")
    field = voice.field(spec.field, spec.items or spec.of) if spec.field else voice.pick("日期", "date")
    if spec.reduce == "latest":
        return voice.pick(f"{what}{zh}{field}", f"{en} {field} of {what}")
    return voice.pick(f"{what}的{field}{zh}", f"{en} {field} of {what}")


def _what(voice: Voice, spec: Measure) -> str:
    if spec.items:
        return voice.workflows(spec.items)
    names = voice.workflows(spec.of)
    if spec.clocks:
        clocks = voice.either(voice.clock(id) for id in spec.clocks)
        zh, en = PASSED.get(spec.on, ("", "ran"))
        return voice.pick(f"{clocks}{zh}的{names}", f"{names} whose {clocks} {en}")
    events = voice.events(spec.events, spec.of)
    return voice.pick(f"{names}发生{events}", f"{names} with {events}")


def _recorded(voice: Voice, spec: Measure) -> Iterator[str]:
    of = spec.items or spec.of
    if (spec.within, spec.on) != ("ever", "opened"):
        yield voice.end(_dated(voice, spec))
    filters = [*_filters(voice, spec, of)]
    if filters:
        yield voice.end(*filters)
    if spec.same:
        unit = voice.pick("单位", "unit")
        known = ((name, voice.field_spec(name, of)) for name in spec.same)
        fields = voice.both(
            unit if name == "unit" and field is None else voice.field(name, of) for name, field in known
        )
        yield voice.end(
            voice.pick(
                f"只算{fields}与它相同的，它自己也算",
                f"only those with the same {fields} as it, itself included",
            )
        )
    if spec.after is not None:
        after = voice.measure(spec.after)
        yield voice.end(voice.pick(f"只算{after}之后的", f"only what is later than {after}"))
    if spec.over != "own":
        yield voice.end(_over(voice, spec.over))
    if spec.calendar is not None:
        yield voice.end(by_calendar(voice, spec.calendar))
    if spec.by is not None:
        field = voice.field(spec.by, of)
        yield voice.end(voice.pick(f"记在{field}所写的名下", f"counted under whomever {field} names"))
    bounds = [*_bounds(voice, spec)]
    if bounds:
        yield voice.end(*bounds)


def _dated(voice: Voice, spec: Measure) -> str:
    window, on = say_window(spec.within, voice.language), _date(voice, spec)
    if spec.on == "overdue" and spec.within == "ever":
        return voice.pick(
            "逾期过的都算，后来办到的也算", "whatever was ever late counts, also what was done since"
        )
    if spec.on == "overdue":
        return voice.pick(
            f"只算{window}曾处于逾期的，其间办到的也算",
            f"only those that were overdue at some time {window}, also what was done within it",
        )
    return voice.pick(f"只算{window}的，以{on}为准", f"only those {window}, by {on}")


def _date(voice: Voice, spec: Measure) -> str:
    if spec.events and spec.on == "opened":
        return voice.pick("事件日期", "the date of the event")
    if spec.on in DATES:
        return DATES[spec.on][0 if voice.language == "zh" else 1]
    field = voice.field(spec.on, spec.items or spec.of)
    return voice.pick(f"{field}", f"the date in {field}")


def _filters(voice: Voice, spec: Measure, of: tuple[str, ...]) -> Iterator[str]:
    if spec.states:
        states = voice.states(spec.states, of)
        yield voice.pick(f"只算现在处于{states}的", f"only those that are now in {states}")
    if spec.not_states:
        states = voice.states(spec.not_states, of)
        yield voice.pick(f"不算现在处于{states}的", f"without those that are now in {states}")
    for name, value in spec.where.items():
        field, bound = voice.field(name, of), voice.bound(value, voice.field_spec(name, of))
        yield voice.pick(f"只算{field}{bound}的", f"only those whose {field} {bound}")


def _over(voice: Voice, over: str) -> str:
    if over == "below":
        return voice.pick("连同下级单位一并计算", "with all the units below it")
    return voice.pick(f"按它所属的 {over} 一级合计", f"for the whole {over} that it belongs to")


def _bounds(voice: Voice, spec: Measure) -> Iterator[str]:
    if spec.each_at_most is not None:
        yield voice.pick(
            f"每一件最多算{spec.each_at_most}", f"no item counts for more than {spec.each_at_most}"
        )
    if spec.at_most is not None:
        yield voice.pick(f"合计最高{spec.at_most}", f"the total is {spec.at_most} at most")
    if spec.at_least is not None:
        yield voice.pick(f"合计最低{spec.at_least}", f"the total is {spec.at_least} at least")


# ---------------------------------------------------------------- what follows from other measures


def _rank(voice: Voice, found: CompiledMeasure, whose: str) -> Iterator[str]:
    rank = found.spec.rank
    assert rank is not None
    label, of, among = voice.call(found.spec.label), voice.measure(rank.of), voice.members(rank.among)
    if rank.within is not None:
        among += voice.pick(f"中同属一个 {rank.within} 的单位", f" in the same {rank.within}")
    yield voice.end(
        voice.pick(
            f"{label}：{whose}在{among}中按{of}的名次", f"{label}: the place {whose} among {among} by {of}"
        ),
        voice.pick(
            "高者为优" if rank.best == "highest" else "低者为优",
            "the highest is best" if rank.best == "highest" else "the lowest is best",
        ),
        voice.pick(
            "从末位数起" if rank.count == "from worst" else "从首位数起",
            "counted from the worst" if rank.count == "from worst" else "counted from the best",
        ),
    )
    yield voice.end(TIES[rank.ties][0 if voice.language == "zh" else 1])
    yield voice.end(voice.pick("数值未知的不参加排名", "whoever has no known value has no place"))


def _periods(voice: Voice, found: CompiledMeasure, whose: str) -> Iterator[str]:
    periods = found.spec.periods
    assert periods is not None
    label, said = voice.call(found.spec.label), voice.condition(found.condition)
    every = say_every(periods.every, voice.language)
    in_a_row = periods.count == "consecutive"
    yield voice.end(
        voice.pick(
            f"{label}：{whose}，{every}看一次，最近{periods.last}期中"
            + (f"到最后一期为止连续多少期{said}" if in_a_row else f"共有多少期{said}"),
            f"{label} {whose}: looked at {every}, in how many of the last {periods.last} "
            + (f"in a row up to the last one {said}" if in_a_row else f"in all {said}"),
        )
    )
    yield voice.end(
        voice.pick("数值未知的那一期跳过，既不算也不中断", "a period in which it is not known is passed over")
    )


# ---------------------------------------------------------------- classes


def class_lines(voice: Voice, found: CompiledClass) -> Iterator[str]:
    spec = found.spec
    field, names = voice.field(spec.field, spec.of), voice.workflows(spec.of)
    yield voice.end(
        voice.pick(
            f"{voice.call(spec.label)}记在{names}的{field}中",
            f"{voice.call(spec.label)} stands in {field} of {names}",
        ),
        voice.pick(
            "取达到的最高一级，每次变动后重新计算",
            "the highest level reached, calculated anew after every change",
        ),
    )
    values = voice.field_spec(spec.field, spec.of)
    for level in found.levels:
        if level.name in spec.levels:
            yield f"- {voice.end(_level(voice, found, level, voice.value(level.name, values)))}"
    if not spec.falls:
        yield voice.end(voice.pick("只升不降", "it only ever rises"))
    if spec.while_ is not None:
        clock = voice.clock(spec.while_.clock)
        yield voice.end(
            voice.pick(
                f"立项之后，只在{clock}期间内变动", f"after the opening it changes only while {clock} runs"
            )
        )
        if spec.while_.by is not None:
            yield voice.end(_by_date(voice, spec, spec.while_.by))


def _by_date(voice: Voice, spec: Class, by: str) -> str:
    field = (
        voice.pick("该事实际发生的日期", "the day on which it happened")
        if by == HAPPENED
        else voice.field(by, spec.of)
    )
    return voice.pick(f"以随变动填写的{field}为准", f"as of {field}, where it is given with the change")


def _level(voice: Voice, found: CompiledClass, level: CompiledLevel, name: str) -> str:
    """Any of its thresholds is enough."""
    reached = []
    for bound in level.bounds:
        if bound.field not in found.spec.levels[level.name]:
            continue
        field = voice.field(bound.field, found.spec.of)
        zh, en = ("超过", "is more than") if bound.above else ("达到", "is at least")
        reached.append(voice.pick(f"{field}{zh}{bound.least:f}", f"{field} {en} {bound.least:f}"))
    if IF in found.spec.levels[level.name]:
        reached.append(voice.condition(level.condition))
    if not reached:
        return voice.pick(f"{name}：都算", f"{name}: always reached")
    return voice.pick(f"{name}：{voice.either(reached)}", f"{name}: {voice.either(reached)}")


# ---------------------------------------------------------------- formulas, days, laws


def formula_lines(voice: Voice, found: CompiledFormula) -> Iterator[str]:
    spec = found.spec
    said, names = voice.condition(found.expression), voice.workflows(spec.of)
    yield voice.end(
        voice.pick(
            f"{names}的{voice.call(spec.label)}等于{said}", f"{voice.call(spec.label)} of {names} is {said}"
        )
    )


def dates_lines(voice: Voice, found: CompiledDates) -> Iterator[str]:
    spec = found.spec
    if spec.days:
        days = voice.both(say_date(day, voice.language) for day in spec.days)
        yield voice.end(voice.pick(f"{voice.call(spec)}是{days}", f"{voice.call(spec)} are {days}"))
        return
    every = say_every(spec.every, voice.language) if spec.every is not None else ""
    days = voice.both(_day(each, voice) for each in spec.on)
    parts = [voice.pick(f"{voice.call(spec)}是{every}的{days}", f"{voice.call(spec)}: {every}, {days}")]
    if spec.roll != "none":
        parts.append(
            voice.pick(
                "遇休息日" + ("提前" if spec.roll == "back" else "顺延"),
                "moved " + ("back" if spec.roll == "back" else "on") + " from a day of rest to a workday",
            )
        )
    if spec.calendar is not None:
        parts.append(voice.pick(f"按日历 {spec.calendar}", f"by the calendar {spec.calendar}"))
    yield voice.end(*parts)


def _day(text: str, voice: Voice) -> str:
    return say_due_day(text, voice.language).removesuffix("24:00").removesuffix(" at ")


def law_lines(voice: Voice, law: Law) -> Iterator[str]:
    parts = [voice.call(law)]
    parts += _span(voice, law.from_, law.until)
    yield voice.end(*parts)


def _span(voice: Voice, first: date | None, last: date | None) -> Iterator[str]:
    if first is not None:
        day = say_date(first, voice.language)
        yield voice.pick(f"自{day}起施行", f"in force from {day} on")
    else:
        yield voice.pick("一直施行", "in force from the beginning")
    if last is not None:
        day = say_date(last, voice.language)
        yield voice.pick(f"到{day}（含）失效", f"until {day}, that day included")
