"""Decide: whether a rule speaks about a subject now, with its reason in one sentence and its clause."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from engine.absorption import absorbed_by, gives_way
from engine.because import Because, Counted
from engine.book.compiled import CompiledRule
from engine.case import Running
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.sets import is_new, set_of
from engine.wake import in_force, owed_at
from engine.wanted import Wanted, combine, manners_of
from rules.cel import Language
from rules.decide import Decision, Ladder, Spoke, Turn, moment_of, reached, take_turn
from rules.time.period import Period

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
    again: int = 0  # how often that rung came again before
    more: bool = False  # other rungs have their turn after it
    period: Period | None = None  # the one it is about
    nth: int | None = None
    cites: tuple[str, ...] = ()  # the earlier ones that were counted
    cases: tuple[str, ...] | None = None  # the set of items it speaks about
    absorbs: tuple[str, ...] = ()  # rules that are silent because this one speaks


def decide_rung(
    desk: Desk, rule: CompiledRule, subject: Subject, running: Running, ladder: Ladder
) -> Spoken | None:
    """A ladder by time: whose turn it is of the rungs that are reached, have not spoken, and hold."""
    upto = partial(
        reached, ladder, started=running.heard_from, spoken=running.last_spoken(rule.id), now=desk.now
    )
    found = tuple(upto())
    if not found:
        return None
    subject = as_of(desk, rule, subject)
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    if any(rule.ladder[each.last.rung].condition is not None for each in found):
        found = tuple(upto(holds=lambda rung: _rung_holds(rule, rung, facts)))
        if not found:
            return None
    turn = take_turn(found, manners_of(rule))
    return _spoken_rung(
        desk, rule, subject, running, turn=turn, at=moment_of(ladder, turn.spoke), facts=facts
    )


def decide_rung_anew(
    desk: Desk, rule: CompiledRule, subject: Subject, running: Running, spoke: Spoke, *, at: datetime
) -> Spoken | None:
    """One rung that had its turn before and was held: on the facts of now. It tells people unless a higher
    one has told them since."""
    subject = as_of(desk, rule, subject)
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    if not _rung_holds(rule, spoke.rung, facts):
        return None
    last = running.last_spoken(rule.id) == spoke
    turn = Turn(spoke, tells=last or manners_of(rule)[spoke.rung].ends, more=False)
    return _spoken_rung(desk, rule, subject, running, turn=turn, at=at, facts=facts)


def governs(desk: Desk, rule: CompiledRule, subject: Subject) -> bool:
    """Whether the rule is in force at the moment that counts, or was when the item was opened."""
    case, at = subject.case, subject.owed_at or subject.as_of or desk.now
    if case is not None and (rule.force.by_opening or subject.event == "open"):
        at = owed_at(desk.book, case.row)
    return in_force(desk.book, rule.force, at)


def as_of(desk: Desk, rule: CompiledRule, subject: Subject) -> Subject:
    """The subject as the rule looks at it: now, or from the moment that it names."""
    if rule.moment is None:
        return subject
    at = rule.moment.evaluate(gather(desk, rule.moment.reads, subject).values)
    assert isinstance(at, datetime)
    return replace(subject, as_of=at)


def _rung_holds(rule: CompiledRule, rung: int, facts: Facts) -> bool:
    condition = rule.ladder[rung].condition
    return condition is None or bool(condition.evaluate(facts.values))


def _spoken_rung(
    desk: Desk,
    rule: CompiledRule,
    subject: Subject,
    running: Running,
    *,
    turn: Turn,
    at: datetime,
    facts: Facts,
) -> Spoken:
    due, (rung, again) = running.row.due_at, turn.spoke
    because = Because(book=desk.book, rule=rule, subject=subject, facts=facts)
    zh, en = (because.of_rung(rung, due, language, again) for language in LANGUAGES)
    return Spoken(
        rule=rule,
        wanted=combine(rule, rung, tells=turn.tells),
        facts=facts,
        clock=running.row.clock,
        again=again,
        more=turn.more,
        decision=Decision(
            rule=rule.id,
            subject=subject.name,
            occasion=occasion_of(running, turn.spoke, at),
            rung=rung,
            shadow=rule.spec.mode == "shadow",
            zh=zh,
            en=en,
        ),
    )


def occasion_of(running: Running, spoke: Spoke, at: datetime) -> str:
    """`due|<due moment>|2|0|<moment of the rung>`: the place in the ladder, how often before, and when.

    In another book another rung may have that place; its moment tells them apart. Stores of before have
    `due|<due moment>|2`, and `due|<due moment>|2|3` for one that came the fourth time.
    """
    row = running.row
    moment = at.astimezone(UTC).isoformat()
    return f"{row.clock}|{row.due_at.isoformat()}|{spoke.rung}|{spoke.again}|{moment}"


def decide_occasion(desk: Desk, rule: CompiledRule, subject: Subject, occasion: str) -> Spoken | None:
    """An event, a change or a period; silent where a rule speaks on it that this one yields to."""
    spoken = judge(desk, rule, subject, occasion)
    if spoken is None:
        return None

    def speaks(other: CompiledRule) -> bool:
        return judge(desk, other, subject, occasion) is not None

    if gives_way(desk, rule, subject, occasion, speaks):
        return None
    return replace(spoken, absorbs=absorbed_by(desk, rule, subject, speaks))


def judge(desk: Desk, rule: CompiledRule, subject: Subject, occasion: str) -> Spoken | None:
    """The condition and the set of items, then, for a ladder by count, the rung of this time."""
    if not governs(desk, rule, subject):
        return None
    subject = as_of(desk, rule, subject)
    facts = gather(desk, rule.reads, subject)
    if rule.condition is not None and not rule.condition.evaluate(facts.values):
        return None
    found = set_of(desk, rule, subject)
    if found is not None and not is_new(desk, rule, subject, found):
        return None
    counted = count(desk, rule, subject, facts)
    rung = band_of(rule, counted)
    if counted is not None and rung is None:
        return None
    because = Because(book=desk.book, rule=rule, subject=subject, facts=facts)
    zh, en = (because.of_occasion(counted, language) for language in LANGUAGES)
    return Spoken(
        rule=rule,
        wanted=combine(rule, rung),
        facts=facts,
        period=subject.period,
        nth=counted.nth if counted else None,
        cites=counted.cites if counted else (),
        cases=found,
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


def count(desk: Desk, rule: CompiledRule, subject: Subject, facts: Facts) -> Counted | None:
    """Which time this is: the measure before it, and one. The item itself is not counted before itself."""
    if rule.spec.count is None:
        return None
    moment = rule.as_of.evaluate(facts.values) if rule.as_of is not None else None
    assert moment is None or isinstance(moment, datetime)
    name = rule.spec.count.measure
    again = Subject(
        case=subject.case,
        unit=subject.unit,
        owner=subject.owner,
        period=subject.period,
        args=subject.args,
        as_of=moment or subject.as_of,
    )
    counted = gather(desk, (name,), again)
    cites = counted.cites.get(name, ())
    value = counted.values.get(name, 0)
    assert isinstance(value, int)
    itself = subject.case is not None and subject.case.row.id in cites
    earlier = tuple(each for each in cites if subject.case is None or each != subject.case.row.id)
    label = desk.book.measures[name.partition(".")[2]].spec.label
    return Counted(nth=value + (0 if itself else 1), cites=earlier, label=label)


def band_of(rule: CompiledRule, counted: Counted | None) -> int | None:
    """The rung of a ladder by count; None when there is none, or when it has no rung for this time."""
    if counted is None:
        return None
    return next((position for position, band in enumerate(rule.times) if band.covers(counted.nth)), None)
