"""What authors read of a book: `duban book`."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands.migrate import adopt_book, migrate_items
from duban.mistakes import Mistake
from duban.options import with_session
from duban.output import Listing
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from engine.book.book import Book

Named = Annotated[
    str | None, typer.Argument(metavar="[BOOK]", help="规则册文件夹或名称 / a book's folder or name")
]
PIECES = (
    "units",
    "posts",
    "roles",
    "workflows",
    "clocks",
    "duties",
    "measures",
    "rules",
    "templates",
    "tests",
)


def register(app: typer.Typer) -> None:
    books = typer.Typer(no_args_is_help=True, help="规则册 / books: list, show, copy, adopt, migrate")
    books.command("list", help="随附的规则册 / the books that come with duban")(with_session(list_books))
    books.command("show", help="一册的概况 / what is in a book")(with_session(show_book))
    books.command("copy", help="把一册抄到文件夹里修改 / a copy of a book to change")(with_session(copy_book))
    books.command("adopt", help="启用另一册:新立项从此按它 / put another book in force for what is new")(
        with_session(adopt_book)
    )
    books.command("migrate", help="在办事项转入现行册,两人决定 / move running items, decided by two")(
        with_session(migrate_items)
    )
    app.add_typer(books, name="book")


def list_books(session: Session) -> None:
    from duban.shelf import shipped
    from engine.book.book import read_book

    rows = []
    for name, folder in shipped().items():
        info = read_book(folder).info
        label = Text(info.label.zh, info.label.en).in_(session.language)
        rows.append({"name": name, "label": label, "basis": info.basis.document, "version": info.version})
    session.list(
        Listing(columns=("book", "label", "basis"), rows=[row | {"book": row["name"]} for row in rows])
    )


def copy_book(
    session: Session,
    book: Annotated[str, typer.Argument(help="规则册 / a book's folder or name")],
    folder: Annotated[Path, typer.Argument(help="新文件夹 / a new folder")],
) -> None:
    from duban.shelf import find_book

    source = find_book(book)
    if folder.exists():
        raise Mistake(f"{folder} 已存在，请另取一名", f"{folder} exists already: choose another name")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    session.say(f"已抄到 {folder}；改后用 `duban check`", f"copied to {folder}; after changes, `duban check`")


def show_book(session: Session, book: Named = None) -> None:
    from duban.shelf import find_book
    from engine.book.book import read_book

    found = read_book(find_book(book or session.settings.book))
    info, language = found.info, session.language
    data: dict[str, Any] = {
        "id": info.id,
        "version": info.version,
        "label": {"zh": info.label.zh, "en": info.label.en},
        "document": info.basis.document,
        "programme": {"start": info.programme.start, "end": info.programme.end},
        "timezone": info.timezone,
        "calendar": info.calendar,
        "digest": found.digest,
        **{name: labels(getattr(found, name), language) for name in PIECES},
        "items": len(found.items),
        "params": {
            name: {"value": str(each.value), "label": Text(each.zh, each.en).in_(language)}
            for name, each in found.params.items()
        },
    }
    session.show(data, book_parts(session, data))


def labels(pieces: Any, language: Any) -> dict[str, str]:
    """Label by id; a template is known by its subject."""
    found = {}
    for id, piece in pieces.items():
        spec = getattr(piece, "spec", piece)
        label = getattr(spec, "label", None) or getattr(spec, "subject", None) or spec
        found[id] = Text(label.zh, label.en).in_(language)
    return found


def book_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    yield Text(data["label"]["zh"], data["label"]["en"]).in_(session.language) + f"  {data['document']}"
    yield f"{data['id']} {data['version']}  {data['digest']}"
    yield f"{data['programme']['start']} – {data['programme']['end']}  {data['timezone']}  {data['calendar']}"
    for name in PIECES:
        yield f"{name}: {len(data[name])}"
    for name in ("workflows", "rules", "duties"):
        rows = [{"id": id, "label": label} for id, label in data[name].items()]
        yield Listing(title=name, columns=("id", "label"), rows=rows)
    rows = [{"id": id, "label": each["label"], "value": each["value"]} for id, each in data["params"].items()]
    yield Listing(title="params", columns=("id", "value", "label"), rows=rows)


def read_or_open(session: Session, named: str | None) -> "Book":
    """The book that is named, else the one in force where there is an office, else the usual one."""
    from duban.shelf import find_book
    from engine.book.book import read_book
    from store.office import is_free

    if named is None and session.settings.book is None and not is_free(session.url):
        with session.office() as office:
            return office.book
    return read_book(find_book(named or session.settings.book))
