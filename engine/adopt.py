"""Adopt a book: what is opened from now on follows it. Running items stay with theirs until migrated."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.book.book import Book
from engine.book.finding import Finding
from engine.office import SYSTEM, Office
from engine.rhythm import gone_on, rhythm, stopped
from engine.schedules import first_schedules
from engine.step import Actor
from engine.turn import turn_all
from store.office import Tx
from store.rows import Entry, Plain, ScheduleRow

SHOWN = 5  # findings named in the entry of a book that was refused


def adopt(office: Office, book: Book, files: Mapping[str, str], by: tuple[Actor, ...], now: datetime) -> bool:
    """Put the book in force. False when it already is. `by` is empty where a folder is followed.

    What was due before is handled under the book that was in force then.
    """
    turn_all(office, now)
    with office.store.write(now) as tx:
        return adopt_within(office, tx, book, files, by)


def adopt_within(office: Office, tx: Tx, book: Book, files: Mapping[str, str], by: tuple[Actor, ...]) -> bool:
    office.follow(tx)
    before = office.book
    if before.digest == book.digest:
        return False
    tx.add_book(book.digest, book.canonical, files, _adoption(before, book, by))
    desk = office.desk(tx, tx.now)
    desk.schedules.extend(changed_schedules(tx, before, book))
    desk.flush()
    office.follow(tx)
    return True


def changed_schedules(tx: Tx, before: Book, after: Book) -> Iterator[ScheduleRow]:
    """Those that begin, end or come round otherwise; what comes round as before goes on where it is."""
    kept, wanted = tx.schedules(), {row.id: row for row in first_schedules(after, tx.now)}
    for id, row in kept.items():
        if id not in wanted and row.next_at is not None:
            yield stopped(row)
    for id, first in wanted.items():
        if id not in kept:
            yield first
        elif kept[id].next_at is None or rhythm(before, id) != rhythm(after, id):
            yield gone_on(tx, before, after, kept[id])


def refuse(office: Office, findings: tuple[Finding, ...], source: str, now: datetime) -> None:
    """A book that cannot be used changes nothing; the log says why the last good one stays."""
    first = "；".join(finding.text("zh") for finding in findings[:SHOWN])
    said = "; ".join(finding.text("en") for finding in findings[:SHOWN])
    with office.store.write(now) as tx:
        tx.write_entry(
            Entry(
                act="book.refuse",
                actor=SYSTEM,
                obj_type="book",
                obj_id=office.book.digest,
                ok=False,
                why=f"{source}：规则册有 {len(findings)} 处错误，沿用原来的。{first}",
                more={
                    "errors": len(findings),
                    "why_en": f"{source}: the book has {len(findings)} errors, the one before stays. {said}",
                },
            )
        )


def _adoption(before: Book, after: Book, by: tuple[Actor, ...]) -> Entry:
    label, version = after.info.label, after.info.version
    deciders: list[Plain] = [dict(actor.plain()) for actor in by]
    return Entry(
        act="book.adopt",
        actor=by[0].plain() if by else SYSTEM,
        obj_type="book",
        obj_id=after.digest,
        why=f"启用规则册：{label.zh} {version}（{after.info.basis.document}），取代 {before.info.version}",
        more={
            "version": version,
            "before": before.digest,
            "why_en": f"book in force: {label.en} {version}, instead of {before.info.version}",
            **({"by": deciders} if by else {}),
        },
    )
