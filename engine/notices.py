"""Notices: who is told, in which words. Written to the outbox here; sent by deliver.

A role that resolves to nobody, or to a post without a person, is an event in the log and never a silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.book.book import Book
from engine.border import reads, words_beyond
from engine.case import Case
from engine.decide import Spoken
from engine.desk import Desk
from engine.roles import About, resolve
from engine.words import case_words, fill, name_of, readable, say_period
from rules.language import Template
from store.rows import Entry, NoticeRow

MAIL = "mail"
NoticeKind = Literal["remind", "notify"]


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A decision about to be told: what all its notices share."""

    spoken: Spoken
    about: About
    case: Case | None
    words: Mapping[str, object]
    template: Template
    entry: int


@dataclass(frozen=True, kw_only=True)
class Hearer:
    """Who is to be told: a post, or `item.<field>` for whom the item names. Without an address nobody is."""

    id: str
    name: str
    address: str


def tell(
    desk: Desk, telling: Telling, kind: NoticeKind, roles: Iterable[str], told: frozenset[str]
) -> frozenset[str]:
    """One notice per post, however many roles it holds (N1). Returns whom the decision has told by now."""
    hearers: dict[str, Hearer] = {}
    for role in roles:
        found = tuple(_hearers(desk, role, telling.about))
        if not found:
            desk.enter(_nobody(desk, telling, role, None))
        hearers = hearers | {each.id: each for each in found if each.id not in told | hearers.keys()}
    if hearers:
        desk.notices.extend(_notices(desk, telling, kind, hearers.values()))
    return told | hearers.keys()


def _hearers(desk: Desk, role: str, about: About) -> Iterator[Hearer]:
    """The posts that hold the role, or the person outside whom the item names."""
    spec = desk.book.roles[role]
    if spec.mail is None:
        for post in resolve(desk.book, role, about):
            person = desk.people.get(post)
            yield Hearer(id=post, name=person.name if person else "", address=person.email if person else "")
        return
    address, name = (_written(about, field) for field in (spec.mail, spec.name))
    if address:
        called = name or name_of(desk.book, spec.mail, desk.book.info.language)
        yield Hearer(id=spec.mail, name=called, address=address)


def _written(about: About, field: str | None) -> str:
    """What the item has in `item.<field>`."""
    value = (about.fields or {}).get((field or "").partition(".")[2])
    return value if isinstance(value, str) else ""


def _notices(
    desk: Desk, telling: Telling, kind: NoticeKind, hearers: Iterable[Hearer]
) -> Iterator[NoticeRow]:
    full, book = _text(desk.book, telling, telling.words), desk.book
    for hearer in hearers:
        if not hearer.address:
            desk.enter(_nobody(desk, telling, None, hearer.id))
            continue
        # Whoever may not read the item hears what was written for him, and nothing filled in from it.
        beyond = not _may_read(book, telling, hearer)
        subject, body = _text(book, telling, words_beyond(book, telling.words)) if beyond else full
        yield NoticeRow(
            entry=telling.entry,
            item=telling.case.row.id if telling.case else None,
            rule=telling.spoken.rule.id,
            kind=kind,
            recipient=hearer.id,
            name=hearer.name,
            address=hearer.address,
            channel=MAIL,
            formal=kind == "notify",
            subject=subject,
            body=body,
            created_at=desk.now,
            next_at=desk.now,
        )


def _text(book: Book, telling: Telling, words: Mapping[str, object]) -> tuple[str, str]:
    subject, body = telling.template.subject, telling.template.body
    return fill(book, subject, words, book.info.language), fill(book, body, words, book.info.language)


def _may_read(book: Book, telling: Telling, hearer: Hearer) -> bool:
    return telling.case is None or reads(book, telling.case.row, telling.about, hearer.id)


def words_of(desk: Desk, spoken: Spoken, about: About, case: Case | None) -> dict[str, object]:
    """What a text may use: the facts of the rule, and words such as unit, title, due, because, basis."""
    language = desk.book.info.language
    because = spoken.decision.zh if language == "zh" else spoken.decision.en
    workflow = case.row.workflow if case else None
    words: dict[str, object] = {"unit": about.unit, "owner": about.owner}
    if case is not None:
        words = case_words(desk.book, case, spoken.clock, language)
    return {
        **readable(desk.book, workflow, spoken.facts.values, language),
        **words,
        "because": because,
        "basis": spoken.rule.spec.basis,
        "nth": spoken.nth,
        "now": desk.now,
        "document": desk.book.info.basis.document,
        "period": say_period(spoken.period, language) if spoken.period else words.get("period"),
    }


def _nobody(desk: Desk, telling: Telling, role: str | None, post: str | None) -> Entry:
    case, spoken = telling.case, telling.spoken
    who = name_of(desk.book, post, "zh") if post else desk.book.roles[role].zh if role else ""
    outside = role is not None and desk.book.roles[role].mail is not None
    reason = "事项中没有填写邮箱" if outside else "该岗位未登记人员或邮箱" if post else "该角色没有对应岗位"
    return Entry(
        act="notice.nobody",
        actor={"id": f"rule:{spoken.rule.id}", "kind": "rule"},
        obj_type="item" if case else "office",
        obj_id=case.row.id if case else desk.book.info.id,
        ok=False,
        why=f"无人可告知：{who}，{reason}",
        sealed=bool(case and case.row.sealed),
        more={
            "rule": spoken.rule.id,
            "to": post or role or "",
            "why_en": f"nobody could be told: {post or role} has no person with an address",
        },
    )
