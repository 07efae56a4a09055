"""Backups: a whole store in one SQLite file, made while others go on, and stores made out of them (F24)."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from store.address import database_at
from store.copying import copy_all
from store.errors import StoreError
from store.held import HELD, Held
from store.office import Store, check_stamp, made_beside
from store.read import Reader
from store.sqlite import SqliteDatabase, check_place, keep_in_one_file, remove
from store.verify import Progress, verify


def back_up(store: Store, path: Path) -> Held:
    """Written beside and renamed when it is whole and on the disk. Returns what is to be noted elsewhere."""
    half = path.with_name(f"{path.name}.part")
    check_place(path)
    check_place(half)
    with store.read() as reader:
        least = reader.head().size
    try:
        store.copy_to(half)
        mark(f"sqlite:///{half}", path.name)
        keep_in_one_file(half)
        half.chmod(0o600)  # it holds everything, also what is sealed
        held = compare(store, half, least)
        sync(half)
        check_place(path)
        half.rename(path)
        sync(path.parent)
    except BaseException:  # whatever stopped it, also an interrupt: half a backup is none
        remove(half)
        raise
    return held


def compare(store: Store, path: Path, least: int) -> Held:
    """Raises StoreError where the log of the copy does not end as that of the store did."""
    with closing(SqliteDatabase(path)) as copy, copy.reading() as connection:
        reader = Reader(connection)
        head, held = reader.head(), reader.held()
        last = reader.show_audit(head.size - 1)
    with store.read() as original:
        same = original.show_audit(head.size - 1)
    if held is None or last is None or last != same or head.size < least or last.leaf != head.last_leaf.hex():
        raise StoreError(f"{path} is not as {store.place} was: make the backup again, and check the disk")
    return held


def restore(backup: Path, url: str, on_progress: Progress | None = None) -> Held:
    """Into an empty place, proved whole before it takes the place's name; what stands there is held."""
    with reading_backup(backup) as source, made_beside(url) as half:
        with closing(database_at(half)) as target:
            copy_all(source, target)
            held = mark(half, backup.name)
            with target.reading() as connection:
                verdict = verify(Reader(connection), on_progress)
        if not verdict.ok:
            raise StoreError(f"{backup} is not sound: restore an older backup ({verdict.en})")
        sync_file(half)
    sync_file(url)
    return held


@contextmanager
def reading_backup(backup: Path) -> Iterator[Connection]:
    with closing(SqliteDatabase(backup)) as database:
        database.check()
        with database.reading() as connection:
            check_stamp(database, connection)
            yield connection


def mark(url: str, name: str) -> Held:
    """What was held stays held under the name it had."""
    with closing(Store.open(url)) as store, store.write(recovering=True) as tx:
        held = tx.held() or Held(backup=name, size=tx.head().size, root=tx.root())
        tx.set_meta(HELD, held.text())
    return held


def sync_file(url: str) -> None:
    """A server syncs by itself."""
    place = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:") and place.exists():
        sync(place)
        sync(place.parent)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
