"""Bugs in the outbox and its delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from engine import deliver, notices
from store.instants import instant_text
from store.outbox import OutboxWrites
from store.read_outbox import OutboxQueries
from store.rows import NoticeState, OutboxNotice
from tests.simulation.planting import bug


@bug("T2")
def tells_only_the_first() -> Any:
    whole = notices._notices
    return patch.object(notices, "_notices", lambda *arguments: iter(list(whole(*arguments))[:1]))


@bug("N1")
def words_it_anew_at_every_try() -> Any:
    whole = deliver.outgoing

    def outgoing(claimed: OutboxNotice) -> Any:
        made = whole(claimed)
        return replace(made, body=f"{made.body} ({claimed.attempts})" if claimed.attempts > 1 else made.body)

    return patch.object(deliver, "outgoing", outgoing)


@bug("N2")
def sends_a_formal_notice_again() -> Any:
    whole = deliver.judge

    def judge(claimed: OutboxNotice, outcome: Any, now: datetime) -> Any:
        if outcome.kind == "unknown":
            outcome = replace(outcome, kind="retry")
        return whole(claimed, outcome, now)

    return patch.object(deliver, "judge", judge)


@bug("N2")
def takes_a_formal_notice_from_the_dead() -> Any:
    """A lease that ran out is claimed again, whatever was sent under it."""
    whole = OutboxWrites.claim_notices

    def claim(self: Any, now: datetime, limit: int, lease: timedelta) -> Any:
        run = self.connection.exec_driver_sql
        run(
            "UPDATE notices SET state = 'pending' WHERE state = 'sending' AND next_at <= ?",
            (instant_text(now),),
        )
        return whole(self, now, limit, lease)

    @contextmanager
    def planted() -> Iterator[None]:
        with (
            patch.object(OutboxWrites, "claim_notices", claim),
            patch.object(OutboxQueries, "lost_notices", lambda *_: []),
        ):
            yield

    return planted()


@bug("N2")
def settles_without_a_fence() -> Any:
    """Whoever comes back after his lease overwrites what another has found out."""
    whole = OutboxWrites.settle_notice

    def settle(self: Any, id: int, *, attempts: int, **more: Any) -> int:
        now = self.notices_by_id([id])[0]
        run = self.connection.exec_driver_sql
        run("UPDATE notices SET state = 'sending' WHERE id = ?", (id,))
        return whole(self, id, attempts=now.attempts, **more)

    return patch.object(OutboxWrites, "settle_notice", settle)


@bug("N3")
def claims_without_a_lease() -> Any:
    return patch.object(deliver, "LEASE", timedelta(0))


@bug("N3")
def gives_up_at_once() -> Any:
    return patch.object(deliver, "next_try", lambda *_: None)


@bug("N3")
def tries_again_without_waiting() -> Any:
    return patch.object(deliver, "next_try", lambda id, attempt, created, now: now)


@bug("N4")
def lets_notices_overtake_each_other() -> Any:
    """The newest first."""

    def pending(self: Any, now: datetime, limit: int) -> Any:
        query = (
            "SELECT id FROM notices WHERE next_at <= ? AND (state = 'pending' OR (state = 'sending' AND"
            " formal = 0)) ORDER BY id DESC LIMIT ?"
        )
        rows = self.connection.exec_driver_sql(query, (instant_text(now), limit))
        return self.notices_by_id([row[0] for row in rows])

    return patch.object(OutboxQueries, "pending_notices", pending)


@bug("N5")
def reminds_of_what_is_over() -> Any:
    return patch.object(deliver, "is_moot", lambda *_: False)


@bug("N5")
def drops_formal_notices_too() -> Any:
    return patch.object(
        deliver,
        "is_moot",
        lambda notice, item: (
            item is not None and item.closed_at is not None and item.closed_at > notice.notice.created_at
        ),
    )


@bug("N6")
def polls_by_the_last_number() -> Any:
    whole = OutboxQueries.pending_notices
    last = [0]

    def pending(self: Any, now: datetime, limit: int) -> Any:
        found = [each for each in whole(self, now, limit + 50) if each.id > last[0]][:limit]
        return found

    def claim(self: Any, now: datetime, limit: int, lease: timedelta) -> Any:
        found = claimed(self, now, limit, lease)
        last[0] = max([last[0], *(each.id for each in found)])
        return found

    claimed = OutboxWrites.claim_notices

    @contextmanager
    def planted() -> Iterator[None]:
        last[0] = 0
        with (
            patch.object(OutboxQueries, "pending_notices", pending),
            patch.object(OutboxWrites, "claim_notices", claim),
        ):
            yield

    return planted()


@bug("N6")
def swallows_what_a_channel_raises() -> Any:
    """The notice stays claimed for good."""
    whole = deliver._conclude

    def conclude(store: Any, claimed: OutboxNotice, outcome: Any, now: datetime) -> NoticeState:
        if not outcome.detail.startswith("the channel broke"):
            return whole(store, claimed, outcome, now)
        with store.write(now) as tx:
            tx.connection.exec_driver_sql(
                "UPDATE notices SET next_at = '2099-01-01T00:00:00.000000Z' WHERE id = ?", (claimed.id,)
            )
        return "pending"

    return patch.object(deliver, "_conclude", conclude)


@bug("N1")
def names_letters_by_the_number_of_their_entry() -> Any:
    """As it was until this simulator found it: a restored office gives those numbers again."""

    def named(log: str, row: Any, seq: int, _secret: bytes) -> str:
        return sha256(f"{log} {seq} {row.recipient} {row.channel}".encode()).hexdigest()[:32]

    return patch("store.commit.message_id_of", named)
