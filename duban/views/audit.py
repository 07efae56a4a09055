"""The log as people read it: who did what to what, when and why. What is sealed is masked, never left out."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duban.output import as_moment
from duban.texts import ACTS, Text
from duban.views.view import View
from engine.holds import may_know
from engine.refused import REFUSED
from store.rows import AuditLine

Data = dict[str, Any]
MASK = Text("（保密）", "(sealed)")
SEALED = "sealed"
BRAKE = "brake."


class Masking:
    """Which lines speak of something that the viewer may not know of."""

    def __init__(self, view: View) -> None:
        ids = sorted(view.hidden)
        sealed = [id for id, workflow in view.book.workflows.items() if workflow.spec.sealed]
        self.view = view
        self.pattern = re.compile("|".join(rf"\b{re.escape(id)}\b" for id in ids)) if ids else None
        # Opening one may have been refused; that somebody tried is as much his secret as the item would be.
        self.words = tuple(f'"workflow":"{id}"' for id in sealed)

    def hides(self, line: AuditLine) -> bool:
        text = f"{line.obj_id} {line.rec} {line.facts or ''}"
        if any(word in line.rec for word in self.words) and line.act in ("item.refuse", REFUSED):
            return True
        if line.sealed and line.act.startswith(BRAKE):
            row = self.view.reader.hold(json.loads(line.rec).get("hold", line.seq))
            return row is None or not may_know(self.view.book, self.view.reader, row, self.view.post)
        return self.pattern is not None and self.pattern.search(text) is not None


def audit_row(view: View, line: AuditLine) -> Data:
    record: Mapping[str, Any] = json.loads(line.rec)
    actor = record.get("actor", {})
    return {
        "seq": line.seq,
        "ts": view.moment(line.ts),
        "act": line.act,
        "act_label": ACTS[line.act].in_(view.language) if line.act in ACTS else line.act,
        "obj": line.obj_id,
        "obj_type": line.obj_type,
        "actor": said_actor(view, actor),
        "actor_id": actor.get("id"),
        "ok": record.get("ok", True),
        "why": said_why(view, record),
    }


def masked_row(view: View, line: AuditLine) -> Data:
    return {
        "seq": line.seq,
        "ts": view.moment(line.ts),
        "act": SEALED,
        "act_label": MASK.in_(view.language),
        "obj": MASK.in_(view.language),
        "obj_type": SEALED,
        "actor": MASK.in_(view.language),
        "actor_id": None,
        "ok": True,
        "why": MASK.in_(view.language),
    }


def listed_row(view: View, masking: Masking, line: AuditLine) -> Data:
    return masked_row(view, line) if masking.hides(line) else audit_row(view, line)


def said_actor(view: View, actor: Mapping[str, Any]) -> str:
    """A post with its holder, a rule or duty by its label, or the system."""
    id = str(actor.get("id", ""))
    kind, _, name = id.partition(":")
    if kind == "rule" and name in view.book.rules:
        return view.pick("规则：", "rule: ") + view.label(view.book.rules[name].spec.label)
    if kind == "duty" and name in view.book.duties:
        return view.pick("责任：", "duty: ") + view.label(view.book.duties[name].spec.label)
    if kind == "class" and name in view.book.classes:
        return view.pick("等级：", "class: ") + view.label(view.book.classes[name].spec.label)
    if id == "clock":
        return view.pick("时限", "clock")
    if id in view.book.posts:
        holder = actor.get("name")
        return f"{view.label(view.book.posts[id])}{f' {holder}' if holder else ''}"
    return id


def said_why(view: View, record: Mapping[str, Any]) -> str:
    """The reason in the viewer's language, as far as the log holds it."""
    if record.get("act") == "item.move" and record.get("actor", {}).get("kind") == "person":
        return said_move(view, record)
    why = str(record.get(f"why_{view.language}") or record.get("why", ""))
    if record.get("act") == "park":
        return f"{why}{view.pick('；', '; ')}{tried_again(view, record['obj']['id'], next_of(record))}"
    return why


def next_of(record: Mapping[str, Any]) -> datetime | None:
    """When what was set aside is tried again by itself; after the last try the log has words instead."""
    try:
        return datetime.fromisoformat(record["next"])
    except ValueError:
        return None


def tried_again(view: View, subject: str, next_at: datetime | None) -> str:
    if next_at is None:
        return view.pick(
            f"不再自动重试，排除原因后用 `duban item retry {subject}` 放行",
            f"not tried again by itself: mend the cause, then `duban item retry {subject}`",
        )
    at = as_moment(next_at.astimezone(view.book.zone))
    return view.pick(f"{at} 自动重试", f"tried again at {at}")


def said_move(view: View, record: Mapping[str, Any]) -> str:
    event, states = record["event"], (record["from"], record["to"])
    row = view.reader.items_by_id([record["obj"]["id"]]).get(record["obj"]["id"])
    if row is None:
        return str(record.get("why", ""))
    spec = view.book.workflows[row.workflow].spec
    before, after = (view.label(spec.states[state]) for state in states)
    label = view.label(spec.label_of(event))
    return (
        label
        if before == after
        else view.pick(f"{label}：{before} → {after}", f"{label}: {before} → {after}")
    )
