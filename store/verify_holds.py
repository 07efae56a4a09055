"""Whether the table of holds, and the proposals that the brake counts, are what the log says."""

import json
from typing import NamedTuple

from sqlalchemy import func, select

from store.read import Reader
from store.read_audit import AUDIT
from store.read_items import FIRINGS
from store.words import member

HELD = "brake.hold"
BECAME = {"brake.release": "released", "brake.drop": "dropped"}


class Standing(NamedTuple):
    """A hold as far as the log tells of it; `last` is the entry that changed it last."""

    last: int
    state: str
    name: str  # subject|rule|occasion
    proposes: int
    units: tuple[str, ...]
    sealed: bool


class Wrong(NamedTuple):
    seq: int
    zh: str
    en: str


def wrong_holds(reader: Reader) -> Wrong | None:
    """The log told once more must give the table."""
    told, kept = told_holds(reader), kept_holds(reader)
    seq = min((seq for seq in told.keys() | kept.keys() if told.get(seq) != kept.get(seq)), default=None)
    if seq is None:
        return None
    return Wrong(seq, f"第{seq}条的暂扣与其记录不符", f"what entry {seq} held is not as the log left it")


def told_holds(reader: Reader) -> dict[int, Standing]:
    query = select(AUDIT.c.seq, AUDIT.c.act, AUDIT.c.cls, AUDIT.c.rec).where(AUDIT.c.act.in_((HELD, *BECAME)))
    found: dict[int, Standing] = {}
    for seq, act, cls, text in reader.connection.execute(query.order_by(AUDIT.c.seq)):
        record = json.loads(text)
        state = BECAME.get(act) or record["state"]
        before = found.get(record.get("hold", seq))
        if before is not None:
            found[record["hold"]] = before._replace(last=seq, state=state)
        elif "hold" not in record:
            units = tuple(record["units"])
            found[seq] = Standing(seq, state, record["idem"], record["proposes"], units, bool(cls))
    return found


def kept_holds(reader: Reader) -> dict[int, Standing]:
    return {
        row.seq: Standing(
            last=row.entry,
            state=row.state,
            name=row.name,
            proposes=row.proposes,
            units=tuple(json.loads(row.units)),
            sealed=row.sealed,
        )
        for row in reader.holds()
    }


def wrong_counts(reader: Reader, told: int) -> Wrong | None:
    """`told`: so many proposals the whole log counts."""
    named = FIRINGS.join(AUDIT, AUDIT.c.seq == FIRINGS.c.audit_seq)
    rows = select(FIRINGS.c.audit_seq, FIRINGS.c.proposed, member(AUDIT.c.rec, "proposed")).select_from(named)
    for seq, proposed, said in reader.connection.execute(rows.where(FIRINGS.c.proposed > 0)):
        if str(proposed) != said:
            return _miscounted(seq)
    total = reader.connection.execute(select(func.sum(FIRINGS.c.proposed))).scalar() or 0
    return None if int(total) == told else _miscounted(0)


def _miscounted(seq: int) -> Wrong:
    return Wrong(seq, "提出的件数与日志不符", "how many were proposed is not what the log says")
