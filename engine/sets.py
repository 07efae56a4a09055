"""Sets of items or periods: what a rule has spoken about, so that it speaks of the same only once."""

import json
from hashlib import sha256

from engine.book.compiled import CompiledRule
from engine.case import canonical
from engine.desk import Desk
from engine.facts import Subject, every_member, likeness_of
from engine.words import say_period, say_value
from rules.language import Cases
from rules.time.period import parse_period
from store.rows import Entry, Plain

DIGEST = 32  # signs: the values themselves may be names of persons, and an id is read by everybody
SPOKEN_OF = "rule.cases"
Set = tuple[str, ...]


def set_of(desk: Desk, rule: CompiledRule, subject: Subject) -> Set | None:
    """All items or periods that the rule would speak about; None for a rule that speaks of no set."""
    return None if rule.spec.cases is None else every_member(desk, rule.spec.cases.of, subject)


def is_new(desk: Desk, rule: CompiledRule, subject: Subject, found: Set) -> bool:
    """Whether the rule may speak of these, after what it has spoken of before. Of nothing it never speaks."""
    assert rule.spec.cases is not None
    earlier = _earlier(desk, rule, rule.spec.cases, subject)
    known = frozenset[str]().union(*earlier)
    match rule.spec.cases.again:
        case "changed":
            return bool(found) and frozenset(found) not in earlier
        case "added":
            return not known.issuperset(found)
        case "apart":
            return bool(found) and known.isdisjoint(found)


def _earlier(desk: Desk, rule: CompiledRule, cases: Cases, subject: Subject) -> set[frozenset[str]]:
    """What was said in earnest; for a rule on trial also what it would have said."""
    desk.flush()
    _, whose = _whose(desk, cases, subject)
    records = (json.loads(line.rec) for line in desk.tx.list_audit(obj=whose, act=SPOKEN_OF))
    trial = rule.spec.mode == "shadow"
    return {
        frozenset(record["cases"])
        for record in records
        if record["rule"] == rule.id and (trial or not record.get("shadow"))
    }


def entry_of(desk: Desk, rule: CompiledRule, subject: Subject, found: Set) -> Entry:
    """What a rule has spoken of is remembered under the one for whom the items were counted."""
    assert rule.spec.cases is not None
    kind, whose = _whose(desk, rule.spec.cases, subject)
    label, count = rule.spec.label, len(found)
    listed: Plain = list(found)
    kind_zh = "期" if is_of_periods(desk, rule) else "件"
    said = {language: say_set(desk, rule, found, language) for language in ("zh", "en")}
    return Entry(
        act=SPOKEN_OF,
        actor={"id": f"rule:{rule.id}", "kind": "rule"},
        obj_type=kind,
        obj_id=whose,
        why=f"{label.zh}：已就这{count}{kind_zh}说过（{said['zh']}），同一组不再说",
        sealed=bool(subject.case and subject.case.row.sealed),
        more={
            "rule": rule.id,
            "cases": listed,
            "why_en": f"{label.en}: has spoken about these {count} ({said['en']})",
            **({"shadow": True} if rule.spec.mode == "shadow" else {}),
        },
    )


def say_set(desk: Desk, rule: CompiledRule, found: Set, language: str) -> str:
    if not is_of_periods(desk, rule):
        return say_value(desk.book, found, language)
    return ("、" if language == "zh" else ", ").join(say_period(parse_period(id), language) for id in found)


def is_of_periods(desk: Desk, rule: CompiledRule) -> bool:
    assert rule.spec.cases is not None
    return desk.book.measures[rule.spec.cases.of.partition(".")[2]].spec.periods is not None


def _whose(desk: Desk, cases: Cases, subject: Subject) -> tuple[str, str]:
    """Kind and id of the one for whom the measure counts: of what is the same in all of them, its digest."""
    scope, _, id = cases.of.partition(".")
    same = desk.book.measures[id].spec.same
    if same:
        values = canonical([id, [str(likeness_of(subject).get(name)) for name in same]])
        return "set", f"{id}:{sha256(values.encode()).hexdigest()[:DIGEST]}"
    match scope:
        case "unit" if subject.unit is not None:
            return "unit", subject.unit
        case "owner" if subject.owner is not None:
            return "post", subject.owner
        case "item" if subject.case is not None:
            return "item", subject.case.row.id
    return "office", desk.book.info.id
