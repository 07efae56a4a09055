"""`duban import events`: somebody's records become an office on a virtual clock, or nothing at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import FINDINGS, Mistake
from duban.options import with_session
from duban.output import Listing
from duban.session import VIRTUAL, Session

if TYPE_CHECKING:
    from duban.importing.history import Imported
    from engine.book.book import Book
    from engine.history import History
    from engine.replay import Left

SHOWN = 20  # refused lines; programs get all of them


def register(app: typer.Typer) -> None:
    imports = typer.Typer(no_args_is_help=True, help="导入 / import: events")
    imports.command("events", help="事件日志(CSV、XES)成为一个办公库 / event logs become an office")(
        with_session(import_events)
    )
    app.add_typer(imports, name="import")


def import_events(
    session: Session,
    *,
    file: Annotated[Path, typer.Argument(help="CSV 或 XES 文件 / a CSV or XES file")],
    map: Annotated[Path, typer.Option("--map", metavar="FILE", help="列对照 / what the columns mean")],
    book: Annotated[
        str | None, typer.Option("--book", help="规则册 / book; default: as configured", show_default=False)
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip-refused", help="跳过读不懂的行 / go on without refused lines")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="只看会怎样,不建库 / only say what would be")] = False,
) -> None:
    """The store is made whole or not at all; its time is virtual and ends with the last event."""
    from duban.importing.history import read_events
    from duban.importing.told import tell_refused
    from duban.shelf import find_book
    from engine.book.book import read_book

    folder = find_book(book or session.settings.book)
    content = read_book(folder)
    imported = read_events(file, map, content)
    if imported.history is None or (imported.refused and not skip):
        tell_refused(session, imported)
        raise Mistake(
            f"{len(imported.refused)} 行未能导入，什么都没有导入：改正后再来，或加 --skip-refused 跳过",
            f"{len(imported.refused)} lines were refused, so nothing was imported: "
            "mend them, or leave them out with --skip-refused",
            FINDINGS,
        )
    tell_refused(session, imported)
    data = counted(content, imported, imported.history)
    if not plan:
        data |= live_through(session, folder, content, imported.history, skip=skip)
    session.show(data, [Listing(columns=tuple(data), rows=[data])])


def counted(book: "Book", imported: "Imported", history: "History") -> dict[str, Any]:
    return {
        "items": len(history.births),
        "events": len(history.happened),
        "refused": len(imported.refused),
        "ignored": imported.ignored,
        "since": history.begins.astimezone(book.zone),
        "until": history.ends.astimezone(book.zone),
    }


def live_through(
    session: Session, folder: Path, book: "Book", history: "History", *, skip: bool
) -> dict[str, Any]:
    """Beside the wanted place, whose name it takes only when everything is in it."""
    from duban.living import watched
    from engine.office import files_of
    from engine.replay import found_for, replay
    from store.office import made_beside

    with made_beside(session.url) as half:
        office = found_for(history, book, half, files_of(folder))
        try:
            with office.store.write(history.begins) as tx:
                tx.set_meta(*VIRTUAL)
            with watched(session, history, history.ends) as on_moment:
                replayed = replay(office, history, history.ends, on_moment)
        finally:
            office.close()
        if replayed.left and not skip:
            raise refused_by_book(session, replayed.left)
    return {"done": replayed.done, "left": len(replayed.left), "store": session.shown_url}


def refused_by_book(session: Session, left: "list[Left]") -> Mistake:
    for each in left[:SHOWN]:
        place = each.happened.place
        session.note(f"{place}：{each.zh}", f"{place}: {each.en}")
    return Mistake(
        f"规则册不许其中 {len(left)} 件事，什么都没有导入：改正对照或规则册，或加 --skip-refused 跳过",
        f"the book refuses {len(left)} of the events, so nothing was imported: "
        "mend the mapping or the book, or leave them out with --skip-refused",
        FINDINGS,
    )
