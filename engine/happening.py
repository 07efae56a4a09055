"""What has happened and rules may answer to: an event, an opening, or the change of a field."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from engine.case import Case
from engine.facts import Change
from store.rows import Plain

# Rules that answer to rules, or items below items: what needs more is a circle that no check has seen.
DEEPEST = 12


@dataclass(frozen=True, kw_only=True)
class Happening:
    case: Case
    event: str  # empty for a change
    by: str
    args: Mapping[str, Plain]
    occasion: str
    depth: int
    change: Change | None = None


Queue = deque[Happening]
