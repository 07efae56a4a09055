"""Library pieces cut down to the workflows of a book: no rule about hotlines where there are none."""

from collections.abc import Collection
from functools import cache

from engine.book.library import piece_names
from engine.book.text import Node

LIBRARY = "rules/library/"
# Where a piece names the workflows it speaks of.
SPEAKS_OF = {"rules": ("for",), "clocks": ("of",), "measures": ("items", "of")}


def from_library(node: Node) -> bool:
    return node.place.file.startswith(LIBRARY)


def prune(root: Node) -> Node:
    """Without library workflows that the book did not take; a piece left with none goes as a whole."""
    assert isinstance(root.value, dict)
    workflows = root.value.get("workflows")
    taken = workflows.value if workflows is not None and isinstance(workflows.value, dict) else {}
    values = dict(root.value)
    for section, keys in SPEAKS_OF.items():
        if section in values:
            values[section] = _section(values[section], keys, taken)
    return Node(values, root.place, root.keys)


def _section(section: Node, keys: Collection[str], taken: Collection[str]) -> Node:
    assert isinstance(section.value, dict)
    kept = {id: _piece(node, keys, taken) for id, node in section.value.items()}
    return Node({id: node for id, node in kept.items() if node is not None}, section.place, section.keys)


def _piece(node: Node, keys: Collection[str], taken: Collection[str]) -> Node | None:
    if not isinstance(node.value, dict):
        return node
    values = dict(node.value)
    for key in keys:
        names = values.get(key)
        if names is None or not from_library(names):
            continue
        written = names.value if isinstance(names.value, list) else [names]
        left = [name for name in written if name.value in taken or name.value not in _offered()]
        if not left:
            return None
        if len(left) < len(written):
            values[key] = Node(left, names.place)
    return Node(values, node.place, node.keys)


@cache
def _offered() -> frozenset[str]:
    """The workflows of the library, which a book that takes nothing from it need not read."""
    return frozenset(name.rpartition("/")[2] for name in piece_names("workflows"))
