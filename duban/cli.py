"""The command line. Each command imports what it needs when it runs, so that asking for help stays quick."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from duban.commands import (
    audit,
    board,
    book,
    brake,
    calendar,
    check,
    clock,
    demo,
    doctor,
    explain,
    hold,
    importing,
    init,
    item,
    notice,
    people,
    run,
    schema,
    simulate,
    store,
    test,
    trial,
    unit,
    why,
    whynot,
)
from duban.mistakes import CANNOT_RUN, OK, USAGE
from duban.mistakes import explain as say_mistake
from duban.texts import Language, Text, language_of

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
INTERRUPTED = 130

app = typer.Typer(
    name="duban",
    help="督办：每件承诺都有责任人、时限和后果 / every promise has an owner, a clock and a consequence",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"duban {version('duban')}")
        raise typer.Exit


@app.callback()
def duban(
    _version: Annotated[
        bool, typer.Option("--version", help="版本 / version", is_eager=True, callback=print_version)
    ] = False,
) -> None:
    """No command of its own: only what is common to all."""


for _module in (
    demo,
    init,
    run,
    item,
    unit,
    board,
    why,
    whynot,
    notice,
    hold,
    brake,
    clock,
    doctor,
    audit,
    people,
    book,
    explain,
    schema,
    check,
    test,
    simulate,
    trial,
    importing,
    store,
    calendar,
):
    _module.register(app)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 ok, 1 findings or refused, 2 usage, 3 cannot run."""
    words = sys.argv[1:] if arguments is None else arguments
    language = spoken_language(words)
    # Started with a closed output there is nobody to read, and nothing to complain of.
    sys.stdout, sys.stderr = (stream or nowhere() for stream in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a narrow terminal shows a ? rather than an error
    try:
        code = typer.main.get_command(app).main(words, prog_name="duban", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone, as `head` does; typer then exits by itself. Nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except Exception as error:  # the last place where an error can become a sentence
        return fail(error, language)


def nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # open as long as the process


def fail(error: Exception, language: Language) -> int:
    if isinstance(error, UsageError):
        return misuse(error, language)
    said = say_mistake(error, language)
    if said is None or os.environ.get("DUBAN_DEBUG"):
        traceback.print_exc()
    if said is None:
        said = (
            Text(
                "这是 duban 自身的错误：没有写入任何不完整的内容，请把以上内容报告给维护者",
                "this is a fault of duban itself: nothing was half written, please report the lines above",
            ).in_(language),
            CANNOT_RUN,
        )
    print(f"duban: {said[0]}", file=sys.stderr)
    return said[1]


def misuse(error: Any, language: Language) -> int:
    """typer's complaint about the words of the command, in one sentence with the way out."""
    where = error.ctx.command_path if getattr(error, "ctx", None) else "duban"
    what = " ".join(error.format_message().split()).rstrip(".")
    if language == "zh":
        param = getattr(error, "param", None)
        name = param.opts[0] if param is not None and param.opts else ""
        what = {
            "NoSuchOption": f"没有选项 {getattr(error, 'option_name', '')}",
            "MissingParameter": f"缺少 {name}",
        }.get(type(error).__name__, what)
    way = Text(f"用 `{where} --help` 查看用法", f"`{where} --help` shows how").in_(language)
    print(f"duban: {what}; {way}", file=sys.stderr)
    return USAGE


def spoken_language(words: list[str]) -> Language:
    """Known before the command is, because its mistakes are told in it too."""
    for flag, value in zip(words, [*words[1:], ""], strict=False):
        if flag in ("--lang=zh", "--lang=en") or (flag == "--lang" and value in ("zh", "en")):
            return "zh" if flag.endswith("zh") or value == "zh" else "en"
    if os.environ.get("DUBAN_LANG") in ("zh", "en"):
        return "zh" if os.environ["DUBAN_LANG"] == "zh" else "en"
    return language_of(os.environ)


if __name__ == "__main__":
    sys.exit(main())
