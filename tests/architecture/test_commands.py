"""Commands that are named exist: in fenced blocks of pages, and in the sentences that the program says."""

import ast
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOMS, ROOT, python_files, texts, tree_of
from tests.docs.pages import blocks

SHELLS = {"", "sh", "bash", "shell", "console"}  # languages of blocks that hold commands
PROGRAMS = ("duban", "make")
ENDS_COMMAND = {"|", "||", "&&", ";", ">", ">>", "<", "&", "2>", "2>&1"}
NAMED = re.compile(r"`(duban [^`]+)`")
WHOLE = re.compile(r"duban [a-z]+ [a-z]+")  # as in unknown(…, "duban unit list")
SHELL = ROOT / "duban" / "cli.py"


def commands_in(page: Path) -> Iterator[list[str]]:
    for block in blocks(page):
        if block.language in SHELLS:
            for line in block.text.replace("\\\n", " ").splitlines():
                yield from commands_of(line)


def commands_of(line: str) -> Iterator[list[str]]:
    try:
        words = shlex.split(line.removeprefix("$ "), comments=True)
    except ValueError:  # an apostrophe: this line is output, not a command
        assert not line.removeprefix("$ ").startswith(PROGRAMS), f"a quote is not closed: {line}"
        return
    yield from split_commands(words)


def split_commands(words: list[str]) -> Iterator[list[str]]:
    command: list[str] = []
    for word in [*words, ";"]:
        if word in ENDS_COMMAND:
            if command and Path(command[0]).name in PROGRAMS:
                yield [Path(command[0]).name, *command[1:]]
            command = []
        elif command or not re.fullmatch(r"[A-Z_]+=.*", word):  # DUBAN_X=1 before the command
            command.append(word)


def documented(program: str) -> list[tuple[Path, list[str]]]:
    return [
        (path, words[1:])
        for path, _ in texts(frozenset({".md"}))
        for words in commands_in(ROOT / path)
        if words[0] == program
    ]


def sentences(tree: ast.AST) -> Iterator[str]:
    """The texts of a program but for its docstrings; what is filled in stands as X."""
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Expr)
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def named_in(tree: ast.AST) -> Iterator[list[str]]:
    """Commands that a text cites in backticks, or that it is as a whole."""
    for text in sentences(tree):
        for cited in (*NAMED.findall(text), *([text] if WHOLE.fullmatch(text) else [])):
            yield from commands_of(cited)


def misunderstood(command: Any, words: list[str]) -> str | None:
    """What the shell would refuse in these words; values and files are not looked at."""
    context = command.context_class(command, info_name="duban")
    while True:
        try:
            values, rest, _ = command.make_parser(context).parse_args(args=list(words))
        except Exception as error:  # the parser's own errors live in a private module of typer
            return str(getattr(error, "message", error))
        if values.get("help") or values.get("version"):
            return None
        if not hasattr(command, "commands"):
            return missing(command, values, rest)
        if not rest:
            return None if command.invoke_without_command else "a command is missing"
        if rest[0] not in command.commands:
            return f"no command {rest[0]!r}"
        command, words = command.commands[rest[0]], rest[1:]
        context = command.context_class(command, info_name=rest[0], parent=context)


def missing(command: Any, values: dict[str, Any], rest: list[str]) -> str | None:
    if rest:
        return f"too much: {' '.join(rest)}"
    left_out = [each.name for each in command.params if each.required and not given(values.get(each.name))]
    return f"left out: {', '.join(left_out)}" if left_out else None


def given(value: object) -> bool:
    return value not in (None, (), []) and "UNSET" not in repr(value)


@pytest.mark.skipif(not SHELL.exists(), reason="duban/cli.py is not written yet")
def test_documented_commands_exist() -> None:
    from typer.main import get_command

    shell = get_command(import_module("duban.cli").app)
    faults = [
        f"{path}: duban {shlex.join(words)}: {fault}"
        for path, words in documented("duban")
        if (fault := misunderstood(shell, words))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.skipif(not SHELL.exists(), reason="duban/cli.py is not written yet")
def test_commands_that_the_program_names_exist() -> None:
    """An error whose way out is a command that is not there leaves its reader alone."""
    from typer.main import get_command

    shell = get_command(import_module("duban.cli").app)
    named = [(path, words[1:]) for path in python_files(*ROOMS) for words in named_in(tree_of(path))]
    assert ["duban", "init"] in [["duban", *words] for _, words in named]
    faults = [
        f"{path}: duban {shlex.join(words)}: {fault}"
        for path, words in named
        # A sentence may name a command without all that it needs.
        if (fault := misunderstood(shell, words)) and not fault.startswith("left out")
    ]
    assert not faults, "\n".join(faults)


def test_documented_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = [(path, word) for path, words in documented("make") for word in words if "=" not in word]
    assert asked, "CONTRIBUTING.md names at least one target"
    faults = [f"{path}: make {word}" for path, word in asked if word not in targets]
    assert not faults, "\n".join(faults)


def sample_shell() -> Any:
    import typer
    from typer.main import get_command

    app, items = typer.Typer(), typer.Typer()

    @app.command()
    def check(book: str, output: str = "pretty") -> None: ...

    @items.command("show")
    def show_item(number: int) -> None: ...

    app.add_typer(items, name="item")
    return get_command(app)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("duban check mybook --output json | less", None),
        ("$ .venv/bin/duban item show 12 && make test", None),
        ("DUBAN_LANG=en duban check --help", None),
        ("duban check mybook --outptu json", "--outptu"),
        ("duban chekc mybook", "chekc"),
        ("duban item show", "number"),
        ("duban item shwo 12", "shwo"),
        ("duban check one two", "two"),
    ],
)
def test_commands_are_understood_as_the_shell_would(line: str, fault: str | None) -> None:
    words = next(iter(commands_of(line)))
    assert words[0] == "duban"
    said = misunderstood(sample_shell(), words[1:])
    assert said is None if fault is None else said and fault in said


PAGE = """\
```yaml
lang: zh
```

Between blocks `duban prose` is no command:
duban prose

```text demo
$ duban printed
```
```sh next
duban first \\
  --flag
```

```
make second  # it's said
```
"""


def test_only_blocks_for_a_shell_hold_commands(tmp_path: Path) -> None:
    """A closing fence of another block used to be taken for an opening one; named blocks were not read."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert list(commands_in(page)) == [["duban", "first", "--flag"], ["make", "second"]]


@pytest.mark.parametrize("broken", ["```sh\nduban board\n", "```sh\nduban item do 'x\n```\n"])
def test_what_cannot_be_read_is_a_fault(tmp_path: Path, broken: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(broken, encoding="utf-8")
    with pytest.raises(AssertionError):
        list(commands_in(page))


def test_commands_in_sentences_are_found() -> None:
    tree = ast.parse('''
"""`duban module`"""
way = "duban unit list"
said = f"{path} is cut: `duban item retry {id}` or `duban store migrate`" "; see `duban why`"
other = "duban is a program"
''')
    found = [" ".join(words) for words in named_in(tree)]
    assert found == ["duban unit list", "duban item retry X", "duban store migrate", "duban why"]
