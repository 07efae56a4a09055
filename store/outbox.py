"""Handing notices out to be sent, and writing down what became of them."""

from datetime import datetime, timedelta

from sqlalchemy import update

from store.commit import Commits
from store.errors import StaleNotice
from store.read_outbox import NOTICES
from store.rows import Entry, NoticeState, OutboxNotice

CHANGING = ("state", "next_at", "attempts", "outcome", "settled_seq")  # of a notice, as it goes on its way


class OutboxWrites(Commits):
    def claim_notices(self, now: datetime, limit: int, lease: timedelta) -> list[OutboxNotice]:
        """Take due notices for sending; whoever takes them has until the lease runs out to settle them.

        Each claim counts as an attempt, and the count is the fence: a sender who comes back after its lease
        ran out finds that its number is no longer the notice's (F20).
        """
        ids = [notice.id for notice in self.pending_notices(now, limit)]
        if not ids:
            return []
        claim = update(NOTICES).where(NOTICES.c.id.in_(ids))
        self.connection.execute(
            claim.values(state="sending", next_at=now + lease, attempts=NOTICES.c.attempts + 1)
        )
        return self.notices_by_id(ids)

    def settle_notice(
        self,
        id: int,
        *,
        attempts: int,
        state: NoticeState,
        outcome: str,
        entry: Entry,
        next_at: datetime | None = None,
    ) -> int:
        """Write down what became of a claimed notice; "pending" needs `next_at`. Returns the entry's number.

        Raises StaleNotice, and writes nothing, when it is no longer claimed with this number of attempts.
        """
        assert (state == "pending") == (next_at is not None), (
            "a moment for the next try, and only for a next try"
        )
        with self.savepoint():
            seq = self.write_entry(entry)
            mine = update(NOTICES).where(
                NOTICES.c.id == id, NOTICES.c.state == "sending", NOTICES.c.attempts == attempts
            )
            values = {"state": state, "outcome": outcome, "settled_seq": seq}
            if next_at is not None:
                values["next_at"] = next_at
            if self.connection.execute(mine.values(values)).rowcount != 1:
                raise StaleNotice(id)
        return seq

    def close_notice(
        self,
        id: int,
        *,
        state: NoticeState,
        outcome: str,
        entry: Entry,
        was: tuple[NoticeState, ...] = ("unknown",),
    ) -> int:
        """End a notice of which nobody knew whether it left, on a person's word. Returns the entry's number.

        Raises StaleNotice, and writes nothing, when it is not in such a state any more.
        """
        with self.savepoint():
            seq = self.write_entry(entry)
            unclear = update(NOTICES).where(NOTICES.c.id == id, NOTICES.c.state.in_(was))
            values = {"state": state, "outcome": outcome, "settled_seq": seq}
            if self.connection.execute(unclear.values(values)).rowcount != 1:
                raise StaleNotice(id)
        return seq

    def requeue_notice(self, id: int, now: datetime, entry: Entry) -> int:
        """Send again what a person has looked at: one that is unknown or dead."""
        with self.savepoint():
            seq = self.write_entry(entry)
            stuck = update(NOTICES).where(NOTICES.c.id == id, NOTICES.c.state.in_(("unknown", "dead")))
            values = {"state": "pending", "next_at": now, "settled_seq": seq}
            if self.connection.execute(stuck.values(values)).rowcount != 1:
                raise StaleNotice(id)
        return seq
