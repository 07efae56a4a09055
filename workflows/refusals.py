"""Why a step is refused, in Chinese and English, each with the way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workflows.guess import guess
from workflows.language import Label, Transition, WorkflowSpec
from workflows.values import Unfit

Code = Literal[
    "unknown_event",
    "not_here",
    "not_you",
    "separation",
    "missing",
    "unknown_argument",
    "wrong_value",
    "closed",
    "agreed_already",
    "not_the_same",
]
Roles = Mapping[str, Label]

PARENT = "parent."  # an event of the item that this one belongs to
SHOWN_CHARACTERS = 40  # of a wrong value: enough to recognise it


@dataclass(frozen=True, kw_only=True)
class Refused:
    code: Code
    zh: str
    en: str


def unknown_event(spec: WorkflowSpec, roles: Roles, state: str | None, event: str) -> Refused:
    words = {each.event: each.event for each in spec.transitions}
    words |= {spec.label_of(each).zh: each for each in words}
    near = guess(event, words)
    hint_zh = f"是不是 {_event_zh(spec, words[near])}？" if near else ""
    hint_en = f"Did you mean {words[near]}? " if near else ""
    ways = _ways(spec, roles, state) if state else _all_events(spec)
    return Refused(
        code="unknown_event",
        zh=f"{spec.label.zh}没有事件 {event}。{hint_zh}{ways.zh}",
        en=f"{spec.label.en}: no event {event}. {hint_en}{ways.en}",
    )


def closed(spec: WorkflowSpec, state: str, event: str) -> Refused:
    label = spec.states[state]
    return Refused(
        code="closed",
        zh=f"事项已终结（{label.zh}），不能再{_event_zh(spec, event)}；如有新情况，请另立一件并注明原件",
        en=f"the item has ended ({label.en}), {event} cannot follow; "
        f"if something new came up, open another item that names this one as its parent",
    )


def not_here(spec: WorkflowSpec, roles: Roles, state: str, event: str) -> Refused:
    label = spec.states[state]
    places = [name for each in spec.transitions if each.event == event for name in each.from_]
    where_zh = "、".join(spec.states[name].zh for name in places)
    where_en = " or ".join(spec.states[name].en for name in places)
    ways = _ways(spec, roles, state)
    return Refused(
        code="not_here",
        zh=f"当前状态是{label.zh}，{_event_zh(spec, event)}只能在{where_zh}时提出。{ways.zh}",
        en=f"the item is in state {label.en}, {event} is for {where_en}. {ways.en}",
    )


def not_you(spec: WorkflowSpec, roles: Roles, transition: Transition) -> Refused:
    who = _who(transition.by, roles)
    return Refused(
        code="not_you",
        zh=f"{_event_zh(spec, transition.event)}应由{who.zh}提出；您对本事项没有这一身份，请转请其办理",
        en=f"{transition.event} is for {who.en}; you do not have that role for this item, please ask them",
    )


def not_opener(spec: WorkflowSpec, roles: Roles) -> Refused:
    who = _who(spec.opened_by, roles)
    return Refused(
        code="not_you",
        zh=f"{spec.label.zh}应由{who.zh}立项；您没有这一身份，请转请其办理",
        en=f"{spec.label.en} is opened by {who.en}; you do not have that role, please ask them",
    )


def separation(spec: WorkflowSpec, roles: Roles, transition: Transition, done: str) -> Refused:
    who = _who(transition.by, roles)
    before_zh = {
        "open": "提出了本事项",
        "parent": "办理过所涉的原事项",
        "own_unit": "属于本事项所涉的单位",
    }.get(done)
    before_en = {
        "open": "opened this item",
        "parent": "acted on the item it is about",
        "own_unit": "belong to the unit that this item is about",
    }.get(done)
    if done.startswith(PARENT):
        before_zh = f"对所涉的原事项做过 {done.removeprefix(PARENT)}"
        before_en = f"did {done.removeprefix(PARENT)} on the item it is about"
    before_zh = before_zh or f"做过本事项的{_event_zh(spec, done)}"
    before_en = before_en or f"did {done} on this item"
    event_zh = _event_zh(spec, transition.event)
    return Refused(
        code="separation",
        zh=f"您{before_zh}，按职责分离不能{event_zh}；请由另一位同志（{who.zh}）办理",
        en=f"you {before_en} and may not do {transition.event} as well (separation of duties): "
        f"it takes another person from {who.en}",
    )


def agreed_already(spec: WorkflowSpec, event: str) -> Refused:
    return Refused(
        code="agreed_already",
        zh=f"您已同意{_event_zh(spec, event)}；这一步须由几位不同的同志同意，请等另一位",
        en=f"you have agreed to {event} already; it takes different persons, please wait for another",
    )


def side_heard(spec: WorkflowSpec, roles: Roles, event: str, waiting: Sequence[str]) -> Refused:
    sides = [roles.get(name, Label(zh=name, en=name)) for name in waiting]
    who = Label(zh="、".join(each.zh for each in sides), en=" and ".join(each.en for each in sides))
    return Refused(
        code="agreed_already",
        zh=f"您这一方已有人同意{_event_zh(spec, event)}；还须{who.zh}同意，请等他们办理",
        en=f"somebody has agreed to {event} for your side already; it still takes {who.en}, please wait",
    )


def not_the_same(spec: WorkflowSpec, event: str, name: str, agreed: object) -> Refused:
    label, shown = spec.fields[name].label, _shown(agreed)
    return Refused(
        code="not_the_same",
        zh=f"{_event_zh(spec, event)}：前一位同意的{label.zh}（{name}）是“{shown}”。同意的须是同一件事："
        "请不填这一项，或先退回重来",
        en=f"{event}: the one before agreed to {name} ({label.en}) “{shown}”. All agree to one thing: "
        "leave it out, or have the item sent back and begin anew",
    )


def missing(spec: WorkflowSpec, event: str, names: Sequence[str]) -> Refused:
    zh = "、".join(f"{spec.fields[name].label.zh}（{name}）" for name in names)
    en = ", ".join(f"{name} ({spec.fields[name].label.en})" for name in names)
    return Refused(code="missing", zh=f"{_event_zh(spec, event)}还缺：{zh}", en=f"{event} still needs: {en}")


def unknown_argument(spec: WorkflowSpec, event: str, name: str, accepted: Sequence[str]) -> Refused:
    words = {each: each for each in accepted} | {spec.fields[each].label.zh: each for each in accepted}
    near = guess(name, words)
    hint_zh = f"是不是 {words[near]}？" if near else ""
    hint_en = f" Did you mean {words[near]}?" if near else ""
    list_zh = "、".join(f"{each}（{spec.fields[each].label.zh}）" for each in accepted)
    list_en = ", ".join(accepted)
    return Refused(
        code="unknown_argument",
        zh=f"{_event_zh(spec, event)}不收 {name}。{hint_zh}"
        + (f"可填：{list_zh}" if accepted else "它不需要填写任何内容"),
        en=f"{event} takes no {name}.{hint_en} "
        + (f"It takes: {list_en}" if accepted else "It takes nothing"),
    )


def wrong_value(spec: WorkflowSpec, name: str, value: object, unfit: Unfit) -> Refused:
    # An address is somebody's own, and refusals are entered in the log.
    label, shown = spec.fields[name].label, "…" if spec.fields[name].type == "mail" else _shown(value)
    return Refused(
        code="wrong_value",
        zh=f"{label.zh}（{name}）写作“{shown}”：{unfit.zh}",
        en=f"{name} ({label.en}) is “{shown}”: it {unfit.en}",
    )


def _shown(value: object) -> str:
    text = "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    shown = text.encode("utf-8", "backslashreplace").decode().replace("\n", " ")
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "…"


def _event_zh(spec: WorkflowSpec, event: str) -> str:
    return "立项" if event == "open" else f"{spec.label_of(event).zh}（{event}）"


def _who(names: Sequence[str], roles: Roles) -> Label:
    labels = [roles.get(name, _RULE if name == "rule" else Label(zh=name, en=name)) for name in names]
    return Label(zh="或".join(each.zh for each in labels), en=" or ".join(each.en for each in labels))


_RULE = Label(zh="规则（系统自动）", en="a rule (automatic)")


def _all_events(spec: WorkflowSpec) -> Label:
    events = dict.fromkeys(each.event for each in spec.transitions)
    zh = "、".join(_event_zh(spec, event) for event in events)
    return Label(zh=f"已有事件：{zh}", en=f"Known events: {', '.join(events)}")


def _ways(spec: WorkflowSpec, roles: Roles, state: str) -> Label:
    """What can be done in a state, and by whom."""
    here = [each for each in spec.transitions if state in each.from_]
    if not here:
        return Label(zh="事项已终结，没有后续事件", en="The item has ended, nothing can follow")
    zh = "；".join(f"{_event_zh(spec, each.event)}——{_who(each.by, roles).zh}" for each in here)
    en = "; ".join(f"{each.event} by {_who(each.by, roles).en}" for each in here)
    return Label(zh=f"现在可以：{zh}", en=f"Possible now: {en}")
