"""Writing what is not an item: people, books, parked ones, counters, wake-ups."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from store.canonical import canonical
from store.commit import Commits
from store.driver import fetch_rows
from store.read_items import ITEMS
from store.read_registers import BOOKS, OFFICE, PARKED, PEOPLE
from store.rows import Entry, Parked
from store.words import upsert

TRIES = 5  # then a person has to look (T8)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


class RegisterWrites(Commits):
    def number(self, prefix: str, year: int) -> int:
        """The next number of a series that begins anew each year."""
        return self.reserve_numbers(prefix, year, 1)[0]

    def reserve_numbers(self, prefix: str, year: int, count: int) -> range:
        """`count` numbers in a row: for items opened together."""
        asked = {"prefix": prefix, "year": year, "count": count}
        statement = self._writing.numbers
        row = fetch_rows(self.connection, statement.text, [asked[name] for name in statement.order])[0]
        last: int = row[0]
        return range(last - count + 1, last + 1)

    def set_wakes(self, wakes: Mapping[str, datetime | None]) -> None:
        """Move when items next wake, and nothing else: derived, so without an entry."""
        if not wakes:
            return
        statement = update(ITEMS).where(ITEMS.c.id == bindparam("this")).values(wake_at=bindparam("moment"))
        self.connection.execute(statement, [{"this": id, "moment": moment} for id, moment in wakes.items()])

    def park(self, subject: str, error: str, now: datetime) -> Parked:
        """Set an item or a schedule aside; after the fifth time until a person unparks it (T8)."""
        tries = 1 + (
            self.connection.execute(select(PARKED.c.tries).where(PARKED.c.subject == subject)).scalar() or 0
        )
        next_at = now + BACK_OFF[tries - 1] if tries < TRIES else None
        parked = Parked(subject=subject, error=error, tries=tries, parked_at=now, next_at=next_at)
        values = {name: getattr(parked, name) for name in PARKED.c.keys()}  # noqa: SIM118 - not a dict
        self.connection.execute(upsert(self.connection.dialect, PARKED, values, ["subject"]))
        return parked

    def unpark(self, subject: str) -> None:
        """It was handled, or a person asks to try again from the start."""
        self.connection.execute(delete(PARKED).where(PARKED.c.subject == subject))

    def set_person(self, post: str, name: str, email: str, entry: Entry) -> int:
        with self.savepoint():
            seq = self.write_entry(entry)
            values = {"post": post, "name": name, "email": email, "audit_seq": seq}
            self.connection.execute(upsert(self.connection.dialect, PEOPLE, values, ["post"]))
        return seq

    def add_book(self, digest: str, content: bytes, files: Mapping[str, str], entry: Entry) -> int:
        """Put a book in force; one that was in force before comes back with a later entry."""
        with self.savepoint():
            seq = self.write_entry(entry)
            values = {
                "digest": digest,
                "canonical": content,
                "files": canonical(dict(files)),
                "audit_seq": seq,
            }
            self.connection.execute(upsert(self.connection.dialect, BOOKS, values, ["digest"]))
        return seq

    def set_meta(self, key: str, value: str) -> None:
        """Remember something for the shell; not a business fact, so without an entry."""
        self.connection.execute(
            upsert(self.connection.dialect, OFFICE, {"key": key, "value": value}, ["key"])
        )
