"""Workflows and templates in words: its states, its facts, and who may do what where."""

from collections.abc import Iterator
from typing import Any

from duban.views.phrases import Voice
from duban.views.spoken_time import say_length
from rules.language import Template
from workflows.language import Bound, FieldSpec, Transition, WorkflowSpec

Data = dict[str, Any]
TYPES = {
    "text": ("文字", "text"),
    "date": ("日期", "a date"),
    "moment": ("时刻", "a moment"),
    "int": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "flag": ("是或否", "yes or no"),
    "unit": ("单位", "a unit"),
    "units": ("多个单位", "a list of units"),
    "post": ("岗位", "a post"),
    "texts": ("多条文字", "a list of texts"),
    "duration": ("时长", "a length of time"),
    "mail": ("邮箱", "a mail address"),
}
DOERS = {
    "open": ("立项人", "whoever opened it"),
    "parent": ("对上级事项作过办理的人", "whoever acted on the item it belongs to"),
    "own_unit": ("事项所涉单位的人", "whoever belongs to the unit that it is about"),
}


def workflow_lines(voice: Voice, id: str, spec: WorkflowSpec) -> Iterator[str]:
    label = voice.call(spec.label)
    yield voice.end(
        voice.pick(f"{label}的编号以{spec.prefix}开头", f"{label}: its numbers begin with {spec.prefix}"),
        voice.pick(f"{_who(voice, spec.opened_by)}可以立项", f"opened by {_who(voice, spec.opened_by)}"),
        _needed(voice, id, spec.needs),
    )
    if spec.sealed:
        readers = voice.roles(spec.readers)
        yield voice.end(
            voice.pick(f"保密：只有{readers}知道它存在", f"sealed: only {readers} may know that it exists")
        )
    initial = voice.state(spec.initial, (id,))
    yield voice.end(voice.pick(f"从{initial}开始", f"it begins in {initial}"), *_ends(voice, spec))
    if spec.fields:
        yield voice.pick("记载的内容：", "It carries:")
        for name, field in spec.fields.items():
            yield f"- {voice.end(_field(voice, name, field))}"
    yield voice.pick("可以这样流转：", "What may follow:")
    for each in spec.transitions:
        yield f"- {voice.end(*_transition(voice, id, each))}"


def _needed(voice: Voice, id: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    fields = voice.both(voice.field(name, (id,)) for name in names)
    return voice.pick(f"须填写{fields}", f"giving {fields}")


def _ends(voice: Voice, spec: WorkflowSpec) -> Iterator[str]:
    done = [voice.call(state) for state in spec.states.values() if state.final and state.success]
    undone = [voice.call(state) for state in spec.states.values() if state.final and not state.success]
    between = [
        voice.call(state) for id, state in spec.states.items() if not state.final and id != spec.initial
    ]
    if between:
        yield voice.pick(f"其间有{voice.both(between)}", f"passes through {voice.both(between)}")
    if done:
        yield voice.pick(f"到{voice.either(done)}为完成", f"is done in {voice.either(done)}")
    if undone:
        yield voice.pick(
            f"到{voice.either(undone)}为结束而未完成", f"is over without being done in {voice.either(undone)}"
        )


def _field(voice: Voice, name: str, field: FieldSpec) -> str:
    kind = TYPES[field.type][0 if voice.language == "zh" else 1]
    parts = [
        voice.pick(
            f"{voice.call(field.label)}（{name}）：{kind}", f"{voice.call(field.label)} ({name}): {kind}"
        )
    ]
    if field.one_of:
        values = voice.either(voice.call(label) for label in field.one_of.values())
        parts.append(voice.pick(f"只能是{values}", f"one of {values}"))
    if field.past:
        day = voice.pick("不得晚于当天", "no later than the day itself")
        now = voice.pick("不得晚于登记之时", "no later than when it is given")
        parts.append(now if field.type == "moment" else day)
    if field.at_least is not None:
        least = _bound(voice, field, field.at_least)
        parts.append(voice.pick(f"不小于{least}", f"at least {least}"))
    if field.at_most is not None:
        most = _bound(voice, field, field.at_most)
        parts.append(voice.pick(f"不大于{most}", f"at most {most}"))
    if field.default is not None:
        value = voice.value(field.default, field)
        parts.append(voice.pick(f"未填时为{value}", f"{value} when nothing is given"))
    return voice.join(parts)


def _bound(voice: Voice, field: FieldSpec, bound: Bound) -> str:
    return say_length(str(bound), voice.language) if field.type == "duration" else str(bound)


def _transition(voice: Voice, id: str, each: Transition) -> Iterator[str]:
    states = voice.states(each.from_, (id,))
    event, who = voice.event(each.event, (id,)), _who(voice, each.by)
    to = voice.state(each.to, (id,)) if each.to is not None else ""
    yield voice.pick(
        f"在{states}时，{who}可以{event}（{each.event}）", f"in {states}, {who} may {event} ({each.event})"
    )
    yield _needed(voice, id, each.needs)
    if each.takes:
        fields = voice.both(voice.field(name, (id,)) for name in each.takes)
        yield voice.pick(f"可以附上{fields}", f"and adding {fields} if need be")
    yield voice.pick(
        f"转为{to}" if to else "状态不变", f"and it comes into {to}" if to else "and the state stays"
    )
    if each.sides:
        sides = voice.both(voice.role(role) for role in each.sides)
        yield voice.pick(f"须由{sides}各一人先后提出才算", f"once one person each of {sides} has put it")
    elif each.persons > 1:
        yield voice.pick(
            f"须由{each.persons}个不同的人先后提出才算",
            f"once {each.persons} different persons have put it",
        )
    if each.reopens:
        yield voice.pick("这是办结后重新办理", "which opens again what was closed")
    if each.not_by:
        doers = voice.either(_doer(voice, name, id) for name in each.not_by)
        yield voice.pick(f"但{doers}不得办理", f"but not {doers}")


def _doer(voice: Voice, name: str, workflow: str) -> str:
    if name in DOERS:
        return DOERS[name][0 if voice.language == "zh" else 1]
    parent, _, done = name.rpartition(".")
    if parent:
        event = voice.event(done, voice.book.workflows)
        return voice.pick(f"对上级事项作过{event}的人", f"whoever did {event} on the item it belongs to")
    event = voice.event(name, (workflow,))
    return voice.pick(f"作过{event}的人", f"whoever did {event}")


def _who(voice: Voice, roles: tuple[str, ...]) -> str:
    return voice.either(voice.role(role) for role in roles)


def transition_rows(voice: Voice, id: str, spec: WorkflowSpec) -> list[Data]:
    return [
        {
            "from": voice.states(each.from_, (id,)),
            "event": voice.event(each.event, (id,)),
            "by": voice.roles(each.by),
            "to": voice.state(each.to, (id,)) if each.to else "",
            "needs": voice.both(voice.field(name, (id,)) for name in each.needs),
            "takes": voice.both(voice.field(name, (id,)) for name in each.takes),
            "not_by": voice.either(_doer(voice, name, id) for name in each.not_by),
        }
        for each in spec.transitions
    ]


def template_lines(voice: Voice, template: Template) -> Iterator[str]:
    """The text itself, its placeholders as they are written."""
    subject, body = voice.label(template.subject), voice.label(template.body)
    yield voice.pick(f"主题：{subject}", f"Subject: {subject}")
    yield body
