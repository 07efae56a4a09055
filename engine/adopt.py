"""Adopt a book: what is opened from now on follows it. Running items stay with theirs until migrated."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.book.book import Book
from engine.book.finding import Finding
from engine.office import SYSTEM, Office
from engine.schedules import first_schedules
from engine.step import Actor
from store.office import Tx
from store.rows import Entry, Plain, ScheduleRow

SHOWN = 5  # findings named in the entry of a book that was refused


def adopt(office: Office, book: Book, files: Mapping[str, str], by: tuple[Actor, ...], now: datetime) -> bool:
    """Put the book in force. False when it already is. `by` is empty where a folder is followed."""
    with office.store.write(now) as tx:
        return adopt_within(office, tx, book, files, by)


def adopt_within(office: Office, tx: Tx, book: Book, files: Mapping[str, str], by: tuple[Actor, ...]) -> bool:
    office.follow(tx)
    before = office.book
    if before.digest == book.digest:
        return False
    tx.add_book(book.digest, book.canonical, files, _adoption(before, book, by))
    desk = office.desk(tx, tx.now)
    desk.schedules.extend(changed_schedules(tx.schedules(), before, book, tx.now))
    desk.flush()
    office.follow(tx)
    return True


def changed_schedules(
    kept: Mapping[str, ScheduleRow], before: Book, after: Book, now: datetime
) -> Iterator[ScheduleRow]:
    """Those that begin, end or beat otherwise; what beats as before goes on where it is."""
    wanted = {row.id: row for row in first_schedules(after, now)}
    for id in kept.keys() - wanted.keys():
        yield ScheduleRow(id=id, next_at=None, period=None, period_first=None)
    for id, row in wanted.items():
        if id not in kept or rhythm(before, id) != rhythm(after, id):
            yield row


def rhythm(book: Book, schedule: str) -> object:
    """What decides when a schedule beats; None for one that the book does not have."""
    kind, _, id = schedule.partition(":")
    if kind == "duty":
        duty = book.duties.get(id)
        return duty and (duty.spec.every, duty.first, duty.last, duty.spec.opens_at)
    rule = book.rules.get(id)
    if rule is None:
        return None
    dates = book.dates.get(rule.spec.when.dates or "")
    return rule.spec.when, book.calendar_of(rule.spec.calendar).digest, dates and dates.spec


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
