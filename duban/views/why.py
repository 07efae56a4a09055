"""Why an item exists, why it stands where it stands, how its time was counted: each in a sentence."""

import json
import re
from collections.abc import Iterator
from typing import Any

from duban.output import as_moment
from duban.texts import LIGHTS, NO_LIMIT, OUTCOMES
from duban.views.audit import said_actor, said_move, said_why, tried_again
from duban.views.counted_days import Count
from duban.views.holds import known_holds
from duban.views.items import said_field
from duban.views.past import Past
from duban.views.view import View
from duban.views.why_next import next_moments
from engine.book.compiled import CompiledClock, CompiledRule
from engine.case import Running
from engine.clock_words import cause_of, say_history
from engine.summary import light_of
from rules.time.clock_state import ClockState
from store.rows import ClockRow, FiringRow, ItemRow
from workflows.language import FieldSpec

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
        "classes": [*why_classes(view, row)],
        "parked": why_parked(view, row),
        "held": [*why_held(view, row)],
        "spoken": [why_spoken(view, firing) for firing in firings],
        "next": list(next_moments(view, row, clocks_of(view, row))),
        "assumed": assumed(view),
    }


def assumed(view: View) -> list[str]:
    """What had to be taken as it is now, where it is asked as of an earlier moment."""
    if not isinstance(view.reader, Past):
        return []
    return [text.in_(view.language) for text in view.reader.assumed]


def clocks_of(view: View, row: ItemRow) -> list[ClockRow]:
    """Those that its book has."""
    found = view.reader.clocks_of([row.id]).get(row.id, [])
    return [clock for clock in found if clock.clock in view.book.clocks]


def why_exists(view: View, row: ItemRow) -> str:
    line = view.reader.list_audit(obj=row.id, act="item.open")[-1]
    record = json.loads(line.rec)
    why, at = said_why(view, record), as_moment(view.moment(line.ts))
    if record["actor"].get("kind") != "person":
        return view.pick(f"{at} 自动立项：{why}", f"opened {at} by itself: {why}")
    who = said_actor(view, record["actor"])
    return view.pick(f"{at} 由{who}立项", f"opened {at} by {who}")


def why_state(view: View, row: ItemRow) -> str:
    """By the last event that changed it; a report that left it where it was explains nothing."""
    state = view.label(view.book.workflows[row.workflow].spec.states[row.state])
    moves = (json.loads(line.rec) for line in view.reader.list_audit(obj=row.id, act="item.move"))
    record = next((each for each in moves if each["from"] != each["to"]), None)
    if record is None:
        return view.pick(f"“{state}”：立项以来没有流转", f"“{state}”: it has stood there since it was opened")
    who, what, at = (
        said_actor(view, record["actor"]),
        said_move(view, record),
        as_moment(view.moment(record["ts"])),
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


def why_held(view: View, row: ItemRow) -> Iterator[str]:
    """What rules would have proposed of it and the brake holds, as far as the viewer may know."""
    for each in known_holds(view, open_only=True):
        if each.subject == f"item:{row.id}" and each.at <= view.now:
            at = as_moment(view.local(each.at) or each.at)
            yield view.pick(
                f"自 {at} 暂扣，待两人核定（`duban hold show {each.seq}`）：{each.zh}",
                f"held since {at} until two persons decide (`duban hold show {each.seq}`): {each.en}",
            )


def because_of(view: View, firing: FiringRow) -> str:
    """The reason as the log holds it in the viewer's language."""
    line = view.reader.show_audit(firing.entry)
    return said_why(view, json.loads(line.rec)) if line is not None else firing.because


def _without_limit(view: View, clock: ClockRow) -> Data:
    spec, none = view.book.clocks[clock.clock].spec, NO_LIMIT.in_(view.language)
    since = as_moment(clock.started_at.astimezone(view.book.zone))
    return {
        "clock": clock.clock,
        "since": view.local(clock.started_at),
        "due": None,
        "outcome": clock.outcome,
        "basis": spec.basis,
        "said": view.pick(f"{spec.label.zh}：自 {since}，{none}", f"{spec.label.en}: {none} (from {since})"),
        "counted": [],
        "held": [],
        "case": None,
    }


def why_clock(view: View, clock: ClockRow) -> Data:
    """Since when, how it was counted, what held it up and what moved it, stretch by stretch."""
    compiled, state = view.book.clocks[clock.clock], Running.of(clock).state()
    spec = compiled.spec
    due = as_moment(clock.due_at.astimezone(view.book.zone))
    outcome = OUTCOMES[clock.outcome].in_(view.language)
    if state.no_limit:
        return _without_limit(view, clock)
    source = say_history(view.book, compiled, state, view.language)
    if state.budget is None:  # else the history says so itself
        since = as_moment(clock.started_at.astimezone(view.book.zone))
        source = view.pick(f"{since} 起算，{source}", f"from {since}, {source}")
    doubt = (
        view.pick("，该年日历未公布，暂定", ", provisional: that year's calendar is not published")
        if clock.provisional
        else ""
    )
    end_zh, end_en = ("届满", "over") if spec.window else ("到期", "due")
    zh = f"{spec.label.zh}：{due} {end_zh}（{source}）{doubt}，{outcome}"
    en = f"{spec.label.en}: {end_en} {due} ({source}){doubt}, {outcome}"
    held = [
        {"cause": cause_of(view.book, compiled, hold.cause, view.language), "since": view.local(hold.since)}
        for hold in state.holds
    ]
    return {
        "clock": clock.clock,
        "since": view.local(clock.started_at),
        "due": view.local(clock.due_at),
        "outcome": clock.outcome,
        "basis": spec.basis,
        "said": view.pick(zh, en),
        "counted": Count(book=view.book, spec=compiled, state=state, language=view.language).rows(),
        "held": held,
        "case": why_case(view, compiled, state),
    }


def why_case(view: View, compiled: CompiledClock, state: ClockState) -> str | None:
    """Of several budgets the one that was chosen, and by which condition."""
    if len(compiled.budgets) < 2 or state.limit is None:
        return None
    dated = state.budget is None
    chosen = [each for each in compiled.budgets if (each.dated if dated else each.length == state.budget)]
    conditions = [each.condition for each in chosen]
    said = next((each.sentence(view.language) for each in conditions if each is not None), None)
    date = view.pick(f"到 {state.written} 为止", f"until {state.written}")
    length = state.budget.text(view.language) if state.budget is not None else date
    if said is None:
        return view.pick(f"{length}：其他情形都不适用", f"{length}: no other case applies")
    return view.pick(f"{length}：因为{said}", f"{length}, because {said}")


def why_classes(view: View, row: ItemRow) -> Iterator[Data]:
    """Each class with the entry that gave it."""
    fields = json.loads(row.fields)
    lines = view.reader.list_audit(obj=row.id, act="item.classify")
    for spec in view.book.classes_of(row.workflow):
        level = fields.get(spec.spec.field)
        labels = view.book.workflows[row.workflow].spec.fields[spec.spec.field].one_of
        named = (
            view.label(labels[level])
            if level in labels
            else view.pick("没有达到任何一级", "no level is reached")
        )
        records = (json.loads(line.rec) | {"ts": line.ts} for line in lines)
        last = next((each for each in records if each["class"] == spec.id), None)
        because = f"{as_moment(view.moment(last['ts']))} {said_why(view, last)}" if last else ""
        label = view.label(spec.spec.label)
        said = view.pick(f"{label}：{named}", f"{label}: {named}") + (
            view.pick(f"（{because}）", f" ({because})") if because else ""
        )
        yield {"class": spec.id, "level": level, "said": said}


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
        "fact_labels": {name: fact_label(view, rule, name) for name in facts},
        "counted": [id for id in counted if id not in view.hidden],
        "seq": firing.entry,
    }


def field_of(view: View, rule: CompiledRule | None, name: str) -> FieldSpec | None:
    """The field that a fact of an item, or an argument, is."""
    place, _, field = name.partition(".")
    if rule is None or place not in ("item", "args"):
        return None
    specs = (view.book.workflows[each].spec.fields.get(field) for each in rule.workflows)
    return next((spec for spec in specs if spec is not None), None)


def fact_label(view: View, rule: CompiledRule | None, name: str) -> str:
    field, measure = field_of(view, rule, name), view.book.measures.get(name.rpartition(".")[2])
    if field is not None:
        return view.label(field.label)
    return view.label(measure.spec.label) if measure is not None else name


def said_fact(view: View, rule: CompiledRule | None, name: str, value: Any) -> str:
    """The log keeps instants as UTC; people read them in the office's time, and date fields as days."""
    field = field_of(view, rule, name)
    if isinstance(value, str) and INSTANT.fullmatch(value):
        moment = view.moment(value)
        return f"{moment:%Y-%m-%d}" if field is not None and field.type == "date" else as_moment(moment)
    return said_field(view, field, value)
