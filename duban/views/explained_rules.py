"""Rules in words: when, about whom, if what, then what; a ladder as a sentence for each rung, or as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from duban.views.explained_actions import Wish
from duban.views.explained_clocks import by_calendar, in_force
from duban.views.phrases import Voice
from duban.views.spoken_time import say_due_day, say_every, say_length, say_rung
from engine.book.compiled import CompiledRule, CompiledRung
from engine.wanted import combine
from rules.language import CountRung, TimeRung

Data = dict[str, Any]
AGAIN = {
    "changed": ("同一组不说第二次，组里有变化才再说", "again only when they are not the same ones"),
    "added": ("有新加入的才再说", "again only when there is a new one among them"),
    "apart": ("与说过的毫无重合才再说", "again only when none of them was spoken of before"),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rung, in words: when it speaks, on which conditions, who is told how, and what else is done."""

    when: str
    more: str
    told: str
    done: str
    said: str  # as one sentence


def rule_lines(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    opening = [
        occasion(voice, rule),
        *_whom(voice, rule),
        *_seen_from(voice, rule),
        *_if(voice, rule),
        *_count(voice, rule),
    ]
    steps = [*steps_of(voice, rule)]
    if not steps:
        wanted = Wish(voice, rule.then.spec, rule.workflows, rule.then.expressions, rule.then.require).all()
        yield voice.end(*opening, wanted)
    else:
        yield voice.end(voice.join([*opening, _how(voice, rule, steps)]) + voice.pick("：", ":"))
        for step in steps:
            yield f"- {step.said}"
    yield from _cases(voice, rule)
    if rule.spec.calendar is not None:
        yield voice.end(by_calendar(voice, rule.spec.calendar))
    yield from in_force(voice, rule.spec.law, rule.spec.effective)
    if rule.spec.mode == "shadow":
        yield voice.end(
            voice.pick(
                "试行：只判断、只记录，不发出、不办理",
                "on trial: decided and logged, nothing is sent or done",
            )
        )


def _how(voice: Voice, rule: CompiledRule, steps: list[Step]) -> str:
    if rule.times:
        return voice.pick("按次数处理", "by their number")
    return voice.pick("从低到高，逐级处理", "rung by rung") if len(steps) > 1 else ""


# ---------------------------------------------------------------- when


def occasion(voice: Voice, rule: CompiledRule) -> str:
    when, of = rule.spec.when, rule.workflows
    if when.clock is not None:
        clock = voice.clock(when.clock)
        return voice.pick(f"按{clock}", f"by {clock}")
    if when.every is not None:
        every, on = say_every(when.every, voice.language), say_due_day(when.on or "end", voice.language)
        about_zh, about_en = (
            ("本", "that period") if when.about == "current" else ("上一", "the period before")
        )
        return voice.pick(f"{every}{on}，就{about_zh}周期", f"{every}, {on}, about {about_en}")
    if when.dates is not None:
        dates = voice.dates(when.dates)
        about_zh, about_en = (
            ("从当天到下一次之前", "the time until the next")
            if when.about == "current"
            else ("上一次以来", "the time since the one before")
        )
        return voice.pick(
            f"每到{dates}的{when.at}，就{about_zh}", f"on {dates} at {when.at}, about {about_en}"
        )
    if when.event:
        events = voice.events(when.event, of)
        return voice.pick(f"{events}之后", f"after {events}")
    if when.change:
        fields = voice.either(voice.field(name, of) for name in when.change)
        return voice.pick(f"{fields}变动之后", f"after {fields} has changed")
    events = voice.events(when.before, of)
    return voice.pick(f"{events}之前", f"before {events}")


def _whom(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    if rule.workflows:
        names = voice.workflows(rule.workflows)
        many = voice.pick(f"对每一件在办的{names}", f"for each open {voice.either(_names(voice, rule))}")
        yield many if rule.occasion == "period" else voice.pick(f"对{names}", f"for {names}")
    elif rule.group is not None:
        yield voice.pick(f"逐个对{voice.members(rule.group)}", f"for each of {voice.members(rule.group)}")
    else:
        yield voice.pick("对全机关", "for the whole office")


def _names(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    return (voice.workflow(id) for id in rule.workflows)


def _if(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    if rule.spec.if_ is not None:
        said = voice.condition(rule.condition)
        yield voice.pick(f"如果{said}", f"if {said}")


def _cases(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    """Not twice about the same items, and silent where another rule speaks."""
    cases = rule.spec.cases
    if cases is not None:
        measure, (zh, en) = voice.measure(cases.of), AGAIN[cases.again]
        counted = voice.book.measures.get(cases.of.partition(".")[2])
        periods = counted is not None and counted.spec.periods is not None
        what_zh, what_en = ("几期", "periods") if periods else ("一组事项", "items")
        yield voice.end(
            voice.pick(
                f"就{measure}所计的这{what_zh}说话，{zh}", f"it speaks about the {what_en} in {measure}, {en}"
            )
        )
    if rule.spec.yields_to:
        others = voice.either(voice.rule(id) for id in rule.spec.yields_to)
        yield voice.end(
            voice.pick(
                f"{others}在同一场合说话时，本条被吸收，不再说",
                f"where {others} speaks on the same occasion, this one is silent",
            )
        )


def _count(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    count = rule.spec.count
    if count is None:
        return
    measure = voice.measure(count.measure)
    yield voice.pick(f"按{measure}计次（含本次）", f"counted by {measure}, this time included")
    if rule.as_of is not None:
        said = voice.expression(rule.as_of)
        yield voice.pick(f"数到{said}为止", f"up to {said}")


def _seen_from(voice: Voice, rule: CompiledRule) -> Iterator[str]:
    if rule.moment is not None:
        said = voice.expression(rule.moment)
        yield voice.pick(f"只看到{said}为止的情形", f"as things stood by {said}")


# ---------------------------------------------------------------- rungs


def steps_of(voice: Voice, rule: CompiledRule) -> Iterator[Step]:
    for position, rung in enumerate(rule.ladder):
        spec: TimeRung | CountRung = rule.spec.ladder[position]
        assert isinstance(spec, TimeRung)
        yield _step(
            voice, rule, position, say_rung(spec.at, voice.language), voice.join(_again(voice, rung, spec))
        )
    for position, band in enumerate(rule.spec.times):
        yield _step(voice, rule, position, say_nth(voice, band.nth), "")


def say_nth(voice: Voice, nth: str) -> str:
    """Which time: `2`, `2+`, `3..5`."""
    if nth.endswith("+"):
        return voice.pick(f"第{nth[:-1]}次起", f"from number {nth[:-1]} on")
    first, _, last = nth.partition("..")
    if last:
        return voice.pick(f"第{first}至{last}次", f"numbers {first} to {last}")
    return voice.pick(f"第{first}次", f"number {first}")


def _again(voice: Voice, rung: CompiledRung, spec: TimeRung) -> Iterator[str]:
    if spec.if_ is not None:
        said = voice.condition(rung.condition)
        yield voice.pick(f"如果{said}", f"if {said}")
    if spec.only is not None:
        dates = voice.dates(spec.only)
        yield voice.pick(f"移到下一个{dates}", f"moved to the next of {dates}")
    if spec.every is not None:
        every = say_length(spec.every, voice.language)
        most = voice.pick(f"，共{spec.times}次", f", {spec.times} times in all") if spec.times else ""
        yield voice.pick(f"此后每{every}一次{most}", f"then again every {every}{most}")


def _step(voice: Voice, rule: CompiledRule, position: int, when: str, more: str) -> Step:
    wanted = combine(rule, position)
    wish = Wish(voice, wanted.actions, rule.workflows, wanted.expressions, wanted.require)
    many = "；" if voice.language == "zh" else "; "
    done = many.join([*wish.done(), *([voice.join(wish.required())] if [*wish.required()] else [])])
    nothing = voice.pick("只作记录", "it is only noted")
    head = when + (f"（{more}）" if voice.language == "zh" else f" ({more})") if more else when
    said = voice.pick(f"{head}：{wish.all() or nothing}", f"{head}: {wish.all() or nothing}")
    return Step(when=when, more=more, told=voice.join(wish.told()), done=done, said=voice.end(said))


def step_rows(voice: Voice, rule: CompiledRule) -> list[Data]:
    """A ladder as a table: when, who is told how, what else."""
    return [
        {
            "when": f"{step.when}{voice.pick('，', ', ')}{step.more}" if step.more else step.when,
            "told": step.told,
            "done": step.done,
        }
        for step in steps_of(voice, rule)
    ]
