"""What comes next for an item if nobody does anything: due moments, rungs, ends of pauses, rounds."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from duban.texts import LIGHTS
from duban.views.spoken_time import say_length
from duban.views.view import View
from engine.book.compiled import CompiledRule
from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.clock_words import cause_of
from engine.roles import About, resolve
from engine.rounds import first_round
from engine.wake import NEVER, passes_at, speaks
from engine.wake import rungs_to_come as coming_rungs
from engine.wanted import combine
from rules.language import Actions
from rules.time.clock import held_until
from store.rows import ClockRow, ItemRow

Data = dict[str, Any]
Moment = tuple[datetime, Data]


def next_moments(view: View, row: ItemRow, clocks: list[ClockRow]) -> Iterator[Data]:
    """In order of time, each with those it would tell."""
    case = Case.of(row)
    case.clocks = {clock.clock: Running.of(clock) for clock in clocks if clock.clock in view.book.clocks}
    moments = [moment for running in case.clocks.values() for moment in _of_clock(view, case, running)]
    if row.closed_at is None:
        moments += [*_rounds(view, row)]
    for at, said in sorted(moments, key=lambda pair: pair[0]):
        yield {"at": view.local(at), **said}


def _of_clock(view: View, case: Case, running: Running) -> Iterator[Moment]:
    name, row = running.row.clock, running.row
    spec = view.book.clocks[name]
    label = view.label(spec.spec.label)
    passes = passes_at(view.book, running)
    if passes is not None and passes > view.now and running.live:
        if row.outcome == "paused":
            held = held_until(running.state(), spec.limits, calendar_of(view.book, spec))
            cause = cause_of(view.book, spec, held[1] if held else "", view.language)
            what = view.pick(f"{cause}的时间用完，恢复计时", f"the time for “{cause}” is used up, it runs on")
        elif spec.spec.window:
            what = view.pick("期间届满", "it is over")
        else:
            what = view.pick("到期", "due")
        yield passes, {"rule_label": label, "told": [], "what": what}
    if running.live and row.started_at > view.now:
        yield row.started_at, {"rule_label": label, "told": [], "what": view.pick("起算", "begins")}
    if speaks(view.book, case, running):
        for rule in view.book.ladder_rules(case.row.workflow, name):
            yield from rungs_to_come(view, rule, case, running)


def rungs_to_come(view: View, rule: CompiledRule, case: Case, running: Running) -> Iterator[Moment]:
    about = About(unit=case.row.unit, owner=case.row.owner, fields=case.fields)
    for position, at in coming_rungs(view.book, rule, case, running, view.now):
        if at == NEVER:
            continue
        wanted = combine(rule, position).actions
        posts = dict.fromkeys(
            post for role in (*wanted.remind, *wanted.notify) for post in resolve(view.book, role, about)
        )
        conditions = (rule.condition, rule.ladder[position].condition)
        said = {
            "rule": rule.id,
            "rule_label": view.label(rule.spec.label),
            "basis": rule.spec.basis,
            "condition": view.pick("，且", ", and ").join(
                each.sentence(view.language) for each in conditions if each is not None
            )
            or None,
            "told": [view.name(post) for post in posts],
            "what": what_is_wanted(view, wanted),
            "again": _again(view, rule, position),
        }
        yield at, said


def _again(view: View, rule: CompiledRule, position: int) -> str | None:
    """Of a rung that comes again: how often."""
    spec = rule.spec.ladder[position]
    if spec.every is None:
        return None
    every = say_length(spec.every, view.language)
    most = view.pick(f"，共{spec.times}次", f", {spec.times} times in all") if spec.times else ""
    return view.pick(f"此后每{every}一次{most}", f"then again every {every}{most}")


def _rounds(view: View, row: ItemRow) -> Iterator[Moment]:
    """Rules by period that will look at it."""
    for rule in view.book.periodic_rules:
        found = first_round(view.book, rule, view.now) if row.workflow in rule.workflows else None
        if found is not None:
            yield (
                found.at,
                {
                    "rule": rule.id,
                    "rule_label": view.label(rule.spec.label),
                    "basis": rule.spec.basis,
                    "condition": rule.condition.sentence(view.language) if rule.condition else None,
                    "told": [],
                    "what": view.pick("按期评定", "looks at it"),
                },
            )


def what_is_wanted(view: View, wanted: Actions) -> str:
    parts = [
        view.pick("提醒", "remind") if wanted.remind else "",
        view.pick("告知", "notify") if wanted.notify or wanted.tell else "",
        view.pick("亮灯", "light") + f" {LIGHTS[wanted.light].in_(view.language)}" if wanted.light else "",
        view.pick("拟议", "propose") if wanted.propose else "",
        view.pick("立项", "open") if wanted.open else "",
        view.pick("流转", "move") if wanted.move else "",
        view.pick("填写", "fill in") if wanted.set else "",
        view.pick("延期", "extend") if wanted.extend else "",
        view.pick("起草文书", "draft a document") if wanted.document else "",
    ]
    return view.pick("、", ", ").join(part for part in parts if part)
