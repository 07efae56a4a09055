"""Decide: whether a rule speaks about a subject now, with its reason in one sentence and its clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Running
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.wanted import Wanted, combine
from engine.words import say_moment, say_value
from rules.cel import Condition, Language
from rules.decide import Decision, reached_rung
from rules.language import TimeRung

NEVER = datetime.max.replace(tzinfo=UTC)
LANGUAGES: tuple[Language, Language] = ("zh", "en")
STOP: Mapping[str, str] = {"zh": "。", "en": "."}
COMMA: Mapping[str, str] = {"zh": ",", "en": ", "}


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A decision with what is wanted and what it rests on."""

    rule: CompiledRule
    decision: Decision
    wanted: Wanted
    facts: Facts
    nth: int | None = None
    cites: tuple[str, ...] = ()  # the earlier ones that were counted


def decide_rung(
    desk: Desk, rule: CompiledRule, subject: Subject, running: Running, moments: tuple[datetime, ...]
) -> Spoken | None:
    """A ladder by time: the highest rung reached and not yet spoken, if its condition holds."""
    rung = reached_rung(
        tuple(at if in_force(desk, rule, at) else NEVER for at in moments),
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
    zh, en = (_because_rung(desk.book, rule, rung, due, facts, language) for language in LANGUAGES)
    return Spoken(
        rule=rule,
        wanted=combine(rule, rung),
        facts=facts,
        decision=Decision(
            rule=rule.id, subject=subject.name, occasion=occasion, rung=rung, shadow=rule.spec.mode == "shadow", zh=zh, en=en
        ),
    )


def decide_occasion(
    desk: Desk, rule: CompiledRule, subject: Subject, occasion: str, at: datetime | None = None
) -> Spoken | None:
    """A period or an event: the condition, then, for a ladder by count, the rung of this time.

    `at`: when it was to be decided, if that was not now.
    """
    if not in_force(desk, rule, at or desk.now):
        return None
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    counted = count(desk, rule, subject, facts)
    rung = band_of(rule, counted)
    if counted is not None and rung is None:
        return None
    zh, en = (_because(desk.book, rule, facts, counted, language) for language in LANGUAGES)
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


def in_force(desk: Desk, rule: CompiledRule, at: datetime) -> bool:
    """By the moment that counts, not by when it was noticed: an outage makes no law."""
    day, effective = at.astimezone(desk.book.zone).date(), rule.spec.effective
    return (effective.from_ or day) <= day <= (effective.until or day)


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
        as_of=as_of,
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
    book: Book, rule: CompiledRule, facts: Facts, counted: Counted | None, language: Language
) -> str:
    parts = list(reasons(book, rule.condition, facts, language))
    if counted is not None:
        cited = say_value(book, counted.cites, language)
        if language == "zh":
            parts.append(f"窗口内第{counted.nth}次" + (f"(此前:{cited})" if counted.cites else ""))
        else:
            parts.append(f"time {counted.nth} in the window" + (f" (before: {cited})" if counted.cites else ""))
    return _sentence(rule, parts, language)


def _because_rung(
    book: Book, rule: CompiledRule, rung: int, due: datetime, facts: Facts, language: Language
) -> str:
    step = rule.ladder[rung].spec
    moment = say_moment(book, due, language)
    when = f"到期 {moment},{say_rung(step, language)}" if language == "zh" else f"due {moment}, {step.at}"
    return _sentence(rule, [when, *reasons(book, rule.condition, facts, language)], language)


def say_rung(rung: TimeRung, language: Language) -> str:
    return rung.at if language == "en" else f"阶梯「{rung.at}」"


def _sentence(rule: CompiledRule, parts: list[str], language: Language) -> str:
    label = rule.spec.label.zh if language == "zh" else rule.spec.label.en
    head = f"{label}({rule.spec.basis})" if language == "zh" else f"{label} ({rule.spec.basis})"
    if not parts:
        return head + STOP[language]
    return f"{head}{':' if language == 'zh' else ': '}{COMMA[language].join(parts)}{STOP[language]}"


def reasons(book: Book, condition: Condition | None, facts: Facts, language: Language) -> tuple[str, ...]:
    """The comparisons that held, each with the values and the items behind it."""
    if condition is None:
        return ()
    said = []
    for line in condition.trace(facts.values, language):
        if not line.verdict:
            continue
        values = [
            say_value(book, value, language)
            + (f":{say_value(book, facts.cites[name], language)}" if facts.cites.get(name) else "")
            for name, value in line.values.items()
            if not name.startswith("params.")
        ]
        said.append(line.text + (f"({'; '.join(values)})" if values else ""))
    return tuple(said)
