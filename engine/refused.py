"""What a rule or a duty wanted and did not get: an entry of its own, which is an alarm.

A refusal is an answer, and a person reads it. A rule reads nothing, so that somebody else has to.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.desk import Desk
from engine.guards import Forbidden
from rules.shape import Label
from store.read import Reader
from store.rows import Entry, Plain
from workflows.machine import Refused

REFUSED = "rule.refused"
# What the book itself forbids at times is its word, not a slip: it stands in the log, and no alarm tells it.
MEANT = frozenset({"guard", "window"})


def alarming(record: Mapping[str, object]) -> bool:
    """Whether an entry tells of something that was lost."""
    return record["act"] == REFUSED and record["code"] not in MEANT


def refusals_since(reader: Reader, since: int) -> list[dict[str, Any]]:
    """What was lost from an entry on, in the order of the log."""
    records = (json.loads(line.rec) for line in reader.list_since(since, (REFUSED,)))
    return [record for record in records if alarming(record)]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """By whom (`rule:` or `duty:` and its name), about what (`item:`, `unit:` …), and what it was."""

    by: str
    label: Label
    subject: str
    what: Label
    sealed: bool = False
    more: Mapping[str, Plain] | None = None


def tell_refused(desk: Desk, wanted: Wanted, refused: Refused | Forbidden) -> None:
    kind, _, id = wanted.subject.partition(":")
    desk.enter(
        Entry(
            act=REFUSED,
            actor={"id": wanted.by, "kind": "rule"},
            obj_type=kind,
            obj_id=id or "office",
            ok=False,
            why=f"“{wanted.label.zh}”要{wanted.what.zh}，被拒绝：{refused.zh}",
            sealed=wanted.sealed,
            more={
                "rule": wanted.by.partition(":")[2],
                "code": refused.code,
                "why_en": f"{wanted.label.en} wanted {wanted.what.en} and was refused: {refused.en}",
                "refusal_zh": refused.zh,
                "refusal_en": refused.en,
                **(wanted.more or {}),
            },
        )
    )
