"""What is wrong with a book: where, in one sentence of each language, with the way out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]
PathStep = str | int
Path = tuple[PathStep, ...]
# More names than this in a sentence help nobody.
NAMES_SHOWN = 8


class Place(NamedTuple):
    """A place in a file; line and column count from 1, columns in characters."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, kw_only=True)
class Finding:
    file: str
    line: int
    column: int
    path: str
    code: str
    zh: str
    en: str
    suggestion: str | None = None
    severity: Severity = "error"

    @classmethod
    def at(
        cls,
        place: Place,
        code: str,
        *,
        zh: str,
        en: str,
        path: Path = (),
        suggestion: str | None = None,
        severity: Severity = "error",
    ) -> "Finding":
        return cls(
            file=place.file,
            line=place.line,
            column=place.column,
            path=".".join(map(str, path)),
            code=code,
            zh=zh,
            en=en,
            suggestion=suggestion,
            severity=severity,
        )

    def text(self, language: Language = "zh") -> str:
        where = f"{self.file}:{self.line}:{self.column}: "
        path = f"{self.path}: " if self.path else ""
        return where + path + (self.zh if language == "zh" else self.en)


class BookError(Exception):
    """The book cannot be used. Its findings say all that is wrong, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.text("en"))

    def text(self, language: Language = "zh") -> str:
        return "\n".join(finding.text(language) for finding in self.findings)


def nearest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, [*known], n=1, cutoff=0.6)), None)


def hint(word: str, known: Collection[str]) -> tuple[str, str, str | None]:
    """The end of a sentence about an unknown word, in Chinese and English, and the word probably meant."""
    near = nearest(word, known)
    if near:
        return f"，是不是 {near}？", f", did you mean {near}?", near
    if not known:
        return "，这里还没有定义任何名称", ", nothing of the kind is defined", None
    shown = sorted(known)[:NAMES_SHOWN]
    more = len(known) - len(shown)
    zh = f"，可用：{'、'.join(shown)}" + (f" 等 {len(known)} 个" if more else "")
    en = f"; known: {', '.join(shown)}" + (f" and {more} more" if more else "")
    return zh, en, None
