"""Notices: who is told, in which words. Written to the outbox here; sent by deliver.

A role that resolves to nobody, or to a post without a person, is an event in the log and never a silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

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


def tell(
    desk: Desk, telling: Telling, kind: NoticeKind, roles: Iterable[str], told: frozenset[str]
) -> frozenset[str]:
    """One notice per post, however many roles it holds (N1). Returns whom the decision has told by now."""
    posts: dict[str, None] = {}
    for role in roles:
        found = resolve(desk.book, role, telling.about)
        if not found:
            desk.enter(_nobody(desk, telling, role, None))
        posts |= dict.fromkeys(post for post in found if post not in told)
    if posts:
        desk.notices.extend(_notices(desk, telling, kind, posts))
    return told | posts.keys()


def _notices(desk: Desk, telling: Telling, kind: NoticeKind, posts: Iterable[str]) -> Iterator[NoticeRow]:
    language = desk.book.info.language
    subject = fill(desk.book, telling.template.subject, telling.words, language)
    body = fill(desk.book, telling.template.body, telling.words, language)
    for post in posts:
        person = desk.people.get(post)
        if person is None or not person.email:
            desk.enter(_nobody(desk, telling, None, post))
            continue
        yield NoticeRow(
            entry=telling.entry,
            item=telling.case.row.id if telling.case else None,
            rule=telling.spoken.rule.id,
            kind=kind,
            recipient=post,
            name=person.name,
            address=person.email,
            channel=MAIL,
            formal=kind == "notify",
            subject=subject,
            body=body,
            created_at=desk.now,
            next_at=desk.now,
        )


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
    reason = "该岗位未登记人员或邮箱" if post else "该角色没有对应岗位"
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
