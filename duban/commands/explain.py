"""`duban explain`: any piece of a book in words, as a table, or as a picture; and what a finding means."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import Mistake, unknown
from duban.options import with_session
from duban.output import Format, Listing
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from engine.book.book import Book

Data = dict[str, Any]


class Form(StrEnum):
    text = "text"
    table = "table"
    mermaid = "mermaid"
    svg = "svg"


def register(app: typer.Typer) -> None:
    app.command(
        "explain",
        help="把规则册中的任何一件说成话、列成表、画成图,或解释检查代码 / say any piece of a book in words, "
        "as a table or a picture; or what a finding's code means",
    )(with_session(explain))


def explain(
    session: Session,
    name: Annotated[
        str,
        typer.Argument(
            help="标识或名称(rule:…、clock:… 可分清同名的),book 为全册,或检查代码 / id or label, "
            "rule:… and clock:… tell those of one name apart; book is all of it; or a code that check gives"
        ),
    ],
    form: Annotated[Form | None, typer.Option("--form", help="样式 / form; svg and mermaid draw")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="写入文件 / write it to a file")
    ] = None,
    book: Annotated[
        str | None, typer.Option("--book", help="规则册;缺省为办公库在用的 / default: the office's own")
    ] = None,
) -> None:
    from duban.commands.book import read_or_open
    from duban.pages import page_of
    from duban.views.explained import explained, find, names

    page = page_of(name) if book is None else None
    if page is not None:  # asked of a book that cannot be read, as a rule
        session.show({"kind": "finding", "id": name, "page": page}, [page.rstrip()])
        return
    found = read_or_open(session, book)
    pieces = find(found, name)
    if not pieces:
        raise unknown(Text("名为", "piece called"), name, names(found), "duban explain book --form table")
    told = [explained(found, kind, id, session.language) for kind, id in pieces]
    if form in (Form.mermaid, Form.svg):
        show_picture(session, picture(session, found, told, form), out)
    elif out is not None:
        write(session, out, "\n".join(lines(session, told)) + "\n")
    else:
        session.show(told[0] if len(told) == 1 else {"id": name, "pieces": told}, parts(session, told, form))


def parts(session: Session, told: list[Data], form: Form | None) -> Iterator[str | Listing]:
    from duban.views.explained import table_of, text_parts, usual_parts

    for place, data in enumerate(told):
        if place:
            yield ""
        if form is Form.table:
            table = table_of(data)
            if table is None:
                raise Mistake(
                    f"{data['id']} 没有表格：只有阶梯、流程和全册可以列表，请用 --form text",
                    f"{data['id']} has no table: ladders, workflows and whole books do; use --form text",
                )
            yield table
        elif form is Form.text:
            yield from text_parts(data, session.language)
        else:
            yield from usual_parts(data, session.language)


def lines(session: Session, told: list[Data]) -> Iterator[str]:
    from duban.views.explained import text_parts

    for data in told:
        yield from text_parts(data, session.language)


def picture(session: Session, book: "Book", told: list[Data], form: Form) -> Data:
    """The first of those of that name that can be drawn so."""
    from duban.diagrams.ladder import draw_clock, draw_ladder
    from duban.diagrams.mermaid import mermaid
    from duban.diagrams.workflow import draw_workflow
    from duban.views.phrases import Voice

    voice = Voice(book, session.language)
    for data in told:
        kind, id = data["kind"], data["id"]
        if kind == "workflow":
            spec = book.workflows[id].spec
            drawn = mermaid(voice, spec) if form is Form.mermaid else draw_workflow(voice, spec)
        elif form is Form.svg and kind == "rule" and data["ladder"]:
            drawn = draw_ladder(voice, book.rules[id])
        elif form is Form.svg and kind == "clock" and data["ladder"]:
            drawn = draw_clock(voice, id)
        else:
            continue
        return {"kind": kind, "id": id, "label": data["label"], form.value: drawn}
    raise Mistake(
        f"{told[0]['id']} 画不成 {form.value}：流程可画 mermaid 和 svg，阶梯和时限可画 svg",
        f"{told[0]['id']} cannot be drawn as {form.value}: workflows can be drawn as both, "
        "ladders and the rungs of clocks as svg",
    )


def show_picture(session: Session, data: Data, out: Path | None) -> None:
    drawn = next(data[each.value] for each in (Form.mermaid, Form.svg) if each.value in data)
    if out is not None:
        write(session, out, drawn)
    elif session.output is Format.table:
        print(drawn, end="")
    else:
        session.show(data, ())


def write(session: Session, out: Path, text: str) -> None:
    out.write_text(text, encoding="utf-8")
    session.note(f"已写入 {out}", f"written to {out}")
