"""Deciding anew what was held: the same subject, rule and occasion, on the facts of now."""

import json
from datetime import date, datetime

from engine.book.compiled import CompiledRule
from engine.decide import Spoken, decide_occasion, decide_rung_anew
from engine.desk import Desk
from engine.facts import Change, Subject
from engine.wake import ladder_of, period_named, speaks
from rules.decide import Series, Spoke, moment_of
from store.rows import HoldRow


def decide_anew(desk: Desk, row: HoldRow) -> tuple[Spoken, Subject] | None:
    """None where it has nothing to say any more: another book, an item settled, a condition that fails."""
    rule, subject = desk.book.rules.get(row.rule), _subject(desk, row)
    if rule is None or subject is None:
        return None
    if rule.occasion == "clock":
        spoken = _rung_anew(desk, rule, subject, row)
    else:
        spoken = decide_occasion(desk, rule, subject, row.occasion)
    if spoken is None or spoken.decision.shadow:
        return None
    return spoken, subject


def _subject(desk: Desk, row: HoldRow) -> Subject | None:
    told = json.loads(row.told)
    kind, _, id = row.subject.partition(":")
    case = desk.case(id) if kind == "item" else None
    if kind == "item" and (case is None or ("period" in told and case.row.closed_at is not None)):
        return None
    period = told.get("period")
    return Subject(
        case=case,
        unit=told.get("unit"),
        owner=told.get("owner"),
        event=told.get("event"),
        by=told.get("by"),
        args=told.get("args", {}),
        period=period_named(period[0], *map(date.fromisoformat, period[1:])) if period else None,
        as_of=_moment(told.get("as_of")),
        owed_at=_moment(told.get("owed_at")),
        change=Change(**told["change"]) if "change" in told else None,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _rung_anew(desk: Desk, rule: CompiledRule, subject: Subject, row: HoldRow) -> Spoken | None:
    """Only as long as the clock runs towards the same moment, and the rung is where it was."""
    assert subject.case is not None
    told = json.loads(row.told)
    running, spoke = subject.case.clocks.get(row.occasion.split("|")[0]), Spoke(*told["spoke"])
    if running is None or not speaks(desk.book, subject.case, running):
        return None
    ladder = ladder_of(desk.book, rule, subject.case, running)
    at = _moment(told["moment"])
    if at is None or running.row.due_at.isoformat() != row.occasion.split("|")[1]:
        return None
    if spoke.rung >= len(ladder) or (spoke.again and not isinstance(ladder[spoke.rung], Series)):
        return None
    if moment_of(ladder, spoke) != at:
        return None
    return decide_rung_anew(desk, rule, subject, running, spoke, at=at)
