"""Questions about what is not an item: people, books, parked ones, and the office itself."""

import json
from typing import Any

from sqlalchemy import Select, bindparam, select

from store.found import Question, columns_of, fetch
from store.held import HELD, Held, read_held
from store.queries import Queries
from store.rows import BookRow, Parked, PersonRow
from store.tables import Book, Office, Person
from store.tables import Parked as ParkedTable
from store.writing import table_of

PEOPLE = table_of(Person)
BOOKS = table_of(Book)
PARKED = table_of(ParkedTable)
OFFICE = table_of(Office)
SECRET = frozenset({"post_key", "schema_version"})  # keys of the office that no report shows


IN_FORCE: Question[dict[str, str]] = Question(
    dict, select(BOOKS.c.digest).order_by(BOOKS.c.audit_seq.desc()).limit(1)
)
OF_OFFICE: Question[dict[str, str]] = Question(
    dict, select(OFFICE.c.value).where(OFFICE.c.key == bindparam("key"))
)


class RegisterQueries(Queries):
    def people(self) -> dict[str, PersonRow]:
        """Who holds each post."""
        rows = fetch(self.connection, PersonRow, select(*columns_of(PEOPLE)).order_by(PEOPLE.c.post))
        return {row.post: row for row in rows}

    def digest_in_force(self) -> str | None:
        return next((row["digest"] for row in IN_FORCE.ask(self.connection)), None)

    def book_in_force(self) -> BookRow | None:
        return self._book(select(BOOKS).order_by(BOOKS.c.audit_seq.desc()).limit(1))

    def book(self, digest: str) -> BookRow | None:
        return self._book(select(BOOKS).where(BOOKS.c.digest == digest))

    def books(self) -> list[str]:
        """Digests, the latest in force first."""
        return list(
            self.connection.execute(select(BOOKS.c.digest).order_by(BOOKS.c.audit_seq.desc())).scalars()
        )

    def parked(self) -> list[Parked]:
        query = select(*columns_of(PARKED)).order_by(PARKED.c.parked_at, PARKED.c.subject)
        return fetch(self.connection, Parked, query)

    def meta(self) -> dict[str, str]:
        """What is written about the office."""
        rows = self.connection.execute(select(OFFICE.c.key, OFFICE.c.value).order_by(OFFICE.c.key))
        return {row.key: row.value for row in rows if row.key not in SECRET}

    def held(self) -> Held | None:
        """Whether it came out of a backup and nobody has reconciled it since."""
        return next((read_held(row["value"]) for row in OF_OFFICE.ask(self.connection, key=HELD)), None)

    def image_key(self) -> bytes:
        """Key of the digests by which entries name the rows they left behind."""
        query = select(OFFICE.c.value).where(OFFICE.c.key == "post_key")
        return bytes.fromhex(self.connection.execute(query).scalar_one())

    def _book(self, query: Select[Any]) -> BookRow | None:
        row = self.connection.execute(query).one_or_none()
        if row is None:
            return None
        files = json.loads(row.files)
        return BookRow(digest=row.digest, canonical=row.canonical, files=files, entry=row.audit_seq)
