"""An office at work: its store, the book in force, and every book its items are still pinned to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.book.book import Book
from engine.desk import Desk
from engine.ledger import open_ledger
from engine.limits import Limits
from engine.react import react
from engine.schedules import first_schedules
from engine.step import Queue
from store.office import Store, Tx
from store.rows import Entry, PersonRow

SYSTEM = {"id": "duban", "kind": "system"}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a post, and where he is told."""

    post: str
    name: str
    email: str


class UnknownBookError(RuntimeError):
    """An item is pinned to a book that this store does not hold."""


@dataclass(eq=False)
class Office:
    store: Store
    book: Book
    by_history: bool = True  # whether the brake has a number where neither office nor book says one
    _books: dict[str, Book] = field(default_factory=dict)
    _people: Mapping[str, PersonRow] | None = None

    @classmethod
    def open(cls, url: str) -> "Office":
        """Raises StoreError, or BookError when this version of duban cannot run the office's book."""
        store = Store.open(url)
        with store.read() as reader:
            row = reader.book_in_force()
        if row is None:
            raise UnknownBookError(
                f"{store.place} holds no book: its making was cut off; delete it, then `duban init` again"
            )
        return cls(store=store, book=Book.from_canonical(row.canonical))

    def people(self, tx: Tx) -> Mapping[str, PersonRow]:
        if self._people is None:
            self._people = tx.people()
        return self._people

    def forget_people(self) -> None:
        """Somebody came or went: ask the store again."""
        self._people = None

    def book_of(self, tx: Tx, digest: str) -> Book:
        """An item keeps the book it was opened under until a recorded migration (R1)."""
        if digest == self.book.digest:
            return self.book
        if digest not in self._books:
            row = tx.book(digest)
            if row is None:
                raise UnknownBookError(
                    f"no book {digest} in this store; restore it with the store it came from"
                )
            self._books[digest] = Book.from_canonical(row.canonical)
        return self._books[digest]

    def follow(self, tx: Tx) -> None:
        """Another process may have adopted a book: nothing is opened under one that is over."""
        digest = tx.digest_in_force()
        if digest is not None and digest != self.book.digest:
            self._books[self.book.digest] = self.book
            self.book = self.book_of(tx, digest)

    def desk(self, tx: Tx, now: datetime, book: Book | None = None) -> Desk:
        limits = Limits(book=self.book.info.brake, by_history=self.by_history)
        return Desk(book or self.book, tx, self.people(tx), now, limits)

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a new office begins with."""

    url: str
    book: Book
    files: Mapping[str, str]  # the book's folder, kept with its bytes
    holders: tuple[Holder, ...] = ()
    duties: frozenset[str] | None = None  # None: all
    ledger: bool = True
    by_history: bool = True  # as of the office


def found(founding: Founding, now: datetime) -> Office:
    """Make the store, put the book in force, enter people, open the ledger, set the schedules."""
    meta = {"office": founding.book.info.id}
    store = Store.create(founding.url, meta, now)
    office = Office(store=store, book=founding.book, by_history=founding.by_history)
    with store.write(now) as tx:
        tx.add_book(founding.book.digest, founding.book.canonical, founding.files, _adoption(founding.book))
        for holder in founding.holders:
            tx.set_person(holder.post, holder.name, holder.email, _appointment(founding.book, holder))
        desk = office.desk(tx, now)
        desk.schedules.extend(first_schedules(founding.book, now, founding.duties))
        queue: Queue = Queue()
        if founding.ledger:
            open_ledger(desk, queue)
        react(desk, queue)
        desk.flush()
    return office


def appoint(office: Office, holder: Holder, now: datetime) -> None:
    with office.store.write(now) as tx:
        tx.set_person(holder.post, holder.name, holder.email, _appointment(office.book, holder))
    office.forget_people()


def _adoption(book: Book) -> Entry:
    info = book.info
    return Entry(
        act="book.adopt",
        actor=SYSTEM,
        obj_type="book",
        obj_id=book.digest,
        why=f"启用规则册：{info.label.zh} {info.version}（{info.basis.document}）",
        more={"version": info.version, "why_en": f"book in force: {info.label.en} {info.version}"},
    )


def _appointment(book: Book, holder: Holder) -> Entry:
    post = book.posts[holder.post]
    return Entry(
        act="post.hold",
        actor=SYSTEM,
        obj_type="post",
        obj_id=holder.post,
        why=f"{post.zh}：{holder.name}",
        more={"name": holder.name, "why_en": f"{post.en}: {holder.name}"},
    )


def files_of(folder: Path) -> dict[str, str]:
    """The texts of a book's folder, as they are kept beside its canonical bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths_of(folder)
    }


def paths_of(folder: Path) -> list[Path]:
    """The files of a book: nothing hidden, such as editors leave, and no folder of such a name."""
    return [
        path
        for path in sorted(folder.rglob("*.yaml"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
