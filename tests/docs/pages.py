"""The pages of the repository as these tests read them: fenced blocks, headings and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\S*)[ ]*(.*)$")
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """What stands between two fences; `name` is what follows the language on the opening one."""

    language: str
    name: str
    text: str


def pages() -> tuple[Path, ...]:
    return (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))


def blocks(page: Path) -> Iterator[Block]:
    opened: tuple[str, str] | None = None
    lines: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = FENCE.match(line)
        if opened is None and fence:
            opened, lines = (fence[1], fence[2]), []
        elif opened is not None and line == "```":
            yield Block(language=opened[0], name=opened[1], text="\n".join(lines) + "\n")
            opened = None
        else:
            lines.append(line)
    assert opened is None, f"{page.name}: a block is not closed"


def block(page: Path, name: str) -> Block:
    found = [each for each in blocks(page) if each.name == name]
    assert len(found) == 1, f"{page.name}: {len(found)} blocks are called {name!r}"
    return found[0]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    shown, fenced = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            shown.append(line)
    return "\n".join(shown)


def links(page: Path) -> tuple[str, ...]:
    return tuple(LINK.findall(prose(page)))


def anchors(page: Path) -> set[str]:
    """As code hosting sites make them from headings: small letters, words joined by hyphens."""
    plain = (re.sub(r"[`*]", "", heading).strip().lower() for heading in HEADING.findall(prose(page)))
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading)) for heading in plain}
