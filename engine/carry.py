"""Carry out a decision: the firing, then what is wanted, as rows on the desk.

The machine reminds, drafts and proposes. Nothing here decides for a person: `propose` opens a
draft that waits in its first state for somebody named.
"""

from collections.abc import Iterator
from dataclasses import replace

from engine.book.book import Book
from engine.border import UNNAMED, crosses
from engine.brake import braked, hold
from engine.case import Case
from engine.changes import note_changes
from engine.decide import Spoken
from engine.desk import Desk
from engine.doing import Doing
from engine.extend import Extending, extend_clock
from engine.facts import Subject, plain_fact
from engine.guards import Forbidden
from engine.happening import DEEPEST, Queue
from engine.lines import gather_lines
from engine.names import unfit_argument
from engine.notices import NoticeKind, Telling, tell
from engine.opening import open_items
from engine.privacy import entered_facts
from engine.publishing import publish
from engine.sets import entry_of
from engine.step import Put, put
from engine.words import fill
from rules.language import Move, Tell
from rules.shape import Label
from store.rows import DocumentRow, Entry, FiringRow, Plain, name_of_firing
from workflows.machine import Moved, Refused, overwrite

BELOW = ("children", "descendants")
NOWHERE = -1  # nothing of it is entered yet


def carry_out(desk: Desk, queue: Queue, spoken: Spoken, subject: Subject, depth: int) -> None:
    """Everything one decision wants, or a hold. What was said under another book is not said again."""
    decision = spoken.decision
    if desk.changed and desk.has_spoken(decision.rule, decision.subject, decision.occasion):
        return
    found = braked(Doing(desk=desk, queue=queue, spoken=spoken, subject=subject, entry=NOWHERE, depth=depth))
    if found.state is None:
        let_through(desk, queue, spoken, subject, depth, proposed=len(found.wanted))
    else:
        hold(desk, spoken, subject, found)


def let_through(
    desk: Desk, queue: Queue, spoken: Spoken, subject: Subject, depth: int, *, proposed: int
) -> None:
    """In shadow mode it is decided and logged, and nothing is done. `proposed`: so many the brake counts."""
    _take_parent(desk, spoken, subject)
    shadow = spoken.decision.shadow
    lines = None if shadow else gather_lines(desk, spoken, subject)
    publish(desk, spoken, subject)
    entry = desk.enter(_firing_entry(desk.book, spoken, subject, proposed))
    desk.firings.append(_firing(desk, spoken, entry, shadow=shadow, proposed=proposed))
    if spoken.cases is not None:
        desk.enter(entry_of(desk, spoken.rule, subject, spoken.cases))
    desk.spoke += 1
    if subject.case is not None:
        subject.case.touched = entry  # that it has spoken is remembered with the item, in shadow too
    if shadow:
        return
    doing = Doing(
        desk=desk, queue=queue, spoken=spoken, subject=subject, entry=entry, depth=depth, lines=lines
    )
    if not _extend(doing):
        return  # the old date stands, so nothing is set or moved and nobody told otherwise
    _mark_case(doing)
    _tell_people(doing)
    _draft_document(doing)
    # From here on the table may be written, and entries of their own are entered.
    open_items(doing)
    _move_items(doing)


def _take_parent(desk: Desk, spoken: Spoken, subject: Subject) -> None:
    """Before anything is entered: taking an item writes the table, and positions of entries go with it."""
    actions, case = spoken.wanted.actions, subject.case
    if case is not None and case.row.parent and actions.extend is not None:
        desk.case(case.row.parent)


def _firing(desk: Desk, spoken: Spoken, entry: int, *, shadow: bool, proposed: int) -> FiringRow:
    decision = spoken.decision
    return FiringRow(
        rule=decision.rule,
        subject=decision.subject,
        occasion=decision.occasion,
        at=desk.now,
        outcome="shadow" if shadow else "acted",
        because=decision.zh if desk.book.info.language == "zh" else decision.en,
        proposed=proposed,
        entry=entry,
    )


def _firing_entry(book: Book, spoken: Spoken, subject: Subject, proposed: int) -> Entry:
    decision = spoken.decision
    kind, _, id = decision.subject.partition(":")
    facts = entered_facts(book, subject.kind, spoken.facts.values)
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
            "idem": name_of_firing(decision.subject, decision.rule, decision.occasion),
            "why_en": decision.en,
            **({"nth": spoken.nth} if spoken.nth is not None else {}),
            **({"counted": list(spoken.cites)} if spoken.cites else {}),
            **({"cases": list(spoken.cases)} if spoken.cases is not None else {}),
            **({"proposed": proposed} if proposed else {}),
            **({"absorbs": list(spoken.absorbs)} if spoken.absorbs else {}),
        },
    )


def _extend(doing: Doing) -> bool:
    """False when it was granted too late."""
    extend = doing.actions.extend
    if extend is None:
        return True
    case = next(_picked(doing, extend.item, None), None)
    if case is None or extend.clock not in case.clocks:
        spec = doing.desk.book.clocks[extend.clock].spec
        doing.tell_refused(
            Label(zh=f"延长“{spec.label.zh}”", en=f"to extend “{spec.label.en}”"),
            Forbidden(
                rule=doing.spoken.rule.id,
                zh="没有在走的这一时限",
                en="there is no such clock",
                code="no_clock",
            ),
            workflow=case.row.workflow if case else "",
        )
        return False
    return extend_clock(
        doing.desk,
        Extending(spoken=doing.spoken, wanted=extend, case=case, asked=doing.case, actor=doing.actor),
    )


def _mark_case(doing: Doing) -> None:
    case, actions = doing.case, doing.actions
    if case is None:
        return
    if actions.light is not None:
        case.change(doing.entry, light=actions.light)
    if not actions.set:
        return
    before = dict(case.fields)
    values = _values_to_set(doing, case)
    if not values:
        return
    case.write(doing.entry, values)
    note_changes(
        doing.desk, doing.queue, case, before, given=values, by=doing.actor.id, depth=doing.depth + 1
    )
    doing.refresh()


def _values_to_set(doing: Doing, case: Case) -> dict[str, Plain]:
    """All of them, or none: what does not fit is refused as it is to a person."""
    desk, workflow = doing.desk, doing.desk.book.workflows[case.row.workflow]
    values = doing.values(doing.actions.set, workflow.id, doing.about, doing.words)
    # What an item has from its opening on is not taken from it, where a role finds nobody.
    values = {
        name: value for name, value in values.items() if value is not None or name not in workflow.spec.needs
    }
    kept = unfit_argument(desk.book, workflow.id, values, desk.now) or overwrite(workflow, values)
    if isinstance(kept, Refused):
        names = "、".join(workflow.spec.fields[name].label.zh for name in values)
        what = Label(zh=f"写入{names}（{case.row.id}）", en=f"to set {', '.join(values)} of {case.row.id}")
        doing.tell_refused(what, kept, workflow=workflow.id)
        return {}
    return values | {name: plain_fact(value) for name, value in kept.items()}


def _tell_people(doing: Doing) -> None:
    """Formally before kindly, and the general text before those for some: each post is told once."""
    told: frozenset[str] = frozenset()
    kinds: tuple[NoticeKind, ...] = ("notify", "remind")
    for how in kinds:
        roles = doing.actions.notify if how == "notify" else doing.actions.remind
        if roles:
            assert doing.actions.template is not None, "the book's check requires a template"
            told = tell(doing.desk, _telling(doing, doing.actions.template), how, roles, told)
        for each in doing.actions.tell:
            if each.how == how:
                for telling in _tellings(doing, each):
                    told = tell(doing.desk, telling, how, each.to, told)


def _tellings(doing: Doing, wanted: Tell) -> Iterator[Telling]:
    general = _telling(doing, wanted.template)
    if wanted.for_each is None:
        yield general
        return
    for about in doing.members(wanted.for_each):
        words = {**general.words, "each": about.owner or about.unit}
        yield replace(general, about=about, words=words)


def _telling(doing: Doing, template: str) -> Telling:
    return Telling(
        spoken=doing.spoken,
        about=doing.about,
        case=doing.case,
        words=doing.words,
        template=doing.desk.book.templates[template],
        entry=doing.entry,
    )


def _draft_document(doing: Doing) -> None:
    document = doing.actions.document
    if document is None:
        return
    book, words = doing.desk.book, doing.words
    template = book.templates[document.template]
    doing.desk.documents.append(
        DocumentRow(
            item=doing.case.row.id if doing.case else None,
            template=document.template,
            title=fill(book, template.subject, words, book.info.language),
            body=fill(book, template.body, words, book.info.language),
            at=doing.desk.now,
            entry=doing.entry,
        )
    )


def _move_items(doing: Doing) -> None:
    desk, move = doing.desk, doing.actions.move
    if move is None:
        return
    for case in _picked(doing, move.item, move.workflow):
        if move.item in BELOW and not _knows(doing, case, move.event):
            continue  # it stands elsewhere, and is left there
        outcome = put(desk, doing.queue, case, _wish(doing, case, move))
        if not isinstance(outcome, Moved):
            event = desk.book.workflows[case.row.workflow].spec.label_of(move.event)
            what = Label(zh=f"对 {case.row.id} 办“{event.zh}”", en=f"to put “{event.en}” to {case.row.id}")
            doing.tell_refused(what, outcome, workflow=case.row.workflow, sealed=case.row.sealed)


def _wish(doing: Doing, case: Case, move: Move) -> Put:
    """To an item that is not sealed a sealed one tells neither rule nor reason."""
    beyond, decision = crosses(doing.case, sealed=case.row.sealed), doing.spoken.decision
    words = doing.words_beyond if beyond else doing.words
    return Put(
        event=move.event,
        actor=UNNAMED if beyond else doing.actor,
        args=doing.values(move.with_, case.row.workflow, doing.about, words),
        why=None if beyond else decision.zh,
        why_en=None if beyond else decision.en,
        depth=doing.depth + 1,
    )


def _knows(doing: Doing, case: Case, event: str) -> bool:
    place = doing.desk.book.workflows[case.row.workflow].places.get((case.row.state, event))
    return place is not None and not doing.actor.roles.isdisjoint(place.by)


def _picked(doing: Doing, which: str, workflow: str | None) -> Iterator[Case]:
    """The item itself, the one it belongs to, or the open ones that belong to it."""
    if doing.case is None:
        return
    if which == "self":
        yield doing.case
        return
    row, desk = doing.case.row, doing.desk
    if which == "descendants":
        ids = [*_below(desk, row.id)]
    elif which == "children":
        ids = [child.id for child in desk.children(row.id, workflow)]
    else:
        ids = [row.parent] if row.parent else []
    for case in filter(None, map(desk.case, ids)):
        if workflow in (None, case.row.workflow) and (which == "parent" or case.row.closed_at is None):
            yield case


def _below(desk: Desk, id: str) -> Iterator[str]:
    """Level by level, each once: what is closed is passed through, for the sake of what is open below it."""
    desk.flush()
    level, seen = [id], {id}
    for _ in range(DEEPEST):
        found = (row.id for each in level for row in desk.tx.list_items(parent=each, include_sealed=True))
        level = [each for each in dict.fromkeys(found) if each not in seen]
        seen.update(level)
        yield from level
