"""Who does something: a post with the person that holds it, a rule of the book, or the system."""

from dataclasses import dataclass
from typing import Literal

from store.rows import Plain

Kind = Literal["person", "rule", "system"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    id: str
    kind: Kind
    roles: frozenset[str]
    name: str | None = None

    def plain(self) -> dict[str, Plain]:
        named: dict[str, Plain] = {"name": self.name} if self.name else {}
        return {"id": self.id, "kind": self.kind, **named}
