"""The facts a condition may read: names, kinds and labels, declared before any rule is loaded."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import TypeAlias

from rules.cel.faults import Language

Scalar: TypeAlias = bool | int | Decimal | str | datetime | timedelta
Value: TypeAlias = Scalar | Sequence[Scalar]


class Kind(Enum):
    """NUMBER is a Decimal (CEL double), MOMENT an aware datetime, SPAN a timedelta."""

    BOOL = "bool"
    INT = "int"
    NUMBER = "number"
    TEXT = "text"
    MOMENT = "moment"
    SPAN = "span"
    LIST = "list"

    @property
    def zh(self) -> str:
        return KINDS_ZH[self]

    @property
    def phrase(self) -> str:
        return f"{'an' if self is Kind.INT else 'a'} {self.value}"


KINDS_ZH = {
    Kind.BOOL: "是非",
    Kind.INT: "整数",
    Kind.NUMBER: "小数",
    Kind.TEXT: "文本",
    Kind.MOMENT: "时刻",
    Kind.SPAN: "时长",
    Kind.LIST: "列表",
}

# CEL keeps these words for itself, also where we would not need to.
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in"),
        *("let", "loop", "package", "namespace", "null", "return", "true", "var", "void", "while"),
    )
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
ALIAS = re.compile(r"[A-Za-z_㐀-鿿][A-Za-z0-9_㐀-鿿]*(\.[A-Za-z_㐀-鿿][A-Za-z0-9_㐀-鿿]*)*")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`of` is the kind of a list's elements, `one_of` the closed set of texts; an alias is a whole name.

    `called`: a text that it may be, and what people call it in Chinese and in English.
    `sure`: optional by its kind, and yet given wherever the condition stands: has() may be asked or not.
    """

    name: str
    kind: Kind
    of: Kind | None = None
    optional: bool = False
    sure: bool = False
    zh: str = ""
    en: str = ""
    one_of: tuple[str, ...] = ()
    called: tuple[tuple[str, str, str], ...] = ()
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if NAME.fullmatch(self.name) is None:
            raise ValueError(f"fact name {self.name!r} must be ASCII words joined by dots")
        for alias in self.aliases:
            if ALIAS.fullmatch(alias) is None:
                raise ValueError(f"alias {alias!r} of fact '{self.name}' must be words joined by dots")
        for name in (self.name, *self.aliases):
            if reserved := RESERVED & set(name.split(".")):
                raise ValueError(f"fact name '{name}' uses the reserved word '{min(reserved)}'")
        if (self.kind is Kind.LIST) != (self.of is not None) or self.of is Kind.LIST:
            raise ValueError(
                f"fact '{self.name}': a list, and only a list, states `of`, a kind other than list"
            )
        if self.one_of and Kind.TEXT not in (self.kind, self.of):
            raise ValueError(f"fact '{self.name}': only texts can be limited by one_of")
        if self.optional and "." not in self.name:
            raise ValueError(
                f"fact '{self.name}': an optional fact needs a dot in its name, as CEL's has() does"
            )

    def __hash__(self) -> int:
        return hash(self.name)  # seldom are two facts of one name, and the rest of a fact is long

    def label(self, language: Language) -> str:
        return (self.zh if language == "zh" else self.en) or self.name

    def word(self, text: str, language: Language) -> str:
        """What people call one of its texts."""
        words = {each: (zh if language == "zh" else en) for each, zh, en in self.called}
        return words.get(text, text)


class Facts:
    """Every fact a condition may read, found by name or alias."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, Fact] = {}
        self._found: dict[str, Fact] = {}
        for fact in facts:
            self._facts[fact.name] = fact
            for name in (fact.name, *fact.aliases):
                if name in self._found:
                    raise ValueError(f"two facts are named '{name}'")
                self._found[name] = fact
        for name in self._facts:
            for end in range(name.count(".")):
                if (prefix := ".".join(name.split(".")[: end + 1])) in self._facts:
                    raise ValueError(f"the fact '{prefix}' cannot also contain the fact '{name}'")

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)

    def find(self, name: str) -> Fact | None:
        return self._found.get(name)

    def surely(self, names: Collection[str]) -> "Facts":
        """These facts where those of these names are given for sure."""
        if not names:
            return self
        return Facts(replace(fact, sure=True) if fact.name in names else fact for fact in self)

    def suggest(self, name: str) -> str | None:
        """The name or alias that was probably meant: nearest segment by segment, else nearest as a whole.

        None for the beginning of some names: which of them was meant, nobody can guess.
        """
        if any(known.startswith(name + ".") for known in self._found):
            return None
        chosen: list[str] = []
        for segment in name.split("."):
            # one sign of two is enough in Chinese, where a segment seldom has more
            near = closest(segment, self._following(chosen), cutoff=0.6 if segment.isascii() else 0.5)
            if near is None:
                break
            chosen.append(near)
        guess = ".".join(chosen)
        return guess if guess in self._found else closest(name, self._found, cutoff=0.7)

    def nearby(self, name: str, *, limit: int = 6) -> tuple[str, ...]:
        """Some names that begin as `name` does, for a message that has no better guess."""
        segments = name.split(".")
        for length in range(len(segments), 0, -1):
            beginning = ".".join(segments[:length]) + "."
            if found := sorted(known for known in self._found if known.startswith(beginning)):
                return tuple(found)[:limit]
        return ()

    def has_text(self, text: str) -> bool:
        """Whether a closed set of texts holds it, so that a bare word was probably meant as a text."""
        return any(text in fact.one_of for fact in self)

    def _following(self, chosen: list[str]) -> set[str]:
        depth = len(chosen)
        paths = (known.split(".") for known in self._found)
        return {path[depth] for path in paths if len(path) > depth and path[:depth] == chosen}


def closest(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    known = sorted(choices)
    if word in known:
        return word
    return next(iter(get_close_matches(word, known, 1, cutoff)), None)
