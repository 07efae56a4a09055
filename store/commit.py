"""Writing: what a step wants, all of it with its entries in the log, or nothing (A1, T2)."""

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.exc import IntegrityError

from store.audit import Image, Log
from store.canonical import as_bytes, encode_checked
from store.database import database_of
from store.driver import command
from store.errors import AlreadyFired, StaleItem, StoreError, TransactionLost
from store.instants import instant_text
from store.read import Reader
from store.rows import Batch, Committed, Entry, FiringRow, ItemRow, NoticeRow
from store.statements import Row
from store.tables import Firing, Item
from store.writing import Writing, table_of

NOT_IN_IMAGE = ("wake_at",)  # derived: it moves without an entry


class Commits(Reader):
    """Reads and writes of one transaction see the same snapshot, and nobody else writes meanwhile."""

    def __init__(self, connection: Connection, writing: Writing, log: Log, name: str, secret: bytes) -> None:
        super().__init__(connection)
        self._writing = writing
        self._log = log
        self._log_name = name
        self._secret = secret
        self._depth = 0
        self._torn = False  # a batch failed half-way, and nothing may follow it but a rollback

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written inside is undone when an error leaves it, and the transaction goes on (T8)."""
        head = self._log.head()
        self._depth += 1
        name = f"duban_{self._depth}"
        # The statements themselves: SQLAlchemy's nested transaction costs more than what it guards.
        command(self.connection, f"SAVEPOINT {name}")
        try:
            yield
        except BaseException as error:  # also an interrupt: log and tables go back together
            self._log.rewind(head)
            self.check_transaction(error)
            command(self.connection, f"ROLLBACK TO SAVEPOINT {name}")
            self._torn = False
            raise
        finally:
            self._depth -= 1
        command(self.connection, f"RELEASE SAVEPOINT {name}")

    def check_transaction(self, cause: BaseException | None = None) -> None:
        """Raises TransactionLost when the database has ended the transaction behind our back (O4), or when
        somebody would go on after half a batch."""
        if self._torn and cause is None:
            raise TransactionLost("a batch failed half-way: undo its savepoint or the transaction")
        if not database_of(self.connection).alive(self.connection, failed=cause is not None):
            said = str(cause) if isinstance(cause, StoreError) else "the database gave up the transaction"
            raise TransactionLost(said) from cause

    def commit_batch(self, batch: Batch) -> Committed:
        """Raises StaleItem, AlreadyFired or StoreError. Then nothing can follow but undoing the savepoint or
        the transaction around it; a savepoint of its own would cost as much as the writing."""
        if self._torn:
            self.check_transaction()
        check_positions(batch)
        self._torn = True
        try:
            committed = self._write(batch)
        except IntegrityError as error:
            raise StoreError(f"the batch breaks a rule of the store: {error.orig}") from error
        self._torn = False
        return committed

    def write_entry(self, entry: Entry) -> int:
        """Append one entry that changes no row of a batch. Returns its number."""
        return self.commit_batch(Batch(entries=(entry,))).first_seq

    def _write(self, batch: Batch) -> Committed:
        size = self._log.tree.size
        first = size - batch.base
        images: dict[int, Image] = {}
        opened = [tuple(self._encode_item(row, batch, first, images)) for row in batch.opened]
        parameters = self._writing.changes.parameters
        changed = [parameters(self._encode_item(row, batch, first, images), row) for row in batch.changed]
        self._writing.audit.run(self.connection, self._log.append(batch.entries, images))
        self._writing.items.statement.run(self.connection, opened)
        if self._writing.changes.statement.run(self.connection, changed) != len(changed):
            raise self._stale(batch.changed, first)
        self._write_rest(batch, first)
        return Committed(first_seq=size, count=len(batch.entries))

    def _write_rest(self, batch: Batch, first: int) -> None:
        writing, connection = self._writing, self.connection
        for part, rows in (
            (writing.clocks, batch.clocks),
            (writing.events, batch.events),
            (writing.documents, batch.documents),
            (writing.schedules, batch.schedules),
        ):
            part.statement.run(connection, [tuple(part.encoder.encode(row, first)) for row in rows])
        self._write_firings(batch.firings, first, first + batch.base)
        held = [(*writing.holds.encoder.encode(row, first), row.entry + first) for row in batch.holds]
        writing.holds.statement.run(connection, held)
        writing.notices.statement.run(connection, [self._encode_notice(row, first) for row in batch.notices])

    def _write_firings(self, firings: Sequence[FiringRow], first: int, size: int) -> None:
        """A marker that stands already is left as it is: after an error PostgreSQL would not tell which."""
        encode = self._writing.firings.encoder.encode
        rows = [tuple(encode(row, first)) for row in firings]
        if self._writing.firings.statement.run(self.connection, rows) != len(rows):
            again = self._fired_before(firings, size)
            raise AlreadyFired(
                f"rule {again.rule} has spoken about {again.subject} on occasion {again.occasion} before"
            )

    def _encode_item(self, row: ItemRow, batch: Batch, first: int, images: dict[int, Image]) -> list[Any]:
        encoder = self._writing.items.encoder
        values = encoder.encode(row, first)
        position = row.entry - batch.base
        if batch.entries[position].obj_id == row.id:
            post = image_digest(dict(zip(encoder.names, values, strict=True)), self._secret)
            images[position] = Image(row.rev, post)
        return values

    def _encode_notice(self, row: NoticeRow, first: int) -> Row:
        values = self._writing.notices.encoder.encode(row, first)
        message_id = message_id_of(self._log_name, row, row.entry + first, self._secret)
        return (*values, message_id, "pending", 0)

    def _stale(self, changed: Sequence[ItemRow], first: int) -> StaleItem:
        items = table_of(Item)
        ids = [row.id for row in changed]
        found = select(items.c.id, items.c.audit_seq).where(items.c.id.in_(ids))
        entries = {row.id: row.audit_seq for row in self.connection.execute(found)}
        stale = next(row for row in changed if entries.get(row.id) != row.entry + first)
        return StaleItem(stale.id, stale.rev - 1)

    def _fired_before(self, firings: Sequence[FiringRow], size: int) -> FiringRow:
        """The first that stands in the store already, or twice in the batch."""
        table = table_of(Firing)
        columns = (table.c.subject, table.c.rule, table.c.occasion)
        keys = [(row.subject, row.rule, row.occasion) for row in firings]
        before = select(*columns).where(tuple_(*columns).in_(keys), table.c.audit_seq < size)
        seen = {(row.subject, row.rule, row.occasion) for row in self.connection.execute(before)}
        for row, this in zip(firings, keys, strict=True):
            if this in seen:
                return row
            seen.add(this)
        raise AssertionError("fewer firings were written than given, and none of them stood there before")


def check_positions(batch: Batch) -> None:
    first, last = batch.base, batch.base + len(batch.entries)
    said = (batch.firings, batch.holds, batch.notices)
    for rows in (batch.opened, batch.changed, batch.clocks, batch.events, *said):
        for row in rows:
            if not first <= row.entry < last:
                raise StoreError(
                    f"a row names entry {row.entry}, but its batch has {first} to {last - 1}: {row!r}"
                )
    for document in batch.documents:
        if not first <= document.entry < last:
            raise StoreError(
                f"document {document.title} names entry {document.entry}, not {first} to {last - 1}"
            )


def image_digest(row: dict[str, Any], secret: bytes) -> str:
    """Keyed, so that who sees only the log cannot guess what little a row may hold (F43)."""
    image = {name: value for name, value in row.items() if value is not None and name not in NOT_IN_IMAGE}
    return "hm:" + hmac.digest(secret, as_bytes(encode_checked(image)), "sha256").hex()


def message_id_of(log: str, row: NoticeRow, seq: int, secret: bytes) -> str:
    """The same for every attempt, so that a receiver can tell a repetition (N2). Of its words too: an office
    that was restored from a backup gives the numbers of its entries again, to others. Keyed, since it stands
    in the log (F43)."""
    told = (row.recipient, row.channel, instant_text(row.created_at), row.subject, row.body)
    return hmac.digest(secret, as_bytes("\n".join((log, str(seq), *told))), "sha256").hex()[:32]
