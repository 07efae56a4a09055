"""What an event should have had in its train and had not: told at once to the person who put it."""

import json
from collections.abc import Iterator, Sequence

from duban.views.audit import Masking, said_why
from duban.views.view import View
from store.rows import AuditLine

MOVED, EXTENDED, REFUSED, WANTED, PARKED = (
    "item.move",
    "clock.extend",
    "item.refuse",
    "rule.refused",
    "park",
)
OPENED = "item.open"


def not_done(view: View, since: int, item: str) -> list[str]:
    """`since`: how many entries there were before it was put."""
    lines = view.reader.list_since(since, (OPENED, MOVED, EXTENDED, REFUSED, WANTED, PARKED))
    own = next(
        (at for at, line in enumerate(lines) if line.act in (OPENED, MOVED) and line.obj_id == item), None
    )
    if own is None:
        return []
    # Entries of one moment are of one transaction; what a daemon writes beside it has another.
    later = [line for line in lines[own + 1 :] if line.ts == lines[own].ts]
    masking = Masking(view)
    seen = [line for line in later if not masking.hides(line)]
    return [*dict.fromkeys(_said(view, seen))]


def _said(view: View, lines: Sequence[AuditLine]) -> Iterator[str]:
    """A rule that was refused tells of it with the refusal, which is not told twice."""
    records = [json.loads(line.rec) for line in lines]
    told = {each.get("refusal_zh") for each in records}
    for line, record in zip(lines, records, strict=True):
        if record.get("ok", True) or record["why"] in told:
            continue
        about = f"{line.obj_id} " if line.obj_type == "item" else ""
        yield about + said_why(view, record)
