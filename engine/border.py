"""The border of what is sealed: beyond it nothing is told of the rule, its reason or the matter (S2).

What a sealed matter does to an open item stands in that item's own entries, which everybody reads. They
say what happened and not why; the whole reason stands in the sealed entry of the rule.
"""

from collections.abc import Mapping

from engine.actor import Actor
from engine.book.book import Book
from engine.case import Case
from engine.roles import RULE, About, resolve
from rules.shape import Label
from store.rows import ItemRow

UNNAMED = Actor(id="rule", kind="rule", roles=RULE)
BECAUSE = Label(zh="按有关规定办理", en="as the rules require")
COMMON = ("now", "document")  # words that say nothing of any item


def crosses(matter: Case | None, *, sealed: bool) -> bool:
    """From a sealed matter to something that is not; `sealed`: whether that is."""
    return matter is not None and matter.row.sealed and not sealed


def words_beyond(book: Book, words: Mapping[str, object]) -> dict[str, object]:
    """What a text may use there; every other word is filled in as unknown."""
    kept = {name: words[name] for name in COMMON if name in words}
    return {**kept, "because": BECAUSE.zh if book.info.language == "zh" else BECAUSE.en}


def reads(book: Book, row: ItemRow, about: About, hearer: str) -> bool:
    """Whether a post, or whom the item names by `item.<mail field>`, may read the item at all."""
    roles = book.workflows[row.workflow].spec.readers
    return not row.sealed or any(
        hearer in resolve(book, role, about) or book.roles[role].mail == hearer for role in roles
    )
