"""Grounds against a rule: what stood in its way, and each term of a condition with its values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Case
from engine.decide import LIMITS
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.words import readable, say_moment, say_value
from rules.cel import Condition, ConditionFailed

Look = Callable[[datetime], Desk]  # the office as it stood at that moment
Said = tuple[str, str]  # in Chinese, in English


@dataclass(frozen=True, kw_only=True)
class Term:
    """One comparison of a condition; no verdict where a value is not known. `values` as people read them."""

    zh: str
    en: str
    verdict: bool | None
    values: tuple[tuple[str, str, str], ...]  # fact, in Chinese, in English


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One thing that stood against it; `terms` where that is a condition."""

    code: str
    zh: str
    en: str
    terms: tuple[Term, ...] = ()


@dataclass(kw_only=True)
class Grounds:
    """Those of one rule at a moment, as they are found."""

    look: Look
    rule: CompiledRule
    at: datetime
    found: list[Ground] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.look(self.at)

    @property
    def book(self) -> Book:
        return self.desk.book

    def add(self, code: str, zh: str, en: str, terms: tuple[Term, ...] = ()) -> None:
        self.found.append(Ground(code=code, zh=zh, en=en, terms=terms))

    def moment(self, at: datetime) -> Said:
        return say_moment(self.book, at, "zh"), say_moment(self.book, at, "en")

    def force(self) -> Said:
        force = self.rule.force
        zh = f"不在施行期间（{force.first or '…'} 至 {force.last or '…'}）"
        en = f"not in force then ({force.first or '…'} to {force.last or '…'})"
        return zh, en


def holds_for(desk: Desk, condition: Condition, subject: Subject) -> bool:
    try:
        return bool(condition.evaluate(gather(desk, condition.reads, subject).values))
    except ConditionFailed:
        return False


def terms_of(
    desk: Desk, condition: Condition, subject: Subject, facts: Facts | None = None
) -> tuple[Term, ...]:
    facts = facts or gather(desk, condition.reads, subject)
    workflow = subject.case.row.workflow if subject.case is not None else None
    zh, en = (readable(desk.book, workflow, facts.values, language) for language in ("zh", "en"))
    lines = zip(
        condition.trace(facts.values, "zh", LIMITS), condition.trace(facts.values, "en", LIMITS), strict=True
    )
    return tuple(
        Term(
            zh=chinese.text,
            en=english.text,
            verdict=chinese.verdict,
            values=tuple(
                (name, say_value(desk.book, zh[name], "zh"), say_value(desk.book, en[name], "en"))
                for name in chinese.values
                if not name.startswith(LIMITS)
            ),
        )
        for chinese, english in lines
    )


def subject_of(case: Case | None) -> Subject:
    """Nobody, where it was not open."""
    if case is None or case.row.closed_at is not None:
        return Subject()
    return Subject(case=case, unit=case.row.unit, owner=case.row.owner)
