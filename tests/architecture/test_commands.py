"""Documented commands exist: every `duban …` and `make …` in a fenced block is understood."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT, texts

FENCE = re.compile(r"^```(?:sh|bash|shell|console)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = ("duban", "make")
ENDS_COMMAND = {"|", "||", "&&", ";", ">", ">>", "<", "&", "2>", "2>&1"}
SHELL = ROOT / "duban" / "cli.py"


def commands_in(markdown: str) -> Iterator[list[str]]:
    for block in FENCE.findall(markdown):
        for line in block.replace("\\\n", " ").splitlines():
            try:
                words = shlex.split(line.removeprefix("$ "), comments=True)
            except ValueError:  # an apostrophe: this line is output, not a command
                continue
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
        for path, text in texts(frozenset({".md"}))
        for words in commands_in(text)
        if words[0] == program
    ]


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
    words = next(iter(commands_in(f"```sh\n{line}\n```")))
    assert words[0] == "duban"
    said = misunderstood(sample_shell(), words[1:])
    assert said is None if fault is None else said and fault in said
