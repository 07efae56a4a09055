"""Clocks in words: since when, how long, when time stands still, and what ends it."""

from collections.abc import Iterator

from duban.views.phrases import Voice
from duban.views.spoken_time import say_date, say_length
from engine.book.compiled import CompiledBudget, CompiledClock, CompiledPause
from rules.language import Clock, During
from rules.language.time import HAPPENED, Relay
from rules.time.duration import Duration

PASSINGS = {
    "met": ("按时办结", "is met"),
    "missed": ("逾期", "is missed"),
    "ended": ("办结（无论是否按时）", "has ended, in time or late"),
    "lapsed": ("届满", "has lapsed"),
    "due": ("到期（无论是否办结）", "is due, whatever has happened"),
}
ROLLS = {
    "back": ("遇休息日提前到上一个工作日", "an end on a day of rest moves back to a workday"),
    "forward": ("遇休息日顺延到下一个工作日", "an end on a day of rest moves on to the next workday"),
}


def clock_lines(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    yield voice.end(*_what(voice, clock))
    yield voice.end(*_starts(voice, clock))
    yield from _length(voice, clock)
    yield from _end(voice, clock)
    for pause in clock.pauses.values():
        if pause.id in clock.spec.pauses:
            yield voice.end(*_pause(voice, clock, pause))
    yield from _extensions(voice, clock)
    yield from _stops(voice, clock)
    yield from in_force(voice, clock.spec.law, clock.spec.effective)


def _what(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    spec = clock.spec
    names = voice.workflows(spec.of)
    if spec.window:
        yield voice.pick(
            f"{voice.call(spec.label)}是{names}的一段期间",
            f"{voice.call(spec.label)} is a time in which something may be done about {names}",
        )
        yield voice.pick("可以办而不是必须办", "but need not be")
        yield voice.pick("过了只是届满，不算逾期", "and when it is over it has lapsed and nobody is late")
    else:
        yield voice.pick(
            f"{voice.call(spec.label)}是{names}的时限", f"{voice.call(spec.label)} is a time limit of {names}"
        )
    if spec.if_ is not None:
        said = voice.condition(clock.condition)
        yield voice.pick(f"只在{said}时才有", f"there is one only if {said}")


def _starts(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    starts, of = clock.spec.starts, clock.spec.of
    causes = []
    if starts.opened:
        causes.append(voice.pick("立项", "the item is opened"))
    if starts.state:
        states = voice.states(starts.state, of)
        causes.append(voice.pick(f"进入{states}", f"the item comes into {states}"))
    if starts.event:
        events = voice.events(starts.event, of)
        causes.append(voice.pick(f"发生{events}", f"{events} happens"))
    if starts.clock is not None:
        causes.append(_relay(voice, starts.clock))
    yield voice.pick(f"{voice.either(causes)}时起算", f"it begins when {voice.either(causes)}")
    yield from _since(voice, clock)
    if starts.again:
        yield voice.pick(
            "结束或取消以后再次如此，或情形重新成立的，从那时重新起算",
            "and, once it has ended or been cancelled, anew from every later time that this is so",
        )


def _since(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    starts, of = clock.spec.starts, clock.spec.of
    if starts.on == HAPPENED:
        yield voice.pick(
            "从该事实际发生的日期算起，而不是从告知之日",
            "counted from the day on which that happened, not told",
        )
    elif starts.on is not None:
        field = voice.field(starts.on, of)
        yield voice.pick(f"从{field}所载日期算起", f"counted from the date in {field}")
    if starts.cutoff is not None:
        yield voice.pick(
            f"{starts.cutoff}以后或休息日发生的，算作下一个工作日",
            f"what comes after {starts.cutoff} or on a day of rest counts as of the next workday",
        )
    if starts.after is not None:
        length = say_length(starts.after, voice.language)
        yield voice.pick(f"视为{length}之后才开始", f"deemed to begin {length} later")
    if starts.latest is not None:
        length = say_length(starts.latest, voice.language)
        yield voice.pick(
            f"立项后满{length}仍没有起算的，自动起算", f"by itself at the latest {length} after the opening"
        )


def _relay(voice: Voice, relay: Relay) -> str:
    clock = voice.clock(relay.of)
    moments = voice.either(PASSINGS[each][0 if voice.language == "zh" else 1] for each in relay.on)
    return f"{clock}{moments}" if voice.language == "zh" else f"{clock} {moments}"


def _length(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    spec = clock.spec
    if spec.due is not None:
        field = voice.fields(spec.due, spec.of)
        yield voice.end(
            voice.pick(f"到{field}所载的日期为止", f"it lasts until the date in {field}"),
            voice.pick("日期改了，期限跟着改", "and follows that date when it is changed"),
        )
    cases = [_case(voice, clock, each, last=each is clock.budgets[-1]) for each in clock.budgets]
    if len(cases) > 1:
        many = "；".join(cases) if voice.language == "zh" else "; ".join(cases)
        yield voice.end(
            voice.pick(
                f"时限按情形定，取第一个成立的：{many}",
                f"how long depends on the case, the first that holds: {many}",
            )
        )
    elif cases:
        yield voice.end(voice.pick(f"时限为{cases[0]}", f"it lasts {cases[0]}"))
    if spec.fixed:
        yield voice.end(
            voice.pick("起算时定下的时限，此后不随情形变化", "what was chosen at the start stays as it is")
        )
    elif clock.varies:
        yield voice.end(
            voice.pick(
                "情形变了，重新确定时限，起算、中止和延期不变",
                "when the case changes it is chosen anew, with the same start, pauses and extensions",
            )
        )
    if spec.first_day == "counted":
        yield voice.end(voice.pick("起算当日计入", "the day of the start counts"))
    elif _in_days(clock):
        yield voice.end(voice.pick("起算当日不计", "the day of the start does not count"))
    if spec.first_hour == "not counted":
        yield voice.end(
            voice.pick("按小时的，起算当时的小时不计", "in hours, the hour of the start does not count")
        )
    if spec.at_least is not None:
        least = say_length(spec.at_least, voice.language)
        yield voice.end(
            voice.pick(f"无论怎样算，至少含{least}", f"however counted, it includes at least {least}")
        )


def _in_days(clock: CompiledClock) -> bool:
    return any(each.length is not None and each.length.in_days for each in clock.budgets)


def _names_a_day(voice: Voice, clock: CompiledClock) -> bool:
    """Whether its field holds a day, which ends at some time; a moment says its own."""
    spec = clock.spec
    named = [spec.due, *(each.field for each in clock.budgets if each.dated)]
    fields = [voice.field_spec(each, spec.of) for each in named if each is not None]
    return any(each is not None and each.type == "date" for each in fields)


def _case(voice: Voice, clock: CompiledClock, case: CompiledBudget, *, last: bool) -> str:
    """A field may have nothing in it: then the next case is asked."""
    if case.field is not None:
        field = voice.field(case.field, clock.spec.of)
        length = voice.pick(f"{field}所载的时长", f"as long as {field} says")
        if case.dated:
            length = voice.pick(f"到{field}所载的日期为止", f"until the date in {field}")
    elif case.unlimited:
        length = voice.pick("没有时限", "no limit")
    else:
        length = _text(voice, case.length)
    if case.condition is None and not last:
        return voice.pick(f"填写了的，{length}", f"{length}, if that is given")
    if case.condition is None:
        return length if len(clock.budgets) == 1 else voice.pick(f"其他情形，{length}", f"otherwise {length}")
    said = voice.condition(case.condition)
    return voice.pick(f"{said}的，{length}", f"if {said}, {length}")


def _text(voice: Voice, length: Duration | None) -> str:
    return length.text(voice.language) if length is not None else ""


def _end(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    spec = clock.spec
    parts = []
    if spec.at != "24:00" or _in_days(clock) or _names_a_day(voice, clock):
        parts.append(voice.pick(f"最后一天{spec.at}截止", f"on the last day it ends at {spec.at}"))
    if spec.roll in ROLLS:
        parts.append(ROLLS[spec.roll][0 if voice.language == "zh" else 1])
    if spec.roll_to is not None:
        dates = voice.dates(spec.roll_to)
        parts.append(voice.pick(f"顺延到下一个{dates}", f"it moves on to the next of {dates}"))
    if spec.calendar is not None:
        parts.append(by_calendar(voice, spec.calendar))
    if parts:
        yield voice.end(*parts)


def by_calendar(voice: Voice, calendar: str) -> str:
    return voice.pick(f"工作日按日历 {calendar} 算", f"workdays are those of the calendar {calendar}")


def _pause(voice: Voice, clock: CompiledClock, pause: CompiledPause) -> Iterator[str]:
    spec, of = clock.spec.pauses[pause.id], clock.spec.of
    label = voice.call(spec.label)
    if spec.states:
        states = voice.states(spec.states, of)
        yield voice.pick(
            f"处于{states}期间，因{label}停止计时", f"while in {states} time stands still: {label}"
        )
    else:
        begins = voice.events(spec.from_, of)
        yield voice.pick(f"发生{begins}后，因{label}停止计时", f"after {begins} time stands still: {label}")
        if spec.until:
            ends = voice.events(spec.until, of)
            yield voice.pick(f"到{ends}为止", f"until {ends}")
    if spec.if_ is not None:
        said = voice.condition(pause.condition)
        yield voice.pick(f"但须{said}", f"but only if {said}")
    if spec.again:
        yield voice.pick("情形变了就再问", "which is asked again at every change")
    if spec.since is not None:
        field = voice.field(spec.since, of)
        yield voice.pick(f"从{field}所载日期起不计", f"from the day in {field} on")
    if spec.back is not None:
        field = voice.field(spec.back, of)
        yield voice.pick(f"到{field}所载日期恢复", f"and runs on from the day in {field}")
    if spec.limit is not None:
        length = say_length(spec.limit, voice.language)
        yield voice.pick(
            f"累计不超过{length}，用完自动恢复", f"for {length} in all, then it runs on by itself"
        )
    if spec.times is not None:
        yield voice.pick(f"最多{spec.times}次", often(spec.times))


def often(times: int) -> str:
    return f"{times} times at most" if times > 1 else "only once"


def _extensions(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    spec = clock.spec.extensions
    parts = []
    if spec.times is None and spec.total is None and _extended(voice, clock):
        parts.append(
            voice.pick("可以延期，次数和长短都没有限度", "it may be extended, however often and however long")
        )
    if spec.times is not None:
        parts.append(voice.pick(f"最多延期{spec.times}次", f"it may be extended {often(spec.times)}"))
    if spec.total is not None:
        length = say_length(spec.total, voice.language)
        parts.append(voice.pick(f"延期累计不超过{length}", f"extensions come to {length} in all at most"))
    if spec.from_ == "start":
        parts.append(
            voice.pick(
                "连同原来的时限一起从起算之日算",
                "they are counted from the start, with the time itself",
            )
        )
    if spec.after_end:
        parts.append(
            voice.pick(
                "到期以后同意的也算数，已记的逾期随之撤回",
                "one granted after the end counts too, and a miss entered before is withdrawn",
            )
        )
    if spec.from_ == "rolled":
        parts.append(
            voice.pick(
                "从顺延后的到期日起延", "they are counted from the end as it was moved off days of rest"
            )
        )
    if parts:
        yield voice.end(*parts)


def _extended(voice: Voice, clock: CompiledClock) -> bool:
    """Whether anybody would, without which there is no bound to tell of."""
    specs = [rule.spec for rule in voice.book.rules.values()]
    done = [each for spec in specs for each in (spec.then, *spec.ladder, *spec.times)]
    wanted = any(each.extend is not None and each.extend.clock == clock.id for each in done)
    return wanted or "extensions" in clock.spec.model_fields_set


def _stops(voice: Voice, clock: CompiledClock) -> Iterator[str]:
    spec = clock.spec
    if spec.stops:
        states = voice.states(spec.stops, spec.of)
        yield voice.end(voice.pick(f"进入{states}就算办到", f"it is done when the item comes into {states}"))
    if spec.stopped_by:
        events = voice.events(spec.stopped_by, spec.of)
        again = set(spec.stopped_by) & set(spec.starts.event)
        more_zh, more_en = ("，并从那时重新起算", ", and it begins anew from then") if again else ("", "")
        yield voice.end(
            voice.pick(f"发生{events}就算办到{more_zh}", f"it is done when {events} happens{more_en}")
        )
    if spec.done_on is not None:
        yield voice.end(*_done_on(voice, spec, spec.done_on))
    if spec.cancels:
        states = voice.states(spec.cancels, spec.of)
        yield voice.end(voice.pick(f"进入{states}则不再适用", f"in {states} it no longer applies"))
    if spec.resumes:
        events = voice.events(spec.resumes, spec.of)
        yield voice.end(
            voice.pick(f"{events}之后接着算剩下的时间", f"after {events} it runs on with what was left")
        )
    now = [each.event for each in spec.admits if each.on is None]
    if now:
        events = voice.events(now, spec.of)
        yield voice.end(voice.pick(f"只在这段期间内可以{events}", f"only while it runs {events} is possible"))
    for each in spec.admits:
        if each.on is not None:
            yield voice.end(_admitted(voice, spec, each.event, each.on))


def _done_on(voice: Voice, spec: Clock, on: str) -> Iterator[str]:
    field = voice.field(on, spec.of) if on != HAPPENED else ""
    yield voice.pick(
        f"以{field}所载日期为准" if field else "以该事实际发生的日期为准",
        f"as of the date in {field}" if field else "as of the day on which that happened, not told",
    )
    yield voice.pick(
        "事后报的，已记的逾期随之撤回", "and where that is told late, a miss entered before is withdrawn"
    )


def _admitted(voice: Voice, spec: Clock, event: str, on: str) -> str:
    events = voice.events([event], spec.of)
    if on == HAPPENED:
        return voice.pick(
            f"可以{events}，以该事实际发生的日期在这段期间内为准，事后报的也可以",
            f"{events} is possible if it happened while it ran, also when it is told later",
        )
    field = voice.field(on, spec.of)
    return voice.pick(
        f"可以{events}，以所填的{field}在这段期间内为准，事后报的也可以",
        f"{events} is possible if the date in {field} lies within it, also when it is told later",
    )


def in_force(voice: Voice, law: str | None, during: During) -> Iterator[str]:
    """Under which law and on which days; nothing where there is no bound."""
    parts = []
    if law is not None:
        parts.append(
            voice.pick(f"只在{voice.law(law)}施行期间适用", f"only while {voice.law(law)} is in force")
        )
    parts += _bounds(voice, during)
    if during.by == "opened":
        parts.append(
            voice.pick(
                "以立项之日为准，旧案从旧法", "judged when the item is opened: old cases under old law"
            )
        )
    if parts:
        yield voice.end(*parts)


def _bounds(voice: Voice, during: During) -> Iterator[str]:
    if during.from_ is not None:
        day = say_date(during.from_, voice.language)
        yield voice.pick(f"自{day}起施行", f"in force from {day}")
    if during.until is not None:
        day = say_date(during.until, voice.language)
        yield voice.pick(f"到{day}（含）为止", f"until {day}, that day included")
