"""The codes that a check can give, as the source says them, and the examples of their pages."""

import ast
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engine.book.book import check_book
from engine.book.check.contents import PLACES
from engine.book.context import NOUNS
from engine.book.finding import Finding
from engine.book.gather import MOST_FILES
from engine.book.text import LARGEST_FILE, MOST_NODES

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/authors/findings"
BASE = Path(__file__).parent / "findings_book"
# Where findings are made, how such calls are named, and which argument holds the code.
SOURCES = ("engine/book/**/*.py", "workflows/check.py", "workflows/check/*.py", "rules/check/*.py")
CALLS = {"at": 1, "note": 1, "_note": 1, "_refuse": 1, "Slip": 0, "Problem": 0, "Finding": 0}
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


class Page(NamedTuple):
    """`kind` of the examples: yaml, or text for what no YAML can show."""

    code: str
    title: str
    kind: str
    examples: tuple[str, ...]


def pages() -> Iterator[Page]:
    for path in sorted(PAGES.glob("*.md")):
        if path.stem != "README":
            text = path.read_text(encoding="utf-8")
            fences = FENCE.findall(text)
            yield Page(
                path.stem, text.split("\n")[2], fences[0][0] if fences else "", tuple(f[1] for f in fences)
            )


@cache
def codes() -> Mapping[str, str]:
    """Every code in the source, with the file that gives it."""
    found: dict[str, str] = {}
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            for code in codes_in(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(code, path.relative_to(ROOT).as_posix())
    return found


def codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            written = code_of(node)
            if isinstance(written, ast.Constant) and isinstance(written.value, str):
                if CODE.fullmatch(written.value):
                    yield written.value
            elif isinstance(written, ast.JoinedStr):
                yield from nouns_in(written)
            yield from nouns_checked(node)


def code_of(call: ast.Call) -> ast.expr | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    named = next((each.value for each in call.keywords if each.arg == "code"), None)
    at = CALLS.get(name)
    if at is None and not name.startswith("_note"):
        return named
    return named or next(iter(call.args[at or 1 : (at or 1) + 1] if at != 0 else call.args[:1]), None)


def nouns_in(written: ast.JoinedStr) -> Iterator[str]:
    """The kinds of targets of a clause; other nouns are found where names are checked."""
    first = written.values[0]
    last = written.values[-1]
    open_end = isinstance(last, ast.FormattedValue) and ast.unparse(last.value) == "kind"
    if isinstance(first, ast.Constant) and first.value == "unknown_" and open_end:
        yield from (f"unknown_{kind}" for kind in PLACES)


def nouns_checked(call: ast.Call) -> Iterator[str]:
    """`check(path, "state", …)` gives unknown_state."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name in ("check", "check_all", "check_names", "unknown"):
        for each in call.args[1:2]:
            if isinstance(each, ast.Constant) and each.value in NOUNS:
                yield f"unknown_{each.value}"


# ---------------------------------------------------------------- the examples


def findings_of(example: str, folder: Path) -> tuple[Finding, ...]:
    """Of the base book with the fragment beside it; a fragment with `book:` takes the place of the base's."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    if example.startswith("book:") or "\nbook:" in example:
        (folder / "book.yaml").unlink()
    (folder / "example.yaml").write_text(example, encoding="utf-8")
    return check_book(folder)


def made(code: str, folder: Path) -> tuple[Finding, ...]:
    """Of what the page can only describe."""
    shutil.copytree(BASE, folder)
    SPECIAL[code](folder)
    return check_book(folder)


def write(folder: Path, name: str, raw: bytes) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(raw)


def many_files(folder: Path) -> None:
    for number in range(MOST_FILES + 1):
        write(folder, f"f{number}.yaml", b"")


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def english_book(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(ROOT / "tests/engine/book/good/borrowed", folder)
    head = (folder / "book.yaml").read_text(encoding="utf-8")
    write(folder, "book.yaml", head.replace("  timezone:", "  language: en\n  timezone:").encode())


def scenario_of_nobody(folder: Path) -> None:
    good = ROOT / "tests/engine/book/scenarios/good.yaml"
    text = good.read_text(encoding="utf-8").replace("after_interview: punctual", "after_interview: punctal")
    write(folder, "scenarios/year.yaml", text.encode())


SPECIAL: Mapping[str, Callable[[Path], object]] = {
    "byte_order_mark": lambda folder: write(folder, "a.yaml", b"\xef\xbb\xbfunits: {}\n"),
    "invisible": lambda folder: write(folder, "a.yaml", b"units: {roads: {zh: '\x00', en: a}}\n"),
    "not_utf8": lambda folder: write(folder, "a.yaml", "units: {}  # 公路".encode("gbk")),
    "too_large": lambda folder: write(folder, "a.yaml", b"#" * (LARGEST_FILE + 1)),
    "too_many_nodes": lambda folder: write(folder, "a.yaml", b"[" + b"0," * (MOST_NODES + 1) + b"]"),
    "too_many_files": many_files,
    "too_many_mistakes": lambda folder: write(folder, "a.yaml", b"units: {}\n" * 200),
    "no_book": empty,
    "not_read": lambda folder: write(folder, "rules.yml", b""),
    "unreadable": lambda folder: (folder / "a.yaml").symlink_to("/proc/self/mem"),
    "foreign_basis": english_book,
    "unknown_character": scenario_of_nobody,
}
# No two libraries differ today; another test makes two that do.
ELSEWHERE: Mapping[str, str] = {"ambiguous_piece": "tests/engine/book/test_good.py"}
