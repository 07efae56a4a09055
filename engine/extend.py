"""A deadline moved by a rule: granted before the end and within its bounds, or refused with the reason."""

from dataclasses import dataclass
from datetime import datetime

from engine.case import Case
from engine.clocks import extend_to
from engine.decide import Spoken
from engine.desk import Desk
from engine.step import Actor
from rules.language import Extend
from rules.time.errors import ClockError
from rules.time.instant import instant
from store.rows import Entry


@dataclass(frozen=True, kw_only=True)
class Extending:
    """An extension that a rule wants: of which item, and by which decision."""

    spoken: Spoken
    wanted: Extend
    case: Case
    actor: Actor


def extend_clock(desk: Desk, extending: Extending) -> bool:
    """False when it was granted too late: the old date stands, and the log says why."""
    case, clock, decision = extending.case, extending.wanted.clock, extending.spoken.decision
    if clock not in case.clocks:
        return False
    to = extending.spoken.wanted.expressions[extending.wanted.to].evaluate(extending.spoken.facts.values)
    assert isinstance(to, datetime), "the book's check requires a moment"
    why, why_en, ok = decision.zh, decision.en, True
    before = case.clocks[clock].row.due_at
    try:
        extend_to(case, clock, end_of_day(desk, case, clock, to), desk.book, desk.now)
    except ClockError as error:
        passed = "批准时原期限已过" if desk.now >= before else "新期限不晚于原期限"
        why, why_en, ok = f"延期未生效：{passed}", f"not extended: {error}", False
    case.touched = desk.enter(
        Entry(
            act="clock.extend",
            actor=extending.actor.plain(),
            obj_type="item",
            obj_id=case.row.id,
            why=why,
            ok=ok,
            sealed=case.row.sealed,
            more={
                "clock": clock,
                "from": before.isoformat(),
                "to": case.clocks[clock].row.due_at.isoformat(),
                "why_en": why_en,
            },
        )
    )
    return ok


def end_of_day(desk: Desk, case: Case, clock: str, to: datetime) -> datetime:
    """A date field is midnight at its start; a deadline on that day ends with the day."""
    local = to.astimezone(desk.book.zone)
    if (local.hour, local.minute) != (0, 0):
        return to
    minute = next(each.at for each in desk.book.clocks_of(case.row.workflow) if each.id == clock)
    return instant(local.date(), minute, desk.book.zone)
