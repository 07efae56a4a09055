"""Whoever looks, at what office, in which language: names, local times, and what is sealed from him."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from duban.mistakes import unknown
from duban.texts import Language, Text
from engine.book.book import Book
from engine.roles import About, held_by
from engine.words import name_of
from store.read import Reader
from store.rows import ItemRow, OutboxNotice


@dataclass(eq=False)
class View:
    book: Book
    reader: Reader
    language: Language
    now: datetime
    post: str | None = None  # who looks; nobody sees nothing that is sealed

    def pick(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)

    def label(self, spec: Any) -> str:
        return str(spec.zh if self.language == "zh" else spec.en)

    def name(self, id: str | None) -> str | None:
        """A unit or post as people call it."""
        return name_of(self.book, id, self.language) if id else None

    def local(self, at: datetime | None) -> datetime | None:
        return at.astimezone(self.book.zone) if at is not None else None

    def moment(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.book.zone)

    # ------------------------------------------------------------ what is sealed (S2)

    def may_see(self, row: ItemRow) -> bool:
        return may_see(self.book, row, self.post)

    def items(self, **asked: Any) -> list[ItemRow]:
        sealed = self.post is not None
        return [row for row in self.reader.list_items(include_sealed=sealed, **asked) if self.may_see(row)]

    def item(self, id: str) -> ItemRow | None:
        row = self.reader.items_by_id([id]).get(id)
        return row if row is not None and self.may_see(row) else None

    def parents(self, rows: Iterable[ItemRow]) -> frozenset[str]:
        """Ids of the items that these belong to, as far as this viewer may know of them."""
        found = self.reader.items_by_id({row.parent for row in rows if row.parent is not None})
        return frozenset(id for id, row in found.items() if self.may_see(row))

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Ids of the items that this viewer may not know of."""
        names = [name for name, workflow in self.book.workflows.items() if workflow.spec.sealed]
        rows = (row for name in names for row in self.reader.list_items(workflow=name, include_sealed=True))
        return frozenset(row.id for row in rows if not self.may_see(row))

    def notices(self, found: Iterable[OutboxNotice]) -> Iterator[OutboxNotice]:
        hidden = self.hidden
        return (each for each in found if each.notice.item not in hidden)

    # ------------------------------------------------------------ finding what a person means

    def unit_id(self, word: str) -> str:
        """A unit by its id or by its name in either language."""
        for id, unit in self.book.units.items():
            if word in (id, unit.zh, unit.en):
                return id
        names = [*self.book.units, *(unit.zh for unit in self.book.units.values())]
        raise unknown(Text("单位", "unit"), word, names, "duban unit list")

    def workflow_id(self, word: str) -> str:
        for id, workflow in self.book.workflows.items():
            if word in (id, workflow.spec.label.zh, workflow.spec.label.en):
                return id
        raise unknown(Text("事项类型", "kind of item"), word, self.book.workflows, "duban book show")


def may_see(book: Book, row: ItemRow, post: str | None) -> bool:
    """A sealed item exists for its readers only (S2)."""
    if not row.sealed:
        return True
    if post is None:
        return False
    about = About(unit=row.unit, owner=row.owner, fields=json.loads(row.fields))
    return not held_by(book, post, about).isdisjoint(book.workflows[row.workflow].spec.readers)
