"""`duban schema`: what editors need to complete, explain and mark while the author writes."""

from pathlib import Path
from typing import Annotated

import typer

from duban.options import with_session
from duban.session import Session


def register(app: typer.Typer) -> None:
    app.command("schema", help="JSON Schema,供编辑器使用 / for editors")(with_session(schema))


def schema(
    session: Session,
    book: Annotated[
        str | None,
        typer.Argument(
            metavar="[BOOK]",
            help="规则册文件夹或名称,补全其中的名称 / completes this book's own names; default: any book",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="写入文件 / into a file", show_default=False),
    ] = None,
) -> None:
    from duban.output import as_json
    from duban.shelf import find_book
    from engine.book.schema import book_schema, names_of

    _ = session.settings  # a wrong setting is told here as everywhere
    made = as_json(book_schema(names_of(find_book(book)) if book else None), indent=2)
    if out is None:
        print(made)
        return
    out.write_text(made + "\n", encoding="utf-8")
    session.note(
        f"已写入 {out}；文件首行写 # yaml-language-server: $schema={out.name} 即可补全，书有改动再生成一次",
        f"wrote {out}; files that begin with # yaml-language-server: $schema={out.name} are completed; "
        "make it anew when the book has changed",
    )
