"""The lines of a document: one for each unit, with what is known of that unit as of the rule's moment.

Gathered before the decision is entered: a question may write the table, and positions of entries go with it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from engine.book.book import Book
from engine.decide import Spoken, as_of
from engine.desk import Desk
from engine.facts import Subject, gather
from engine.measures import Unreadable
from engine.words import PLACEHOLDER, fill
from rules.language import Document
from rules.shape import Label

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Lines:
    row: Label
    units: tuple[tuple[str, Values], ...]

    def text(self, book: Book, words: Values) -> str:
        language = book.info.language
        told = ({**words, **known, "unit": unit} for unit, known in self.units)
        return "\n".join(fill(book, self.row, each, language) for each in told)


def gather_lines(desk: Desk, spoken: Spoken, subject: Subject) -> Lines | None:
    """In the order of the units, or by a measure, the least first; who has no such value comes last."""
    document = spoken.wanted.actions.document
    if document is None or document.rows is None or document.row is None:
        return None
    seen = replace(as_of(desk, spoken.rule, subject), case=None, owner=None)
    names = _names(document.row, document)
    rows = [
        (unit, _known(desk, names, replace(seen, unit=unit)))
        for unit in _units(desk.book, subject, document.rows)
    ]
    by = document.order
    if by is not None:
        known = sorted((row for row in rows if row[1][by] is not None), key=lambda row: row[1][by])
        rows = [*known, *(row for row in rows if row[1][by] is None)]
    return Lines(row=document.row, units=tuple(rows))


def _units(book: Book, subject: Subject, name: str) -> tuple[str, ...]:
    """Those of a field of the item, or of a group; none where the item has none."""
    listed = subject.case.fields.get(name) if subject.case is not None else None
    if isinstance(listed, list | tuple):
        return tuple(map(str, listed))
    return book.groups[name].members if name in book.groups else ()


def _names(row: Label, document: Document) -> list[str]:
    """The facts that a line tells or is put in order by; words have no dot."""
    written = {*PLACEHOLDER.findall(row.zh), *PLACEHOLDER.findall(row.en), document.order or ""}
    return sorted(name for name in written if "." in name)


def _known(desk: Desk, names: list[str], subject: Subject) -> Values:
    """A number that cannot be read is not known: it spoils its own place, and not the document."""
    found: dict[str, Any] = dict.fromkeys(names)
    for name in names:
        with suppress(Unreadable):
            found |= gather(desk, (name,), subject).values
    return found
