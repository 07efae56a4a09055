"""Did you mean …: the known word nearest to one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def guess(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), None)
