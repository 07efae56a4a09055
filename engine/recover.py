"""Out of a backup and back to work: two persons say that a restored office may act again (O2).

What it wanted to send when the backup was made may have left since. What is formal waits for a person's word,
the rest is not sent again. Limits that passed meanwhile are caught up with at the next turn, as after an
outage.
"""

from dataclasses import dataclass

from engine.deliver import end_restored
from engine.step import Actor
from store.held import HELD, Held
from store.office import Tx
from store.rows import Entry, Plain

Words = tuple[str, str]  # zh, en


class Irreconcilable(Exception):
    """It cannot be said of this office that it may act again."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What was noted elsewhere of the log: how long it was, and its root."""

    size: int
    root: str  # 64 hex digits


@dataclass(frozen=True, kw_only=True)
class Recovered:
    held: Held
    lost: int | None  # entries that the anchor knows and the backup lacks; None: there was no anchor
    unknown: int  # formal notices that wait for a person now
    dropped: int


def recover(tx: Tx, by: tuple[Actor, ...], anchor: Anchor | None) -> Recovered:
    """Raises Irreconcilable."""
    held = tx.held()
    if held is None:
        raise Irreconcilable(
            "这个办公库没有从备份恢复，或已经核对过：无须再做",
            "this office was not restored from a backup, or was reconciled since: nothing is to be done",
        )
    lost = None if anchor is None else count_lost(tx, held, anchor)
    tx.write_entry(recovery(held, by, anchor, lost))
    ended = end_restored(tx)
    tx.set_meta(HELD, "")
    return Recovered(held=held, lost=lost, unknown=ended.unknown, dropped=ended.dropped)


def count_lost(tx: Tx, held: Held, anchor: Anchor) -> int:
    """Raises Irreconcilable where the two logs are not one."""
    if anchor.size <= held.size and tx.root_at(anchor.size) != anchor.root:
        raise Irreconcilable(
            f"恢复的日志在 {anchor.size} 条处的根与所记不符：不是同一部日志，或被改动过；"
            "换一个备份，并查明原因",
            f"the restored log had another root at {anchor.size} entries: it is another log, or one of them "
            "was changed; restore another backup, and find out why",
        )
    return max(anchor.size - held.size, 0)


def recovery(held: Held, by: tuple[Actor, ...], anchor: Anchor | None, lost: int | None) -> Entry:
    zh, en = verdict(anchor, lost)
    deciders: list[Plain] = [dict(actor.plain()) for actor in by]
    noted: dict[str, Plain] = {} if anchor is None else {"size": anchor.size, "root": anchor.root}
    return Entry(
        act="office.recover",
        actor=by[0].plain(),
        obj_type="office",
        obj_id="store",
        why=f"从备份 {held.backup} 恢复，日志 {held.size} 条；{zh}",
        more={
            "by": deciders,
            "backup": held.backup,
            "size": held.size,
            "root": held.root,
            **({"anchor": noted, "lost": lost} if anchor else {}),
            "why_en": f"restored from the backup {held.backup}, {held.size} entries; {en}",
        },
    )


def verdict(anchor: Anchor | None, lost: int | None) -> Words:
    if anchor is None:
        return "没有另存的记录可核对", "nothing noted elsewhere to compare it with"
    if lost:
        return (
            f"另存的记录有 {anchor.size} 条，丢失 {lost} 条",
            f"{anchor.size} were noted elsewhere: {lost} are lost",
        )
    return (
        f"与另存的记录（{anchor.size} 条）相符",
        f"it agrees with what was noted elsewhere at {anchor.size} entries",
    )
