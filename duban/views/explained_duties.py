"""Duties in words: who owes what, how often, and by when."""

from collections.abc import Iterator
from datetime import date

from duban.views.explained_clocks import ROLLS, by_calendar, in_force
from duban.views.phrases import Voice
from duban.views.spoken_time import say_date, say_due_day, say_every
from engine.book.compiled import CompiledDuty


def duty_lines(voice: Voice, duty: CompiledDuty) -> Iterator[str]:
    spec = duty.spec
    workflow, whom = voice.workflow(spec.opens), voice.members(spec.for_)
    every = say_every(spec.every, voice.language)
    many = len(duty.owers) > 1
    each_zh, each_en = ("各", "each of ") if many else ("", "")
    yield voice.end(
        voice.pick(
            f"{every}，{whom}{each_zh}办一件{workflow}", f"{every}, {each_en}{whom} owes one {workflow}"
        ),
        voice.pick(
            f"题为{voice.quote(voice.blank(spec.title))}", f"called {voice.quote(voice.blank(spec.title))}"
        ),
    )
    if spec.owner is not None:
        role = voice.role(spec.owner)
        yield voice.end(voice.pick(f"由{role}负责", f"it is owed by {role}"))
    when_zh, when_en = ("开始时", "begins") if spec.opens_at == "start" else ("结束后", "is over")
    yield voice.end(
        voice.pick(f"周期{when_zh}立项", f"it is opened when the period {when_en}"), *_due(voice, duty)
    )
    if spec.with_:
        yield voice.end(*with_fields(voice, duty))
    yield from in_force(voice, spec.law, spec.during)


def _due(voice: Voice, duty: CompiledDuty) -> Iterator[str]:
    spec = duty.spec
    try:
        said = say_due_day(spec.due, voice.language)
    except ValueError:  # owed once, on a date
        day = say_date(date.fromisoformat(spec.due), voice.language)
        said = voice.pick(f"{day}", f"on {day}")
    yield voice.pick(f"{said}前办结", f"and due {said}")
    if spec.roll in ROLLS:
        yield ROLLS[spec.roll][0 if voice.language == "zh" else 1]
    if spec.roll_to is not None:
        dates = voice.dates(spec.roll_to)
        yield voice.pick(f"顺延到下一个{dates}", f"moved on to the next of {dates}")
    if spec.calendar is not None:
        yield by_calendar(voice, spec.calendar)


def with_fields(voice: Voice, duty: CompiledDuty) -> Iterator[str]:
    for name, value in duty.spec.with_.items():
        field = voice.field(name, (duty.spec.opens,))
        said = voice.value(value, voice.field_spec(name, (duty.spec.opens,)))
        yield voice.pick(f"{field}为{said}", f"its {field} is {said}")
