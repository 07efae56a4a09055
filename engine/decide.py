"""Decide: whether a rule speaks about a subject now, with its reason in one sentence and its clause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Running
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.wake import in_force
from engine.wanted import Wanted, combine
from engine.words import readable, say_moment, say_offset, say_value
from rules.cel import Language
from rules.decide import Decision, reached_rung

LIMITS = "params."  # what a condition holds its facts against is said by its value
LANGUAGES: tuple[Language, Language] = ("zh", "en")


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A decision with what is wanted and what it rests on."""

    rule: CompiledRule
    decision: Decision
    wanted: Wanted
    facts: Facts
    clock: str | None = None  # the one whose rung spoke
    nth: int | None = None
    cites: tuple[str, ...] = ()  # the earlier ones that were counted


def decide_rung(
    desk: Desk, rule: CompiledRule, subject: Subject, running: Running, moments: tuple[datetime, ...]
) -> Spoken | None:
    """A ladder by time: the highest rung reached and not yet spoken, if its condition holds."""
    rung = reached_rung(
        moments,
        started=running.row.started_at,
        spoken=running.highest_spoken(rule.id),
        now=desk.now,
    )
    if rung is None:
        return None
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    due = running.row.due_at
    occasion = f"{running.row.clock}|{due.isoformat()}|{rung}"
    zh, en = (_because_rung(desk, rule, rung, due, subject, facts, language) for language in LANGUAGES)
    return Spoken(
        rule=rule,
        wanted=combine(rule, rung),
        facts=facts,
        clock=running.row.clock,
        decision=Decision(
            rule=rule.id,
            subject=subject.name,
            occasion=occasion,
            rung=rung,
            shadow=rule.spec.mode == "shadow",
            zh=zh,
            en=en,
        ),
    )


def decide_occasion(desk: Desk, rule: CompiledRule, subject: Subject, occasion: str) -> Spoken | None:
    """A period or an event: the condition, then, for a ladder by count, the rung of this time."""
    if not in_force(desk.book, rule, subject.as_of or desk.now):
        return None
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    counted = count(desk, rule, subject, facts)
    rung = band_of(rule, counted)
    if counted is not None and rung is None:
        return None
    zh, en = (_because(desk, rule, subject, facts, counted, language) for language in LANGUAGES)
    return Spoken(
        rule=rule,
        wanted=combine(rule, rung),
        facts=facts,
        nth=counted.nth if counted else None,
        cites=counted.cites if counted else (),
        decision=Decision(
            rule=rule.id,
            subject=subject.name,
            occasion=occasion,
            rung=rung,
            shadow=rule.spec.mode == "shadow",
            zh=zh,
            en=en,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Counted:
    nth: int
    cites: tuple[str, ...]


def count(desk: Desk, rule: CompiledRule, subject: Subject, facts: Facts) -> Counted | None:
    """Which time this is: the measure before it, and one. The item itself is not counted before itself."""
    if rule.spec.count is None:
        return None
    as_of = rule.as_of.evaluate(facts.values) if rule.as_of is not None else None
    assert as_of is None or isinstance(as_of, datetime)
    name = rule.spec.count.measure
    again = Subject(
        case=subject.case,
        unit=subject.unit,
        owner=subject.owner,
        period=subject.period,
        args=subject.args,
        as_of=as_of or subject.as_of,
    )
    counted = gather(desk, (name,), again)
    cites = counted.cites.get(name, ())
    value = counted.values.get(name, 0)
    assert isinstance(value, int)
    itself = subject.case is not None and subject.case.row.id in cites
    earlier = tuple(each for each in cites if subject.case is None or each != subject.case.row.id)
    return Counted(nth=value + (0 if itself else 1), cites=earlier)


def band_of(rule: CompiledRule, counted: Counted | None) -> int | None:
    """The rung of a ladder by count; None when there is none, or when it has no rung for this time."""
    if counted is None:
        return None
    return next((position for position, band in enumerate(rule.times) if band.covers(counted.nth)), None)


def _because(
    desk: Desk,
    rule: CompiledRule,
    subject: Subject,
    facts: Facts,
    counted: Counted | None,
    language: Language,
) -> str:
    parts = list(reasons(desk.book, rule, subject, facts, language))
    if counted is not None:
        parts.append(_say_count(desk.book, counted, language))
    return _sentence(rule, parts, language)


def _say_count(book: Book, counted: Counted, language: Language) -> str:
    cited = say_value(book, counted.cites, language) if counted.cites else ""
    if language == "zh":
        return f"窗口内第{counted.nth}次" + (f"（此前：{cited}）" if cited else "")
    return f"time {counted.nth} in the window" + (f" (before: {cited})" if cited else "")


def _because_rung(
    desk: Desk,
    rule: CompiledRule,
    rung: int,
    due: datetime,
    subject: Subject,
    facts: Facts,
    language: Language,
) -> str:
    moment, offset = say_moment(desk.book, due, language), say_offset(rule.ladder[rung].offset, language)
    when = f"期限{moment}，{offset}" if language == "zh" else f"due {moment}, {offset}"
    return _sentence(rule, [when, *reasons(desk.book, rule, subject, facts, language)], language)


def _sentence(rule: CompiledRule, parts: list[str], language: Language) -> str:
    label, basis = rule.spec.label, rule.spec.basis
    if language == "zh":
        return f"{label.zh}（{basis}）" + (f"：{'，'.join(parts)}" if parts else "") + "。"
    return f"{label.en} ({basis})" + (f": {', '.join(parts)}" if parts else "") + "."


def reasons(
    book: Book, rule: CompiledRule, subject: Subject, facts: Facts, language: Language
) -> tuple[str, ...]:
    """The comparisons that held, each with the values and the items behind it."""
    if rule.condition is None:
        return ()
    workflow = subject.case.row.workflow if subject.case is not None else None
    said = readable(book, workflow, facts.values, language)
    return tuple(
        line.text + _values(book, line.values, said, facts, language)
        for line in rule.condition.trace(facts.values, language, LIMITS)
        if line.verdict
    )


def _values(
    book: Book, names: Iterable[str], said: Mapping[str, object], facts: Facts, language: Language
) -> str:
    """`（现为3：PB-2020-0007）`: what was found, and the items counted."""
    found = []
    for name in names:
        if name.startswith(LIMITS):
            continue
        value = say_value(book, said[name], language)
        cites = say_value(book, facts.cites[name], language) if facts.cites.get(name) else ""
        if language == "zh":
            found.append(f"现为{value}" + (f"：{cites}" if cites else ""))
        else:
            found.append(f"it is {value}" + (f": {cites}" if cites else ""))
    if not found:
        return ""
    return f"（{'；'.join(found)}）" if language == "zh" else f" ({'; '.join(found)})"
