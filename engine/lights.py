"""Lights that ladders have lit: when rungs are no longer reached, back to what those that are say."""

from collections.abc import Iterator
from datetime import datetime

from engine.book.compiled import CompiledClock, CompiledRule
from engine.case import Case, Running
from engine.clock_words import Told, enter_clock
from engine.desk import Desk
from engine.wake import ladder_of
from engine.wanted import combine
from rules.decide import Series

GRAVER = ("none", "green", "yellow", "red")  # each than those before it
LIGHTS = {
    "none": ("不亮灯", "no light"),
    "green": ("绿灯", "green"),
    "yellow": ("黄灯", "yellow"),
    "red": ("红灯", "red"),
}


def said(desk: Desk, case: Case) -> str:
    """The gravest light of all rungs that are reached."""
    lights = (light for running in case.clocks.values() for light in _lights(desk, case, running))
    return max(lights, key=GRAVER.index, default="none")


def relight(desk: Desk, case: Case, spec: CompiledClock, before: str) -> None:
    """After a clock has moved; `before`: what was said until then. A light that something else has lit
    stays, unless a graver one is said now."""
    after, now = said(desk, case), case.row.light
    graver = GRAVER.index(after) > max(GRAVER.index(before), GRAVER.index(now))
    if after in (before, now) or (now != before and not graver):
        return
    old, new = LIGHTS[now], LIGHTS[after]
    why = ("按现在已到的梯级", "by the rungs that are reached now")
    zh, en = f"{old[0]}改为{new[0]}：{why[0]}", f"{old[1]} is {new[1]} now, {why[1]}"
    enter_clock(desk, case, spec, Told(act="clock.light", zh=zh, en=en, more={"from": now, "to": after}))
    assert case.touched is not None
    case.change(case.touched, light=after)


def _lights(desk: Desk, case: Case, running: Running) -> Iterator[str]:
    """Of what no longer applies nothing is said; of what stands still only what was reached before."""
    row = running.row
    if row.outcome == "cancelled":
        return
    at = desk.now
    if row.outcome == "paused":
        at = min((at, *(hold.since for hold in running.state().holds)))
    for rule in desk.book.ladder_rules(case.row.workflow, row.clock):
        if rule.spec.mode == "live":
            rung = _highest(desk, case, running, rule, min(at, row.ended_at or at))
            light = combine(rule, rung).actions.light if rung is not None else None
            if light is not None:
                yield light


def _highest(desk: Desk, case: Case, running: Running, rule: CompiledRule, at: datetime) -> int | None:
    """Of those that have spoken for this due moment, or will as nothing else is asked of them."""
    spoken, started = running.last_spoken(rule.id).rung, running.heard_from
    ladder = ladder_of(desk.book, rule, case, running)
    for rung in range(len(ladder) - 1, -1, -1):
        asked = rule.condition is not None or rule.ladder[rung].condition is not None
        if (rung == spoken or not asked or (rung < spoken and not rule.ladder[rung].condition)) and (
            _reached(ladder[rung], started, at)
        ):
            return rung
    return None


def _reached(moment: datetime | Series, started: datetime, at: datetime) -> bool:
    if isinstance(moment, Series):
        return moment.newest(started, at) is not None
    return started <= moment <= at
