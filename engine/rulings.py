"""What stands in the log about something that was held: who let it go on, or why it never will."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.actor import Actor
from engine.brake import DROP, HOLD, OFFICE_BRAKE, READ, RELEASE, SET, SETTLE
from store.rows import Entry, HoldRow, HoldState, Plain

SYSTEM = {"id": "duban", "kind": "system"}
Word = Literal["release", "drop"]
RULED: Mapping[Word, tuple[str, str, HoldState]] = {
    "release": (RELEASE, "放行", "released"),
    "drop": (DROP, "不再提出", "dropped"),
}


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What two persons have decided, and why."""

    by: tuple[Actor, ...]
    reason: str

    @property
    def deciders(self) -> list[Plain]:
        return [dict(actor.plain()) for actor in self.by]


def ruled(row: HoldRow, what: Word, ruling: Ruling) -> Entry:
    act, zh, en = RULED[what]
    why = f"；{ruling.reason}" if ruling.reason else ""
    return _about(
        row,
        act,
        actor=ruling.by[0].plain(),
        zh=f"暂扣的{row.proposes}件，经两人核定{zh}：{row.zh}{why}",
        en=f"held, {en} by two persons: {row.en}{why.replace('；', '; ')}",
        by=ruling.deciders,
        reason=ruling.reason,
    )


def turn_come(row: HoldRow, state: HoldState, used: int, cap: int | None) -> Entry:
    """What waited behind another has its turn: it is asked again, or held for itself."""
    if state == "held":
        zh, en = "轮到，但超过上限，仍暂扣", "its turn has come, and it exceeds the brake: still held"
        return _about(row, HOLD, zh=zh, en=en, ok=False, state=state, used=used, cap=cap)
    return _about(row, RELEASE, zh="前一级已处理，轮到这一级", en="what it waited for is decided: its turn")


def settled(row: HoldRow) -> Entry:
    return _about(
        row, SETTLE, zh="按现在的情况不再提出", en="as things stand now there is nothing left to propose"
    )


def read(row: HoldRow, post: str, name: str | None) -> Entry:
    actor: dict[str, Plain] = {"id": post, "kind": "person", **({"name": name} if name else {})}
    return _about(row, READ, actor=actor, zh="查阅保密的暂扣", en="a sealed hold was read")


def number_set(most: int | None, ruling: Ruling) -> Entry:
    zh = f"24小时内规则至多提出{most}件" if most is not None else "提出上限恢复为规则册或历史所定"
    en = f"{most} proposals of rules in 24 hours" if most is not None else "the brake is as book or past say"
    why = f"；{ruling.reason}" if ruling.reason else ""
    return Entry(
        act=SET,
        actor=ruling.by[0].plain(),
        obj_type="office",
        obj_id=OFFICE_BRAKE,
        why=zh + why,
        more={"most": most, "by": ruling.deciders, "why_en": en + why.replace("；", "; ")},
    )


def _about(
    row: HoldRow,
    act: str,
    *,
    zh: str,
    en: str,
    actor: Mapping[str, Plain] | None = None,
    ok: bool = True,
    **more: Plain,
) -> Entry:
    kind, _, id = row.subject.partition(":")
    return Entry(
        act=act,
        actor=actor or SYSTEM,
        obj_type=kind,
        obj_id=id or "office",
        ok=ok,
        why=zh,
        sealed=row.sealed,
        more={
            "rule": row.rule,
            "hold": row.seq,
            "idem": row.name,
            "workflows": json.loads(row.workflows),
            "why_en": en,
            **more,
        },
    )
