"""Words that nobody would read: written in one language where notices speak the other."""

from collections.abc import Iterator

from pydantic import BaseModel

from engine.book.context import Context
from engine.book.finding import Path
from engine.book.prune import from_library
from rules.shape import LANGUAGES

BOTH = frozenset(LANGUAGES)
HOLDING = (BaseModel, dict, tuple)
SHOWN = 10  # more of them are told of once, at the language of the book


def check_languages(context: Context) -> None:
    """A text without a language is in that of the book."""
    wanted = context.data.book.language
    other = next(each for each in LANGUAGES if each != wanted)
    found = [path for path in named((), context.data) if _only_in(context, path, other)]
    if len(found) > SHOWN:
        zh = f"有{len(found)}处只写了 {other}，而通知用语是 {wanted}：请写 language: {other}，或补上 {wanted}"
        en = (
            f"{len(found)} labels are only in {other}, and notices are in {wanted}: "
            f"write `language: {other}` in `book`, or add {wanted}"
        )
        context.note(("book", "language"), "label_language", zh=zh, en=en, severity="warning")
        return
    for path in found:
        zh = f"只写了 {other}，而通知用语是 {wanted}：请补上 {wanted}，否则通知照用 {other}"
        en = f"only in {other}, and notices are in {wanted}: add {wanted}, or they use the words in {other}"
        context.note((*path, other), "label_language", zh=zh, en=en, severity="warning")


def _only_in(context: Context, path: Path, language: str) -> bool:
    node = context.root.find(path)
    if not isinstance(node.value, dict) or from_library(node):
        return False
    return [each for each in LANGUAGES if each in node.value] == [language]


def named(path: Path, value: object) -> Iterator[Path]:
    """Wherever there are words in both languages."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        if fields.keys() >= BOTH:
            yield path
        for name, each in value:
            if each and isinstance(each, HOLDING):
                yield from named((*path, fields[name].alias or name), each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from named((*path, str(key)), each)
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from named((*path, at), each)
