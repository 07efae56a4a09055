"""Carry out a decision: the firing, then what is wanted, as rows on the desk.

The machine reminds, drafts and proposes. Nothing here decides for a person: `propose` opens a
draft that waits in its first state for somebody named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.case import Case
from engine.clocks import choose_anew
from engine.decide import Spoken
from engine.desk import Desk
from engine.extend import Extending, extend_clock
from engine.facts import Subject, plain_fact
from engine.notices import Telling, tell, words_of
from engine.roles import RULE, About, find_post
from engine.step import Actor, Opened, Put, Queue, open_item, put
from engine.words import fill, last_day_of
from rules.language import Opening
from rules.shape import Label, Scalar
from rules.time.duration import Duration
from rules.time.errors import DurationError
from rules.time.instant import local_day
from store.rows import DocumentRow, Entry, FiringRow, Plain


def carry_out(desk: Desk, queue: Queue, spoken: Spoken, subject: Subject, depth: int) -> None:
    """Everything one decision wants. In shadow mode it is decided and logged, and nothing is done."""
    _take_parent(desk, spoken, subject)
    entry = desk.enter(_firing_entry(spoken, subject))
    shadow = spoken.decision.shadow
    desk.firings.append(_firing(desk, spoken, entry, shadow=shadow))
    desk.spoke += 1
    if subject.case is not None:
        subject.case.touched = entry  # that it has spoken is remembered with the item, in shadow too
    if shadow:
        return
    doing = _Doing(desk=desk, queue=queue, spoken=spoken, subject=subject, entry=entry, depth=depth)
    if not doing.extend_clock():
        return  # the old date stands, so nothing is set or moved and nobody told otherwise
    doing.mark_case()
    doing.tell_people()
    doing.draft_document()
    # From here on the table may be written, and entries of their own are entered.
    doing.open_items()
    doing.move_item()


def _take_parent(desk: Desk, spoken: Spoken, subject: Subject) -> None:
    """Before anything is entered: taking an item writes the table, and positions of entries go with it."""
    actions, case = spoken.wanted.actions, subject.case
    if case is not None and case.row.parent and actions.extend is not None:
        desk.case(case.row.parent)


def _firing(desk: Desk, spoken: Spoken, entry: int, *, shadow: bool) -> FiringRow:
    decision = spoken.decision
    return FiringRow(
        rule=decision.rule,
        subject=decision.subject,
        occasion=decision.occasion,
        at=desk.now,
        outcome="shadow" if shadow else "acted",
        because=decision.zh if desk.book.info.language == "zh" else decision.en,
        entry=entry,
    )


def _firing_entry(spoken: Spoken, subject: Subject) -> Entry:
    decision = spoken.decision
    kind, _, id = decision.subject.partition(":")
    facts = {name: plain_fact(value) for name, value in spoken.facts.values.items()}
    cited: Plain = {name: list(cites) for name, cites in spoken.facts.cites.items() if cites}
    return Entry(
        act="rule.shadow" if decision.shadow else "rule.fire",
        actor={"id": f"rule:{decision.rule}", "kind": "rule"},
        obj_type=kind,
        obj_id=id or "office",
        why=decision.zh,
        sealed=bool(subject.case and subject.case.row.sealed),
        facts={**facts, **({"cites": cited} if cited else {})},
        more={
            "rule": decision.rule,
            "basis": spoken.rule.spec.basis,
            "idem": f"{decision.subject}|{decision.rule}|{decision.occasion}",
            "why_en": decision.en,
            **({"nth": spoken.nth} if spoken.nth is not None else {}),
            **({"counted": list(spoken.cites)} if spoken.cites else {}),
        },
    )


@dataclass(kw_only=True)
class _Doing:
    """One decision being carried out: what its actions share."""

    desk: Desk
    queue: Queue
    spoken: Spoken
    subject: Subject
    entry: int
    depth: int

    def __post_init__(self) -> None:
        self.actions = self.spoken.wanted.actions
        self.case = self.subject.case
        self.actor = Actor(id=f"rule:{self.spoken.rule.id}", kind="rule", roles=RULE)
        fields = self.case.fields if self.case else None
        self.about = About(unit=self.subject.unit, owner=self.subject.owner, fields=fields)
        self._words: dict[str, object] | None = None

    @property
    def words(self) -> dict[str, object]:
        if self._words is None:
            self._words = words_of(self.desk, self.spoken, self.about, self.case)
        return self._words

    def mark_case(self) -> None:
        if self.case is None:
            return
        if self.actions.light is not None:
            self.case.change(self.entry, light=self.actions.light)
        if self.actions.set:
            self.case.write(self.entry, self.values(self.actions.set, self.case.row.workflow, self.about))
            choose_anew(self.desk, self.case)
            self.about = replace(self.about, fields=self.case.fields)
            self._words = None

    def tell_people(self) -> None:
        if not (self.actions.notify or self.actions.remind):
            return
        assert self.actions.template is not None, "the book's check requires a template"
        telling = Telling(
            spoken=self.spoken,
            about=self.about,
            case=self.case,
            words=self.words,
            template=self.desk.book.templates[self.actions.template],
            entry=self.entry,
        )
        # Formally, where it would be in both ways.
        told = tell(self.desk, telling, "notify", self.actions.notify, frozenset())
        tell(self.desk, telling, "remind", self.actions.remind, told)

    def open_items(self) -> None:
        if self.actions.propose is not None and not self.join(self.actions.propose):
            self.open_each(self.actions.propose)
        if self.actions.open is not None:
            self.open_each(self.actions.open)

    def join(self, opening: Opening) -> bool:
        """An undecided proposal of the same rule, unit and post takes the new reason in: no second one."""
        if not opening.join:
            return False
        initial = self.desk.book.workflows[opening.workflow].spec.initial
        waiting = self.desk.waiting(opening.workflow, self.target(opening), initial, self.spoken.rule.id)
        if not waiting:
            return False
        case = self.desk.case(waiting[0].id)
        assert case is not None
        joined = self.desk.enter(
            Entry(
                act="item.join",
                actor=self.actor.plain(),
                obj_type="item",
                obj_id=case.row.id,
                why=self.spoken.decision.zh,
                sealed=case.row.sealed,
                more={"rule": self.spoken.rule.id, "why_en": self.spoken.decision.en},
            )
        )
        reason = case.fields.get("reason")
        if isinstance(reason, str):
            case.write(joined, {"reason": f"{reason}\n{self.reason()}"})
        case.touched = joined
        return True

    def reason(self) -> str:
        decision = self.spoken.decision
        return decision.zh if self.desk.book.info.language == "zh" else decision.en

    def target(self, opening: Opening) -> tuple[str | None, str | None]:
        """Unit and post that owe the new item."""
        if opening.for_ is None:
            return self.subject.unit, self.subject.owner
        if opening.for_ in self.desk.book.units:
            return opening.for_, None
        post = find_post(self.desk.book, opening.for_, self.about)
        return (self.desk.book.posts[post].unit, post) if post else (self.subject.unit, None)

    def open_each(self, opening: Opening) -> None:
        if opening.each is None:
            self.open_one(opening, None)
            return
        texts = (self.case.fields.get(opening.each) if self.case else None) or []
        for text in texts if isinstance(texts, list) else ():
            self.open_one(opening, str(text))

    def open_one(self, opening: Opening, each: str | None) -> None:
        unit, owner = self.target(opening)
        language = self.desk.book.info.language
        words = {**self.words, "each": each}
        # The rung's `with` overrides the opening's: a ladder by count says who chairs.
        values = self.values(
            {**opening.with_, **self.actions.with_},
            opening.workflow,
            replace(self.about, unit=unit, owner=owner or self.about.owner),
        )
        open_item(
            self.desk,
            self.queue,
            Opened(
                workflow=opening.workflow,
                title=fill(self.desk.book, opening.title, words, language),
                actor=self.actor,
                unit=unit,
                owner=owner,
                parent=self.case.row.id if self.case else None,
                fields=self.known_fields(opening.workflow, values, each),
                rule=self.spoken.rule.id,
                period=self.subject.period,
                why=self.spoken.decision.zh,
                why_en=self.spoken.decision.en,
                depth=self.depth + 1,
            ),
        )

    def known_fields(self, workflow: str, values: dict[str, Plain], each: str | None) -> dict[str, Plain]:
        """The reason and the number come by themselves where the workflow has a field for them."""
        fields = self.desk.book.workflows[workflow].spec.fields
        own: dict[str, Plain] = {"reason": self.reason(), "nth": self.spoken.nth, "measure": each}
        return {key: value for key, value in own.items() if key in fields and value is not None} | values

    def move_item(self) -> None:
        move = self.actions.move
        case = self.pick(move.item) if move else None
        if move is None or case is None:
            return
        args = self.values(move.with_, case.row.workflow, self.about)
        decision = self.spoken.decision
        wish = Put(
            event=move.event,
            actor=self.actor,
            args=args,
            why=decision.zh,
            why_en=decision.en,
            depth=self.depth + 1,
        )
        put(self.desk, self.queue, case, wish)

    def pick(self, which: str) -> Case | None:
        if which == "self" or self.case is None:
            return self.case
        return self.desk.case(self.case.row.parent) if self.case.row.parent else None

    def extend_clock(self) -> bool:
        """False when it was granted too late: the old date stands, and the log says why."""
        wanted = self.actions.extend
        if wanted is None:
            return True
        case = self.pick(wanted.item)
        if case is None:
            return False
        extending = Extending(spoken=self.spoken, wanted=wanted, case=case, asked=self.case, actor=self.actor)
        return extend_clock(self.desk, extending)

    def draft_document(self) -> None:
        document = self.actions.document
        if document is None:
            return
        language = self.desk.book.info.language
        template = self.desk.book.templates[document.template]
        words = self.words
        self.desk.documents.append(
            DocumentRow(
                item=self.case.row.id if self.case else None,
                template=document.template,
                title=fill(self.desk.book, template.subject, words, language),
                body=fill(self.desk.book, template.body, words, language),
                at=self.desk.now,
                entry=self.entry,
            )
        )

    def expression(self, source: str) -> object:
        return self.spoken.wanted.expressions[source].evaluate(self.spoken.facts.values)

    def values(self, written: Mapping[str, Scalar], workflow: str, about: About) -> dict[str, Plain]:
        """`=expr` is evaluated, a role becomes its post, a duration becomes a day from now."""
        fields = self.desk.book.workflows[workflow].spec.fields
        return {key: self.value(value, fields[key].type, about) for key, value in written.items()}

    def value(self, written: Scalar, kind: str, about: About) -> Plain:
        if isinstance(written, str) and written.startswith("="):
            return _as_field(self.desk, self.expression(written), kind)
        if kind == "post":
            return find_post(self.desk.book, str(written), about)
        if kind in ("date", "moment") and isinstance(written, str):
            return _from_now(self.desk, written, kind)
        if kind == "text" and isinstance(written, str) and "{" in written:
            language = self.desk.book.info.language
            words = self.words
            return fill(self.desk.book, Label(zh=written, en=written), words, language)
        return str(written) if isinstance(written, Decimal) else written


def _from_now(desk: Desk, written: str, kind: str) -> str:
    """A duration leads from now to the end of a day; anything else is a day or moment as written."""
    try:
        duration = Duration.parse(written)
    except DurationError:
        return written
    due = duration.due(desk.now, desk.book.calendar).due
    return last_day_of(desk.book, due) if kind == "date" else due.isoformat()


def _as_field(desk: Desk, value: object, kind: str) -> Plain:
    if isinstance(value, datetime) and kind == "date":
        return local_day(value, desk.book.zone).isoformat()
    return plain_fact(value)
