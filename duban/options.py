"""Options that every command has, added to it without being written at each."""

import inspect
import os
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Concatenate, ParamSpec

import typer

from duban.mistakes import Mistake
from duban.output import Format
from duban.session import Session

P = ParamSpec("P")

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="办公库:地址或 .db 文件 / the office's store: an address, or a .db file (DUBAN_STORE)",
        show_default=False,
    ),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh|en", help="语言 / language (DUBAN_LANG, LANG)", show_default=False),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="MOMENT",
        help="当作此刻,不早于日志末条 / take this as now; for acts not before the last log entry (DUBAN_NOW)",
        show_default=False,
    ),
]
Output = Annotated[Format, typer.Option("-o", "--output", help="输出格式 / form of output")]
As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="POST", help="以哪个岗位的身份 / acting as this post (DUBAN_AS)", show_default=False
    ),
]
COMMON = {"store": (Store, None), "lang": (Lang, None), "now": (Now, None), "output": (Output, Format.table)}


def with_session(function: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """The function as a command: --store, --lang, --now and -o become its first argument, the session."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        common = {name: kwargs.pop(name) for name in COMMON}
        function(Session(**common), *args, **kwargs)  # type: ignore[arg-type]

    signature = inspect.signature(function, eval_str=True)
    own = list(signature.parameters.values())[1:]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in COMMON.items()
    ]
    keyed = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    command.__signature__ = signature.replace(parameters=[*keyed, *more])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (*keyed, *more)}
    return command


def asked_post(given: str | None) -> str | None:
    return given or os.environ.get("DUBAN_AS") or None


def needed_post(given: str | None) -> str:
    post = asked_post(given)
    if post is None:
        raise Mistake(
            "没有说明以谁的身份办理：请写 --as 岗位，或设环境变量 DUBAN_AS；用 `duban people list` 查看岗位",
            "it is not said who acts: write --as POST, or set DUBAN_AS; `duban people list` shows the posts",
        )
    return post
