"""Books that come with duban, and folders that users name.

The usual book is the first one that can show itself, by a made-up year of its own.
"""

from pathlib import Path

from duban.mistakes import Mistake, unknown
from duban.texts import Text

SHELF = Path(__file__).parent / "books"
BOOK_FILE = "book.yaml"


def shipped() -> dict[str, Path]:
    found = (path.parent for path in SHELF.glob(f"*/{BOOK_FILE}"))
    return {folder.name: folder for folder in sorted(found)}


def find_book(named: str | None) -> Path:
    """A folder, or a shipped book by name, or the usual one."""
    from engine.book.gather import scenario_files

    books = shipped()
    if named is None:
        if not books:
            raise Mistake(
                "没有随附的规则册：请写出规则册文件夹", "no book comes with this duban: name a book's folder"
            )
        return next(
            (each for each in books.values() if next(scenario_files(each), None)), next(iter(books.values()))
        )
    folder = Path(named)
    if folder.is_dir():
        return folder
    if named in books:
        return books[named]
    if folder.exists():
        raise Mistake(
            f"{named} 不是文件夹：规则册是一个放 YAML 的文件夹",
            f"{named} is no folder: a book is a folder of YAML",
        )
    raise unknown(Text("规则册", "book"), named, books, "duban book list")
