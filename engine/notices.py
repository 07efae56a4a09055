"""Notices: who is told, in which words. Written to the outbox here; sent by deliver.

A role that resolves to nobody, or to a post without a person, is an event in the log and never a silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.case import Case
from engine.decide import Spoken
from engine.desk import Desk
from engine.roles import About, resolve
from engine.words import case_words, fill, name_of, readable
from rules.language import Template
from store.rows import Entry, NoticeRow

MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Telling:
    kind: Literal["remind", "notify"]
    roles: tuple[str, ...]
    template: Template


def tell(
    desk: Desk,
    telling: Telling,
    spoken: Spoken,
    about: About,
    case: Case | None,
    words: Mapping[str, object],
    entry: int,
    told: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """One notice per post, however many of the roles it holds (N1). Returns whom this decision has told by now."""
    posts: dict[str, None] = {}
    for role in telling.roles:
        found = resolve(desk.book, role, about)
        if not found:
            desk.enter(_nobody(desk, spoken, case, role, None))
        posts |= dict.fromkeys(found)
    posts = {post: None for post in posts if post not in told}
    if not posts:
        return told
    language = desk.book.info.language
    subject = fill(desk.book, telling.template.subject, words, language)
    body = fill(desk.book, telling.template.body, words, language)
    for post in posts:
        person = desk.people.get(post)
        if person is None or not person.email:
            desk.enter(_nobody(desk, spoken, case, None, post))
            continue
        desk.notices.append(
            NoticeRow(
                entry=entry,
                item=case.row.id if case else None,
                rule=spoken.rule.id,
                kind=telling.kind,
                recipient=post,
                name=person.name,
                address=person.email,
                channel=MAIL,
                formal=telling.kind == "notify",
                subject=subject,
                body=body,
                created_at=desk.now,
                next_at=desk.now,
            )
        )
    return told | posts.keys()


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
        "period": spoken.facts.values.get("period.id") or words.get("period"),
    }


def _nobody(desk: Desk, spoken: Spoken, case: Case | None, role: str | None, post: str | None) -> Entry:
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
