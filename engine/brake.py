"""The brake: what rules propose beyond a number in 24 hours is held until two persons have looked (ADR 0020).

It looks at numbers alone: one bad clock, one bad list or one bad rule must not summon a whole city.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from engine.case import canonical
from engine.decide import Spoken
from engine.desk import Desk
from engine.doing import Doing
from engine.facts import Subject
from engine.limits import Limits
from engine.opening import Addressee, proposals
from engine.privacy import entered_facts
from engine.wanted import ACTING
from rules.language import Opening
from rules.time.instant import local_day
from store.read import Reader
from store.rows import Entry, HoldRow, HoldState, Plain, name_of_firing

HOLD, RELEASE, DROP, SETTLE = "brake.hold", "brake.release", "brake.drop", "brake.settle"
READ, SET = "brake.read", "brake.set"
OFFICE_BRAKE = "brake"  # the object of the entries that set it
SPAN = timedelta(hours=24)
LOOKED_BACK = timedelta(days=90)
LEAST, TIMES = 5, 3

Wanted = tuple[tuple[Opening, Addressee], ...]


class Number(NamedTuple):
    """How many in 24 hours, and who says so."""

    most: int | None
    source: Literal["office", "book", "history"]


@dataclass(frozen=True, kw_only=True)
class Braked:
    """`state`: held or waiting behind what is held; None where it may go on."""

    wanted: Wanted = ()
    state: HoldState | None = None
    used: int = 0
    cap: int | None = None


def braked(doing: Doing) -> Braked:
    """Whether a decision may be carried out, before anything of it is entered."""
    desk, spoken = doing.desk, doing.spoken
    if spoken.decision.shadow or not any(getattr(doing.actions, name) for name in ACTING):
        return Braked()
    wanted = tuple(proposals(doing)) if doing.actions.propose else ()
    if spoken.clock is not None and _stands_behind(desk, spoken):
        return Braked(wanted=wanted, state="waiting")
    return weigh(desk, wanted)


def weigh(desk: Desk, wanted: Wanted) -> Braked:
    """All that one decision proposes is let through, or nothing of it."""
    if not wanted:
        return Braked()
    used, cap = used_by(desk), cap_of(desk)
    exceeds = cap is not None and used + len(wanted) > cap
    return Braked(wanted=wanted, state="held" if exceeds else None, used=used, cap=cap)


def used_by(desk: Desk) -> int:
    """So many were proposed in the last 24 hours, those on the table too."""
    since = desk.now - SPAN
    return desk.tx.count_proposed(since) + sum(each.proposed for each in desk.firings if each.at > since)


def cap_of(desk: Desk) -> int | None:
    """So many in 24 hours. None: nothing is held."""
    day = local_day(desk.now, desk.book.zone)
    if day not in desk.caps:
        desk.caps[day] = number_of(desk.tx, desk.limits, desk.book.zone, desk.now).most
    return desk.caps[day]


def number_of(reader: Reader, limits: Limits, zone: ZoneInfo, now: datetime) -> Number:
    """What the office has set, else what its book says, else what its past allows."""
    said = office_number(reader)
    if said is not None:
        return Number(said, "office")
    if limits.book is not None:
        return Number(limits.book, "book")
    if not limits.by_history:
        return Number(None, "history")
    return Number(max(LEAST, TIMES * largest_day(reader, zone, now)), "history")


def office_number(reader: Reader) -> int | None:
    """What two persons have set last; it stands in the log alone."""
    line = next(iter(reader.list_audit(obj=OFFICE_BRAKE, act=SET, limit=1)), None)
    said: int | None = None if line is None else json.loads(line.rec).get("most")
    return said


def largest_day(reader: Reader, zone: ZoneInfo, now: datetime) -> int:
    """The most on one day of the office in the 90 before the last 24 hours, which are being judged."""
    last = now - SPAN
    days = Counter[date]()
    for at, count in reader.proposed_at(last - LOOKED_BACK, last):
        days[local_day(at, zone)] += count
    return max(days.values(), default=0)


def ladder_of(occasion: str) -> str:
    """Clock and due moment: what rungs of one ladder have in common."""
    return "|".join(occasion.split("|")[:2])


def _stands_behind(desk: Desk, spoken: Spoken) -> bool:
    """A rung below it is still held: whatever acts above waits, and is not skipped (T5)."""
    decision = spoken.decision
    if not desk.holding:
        return False
    open_ones = (each for each in desk.holds_of(decision.subject, decision.rule) if each.is_open)
    return any(ladder_of(each.occasion) == ladder_of(decision.occasion) for each in open_ones)


# ---------------------------------------------------------------- holding


def hold(desk: Desk, spoken: Spoken, subject: Subject, found: Braked) -> None:
    """One entry and one row; nothing else of the decision happens. That it was asked stays with the item."""
    assert found.state is not None
    decision, case = spoken.decision, subject.case
    entry = desk.enter(hold_entry(desk, spoken, subject, found))
    desk.holds.append(
        HoldRow(
            subject=decision.subject,
            rule=decision.rule,
            occasion=decision.occasion,
            at=desk.now,
            book=desk.book.digest,
            proposes=len(found.wanted),
            workflows=canonical(workflows_of(found.wanted)),
            units=canonical(units_of(subject, found.wanted)),
            told=canonical(told_of(spoken, subject)),
            zh=decision.zh,
            en=decision.en,
            sealed=is_sealed(desk, subject, found.wanted),
            state=found.state,
            entry=entry,
        )
    )
    desk.holding = True
    if case is not None:
        case.touched = entry


def hold_entry(desk: Desk, spoken: Spoken, subject: Subject, found: Braked) -> Entry:
    decision = spoken.decision
    kind, _, id = decision.subject.partition(":")
    zh, en = REASONS[found.state or "held"]
    said = {"used": found.used, "cap": found.cap, "count": len(found.wanted)}
    return Entry(
        act=HOLD,
        actor={"id": f"rule:{decision.rule}", "kind": "rule"},
        obj_type=kind,
        obj_id=id or "office",
        ok=False,
        why=f"{decision.zh}；{zh.format(**said)}",
        sealed=is_sealed(desk, subject, found.wanted),
        facts=entered_facts(desk.book, subject.kind, spoken.facts.values),
        more={
            "rule": decision.rule,
            "basis": spoken.rule.spec.basis,
            "idem": name_of_firing(decision.subject, decision.rule, decision.occasion),
            "state": found.state,
            "proposes": len(found.wanted),
            "used": found.used,
            "cap": found.cap,
            "workflows": workflows_of(found.wanted),
            "units": units_of(subject, found.wanted),
            "why_en": f"{decision.en}; {en.format(**said)}",
        },
    )


REASONS = {
    "held": (
        "规则24小时内已提出{used}件，再提出{count}件将超过上限{cap}件，暂扣，由两人核定",
        "rules have proposed {used} in 24 hours, {count} more would exceed {cap}: held for two persons",
    ),
    "waiting": (
        "同一时限的前一级尚被暂扣，依次等候",
        "a rung below it is held, and it waits for its turn",
    ),
}


def workflows_of(wanted: Wanted) -> list[Plain]:
    return [*sorted({opening.workflow for opening, _ in wanted})]


def units_of(subject: Subject, wanted: Wanted) -> list[Plain]:
    """Of whom it is, and on whom it would come."""
    found = {subject.unit, *(whom.unit for _, whom in wanted)}
    return [*sorted(each for each in found if each is not None)]


def is_sealed(desk: Desk, subject: Subject, wanted: Wanted) -> bool:
    """Also where what it would propose is sealed: that somebody was to be referred is as secret."""
    beyond = any(desk.book.workflows[opening.workflow].spec.sealed for opening, _ in wanted)
    return beyond or (subject.case is not None and subject.case.row.sealed)


def told_of(spoken: Spoken, subject: Subject) -> dict[str, Plain]:
    """What is needed to decide it anew, beside subject, rule and occasion."""
    period, change = subject.period, subject.change
    told: dict[str, Plain] = {
        "unit": subject.unit,
        "owner": subject.owner,
        "event": subject.event,
        "by": subject.by,
        "args": dict(subject.args),
        "period": [period.id, period.first.isoformat(), period.last.isoformat()] if period else None,
        "as_of": _text(subject.as_of),
        "owed_at": _text(subject.owed_at),
        "spoke": [spoken.decision.rung, spoken.again] if spoken.clock is not None else None,
        "moment": spoken.decision.occasion.split("|")[-1] if spoken.clock is not None else None,
        "change": {"field": change.field, "old": change.old, "new": change.new} if change else None,
    }
    return {name: value for name, value in told.items() if value not in (None, {})}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
