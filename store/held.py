"""A store that came out of a backup is held: read, and not written until persons have reconciled it (O2).

What the office did after the backup was made is not in it, so whatever it sent by itself might be sent twice.
"""

import json
from dataclasses import asdict, dataclass

HELD = "held"  # under which the store remembers it; empty once it was reconciled


@dataclass(frozen=True, kw_only=True)
class Held:
    backup: str  # name of the backup's file
    size: int  # entries of its log
    root: str  # of the tree over them, 64 hex digits

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_held(text: str | None) -> Held | None:
    return Held(**json.loads(text)) if text else None
