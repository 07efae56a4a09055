"""Rules that speak before an event and may refuse it, with their reason."""

from dataclasses import dataclass, replace

from engine.decide import LANGUAGES, as_of, band_of, count, governs
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.privacy import entered_facts
from engine.wanted import combine
from engine.words import say_value
from rules.shape import Label
from store.rows import Entry


@dataclass(frozen=True, kw_only=True)
class Forbidden:
    rule: str
    zh: str
    en: str
    code: str = "guard"


def forbid(desk: Desk, event: str, subject: Subject) -> Forbidden | None:
    """The first guard that the event does not pass."""
    subject = replace(subject, pending=True)
    assert subject.kind is not None
    for rule in desk.book.guards(subject.kind, event):
        if not governs(desk, rule, subject):
            continue
        seen = as_of(desk, rule, subject)
        facts = gather(desk, rule.reads, seen)
        if rule.condition is not None and not rule.condition.evaluate(facts.values):
            continue
        counted = count(desk, rule, seen, facts)
        rung = band_of(rule, counted)
        if counted is not None and rung is None:
            continue
        wanted = combine(rule, rung)
        if wanted.require is not None and not wanted.require.evaluate(facts.values):
            otherwise = wanted.actions.otherwise or rule.spec.label
            nth = counted.nth if counted else None
            zh, en = (_say(desk, otherwise, rule.spec.basis, nth, each) for each in LANGUAGES)
            forbidden = Forbidden(rule=rule.id, zh=zh, en=en)
            if rule.spec.mode == "live":
                return forbidden
            desk.enter(_would_refuse(desk, event, subject, facts, forbidden))
    return None


def _would_refuse(desk: Desk, event: str, subject: Subject, facts: Facts, forbidden: Forbidden) -> Entry:
    """In shadow mode a guard is logged and stops nobody."""
    case, rule = subject.case, desk.book.rules[forbidden.rule]
    sealed = case.row.sealed if case else desk.book.workflows[subject.kind or ""].spec.sealed
    return Entry(
        act="rule.shadow",
        actor={"id": f"rule:{rule.id}", "kind": "rule"},
        obj_type="item" if case else "office",
        obj_id=case.row.id if case else desk.book.info.id,
        why=forbidden.zh,
        sealed=sealed,
        facts=entered_facts(desk.book, subject.kind, facts.values),
        more={"rule": rule.id, "basis": rule.spec.basis, "event": event, "why_en": forbidden.en},
    )


def _say(desk: Desk, otherwise: Label, basis: str, nth: int | None, language: str) -> str:
    text = otherwise.zh if language == "zh" else otherwise.en
    text = text.replace("{nth}", say_value(desk.book, nth, language))
    return f"{text}（{basis}）" if language == "zh" else f"{text} ({basis})"
