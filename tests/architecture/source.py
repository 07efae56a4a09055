"""The repository as the architecture tests read it: which files there are, and what Python they hold."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("duban", "engine", "rules", "workflows", "store")
BELOW_THE_SHELL = ("engine", "rules", "workflows", "store")
UNSEEN = {".git", ".venv", "__pycache__", "build", "dist"}


@cache
def all_files() -> tuple[Path, ...]:
    """Every file that is or may be committed, relative to the root."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found = [Path(name) for name in listed.split("\0") if name]
    else:  # an unpacked archive has no index
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    seen = [path for path in found if (ROOT / path).is_file() and not UNSEEN & set(path.parts)]
    assert seen, f"no files found under {ROOT}"
    return tuple(sorted(set(seen)))


def python_files(*rooms: str) -> tuple[Path, ...]:
    """The Python files of these rooms; an empty room is an error, so no test passes unseeing."""
    found = [path for path in all_files() if path.suffix == ".py" and path.parts[0] in rooms]
    for room in rooms:
        assert any(path.parts[0] == room for path in found), f"{room}/ holds no Python file"
    return tuple(found)


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


def texts(suffixes: frozenset[str] | None = None) -> Iterator[tuple[Path, str]]:
    """Files that read as text, with what they say."""
    for path in all_files():
        if suffixes is not None and path.suffix not in suffixes:
            continue
        try:
            yield path, text_of(path)
        except UnicodeDecodeError:
            continue  # an image or another binary file: nothing to read
