"""Delivers: takes notices out of the outbox, hands each to its channel, and writes down what became of it.

Claim in one transaction, send outside any, settle in another. One notice is in flight at a time, so that
a crash leaves at most one of which nobody knows whether it left (N2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol

from store.errors import StaleNotice
from store.office import Store, Tx
from store.rows import Entry, ItemRow, NoticeState, OutboxNotice

AT_MOST = 20  # notices in one round
SEND_LIMIT = timedelta(minutes=2)  # within which every channel answers
LEASE = 5 * SEND_LIMIT  # so that nobody takes from a sender what he may still be sending
BACK_OFF = (
    *(timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10)),
    *(timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)),
)
GIVE_UP_AFTER = timedelta(hours=72)
# Before these a notice is never given up: the days on which duban itself stood still are not its fault.
FEWEST_TRIES = 6
LONGEST_DETAIL = 300  # characters of a server's answer that the log keeps
SYSTEM = {"id": "duban", "kind": "system"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A notice as a channel needs it; the same at every attempt."""

    message_id: str
    to_name: str
    to_address: str
    subject: str
    body: str
    formal: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one message to its one recipient.

    sent: the next one took it. retry: it surely did not leave. refused: it never will.
    unknown: it may have left.
    """

    kind: Literal["sent", "retry", "refused", "unknown"]
    detail: str  # what the other side said, or why nothing could be asked
    down: bool = False  # the channel itself fails: do not ask it again in this round
    at: datetime | None = (
        None  # when; a channel that takes its time says so, and the round goes on from there
    )


class Channel(Protocol):
    def send(self, message: Outgoing) -> Outcome:
        """Answers within SEND_LIMIT."""

    def close(self) -> None:
        """The round is over. Never raises."""


OUTCOMES = ("sent", "failed", "dead", "unknown", "dropped")  # that a round counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """What one round did. Its sum is the number of notices that were handled."""

    sent: int = 0
    failed: int = 0  # to be tried again
    dead: int = 0
    unknown: int = 0
    dropped: int = 0
    more: bool = False  # there may be more to send at once

    def plus(self, state: NoticeState) -> "Delivered":
        name = "failed" if state == "pending" else state
        return replace(self, **{name: getattr(self, name) + 1})


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a notice becomes, and why in a few words."""

    state: NoticeState
    zh: str
    en: str
    next_at: datetime | None = None

    @property
    def act(self) -> str:
        return "notice.retry" if self.state == "pending" else f"notice.{self.state}"


UNKNOWN = Verdict(
    state="unknown",
    zh="是否送达不明，待人工确认，不自动重发",
    en="it may have left: a person decides, it is not sent again by itself",
)
MOOT = Verdict(
    state="dropped", zh="事项已办结，提醒不再发送", en="its item is closed: nothing left to remind of"
)
SENT = Verdict(state="sent", zh="已送出", en="sent")
REFUSED = Verdict(state="dead", zh="对方拒收，不再发送", en="refused for good")
GIVEN_UP = Verdict(state="dead", zh="多次发送未成，不再发送", en="given up after many tries")
RESEND = ("经人工确认，重新发送", "sent again on a person's word")
RESTORED: Mapping[NoticeState, tuple[str, str]] = {
    "unknown": (
        "从备份恢复：可能已经送出，待人工确认",
        "restored from a backup: it may have left, a person decides",
    ),
    "dropped": (
        "从备份恢复：可能已经送出，不再发送",
        "restored from a backup: it may have left, it is not sent",
    ),
}
LEAVE = ("经人工确认，不再发送", "not to be sent again on a person's word")


class Unresolvable(Exception):
    """A notice that a person wants to resolve is not one that waits for it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def deliver(
    store: Store,
    channels: Mapping[str, Channel],
    now: datetime,
    limit: int = AT_MOST,
    stop: Callable[[], bool] = lambda: False,
) -> Delivered:
    """One round: at most `limit` notices, and none more once `stop` says so.

    Call it again while it says there may be more.
    """
    with store.read() as reader:
        if not reader.pending_notices(now, 1) and not reader.lost_notices(now, 1):
            return Delivered()
    done = Delivered(unknown=_settle_lost(store, now, limit))
    down: dict[str, str] = {}
    try:
        for _ in range(limit):
            claimed = None if stop() else _claim(store, now)
            if claimed is None:
                return done
            if claimed.state == "sending":
                outcome = _send(channels, down, claimed)
                now = max(now, outcome.at or now)
                done = done.plus(_conclude(store, claimed, outcome, now))
            else:
                done = done.plus(claimed.state)
    finally:
        for channel in channels.values():
            channel.close()
    return replace(done, more=not down)


def resolve_unknown(store: Store, notice_id: int, resend: bool, by: str, now: datetime) -> NoticeState:
    """A person says what is to be done about a formal notice of which nobody knows whether it left.

    Returns what it has become: "pending", or "dropped" when it is not to be sent again.
    """
    with store.write(now) as tx:
        found = next(iter(tx.notices_by_id([notice_id])), None)
        if found is None:
            raise Unresolvable(
                f"没有通知 {notice_id}：请先列出待确认的通知及其编号",
                f"there is no notice {notice_id}: list those that wait with their numbers",
            )
        if found.state != "unknown":
            raise Unresolvable(
                f"通知 {notice_id} 的状态是 {found.state} 而不是 unknown：无须决定",
                f"notice {notice_id} is {found.state}, not unknown: nothing is to be resolved",
            )
        person = {"id": by, "kind": "person"}
        if resend:
            tx.requeue_notice(notice_id, now, _entry(tx, found, "notice.resend", RESEND, actor=person))
            return "pending"
        entry = _entry(tx, found, "notice.resolved", LEAVE, actor=person)
        tx.close_notice(notice_id, state="dropped", outcome=" | ".join(LEAVE), entry=entry)
        return "dropped"


def end_restored(tx: Tx) -> Delivered:
    """What waited when a backup was made may have left since: nothing of it is sent by itself (O2)."""
    done = Delivered()
    for found in (*tx.list_notices(state="pending"), *tx.list_notices(state="sending")):
        state: NoticeState = "unknown" if found.notice.formal else "dropped"
        said = RESTORED[state]
        entry = _entry(tx, found, f"notice.{state}", said, ok=state == "dropped")
        tx.close_notice(
            found.id, state=state, outcome=" | ".join(said), entry=entry, was=("pending", "sending")
        )
        done = done.plus(state)
    return done


def next_try(message_id: str, attempt: int, created_at: datetime, now: datetime) -> datetime | None:
    """When to try again after the given attempt (1 is the first), or none: give up (N3).

    Anywhere between now and the step's length, so that a server that comes back is not met by all at once;
    derived from the message, because nothing below the shell throws dice.
    """
    longest = BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
    dice = int.from_bytes(sha256(f"{message_id}:{attempt}".encode()).digest()[:8])
    at = now + timedelta(seconds=1 + dice % int(longest.total_seconds()))
    given_up = attempt >= FEWEST_TRIES and at > created_at + GIVE_UP_AFTER
    return None if given_up else at


def judge(claimed: OutboxNotice, outcome: Outcome, now: datetime) -> Verdict:
    if outcome.kind == "sent":
        return SENT
    if outcome.kind == "refused":
        return REFUSED
    if outcome.kind == "unknown" and claimed.notice.formal:
        return UNKNOWN
    at = next_try(claimed.message_id, claimed.attempts, claimed.notice.created_at, now)
    if at is None:
        return GIVEN_UP
    return Verdict(state="pending", zh="未送出，稍后重发", en="not sent, to be tried again", next_at=at)


def is_moot(notice: OutboxNotice, item: ItemRow | None) -> bool:
    """Whether its item was closed since, so that there is nothing left to remind of (N5).

    A formal notice still goes: closing does not undo the decision it tells of, and whoever it concerns may
    object only after being told. So does a reminder that the closing itself called for.
    """
    if item is None or item.closed_at is None or notice.notice.formal:
        return False
    return item.closed_at > notice.notice.created_at


def outgoing(claimed: OutboxNotice) -> Outgoing:
    notice = claimed.notice
    return Outgoing(
        message_id=claimed.message_id,
        to_name=notice.name,
        to_address=notice.address,
        subject=notice.subject,
        body=notice.body,
        formal=notice.formal,
        created_at=notice.created_at,
    )


def _settle_lost(store: Store, now: datetime, limit: int) -> int:
    """Formal notices whose sender never came back may have left: a person has to look (N2)."""
    with store.write(now) as tx:
        lost = tx.lost_notices(now, limit)
        for notice in lost:
            _settle(tx, notice, UNKNOWN, "发送程序中断 | the sender stopped before it could say")
    return len(lost)


def _claim(store: Store, now: datetime) -> OutboxNotice | None:
    """The next notice, now ours and "sending"; or, when it is moot, already "dropped"."""
    with store.write(now) as tx:
        claimed = next(iter(tx.claim_notices(now, 1, LEASE)), None)
        if claimed is None or not is_moot(claimed, _item_of(tx, claimed)):
            return claimed
        _settle(tx, claimed, MOOT, "")
        return replace(claimed, state="dropped")


def _send(channels: Mapping[str, Channel], down: dict[str, str], claimed: OutboxNotice) -> Outcome:
    """Ask the notice's channel, unless it failed in this round already; `down` remembers that."""
    name = claimed.notice.channel
    if name in down:
        return Outcome(kind="retry", detail=down[name])
    if name not in channels:
        detail = f"no channel {name} is configured: name it in duban.yaml"
        outcome = Outcome(kind="retry", detail=detail, down=True)
    else:
        try:
            outcome = channels[name].send(outgoing(claimed))
        except Exception as error:  # a broken channel must not stop the others, and the notice may have left
            outcome = Outcome(kind="unknown", detail=f"the channel broke: {error!r}", down=True)
    if outcome.down:
        down[name] = outcome.detail
    return outcome


def _conclude(store: Store, claimed: OutboxNotice, outcome: Outcome, now: datetime) -> NoticeState:
    verdict = judge(claimed, outcome, now)
    with store.write(now) as tx:
        try:
            _settle(tx, claimed, verdict, outcome.detail)
        except StaleNotice:
            # Our lease ran out and somebody else has it now; what we saw is evidence all the same.
            said = (f"租期过后得知：{verdict.zh}", f"learnt after the lease ran out: {verdict.en}")
            tx.write_entry(_entry(tx, claimed, "notice.late", said, outcome.detail, ok=False))
    return verdict.state


def _settle(tx: Tx, claimed: OutboxNotice, verdict: Verdict, detail: str) -> None:
    ok = verdict.state in ("sent", "dropped")
    tx.settle_notice(
        claimed.id,
        attempts=claimed.attempts,
        state=verdict.state,
        outcome=_clean(detail, claimed),
        entry=_entry(tx, claimed, verdict.act, (verdict.zh, verdict.en), detail, ok=ok),
        next_at=verdict.next_at,
    )


def _entry(
    tx: Tx,
    claimed: OutboxNotice,
    act: str,
    said: tuple[str, str],
    detail: str = "",
    *,
    ok: bool = True,
    actor: Mapping[str, str] = SYSTEM,
) -> Entry:
    notice = claimed.notice
    item = _item_of(tx, claimed)
    sealed = item is not None and item.sealed
    return Entry(
        act=act,
        actor=dict(actor),
        obj_type="notice",
        obj_id=str(claimed.id),
        ok=ok,
        sealed=sealed,
        why=said[0],
        more={
            "why_en": said[1],
            "item": notice.item,
            "to": None if sealed else notice.recipient,
            "channel": notice.channel,
            "message": claimed.message_id,
            "attempt": claimed.attempts,
            # Servers' answers name people; the outbox row has them for those who may read it.
            "detail": None if sealed else _clean(detail, claimed) or None,
        },
    )


def _item_of(tx: Tx, claimed: OutboxNotice) -> ItemRow | None:
    item = claimed.notice.item
    row = tx.items_by_id([item]).get(item) if item else None
    if row is None or row.closed_at is None:
        return row
    # Closed as of an earlier day, it was something to remind of until that was told.
    moves = [each for each in tx.events_of([row.id]).get(row.id, []) if each.before != each.after]
    return replace(row, closed_at=moves[-1].learnt_at) if moves else row


def _clean(detail: str, claimed: OutboxNotice) -> str:
    """Without the address, which servers like to repeat and the log must not hold (A7)."""
    said = " ".join(detail.replace(claimed.notice.address, "…").split())
    return said.encode(errors="replace").decode()[:LONGEST_DETAIL]
