"""Why an item exists, why it stands where it stands, what will be said next: each in a sentence."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from duban.output import as_moment
from duban.texts import LIGHTS, OUTCOMES
from duban.views.audit import said_actor, said_move, said_why, tried_again
from duban.views.view import View
from engine.book.compiled import CompiledRule
from engine.case import Case, Running
from engine.clock_words import say_history
from engine.roles import About, resolve
from engine.summary import light_of
from engine.wake import rungs_to_come as coming_rungs
from engine.wanted import combine
from engine.words import say_value
from rules.language import Actions
from store.rows import ClockRow, FiringRow, ItemRow

Data = dict[str, Any]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*[+-]\d\d:\d\d")


def why_document(view: View, row: ItemRow) -> Data:
    firings = view.reader.firings_of(f"item:{row.id}")
    return {
        "id": row.id,
        "title": row.title,
        "exists": why_exists(view, row),
        "state": why_state(view, row),
        "light": why_light(view, row, firings),
        "clocks": [why_clock(view, clock) for clock in clocks_of(view, row)],
        "parked": why_parked(view, row),
        "spoken": [why_spoken(view, firing) for firing in firings],
        "next": list(next_moments(view, row)),
    }


def clocks_of(view: View, row: ItemRow) -> list[ClockRow]:
    return view.reader.clocks_of([row.id]).get(row.id, [])


def why_exists(view: View, row: ItemRow) -> str:
    line = view.reader.list_audit(obj=row.id, act="item.open")[-1]
    record = json.loads(line.rec)
    why, at = said_why(view, record), as_moment(view.moment(line.ts))
    if record["actor"].get("kind") != "person":
        return view.pick(f"{at} 自动立项：{why}", f"opened {at} by itself: {why}")
    who = said_actor(view, record["actor"])
    return view.pick(f"{at} 由{who}立项", f"opened {at} by {who}")


def why_state(view: View, row: ItemRow) -> str:
    state = view.label(view.book.workflows[row.workflow].spec.states[row.state])
    moves = view.reader.list_audit(obj=row.id, act="item.move", limit=1)
    if not moves:
        return view.pick(
            f"“{state}”：立项以来没有流转", f"“{state}”: nothing has happened to it since it was opened"
        )
    record = json.loads(moves[0].rec)
    who, what, at = (
        said_actor(view, record["actor"]),
        said_move(view, record),
        as_moment(view.moment(moves[0].ts)),
    )
    return view.pick(f"“{state}”：{at} {who}，{what}", f"“{state}”: {at} {who}, {what}")


def why_light(view: View, row: ItemRow, firings: list[FiringRow]) -> str | None:
    """The rule that switched the light that is on; one that found it on already switched nothing."""
    if row.light == "none":
        return None
    colour = LIGHTS[row.light].in_(view.language)
    current: str | None = None
    cause: FiringRow | None = None
    for firing in firings:
        light = light_of(view.book, f"{firing.subject}|{firing.rule}|{firing.occasion}")
        if light is not None and light != current:
            current, cause = light, firing
    if cause is None or current != row.light:
        return view.pick(f"{colour}灯", colour)
    at, because = as_moment(view.local(cause.at) or cause.at), because_of(view, cause)
    return view.pick(f"{colour}灯：{at} {because}", f"{colour}: {at} {because}")


def why_parked(view: View, row: ItemRow) -> str | None:
    """Set aside because of an error: then no rule speaks, and that must not look like silence."""
    for parked in view.reader.parked():
        if parked.subject == row.id:
            since = as_moment(parked.parked_at.astimezone(view.book.zone))
            then = tried_again(view, row.id, parked.next_at)
            return view.pick(
                f"自 {since} 因出错暂置，规则暂不处理：{parked.error}；{then}",
                f"set aside since {since} because of an error, rules leave it alone: {parked.error}; {then}",
            )
    return None


def because_of(view: View, firing: FiringRow) -> str:
    """The reason as the log holds it in the viewer's language."""
    line = view.reader.show_audit(firing.entry)
    return said_why(view, json.loads(line.rec)) if line is not None else firing.because


def why_clock(view: View, clock: ClockRow) -> Data:
    compiled = view.book.clocks[clock.clock]
    spec = compiled.spec
    due = as_moment(clock.due_at.astimezone(view.book.zone))
    outcome = OUTCOMES[clock.outcome].in_(view.language)
    source = say_history(view.book, compiled, Running.of(clock).state(), view.language)
    doubt = (
        view.pick("，该年日历未公布，暂定", ", provisional: that year's calendar is not published")
        if clock.provisional
        else ""
    )
    zh = f"{spec.label.zh}：{due} 到期（{source}）{doubt}，{outcome}"
    en = f"{spec.label.en}: due {due} ({source}){doubt}, {outcome}"
    return {
        "clock": clock.clock,
        "due": view.local(clock.due_at),
        "outcome": clock.outcome,
        "said": view.pick(zh, en),
    }


def why_spoken(view: View, firing: FiringRow) -> Data:
    rule = view.book.rules.get(firing.rule)
    line = view.reader.show_audit(firing.entry)
    facts = json.loads(line.facts) if line is not None and line.facts else {}
    record = json.loads(line.rec) if line is not None else {}
    cites = facts.pop("cites", {})
    counted = record.get("counted") or [id for ids in cites.values() for id in ids]
    return {
        "at": view.local(firing.at),
        "rule": firing.rule,
        "rule_label": view.label(rule.spec.label) if rule else firing.rule,
        "basis": rule.spec.basis if rule else None,
        "outcome": firing.outcome,
        "because": said_why(view, record) if record else firing.because,
        "facts": {name: said_fact(view, rule, name, value) for name, value in facts.items()},
        "counted": [id for id in counted if id not in view.hidden],
        "seq": firing.entry,
    }


def is_day(view: View, rule: CompiledRule, name: str) -> bool:
    place, _, field = name.partition(".")
    specs = (view.book.workflows[each].spec.fields.get(field) for each in rule.workflows)
    return place in ("item", "args") and any(spec is not None and spec.type == "date" for spec in specs)


def said_fact(view: View, rule: CompiledRule | None, name: str, value: Any) -> str:
    """The log keeps instants as UTC; people read them in the office's time, and date fields as days."""
    if isinstance(value, str) and INSTANT.fullmatch(value):
        moment = view.moment(value)
        return f"{moment:%Y-%m-%d}" if rule is not None and is_day(view, rule, name) else as_moment(moment)
    return say_value(view.book, value, view.language)


def next_moments(view: View, row: ItemRow) -> Iterator[Data]:
    """Every rung that is still to come, if nothing happens before, with those it would tell."""
    case = Case.of(row)
    case.clocks = {clock.clock: Running.of(clock) for clock in clocks_of(view, row)}
    moments: list[tuple[datetime, Data]] = []
    for name, running in case.clocks.items():
        if not running.live or running.row.outcome == "paused":
            continue
        if running.row.missed_at is None and running.row.due_at > view.now:
            label = view.label(view.book.clocks[name].spec.label)
            moments.append(
                (running.row.due_at, {"rule_label": label, "told": [], "what": view.pick("到期", "due")})
            )
        for rule in view.book.ladder_rules(row.workflow, name):
            moments += list(rungs_to_come(view, rule, case, running))
    for at, said in sorted(moments, key=lambda pair: pair[0]):
        yield {"at": view.local(at), **said}


def rungs_to_come(
    view: View, rule: CompiledRule, case: Case, running: Running
) -> Iterator[tuple[datetime, Data]]:
    about = About(unit=case.row.unit, owner=case.row.owner, fields=case.fields)
    for position, at in coming_rungs(view.book, rule, case, running, view.now):
        wanted = combine(rule, position).actions
        asked = (rule.condition, rule.ladder[position].condition)
        conditions = [each.sentence(view.language) for each in asked if each is not None]
        posts = dict.fromkeys(
            post
            for role in (*wanted.remind, *wanted.notify, *(to for each in wanted.tell for to in each.to))
            for post in resolve(view.book, role, about)
        )
        said = {
            "rule": rule.id,
            "rule_label": view.label(rule.spec.label),
            "basis": rule.spec.basis,
            "condition": view.pick("，并且", ", and ").join(conditions) or None,
            "told": [view.name(post) for post in posts],
            "what": what_is_wanted(view, wanted),
        }
        yield at, said


def what_is_wanted(view: View, wanted: Actions) -> str:
    parts = [
        view.pick("提醒", "remind") if wanted.remind else "",
        view.pick("告知", "notify") if wanted.notify or wanted.tell else "",
        view.pick("亮灯", "light") + f" {LIGHTS[wanted.light].in_(view.language)}" if wanted.light else "",
        view.pick("拟议", "propose") if wanted.propose else "",
        view.pick("立项", "open") if wanted.open else "",
        view.pick("流转", "move") if wanted.move else "",
    ]
    return view.pick("、", ", ").join(part for part in parts if part)
