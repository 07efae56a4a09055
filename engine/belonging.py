"""To what an item must belong for its rules to do anything: whose clock they extend, what they move above."""

from collections.abc import Collection, Iterable, Iterator
from random import Random

from engine.book.book import Book
from rules.language import Actions
from store.rows import ItemRow

PARENT = "parent"


def belongs_to(book: Book, workflow: str) -> tuple[str, ...]:
    """The workflows of which its parent may be; empty where it needs none."""
    wanted = [
        each
        for rule in book.rules.values()
        if workflow in rule.workflows
        for actions in (rule.spec.then, *rule.spec.ladder, *rule.spec.times)
        for each in _of_parents(book, actions)
    ]
    return tuple(name for name in book.workflows if all(name in each for each in wanted)) if wanted else ()


def _of_parents(book: Book, actions: Actions) -> Iterator[Collection[str]]:
    extend, move = actions.extend, actions.move
    if extend is not None and extend.item == PARENT:
        yield book.clocks[extend.clock].spec.of
    if move is not None and move.item == PARENT:
        events = {
            name: {each.event for each in flow.spec.transitions} for name, flow in book.workflows.items()
        }
        yield [
            name for name, known in events.items() if move.event in known and move.workflow in (None, name)
        ]


def draw_parent(
    rows: Iterable[ItemRow], among: Collection[str], unit: str | None, draw: Random
) -> str | None:
    """An open item of the same unit."""
    found = [row.id for row in rows if row.workflow in among and row.unit == unit and row.closed_at is None]
    return draw.choice(sorted(found)) if found else None
