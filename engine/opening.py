"""What a decision opens: drafts for a person to decide, and work; for one, for each of several, or joined."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.border import UNNAMED, crosses
from engine.case import Case
from engine.doing import EXPRESSION, Doing
from engine.guards import Forbidden
from engine.roles import About, find_post
from engine.step import Opened, open_item
from engine.words import fill
from rules.language import Opening
from rules.shape import Label
from store.rows import Entry, Plain

PROPOSE = "propose"


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who owes the new item; `each`: the text or the unit for which it is one of several."""

    about: About
    unit: str | None
    owner: str | None
    each: str | None = None


def open_items(doing: Doing) -> None:
    joined: set[str] = set()  # what has taken in one of these openings takes in no second one
    for key, _, opening in doing.actions.openings:
        if _names_nobody(doing, opening):
            _tell_nobody(doing, opening)
        for whom in addressees(doing, opening):
            waiting = _waiting(doing, opening, whom, joined) if key == PROPOSE else None
            if waiting is not None:
                _join(doing, waiting)
            joined |= {waiting or _open_one(doing, opening, whom)}


def proposals(doing: Doing) -> Iterator[tuple[Opening, Addressee]]:
    """What it would put before persons, without what joins a proposal that waits already. Nothing is done."""
    joined: set[str] = set()
    for key, _, opening in doing.actions.openings:
        if key == PROPOSE:
            for whom in addressees(doing, opening):
                waiting = _waiting(doing, opening, whom, joined)
                if waiting is None:
                    yield opening, whom
                else:
                    joined.add(waiting)


def _beyond(doing: Doing, opening: Opening) -> bool:
    """A sealed item opens one that is not: it tells neither rule nor reason, and so takes none in."""
    return crosses(doing.case, sealed=doing.desk.book.workflows[opening.workflow].spec.sealed)


def addressees(doing: Doing, opening: Opening) -> Iterator[Addressee]:
    if opening.for_ is not None and opening.for_.startswith(EXPRESSION):
        found = _named(doing, opening.for_)
        if found is None:
            return
        about = replace(doing.about, unit=found[0], owner=found[1])
        yield from _for_each_text(doing, opening, Addressee(about=about, unit=found[0], owner=found[1]))
        return
    if opening.for_each is not None:
        for about in doing.members(opening.for_each):
            unit, owner = _target(doing, opening, about)
            yield Addressee(about=about, unit=unit, owner=owner, each=about.owner or about.unit)
        return
    unit, owner = _target(doing, opening, doing.about)
    yield from _for_each_text(doing, opening, Addressee(about=doing.about, unit=unit, owner=owner))


def _for_each_text(doing: Doing, opening: Opening, one: Addressee) -> Iterator[Addressee]:
    if opening.each is None:
        yield one
        return
    texts = (doing.case.fields.get(opening.each) if doing.case else None) or []
    for text in texts if isinstance(texts, list) else ():
        yield replace(one, each=str(text))


def _names_nobody(doing: Doing, opening: Opening) -> bool:
    written = opening.for_
    return written is not None and written.startswith(EXPRESSION) and _named(doing, written) is None


def _named(doing: Doing, source: str) -> tuple[str, str | None] | None:
    """The unit that an expression yields, with the post where it yields one; None when it is neither."""
    book, facts = doing.desk.book, doing.spoken.facts.values
    reads = doing.spoken.wanted.expressions[source].reads
    if "has(" not in source and any(facts.get(name) is None for name in reads):
        return None
    found = str(doing.expression(source))
    if found in book.units:
        return found, None
    return (book.posts[found].unit, found) if found in book.posts else None


def _tell_nobody(doing: Doing, opening: Opening) -> None:
    spec, written = doing.desk.book.workflows[opening.workflow].spec, opening.for_
    doing.tell_refused(
        Label(zh=f"立项“{spec.label.zh}”", en=f"to open “{spec.label.en}”"),
        Forbidden(
            rule=doing.spoken.rule.id,
            zh=f"责任对象 {written} 没有得出单位或岗位，请由人立项",
            en=f"{written} names no unit and no post: open it by hand",
            code="nobody",
        ),
        workflow=opening.workflow,
        sealed=spec.sealed,
    )


def _target(doing: Doing, opening: Opening, about: About) -> tuple[str | None, str | None]:
    """Unit and post that owe the new item."""
    book = doing.desk.book
    if opening.for_ is None:
        return about.unit, about.owner
    if opening.for_ in book.units:
        return opening.for_, None
    post = find_post(book, opening.for_, about)
    return (book.posts[post].unit, post) if post else (about.unit, None)


def _waiting(doing: Doing, opening: Opening, whom: Addressee, joined: set[str]) -> str | None:
    """An undecided proposal of the same rule, unit and post that takes the new reason in; never one that
    cannot be read, which would hold up whoever wants to join it (T8)."""
    if not opening.join or _beyond(doing, opening):
        return None
    initial = doing.desk.book.workflows[opening.workflow].spec.initial
    rows = doing.desk.waiting(opening.workflow, (whom.unit, whom.owner), initial, doing.spoken.rule.id)
    return next((row.id for row in rows if row.id not in joined and doing.desk.can_take(row.id)), None)


def _join(doing: Doing, id: str) -> None:
    case = doing.desk.case(id)
    assert case is not None
    joined = doing.desk.enter(
        Entry(
            act="item.join",
            actor=doing.actor.plain(),
            obj_type="item",
            obj_id=id,
            why=doing.spoken.decision.zh,
            sealed=case.row.sealed,
            more={"rule": doing.spoken.rule.id, "why_en": doing.spoken.decision.en},
        )
    )
    reason = case.fields.get("reason")
    if isinstance(reason, str):
        case.write(joined, {"reason": f"{reason}\n{doing.reason()}"})
    case.touched = joined


def _open_one(doing: Doing, opening: Opening, whom: Addressee) -> str:
    """The number of what was opened; empty when it was refused, which stands in the log."""
    book = doing.desk.book
    beyond, decision = _beyond(doing, opening), doing.spoken.decision
    own = doing.words if not beyond else {**doing.words_beyond, "unit": whom.unit, "owner": whom.owner}
    words = {**own, "each": whom.each}
    fields = book.workflows[opening.workflow].spec.fields
    # The rung's `with` overrides the opening's: a ladder by count says who chairs.
    rung = {key: value for key, value in doing.actions.with_.items() if key in fields}
    about = replace(whom.about, unit=whom.unit, owner=whom.owner or whom.about.owner)
    values = doing.values({**opening.with_, **rung}, opening.workflow, about, words)
    opened = open_item(
        doing.desk,
        doing.queue,
        Opened(
            workflow=opening.workflow,
            title=fill(book, opening.title, words, book.info.language),
            actor=UNNAMED if beyond else doing.actor,
            unit=whom.unit,
            owner=whom.owner,
            parent=doing.case.row.id if doing.case else None,
            fields=_known_fields(doing, opening, values, whom.each),
            rule=UNNAMED.id if beyond else doing.spoken.rule.id,
            period=doing.subject.period,
            why=None if beyond else decision.zh,
            why_en=None if beyond else decision.en,
            depth=doing.depth + 1,
        ),
    )
    if isinstance(opened, Case):
        return opened.row.id
    spec = book.workflows[opening.workflow].spec
    what = Label(zh=f"立项“{spec.label.zh}”", en=f"to open “{spec.label.en}”")
    doing.tell_refused(what, opened, workflow=opening.workflow, sealed=spec.sealed)
    return ""


def _known_fields(
    doing: Doing, opening: Opening, values: dict[str, Plain], each: str | None
) -> dict[str, Plain]:
    """The reason and the number come by themselves where the workflow has a field for them."""
    fields = doing.desk.book.workflows[opening.workflow].spec.fields
    beyond = _beyond(doing, opening)
    own: dict[str, Plain] = {
        "reason": str(doing.words_beyond["because"]) if beyond else doing.reason(),
        "nth": None if beyond else doing.spoken.nth,
        "measure": each if opening.each else None,
    }
    return {key: value for key, value in own.items() if key in fields and value is not None} | values
