"""Trying a book: `backtest`, `diff`, `forecast`. No office is changed by any of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.living import watched
from duban.mistakes import FINDINGS, Mistake
from duban.options import with_session
from duban.session import Session, read_moment

if TYPE_CHECKING:
    from engine.book.book import Book
    from engine.history import History
    from engine.replay import Replayed
    from engine.world import World

On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="STORE|FILE",
        help="哪段历史:办公库或事件文件(配 --map) / history: a store, or a file of events with --map",
        show_default=False,
    ),
]
Map = Annotated[
    Path | None,
    typer.Option(
        "--map", metavar="FILE", help="事件文件的列对照 / what the columns mean", show_default=False
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="MOMENT", help="到何时为止 / up to when", show_default=False)
]


def register(app: typer.Typer) -> None:
    app.command("backtest", help="一册书在过去会怎样 / what a book would have done on a history")(
        with_session(backtest)
    )
    app.command("diff", help="两册书在同一段历史上的差别 / two books on one history, item by item")(
        with_session(diff)
    )
    app.command("forecast", help="什么都不报，接下来谁会收到什么 / who gets what when nobody does anything")(
        with_session(forecast)
    )


def backtest(
    session: Session,
    book: Annotated[str | None, typer.Argument(help="规则册 / a book's folder or name")] = None,
    on: On = None,
    map: Map = None,
    until: Until = None,
) -> None:
    from duban.views.trial import backtest_data, backtest_parts
    from engine.summary import summarise

    folder = folder_of(session, book)
    history = history_on(session, folder, on, map)
    with scratch() as place, lived(session, folder, history, until, place / "world.db") as life:
        with life.office.store.read() as reader:
            data = backtest_data(life.book, history, life.replayed, summarise(life.book, reader))
        session.show(data, backtest_parts(data, session.language))


def diff(
    session: Session,
    *,
    old: Annotated[str, typer.Argument(help="旧的一册 / the old book")],
    new: Annotated[str, typer.Argument(help="新的一册 / the new book")],
    on: On = None,
    map: Map = None,
    until: Until = None,
) -> None:
    """Exit 0 where both do the same, 1 where they differ."""
    from duban.views.trial import diff_data, diff_parts

    first = folder_of(session, old)
    history = history_on(session, first, on, map)
    with scratch() as place:
        before, _ = world(session, first, history, until, place / "old.db")
        after, book = world(session, folder_of(session, new), history, until, place / "new.db")
    data = diff_data(book, history, before, after)
    session.show(data, diff_parts(data, session.language))
    if data["differences"] or data["rules"] or data["notices"]:
        raise typer.Exit(FINDINGS)


def forecast(
    session: Session,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, help="往后多少天 / how many days ahead")
    ] = 30,
    unit: Annotated[
        str | None, typer.Option("--unit", help="只看这个单位 / only this unit", show_default=False)
    ] = None,
) -> None:
    from duban.progress import progress
    from duban.views.trial import forecast_listing
    from engine.forecast import forecast as look_ahead

    with session.office() as office:
        with office.store.read() as reader:
            now = session.now(office, reader)
        until = now + timedelta(days=days)
        label = session.pick("推演", "looking ahead")
        with scratch() as place, progress(label) as advance:

            def on_moment(at: datetime) -> None:
                advance((at - now).days, days)

            coming = look_ahead(office, place / "world.db", now, until, on_moment)
        session.list(forecast_listing(office.book, coming, unit, session.language))
    session.note(
        f"推演到 {until.astimezone(office.book.zone):%Y-%m-%d %H:%M}，其间无人办理任何事",
        f"looked ahead to {until.astimezone(office.book.zone):%Y-%m-%d %H:%M}, nobody doing anything",
    )


# ---------------------------------------------------------------- worlds


@contextmanager
def scratch() -> Iterator[Path]:
    with TemporaryDirectory(prefix="duban-") as folder:
        yield Path(folder)


def folder_of(session: Session, named: str | None) -> Path:
    from duban.shelf import find_book

    return find_book(named or session.settings.book)


def history_on(session: Session, folder: Path, on: str | None, map: Path | None) -> "History":
    """From the office of --store where nothing is named. A file of events is read by the names of a book."""
    from engine.history import history_of
    from engine.office import Office

    if map is not None:
        return history_in_file(session, folder, on, map)
    url = session.url if on is None else on if "://" in on else f"sqlite:///{on}"
    office = Office.open(url)
    try:
        with office.store.read() as reader:
            return history_of(reader, url)
    finally:
        office.close()


def history_in_file(session: Session, folder: Path, on: str | None, map: Path) -> "History":
    from duban.importing.history import read_events
    from duban.importing.told import tell_refused
    from engine.book.book import read_book

    if on is None:
        raise Mistake("--map 要配 --on 事件文件", "--map goes with --on FILE")
    imported = read_events(Path(on), map, read_book(folder))
    tell_refused(session, imported)
    if imported.history is None:
        raise Mistake(f"{on} 里没有一行能读懂", f"no line of {on} could be understood", FINDINGS)
    return imported.history


class Life:
    """A book that has lived through a history."""

    def __init__(self, book: "Book", office: Any, replayed: "Replayed") -> None:
        self.book, self.office, self.replayed = book, office, replayed


@contextmanager
def lived(
    session: Session, folder: Path, history: "History", until: str | None, place: Path
) -> Iterator[Life]:
    from engine.book.book import read_book
    from engine.replay import found_for, replay

    book = read_book(folder)
    end = read_moment(until, book.zone, "--until") if until else history.ends
    if end <= history.begins:
        begins = f"{history.begins.astimezone(book.zone):%Y-%m-%d %H:%M}"
        raise Mistake(
            f"--until 应晚于历史的开始 {begins}", f"--until must be after the history begins, {begins}"
        )
    office = found_for(history, book, f"sqlite:///{place}")
    try:
        with watched(session, history, end) as on_moment:
            replayed = replay(office, history, end, on_moment)
        yield Life(book, office, replayed)
    finally:
        office.close()


def world(
    session: Session, folder: Path, history: "History", until: str | None, place: Path
) -> tuple["World", "Book"]:
    from engine.world import world_of

    with lived(session, folder, history, until, place) as life, life.office.store.read() as reader:
        named = {number: key for key, number in life.replayed.keys.items()}
        return world_of(life.book, reader, named), life.book
