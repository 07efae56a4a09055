"""The page of each finding: what it means, an example, how to mend it. In docs/, and shipped with duban."""

from collections.abc import Iterator
from pathlib import Path

from duban.texts import Language, Text

HERE = Path(__file__).parent
# Where an installed duban keeps them, and where they are written.
FOLDERS = (HERE / "findings", HERE.parent / "docs" / "authors" / "findings")
INDEX = "README"


def codes() -> tuple[str, ...]:
    """Every code that has a page."""
    return tuple(sorted({path.stem for folder in FOLDERS for path in folder.glob("*.md")} - {INDEX}))


def page_of(code: str) -> str | None:
    """In Chinese and English; None where there is none."""
    if not code.isidentifier():
        return None
    return next((path.read_text(encoding="utf-8") for path in _files(code)), None)


def title_of(code: str, language: Language) -> str:
    """The line under the heading: `中文 · English`."""
    lines = [line for line in (page_of(code) or "").splitlines() if line and not line.startswith("#")]
    zh, _, en = (lines[0] if lines else code).partition(" · ")
    return Text(zh, en or zh).in_(language)


def _files(code: str) -> Iterator[Path]:
    return (path for folder in FOLDERS if (path := folder / f"{code}.md").is_file())
