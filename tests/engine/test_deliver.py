"""What becomes of a notice: sent once, tried again, given up, or left to a person who looks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deliver import (
    BACK_OFF,
    FEWEST_TRIES,
    GIVE_UP_AFTER,
    Channel,
    Delivered,
    Outcome,
    Outgoing,
    Unresolvable,
    deliver,
    next_try,
    resolve_unknown,
)
from store.office import Store
from store.rows import AuditLine, Batch, Entry, ItemRow, NoticeRow, OutboxNotice

NOW = datetime(2020, 10, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = timedelta(hours=1)  # past every lease
SENT = Outcome(kind="sent", detail="250 queued")
GREYLISTED = Outcome(kind="retry", detail="450 try again later")
NO_SUCH = Outcome(kind="refused", detail="550 <zhang@office.example> unknown")
LOST = Outcome(kind="unknown", detail="lost after the message")
OUT = Outcome(kind="retry", detail="no connection", down=True)


class Scripted:
    """A channel that answers as told: by address, then always "sent". Remembers what it was given."""

    def __init__(self, **answers: list[Outcome]) -> None:
        self.answers = answers
        self.given: list[Outgoing] = []
        self.closed = 0

    def send(self, message: Outgoing) -> Outcome:
        self.given.append(message)
        answers = self.answers.get(message.to_address.partition("@")[0], [])
        return answers.pop(0) if answers else SENT

    def close(self) -> None:
        self.closed += 1

    @property
    def told(self) -> list[str]:
        return [message.to_address.partition("@")[0] for message in self.given]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store.create(url, {"office": "office"}, NOW)
    yield made
    made.close()


def entry(act: str, id: str) -> Entry:
    return Entry(act=act, actor={"id": "test", "kind": "system"}, obj_type="item", obj_id=id, why="测试")


def item_row(id: str, **more: Any) -> ItemRow:
    usual: dict[str, Any] = {
        **dict.fromkeys(("unit", "owner", "parent", "duty", "rule", "period", "period_first", "period_last")),
        **{"workflow": "task", "state": "open", "title": "事项", "fields": "{}", "light": "none"},
        **{"sealed": False, "opened_at": NOW, "opened_by": "test", "closed_at": None, "book": "b"},
        **{"rev": 1, "wake_at": None, "entry": 0},
    }
    return ItemRow(id=id, **{**usual, **more})


def notice_row(to: str, **more: Any) -> NoticeRow:
    usual: dict[str, Any] = {
        **{"entry": 0, "item": None, "rule": None, "kind": "remind", "recipient": f"post.{to}"},
        **{"name": "张三", "address": f"{to}@office.example", "channel": "mail", "formal": False},
        **{"subject": "催办", "body": "请办理", "created_at": NOW, "next_at": NOW},
    }
    return NoticeRow(**{**usual, **more})


def put(store: Store, *notices: NoticeRow, opened: tuple[ItemRow, ...] = (), now: datetime = NOW) -> None:
    with store.write(now) as tx:
        tx.commit_batch(Batch(entries=(entry("test.put", "x"),), opened=opened, notices=notices))


def change(store: Store, row: ItemRow, now: datetime) -> None:
    with store.write(now) as tx:
        tx.commit_batch(Batch(entries=(entry("test.change", row.id),), changed=(row,)))


def outbox(store: Store) -> list[OutboxNotice]:
    with store.read() as reader:
        return sorted(reader.list_notices(), key=lambda notice: notice.id)


def states(store: Store) -> list[str]:
    return [notice.state for notice in outbox(store)]


def said(store: Store) -> list[AuditLine]:
    with store.read() as reader:
        return [line for line in reader.audit_lines() if line.obj_type == "notice"]


def acts(store: Store) -> list[str]:
    return [line.act for line in said(store)]


def run(store: Store, channel: Channel, now: datetime = NOW, limit: int = 20) -> Delivered:
    return deliver(store, {"mail": channel}, now, limit)


def formal(to: str, **more: Any) -> NoticeRow:
    return notice_row(to, kind="notify", formal=True, **more)


def test_a_notice_is_sent_once_with_its_entry(store: Store) -> None:
    put(store, notice_row("zhang"))
    channel = Scripted()
    assert run(store, channel).sent == 1
    assert run(store, channel, NOW + DAY) == Delivered()
    assert (states(store), acts(store), channel.told) == (["sent"], ["notice.sent"], ["zhang"])
    assert outbox(store)[0].outcome == "250 queued"


def test_a_greylisted_notice_goes_again_as_the_same_message(store: Store) -> None:
    put(store, formal("zhang"))
    channel = Scripted(zhang=[GREYLISTED])
    assert run(store, channel).failed == 1
    assert run(store, channel).sent == 0, "not before its time"
    assert run(store, channel, NOW + timedelta(seconds=30)).sent == 1
    assert channel.given[0] == channel.given[1]
    assert acts(store) == ["notice.retry", "notice.sent"]


def test_a_refused_notice_is_dead_at_once_and_its_address_stays_out_of_the_log(store: Store) -> None:
    put(store, notice_row("zhang"), notice_row("li"))
    channel = Scripted(zhang=[NO_SUCH])
    assert run(store, channel) == Delivered(sent=1, dead=1)
    assert states(store) == ["dead", "sent"]
    [dead] = [line for line in said(store) if line.act == "notice.dead"]
    assert "550" in dead.rec
    assert "zhang@office.example" not in dead.rec


def test_a_formal_notice_that_may_have_left_waits_for_a_person(store: Store) -> None:
    put(store, formal("zhang"))
    channel = Scripted(zhang=[LOST])
    assert run(store, channel).unknown == 1
    assert run(store, channel, NOW + 30 * DAY) == Delivered()
    assert (states(store), channel.told) == (["unknown"], ["zhang"])


def test_a_reminder_that_may_have_left_goes_again_as_the_same_message(store: Store) -> None:
    put(store, notice_row("zhang"))
    channel = Scripted(zhang=[LOST])
    assert run(store, channel).failed == 1
    assert run(store, channel, NOW + LATER).sent == 1
    assert channel.given[0] == channel.given[1]


def test_a_person_has_an_unknown_notice_sent_again(store: Store) -> None:
    put(store, formal("zhang"))
    channel = Scripted(zhang=[LOST])
    run(store, channel)
    resolve_unknown(store, 1, True, "office.clerk", NOW + DAY)
    assert run(store, channel, NOW + DAY).sent == 1
    assert acts(store) == ["notice.unknown", "notice.resend", "notice.sent"]
    with pytest.raises(Unresolvable, match="notice 1 is sent, not unknown"):
        resolve_unknown(store, 1, True, "office.clerk", NOW + DAY)


def test_a_person_leaves_an_unknown_notice_as_it_is(store: Store) -> None:
    put(store, formal("zhang"))
    channel = Scripted(zhang=[LOST])
    run(store, channel)
    resolve_unknown(store, 1, False, "office.clerk", NOW + DAY)
    assert run(store, channel, NOW + 2 * DAY) == Delivered()
    assert acts(store) == ["notice.unknown", "notice.resolved"]


def test_there_must_be_something_to_resolve(store: Store) -> None:
    with pytest.raises(Unresolvable, match="no notice 7"):
        resolve_unknown(store, 7, True, "office.clerk", NOW)


def test_one_bad_recipient_delays_nobody(store: Store) -> None:
    put(store, *[notice_row(to) for to in ("zhang", "li", "wang", "zhao")])
    channel = Scripted(zhang=[GREYLISTED], li=[NO_SUCH], wang=[LOST])
    assert run(store, channel) == Delivered(sent=1, failed=2, dead=1)


def test_a_channel_that_is_down_is_asked_once_a_round(store: Store) -> None:
    put(store, *[notice_row(to) for to in ("zhang", "li")], notice_row("wang", channel="radio"))
    mail, radio = Scripted(zhang=[OUT]), Scripted()
    done = deliver(store, {"mail": mail, "radio": radio}, NOW)
    assert (done.failed, done.sent, done.more) == (2, 1, False)
    assert (mail.told, radio.told) == (["zhang"], ["wang"])
    assert run(store, mail, NOW + timedelta(seconds=30)).sent == 2
    assert (mail.closed, radio.closed) == (2, 1)


def test_a_channel_that_is_not_configured_is_said_so(store: Store) -> None:
    put(store, notice_row("zhang", channel="radio"))
    assert run(store, Scripted()).failed == 1
    assert "no channel radio" in (outbox(store)[0].outcome or "")


def test_a_channel_that_breaks_stops_nobody(store: Store) -> None:
    class Broken(Scripted):
        def send(self, message: Outgoing) -> Outcome:
            raise RuntimeError("a bug")

    put(store, formal("zhang"), notice_row("li"))
    assert run(store, Broken()) == Delivered(unknown=1, failed=1)
    assert "a bug" in (outbox(store)[0].outcome or "")


def closing(store: Store, notice: NoticeRow, closed_at: datetime) -> Delivered:
    row = item_row("T-1")
    put(store, notice, opened=(row,))
    change(store, item_row("T-1", rev=2, state="closed", closed_at=closed_at), closed_at)
    return run(store, Scripted(), NOW + DAY)


def test_a_reminder_of_a_closed_item_is_dropped(store: Store) -> None:
    assert closing(store, notice_row("zhang", item="T-1"), NOW + LATER) == Delivered(dropped=1)
    assert (states(store), acts(store)) == (["dropped"], ["notice.dropped"])


def test_a_formal_notice_about_a_closed_item_still_goes(store: Store) -> None:
    assert closing(store, formal("zhang", item="T-1"), NOW + LATER) == Delivered(sent=1)


def test_a_reminder_called_for_by_the_closing_still_goes(store: Store) -> None:
    assert closing(store, notice_row("zhang", item="T-1"), NOW) == Delivered(sent=1)


def test_the_log_does_not_say_who_was_told_about_a_sealed_item(store: Store) -> None:
    put(store, notice_row("zhang", item="T-1"), opened=(item_row("T-1", sealed=True),))
    run(store, Scripted(zhang=[NO_SUCH]))
    assert acts(store) == ["notice.dead"]
    assert "zhang" not in said(store)[0].rec


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


class Deadly(Scripted):
    def send(self, message: Outgoing) -> Outcome:
        super().send(message)
        raise Killed


def test_after_a_crash_a_formal_notice_is_unknown_and_only_that_one(store: Store) -> None:
    put(store, formal("zhang"), formal("li"))
    with pytest.raises(Killed):
        run(store, Deadly())
    assert states(store) == ["sending", "pending"]
    channel = Scripted()
    assert run(store, channel, NOW + LATER) == Delivered(unknown=1, sent=1)
    assert (states(store), channel.told) == (["unknown", "sent"], ["li"])


def test_after_a_crash_a_reminder_goes_again_once_its_lease_is_over(store: Store) -> None:
    put(store, notice_row("zhang"))
    deadly, channel = Deadly(), Scripted()
    with pytest.raises(Killed):
        run(store, deadly)
    assert run(store, channel) == Delivered()
    assert run(store, channel, NOW + LATER) == Delivered(sent=1)
    assert deadly.given == channel.given


def test_a_sender_that_comes_back_too_late_leaves_evidence_only(store: Store) -> None:
    class Slow(Scripted):
        def send(self, message: Outgoing) -> Outcome:
            run(store, Scripted(), NOW + LATER)  # meanwhile somebody else finds the lease run out
            return super().send(message)

    put(store, formal("zhang"))
    run(store, Slow())
    assert states(store) == ["unknown"]
    assert acts(store) == ["notice.unknown", "notice.late"]


def test_order_is_kept_for_one_item_and_recipient(store: Store) -> None:
    row = item_row("T-1")
    put(store, notice_row("li", item="T-1", subject="first"), opened=(row,))
    put(store, notice_row("li", item="T-1", subject="second"))
    channel = Scripted(li=[GREYLISTED])
    assert run(store, channel) == Delivered(failed=1)
    assert run(store, channel, NOW + LATER).sent == 2
    assert [message.subject for message in channel.given] == ["first", "first", "second"]


def test_a_round_is_bounded_and_says_that_there_may_be_more(store: Store) -> None:
    put(store, *[notice_row(f"post{number}") for number in range(5)])
    channel = Scripted()
    rounds = [run(store, channel, limit=2) for _ in range(4)]
    assert [(done.sent, done.more) for done in rounds] == [(2, True), (2, True), (1, False), (0, False)]
    assert channel.closed == 3, "an idle round opens and closes nothing"


def test_a_round_stops_between_two_notices(store: Store) -> None:
    put(store, notice_row("zhang"), notice_row("li"))
    channel = Scripted()
    assert deliver(store, {"mail": channel}, NOW, stop=lambda: bool(channel.given)).sent == 1
    assert (states(store), channel.closed) == (["sent", "pending"], 1)


def test_two_daemons_send_nothing_twice(store: Store) -> None:
    put(store, *[notice_row(f"post{number}") for number in range(30)])
    channels = [Scripted(), Scripted()]
    threads = [Thread(target=run, args=(store, channel, NOW, 40)) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [to for channel in channels for to in channel.told]
    assert (len(told), len(set(told))) == (30, 30)
    assert set(states(store)) == {"sent"}


def test_entries_carry_the_moment_the_channel_gives(store: Store) -> None:
    put(store, notice_row("zhang", next_at=NOW), notice_row("li"))
    moment = NOW + timedelta(seconds=40)
    run(store, Scripted(zhang=[Outcome(kind="sent", detail="", at=moment)]))
    assert [line.ts for line in said(store)] == ["2020-10-12T01:00:40.000000Z"] * 2


def test_a_server_that_never_answers_well_is_given_up_after_three_days(store: Store) -> None:
    put(store, notice_row("zhang"))
    channel = Scripted(zhang=[GREYLISTED] * 100)
    now = NOW
    while states(store) == ["pending"]:
        now = outbox(store)[0].notice.next_at
        run(store, channel, now)
    assert states(store) == ["dead"]
    assert now - NOW < GIVE_UP_AFTER
    assert len(channel.given) >= FEWEST_TRIES
    assert acts(store)[-1] == "notice.dead"


def test_a_notice_that_waited_for_duban_itself_is_not_given_up_at_its_first_try(store: Store) -> None:
    put(store, notice_row("zhang"))
    channel = Scripted(zhang=[GREYLISTED])
    assert run(store, channel, NOW + 30 * DAY).failed == 1
    assert run(store, channel, NOW + 31 * DAY).sent == 1


IDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(IDS, st.integers(1, 40))
def test_the_next_try_lies_within_its_step_and_is_always_the_same(message_id: str, attempt: int) -> None:
    at = next_try(message_id, attempt, NOW, NOW)
    assert at is not None
    assert NOW < at <= NOW + BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
    assert at == next_try(message_id, attempt, NOW, NOW)


@given(IDS, st.integers(FEWEST_TRIES, 40))
def test_nothing_is_tried_after_three_days(message_id: str, attempt: int) -> None:
    assert next_try(message_id, attempt, NOW, NOW + GIVE_UP_AFTER) is None


@settings(max_examples=10)
@given(st.lists(st.sampled_from([SENT, GREYLISTED, NO_SUCH, LOST, OUT]), max_size=8), st.booleans())
def test_whatever_a_channel_answers_a_notice_ends_once(
    tmp_path_factory: pytest.TempPathFactory, answers: list[Outcome], is_formal: bool
) -> None:
    path = tmp_path_factory.mktemp("ends") / "office.db"
    store = Store.create(f"sqlite:///{path}", {"office": "office"}, NOW)
    put(store, formal("zhang") if is_formal else notice_row("zhang"))
    channel = Scripted(zhang=[*answers])
    totals = {"sent": 0, "dead": 0, "unknown": 0}
    for day in range(10):
        done = run(store, channel, NOW + day * DAY)
        for name in totals:
            totals[name] += getattr(done, name)
    store.close()
    assert sum(totals.values()) == 1
    assert len(set(channel.given)) == 1, "the same message at every attempt"
    if is_formal and LOST in answers[: len(channel.given)]:
        assert totals["unknown"] == 1
        assert answers.index(LOST) == len(channel.given) - 1, "nothing was sent after it may have left"
