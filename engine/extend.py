"""A deadline moved by a rule: granted in time and within its bounds, or refused with the reason."""

from dataclasses import dataclass
from datetime import datetime

from engine.book.clock_parts import AGREED
from engine.book.compiled import CompiledClock
from engine.border import UNNAMED, crosses
from engine.case import Case
from engine.clock_calendar import calendar_of
from engine.clock_words import say_due
from engine.decide import Spoken
from engine.desk import Desk
from engine.lights import relight, said
from engine.relays import enter_withdrawn, settle
from engine.step import Actor
from engine.words import say_moment
from rules.language import Extend
from rules.time import clock as life
from rules.time.clock_state import ClockState
from rules.time.duration import Duration
from rules.time.extension import Refusal
from rules.time.instant import instant
from store.rows import Entry, Plain


@dataclass(frozen=True, kw_only=True)
class Extending:
    """An extension that a rule wants: of which item, and by which decision."""

    spoken: Spoken
    wanted: Extend
    case: Case  # the one whose clock it is
    asked: Case | None  # the one that says by how much
    actor: Actor

    @property
    def beyond(self) -> bool:
        """A sealed item extends one that is not: neither rule nor reason is told there."""
        return crosses(self.asked, sealed=self.case.row.sealed)


def extend_clock(desk: Desk, extending: Extending) -> bool:
    """False when it was granted too late or too much: the old date stands, and the log says why."""
    case, clock, decision = extending.case, extending.wanted.clock, extending.spoken.decision
    if clock not in case.clocks:
        return False
    spec, before = desk.book.clocks[clock], case.clocks[clock].state()
    try:
        later = _extended(desk, spec, before, extending)
    except Refusal as refusal:
        told = _say_refusal(desk, spec, before, refusal)
        _enter(desk, extending, before, told, {"ground": refusal.ground, "ok": False})
        return False
    lit = said(desk, case)
    settle(desk, case, clock, later)
    zh, en = (say_due(desk.book, spec, later, language) for language in ("zh", "en"))
    told = f"{spec.spec.label.zh}：{zh}。", f"{spec.spec.label.en}: {en}."
    if not extending.beyond:
        told = f"{decision.zh}{told[0]}", f"{decision.en} {told[1]}"
    _enter(desk, extending, before, told, {"ok": True})
    if before.missed_at is not None and later.missed_at is None:
        enter_withdrawn(desk, case, spec, before.missed_at)
    relight(desk, case, spec, lit)
    return True


def _extended(desk: Desk, spec: CompiledClock, state: ClockState, extending: Extending) -> ClockState:
    wanted, calendar = extending.wanted, calendar_of(desk.book, spec)
    bounds, base = spec.bounds, spec.bounds.base
    if wanted.by is not None:
        by = _length(extending.asked, wanted.by)
        return life.extend(state, desk.now, calendar, by=by, base=base, bounds=bounds)
    assert wanted.to is not None, "the shape of `extend` requires one of the two"
    to = extending.spoken.wanted.expressions[wanted.to].evaluate(extending.spoken.facts.values)
    assert isinstance(to, datetime), "the book's check requires a moment"
    return life.extend(state, desk.now, calendar, to=_end_of_day(desk, spec, to), bounds=bounds)


def _length(asked: Case | None, written: str) -> Duration:
    """As written, or as a field of the item says. Raises Refusal when nothing is given there."""
    found = AGREED.fullmatch(written)
    if found is None:
        return Duration.parse(written)
    given = asked.fields.get(found[1]) if asked is not None else None
    if not isinstance(given, str):
        raise Refusal("not_given", f"{found[1]} does not say by how much")
    return Duration.parse(given)


def _end_of_day(desk: Desk, spec: CompiledClock, to: datetime) -> datetime:
    """A date field is midnight at its start; a deadline on that day ends with the day."""
    local = to.astimezone(desk.book.zone)
    if (local.hour, local.minute) != (0, 0):
        return to
    return instant(local.date(), spec.at, desk.book.zone)


def _say_refusal(desk: Desk, spec: CompiledClock, state: ClockState, refusal: Refusal) -> tuple[str, str]:
    bounds = spec.bounds
    latest = {
        language: say_moment(desk.book, refusal.latest, language) if refusal.latest else ""
        for language in ("zh", "en")
    }
    zh, en = {
        "ended": ("批准时原期限已过", "it had ended when it was granted"),
        "late": ("批准时原期限已过", "it was due before it was granted"),
        "not_given": ("没有写明延长多少", "nothing says by how much"),
        "not_later": ("新期限不晚于原期限", "the new date is not later than the old one"),
        "times": (
            f"已延期{len(state.extensions)}次，最多{bounds.times}次",
            f"it was extended {len(state.extensions)} times already, at most {bounds.times}",
        ),
        "total": (
            f"累计最多延长{bounds.total.text() if bounds.total else ''}，即最迟{latest['zh']}",
            f"at most {bounds.total} in all, that is until {latest['en']}",
        ),
    }[refusal.ground]
    old = {language: say_moment(desk.book, state.due, language) for language in ("zh", "en")}
    return f"延期未生效：{zh}；仍为{old['zh']}", f"not extended: {en}; it is still due {old['en']}"


def _enter(
    desk: Desk,
    extending: Extending,
    before: ClockState,
    said: tuple[str, str],
    more: dict[str, Plain],
) -> None:
    case, clock = extending.case, extending.wanted.clock
    ok = bool(more.pop("ok"))
    case.touched = desk.enter(
        Entry(
            act="clock.extend",
            actor=(UNNAMED if extending.beyond else extending.actor).plain(),
            obj_type="item",
            obj_id=case.row.id,
            why=said[0],
            ok=ok,
            sealed=case.row.sealed,
            more={
                "clock": clock,
                "from": before.due.isoformat(),
                "to": case.clocks[clock].row.due_at.isoformat(),
                **more,
                "why_en": said[1],
            },
        )
    )
