"""One decision being carried out: what its actions share, and the values and words that they give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.border import words_beyond
from engine.decide import Spoken
from engine.desk import Desk
from engine.facts import Facts, Subject, gather, plain_fact
from engine.guards import Forbidden
from engine.happening import Queue
from engine.lines import Lines
from engine.notices import words_of
from engine.refused import Wanted, tell_refused
from engine.roles import RULE, About, find_post
from engine.step import Actor
from engine.words import fill, last_day_of
from rules.shape import Label, Scalar
from rules.time.calendar import Calendar
from rules.time.duration import Duration
from rules.time.errors import DurationError
from rules.time.instant import local_day
from store.rows import Plain
from workflows.machine import Refused
from workflows.values import as_number

Words = Mapping[str, object]
EXPRESSION = "="


@dataclass(kw_only=True)
class Doing:
    desk: Desk
    queue: Queue
    spoken: Spoken
    subject: Subject
    entry: int
    depth: int
    lines: Lines | None = None  # of its document

    def __post_init__(self) -> None:
        self.actions = self.spoken.wanted.actions
        self.case = self.subject.case
        self.actor = Actor(id=f"rule:{self.spoken.rule.id}", kind="rule", roles=RULE)
        fields = self.case.fields if self.case else None
        self.about = About(unit=self.subject.unit, owner=self.subject.owner, fields=fields)
        self._words: Words | None = None

    @property
    def words(self) -> Words:
        if self._words is None:
            words = words_of(self.desk, self.spoken, self.about, self.case)
            if self.lines is not None:
                words["rows"] = self.lines.text(self.desk.book, words)
            self._words = words
        return self._words

    @property
    def words_beyond(self) -> Words:
        """For what is read by more people than the item is."""
        return words_beyond(self.desk.book, self.words)

    def refresh(self) -> None:
        """The item has been changed by this decision: what follows reads it as it is now."""
        assert self.case is not None
        fields = self.desk.book.workflows[self.case.row.workflow].spec.fields
        reads = self.spoken.rule.reads & {f"item.{name}" for name in fields}
        now, facts = gather(self.desk, reads, self.subject), self.spoken.facts
        kept = {name: value for name, value in facts.values.items() if name not in reads}
        self.spoken = replace(self.spoken, facts=Facts(values={**kept, **now.values}, cites=facts.cites))
        self.about = replace(self.about, fields=self.case.fields)
        self._words = None

    def reason(self) -> str:
        decision = self.spoken.decision
        return decision.zh if self.desk.book.info.language == "zh" else decision.en

    def tell_refused(
        self, what: Label, refused: Refused | Forbidden, *, workflow: str, sealed: bool = False
    ) -> None:
        """What it wanted and did not get; `sealed`: because of the item that was to be opened or moved."""
        decision, rule = self.spoken.decision, self.spoken.rule
        wanted = Wanted(
            by=self.actor.id,
            label=rule.spec.label,
            subject=decision.subject,
            what=what,
            sealed=sealed or bool(self.case and self.case.row.sealed),
            more={"occasion": decision.occasion, "workflow": workflow},
        )
        tell_refused(self.desk, wanted, refused)

    def members(self, name: str) -> tuple[About, ...]:
        """Whom `for_each` means: the units of a field of the item, or the members of a group."""
        book, fields = self.desk.book, self.case.fields if self.case else {}
        listed = fields.get(name)
        if isinstance(listed, list | tuple):
            return tuple(replace(self.about, unit=str(unit), owner=None) for unit in listed)
        group = book.groups.get(name)
        if group is None:
            return ()  # the item has no units in this field
        if group.of == "units":
            return tuple(replace(self.about, unit=unit, owner=None) for unit in group.members)
        return tuple(replace(self.about, unit=book.posts[post].unit, owner=post) for post in group.members)

    def expression(self, source: str) -> object:
        return self.spoken.wanted.expressions[source].evaluate(self.spoken.facts.values)

    def values(
        self, written: Mapping[str, Scalar], workflow: str, about: About, words: Words
    ) -> dict[str, Plain]:
        """`=expr` is evaluated, a role becomes its post, a duration becomes a day from now."""
        fields = self.desk.book.workflows[workflow].spec.fields
        return {key: self.value(value, fields[key].type, about, words) for key, value in written.items()}

    def value(self, written: Scalar, kind: str, about: About, words: Words) -> Plain:
        if isinstance(written, str) and written.startswith(EXPRESSION):
            return _as_field(self.desk, self.expression(written), kind)
        if kind == "post":
            return find_post(self.desk.book, str(written), about)
        if kind in ("date", "moment") and isinstance(written, str):
            calendar = self.desk.book.calendar_of(self.spoken.rule.spec.calendar)
            return _from_now(self.desk, calendar, written, kind)
        if kind == "text" and isinstance(written, str) and "{" in written:
            language = self.desk.book.info.language
            return fill(self.desk.book, Label(zh=written, en=written), words, language)
        return as_number(written) if isinstance(written, Decimal) else written


def _from_now(desk: Desk, calendar: Calendar, written: str, kind: str) -> str:
    """A duration leads from now to the end of a day; anything else is a day or moment as written."""
    try:
        duration = Duration.parse(written)
    except DurationError:
        return written
    due = duration.due(desk.now, calendar).due
    return last_day_of(desk.book, due) if kind == "date" else due.isoformat()


def _as_field(desk: Desk, value: object, kind: str) -> Plain:
    if isinstance(value, datetime) and kind == "date":
        return local_day(value, desk.book.zone).isoformat()
    if isinstance(value, Decimal):
        return as_number(value)
    return plain_fact(value)
