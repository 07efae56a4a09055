"""Against a real server: every way a mail can go wrong, and what is known afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from freezegun import freeze_time

from duban.channels import smtp
from duban.channels.smtp import SmtpChannel
from duban.config import SmtpSettings
from engine.deliver import Delivered, Outcome, Outgoing, deliver
from store.office import Store
from tests.duban.channels.servers import (
    NOW,
    SENDER,
    Mailbox,
    free_port,
    mail_server,
    message,
    raw_server,
    smtp_channel,
)
from tests.engine.test_deliver import formal, notice_row, put, states

LATER = NOW + timedelta(hours=1)


def send(mailbox: Mailbox, *messages: Outgoing) -> list[Outcome]:
    with mail_server(mailbox) as port:
        channel = smtp_channel(port)
        outcomes = [channel.send(each) for each in messages]
        channel.close()
    return outcomes


def send_to(port: int, to_address: str = "zhang@office.example", **settings: object) -> Outcome:
    channel = smtp_channel(port, **settings)
    outcome = channel.send(message(to_address=to_address))
    channel.close()
    return outcome


def test_one_connection_carries_the_round() -> None:
    mailbox = Mailbox()
    outcomes = send(mailbox, message("zhang"), message("li"), message("wang"))
    assert [outcome.kind for outcome in outcomes] == ["sent"] * 3
    assert outcomes[0] == Outcome(kind="sent", detail="250 queued", at=NOW)
    assert (mailbox.connections, mailbox.resets) == (1, 2)
    assert [to for to, _ in mailbox.taken] == [f"{to}@office.example" for to in ("zhang", "li", "wang")]


def test_chinese_arrives_as_it_was_written() -> None:
    mailbox = Mailbox()
    send(mailbox, message(body="一\n.\n..二\n"))
    mail = message_from_bytes(mailbox.taken[0][1], policy=default)
    assert mail["Subject"] == "催办：请反馈"
    assert mail.get_content() == "一\r\n.\r\n..二\r\n"


@pytest.mark.parametrize(
    ("mailbox", "kinds"),
    [
        (Mailbox(rcpt={"zhang": ["450 greylisted"]}), ["retry", "sent"]),
        (Mailbox(rcpt={"zhang": ["550 no such user"]}), ["refused", "sent"]),
        (Mailbox(data=["451 disk full"]), ["retry", "sent"]),
        (Mailbox(data=["554 looks like spam"]), ["refused", "sent"]),
        (Mailbox(rcpt={"zhang": ["DROP"]}), ["retry", "sent"]),
        (Mailbox(data=["DROP"]), ["unknown", "sent"]),
        (Mailbox(data=["SLEEP"]), ["unknown", "sent"]),
    ],
    ids=["450", "550", "451 data", "554 data", "dropped before", "dropped after", "no answer"],
)
def test_how_far_it_came_is_told_and_the_next_one_goes(mailbox: Mailbox, kinds: list[str]) -> None:
    outcomes = send(mailbox, message("zhang"), message("li"))
    assert [outcome.kind for outcome in outcomes] == kinds
    assert outcomes[0].down == (kinds[0] == "unknown")


def test_a_server_that_is_not_there_is_down() -> None:
    outcome = send_to(free_port())
    assert (outcome.kind, outcome.down) == ("retry", True)
    assert "no connection to 127.0.0.1:" in outcome.detail


def test_a_server_that_does_not_greet_is_down() -> None:
    with raw_server([b""]) as port:
        outcome = send_to(port)
    assert (outcome.kind, outcome.down) == ("retry", True)


@pytest.mark.parametrize(
    ("talk", "kind", "down"),
    [
        ([b"421 busy\r\n"], "retry", True),
        ([b"250 hello\r\n"], "retry", True),
        ([b"220 hi\r\n", b"250 hi\r\n", b"550 you may not send\r\n"], "retry", True),
        ([b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"garbage\r\n"], "retry", False),
        (
            [b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"?\r\n"],
            "unknown",
            True,
        ),
    ],
    ids=["busy", "no greeting", "sender refused", "garbage before", "garbage after"],
)
def test_strange_servers(talk: list[bytes], kind: str, down: bool) -> None:
    with raw_server(talk) as port:
        outcome = send_to(port)
    assert (outcome.kind, outcome.down) == (kind, down)


def test_a_server_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.3)
    with raw_server([b"220-drip\r\n" * 20 + b"220-"]) as port:
        outcome = send_to(port, timeout_seconds=20)
    assert (outcome.kind, outcome.down) == ("retry", True)


def test_when_a_mail_went_is_read_from_the_clock() -> None:
    settings = SmtpSettings.model_validate(
        {"kind": "smtp", "host": "127.0.0.1", "port": free_port(), "sender": SENDER.address}
    )
    with freeze_time("2020-10-12 01:02:03"):
        outcome = SmtpChannel(settings, SENDER).send(message())
    assert outcome.at == datetime(2020, 10, 12, 1, 2, 3, tzinfo=UTC)


def test_encryption_that_the_server_does_not_offer_is_not_done_without() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send_to(port, security="starttls")
    assert (outcome.kind, outcome.down, mailbox.taken) == ("retry", True, [])
    assert "STARTTLS" in outcome.detail


def test_a_password_that_the_server_does_not_take_loses_no_notice() -> None:
    with mail_server(Mailbox()) as port:
        outcome = send_to(port, user="duban", password="口令")
    assert (outcome.kind, outcome.down) == ("retry", True)


def test_what_cannot_be_written_is_refused_before_anybody_is_asked() -> None:
    outcome = send_to(free_port(), to_address="nobody")
    assert outcome.kind == "refused"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(f"sqlite:///{tmp_path / 'office.db'}", {"office": "office"}, NOW)
    yield made
    made.close()


@contextmanager
def rounds(store: Store, mailbox: Mailbox) -> Iterator["Rounds"]:
    with mail_server(mailbox) as port:
        yield Rounds(store, smtp_channel(port))


class Rounds:
    def __init__(self, store: Store, channel: SmtpChannel) -> None:
        self.store, self.channel = store, channel

    def run(self, now: datetime) -> Delivered:
        return deliver(self.store, {"mail": self.channel}, now)


def test_story_a_formal_notice_lost_on_the_way_is_never_sent_twice(store: Store) -> None:
    put(store, formal("zhang"))
    mailbox = Mailbox(data=["DROP"])
    with rounds(store, mailbox) as office:
        assert office.run(NOW).unknown == 1
        assert office.run(LATER) == Delivered()
    assert (states(store), len(mailbox.taken)) == (["unknown"], 1)


def test_story_a_reminder_lost_on_the_way_comes_again_byte_for_byte(store: Store) -> None:
    put(store, notice_row("zhang"))
    mailbox = Mailbox(data=["DROP"])
    with rounds(store, mailbox) as office:
        assert office.run(NOW).failed == 1
        assert office.run(LATER).sent == 1
    first, second = mailbox.taken
    assert first == second


def test_story_one_bad_recipient_of_two(store: Store) -> None:
    put(store, formal("zhang"), formal("li"))
    mailbox = Mailbox(rcpt={"zhang": ["550 no such user"]})
    with rounds(store, mailbox) as office:
        assert office.run(NOW) == Delivered(sent=1, dead=1)
    assert (states(store), [to for to, _ in mailbox.taken]) == (["dead", "sent"], ["li@office.example"])


def test_story_the_server_is_down_over_night(store: Store) -> None:
    put(store, *[notice_row(f"post{number}") for number in range(5)])
    port = free_port()
    assert deliver(store, {"mail": smtp_channel(port)}, NOW) == Delivered(failed=5)
    mailbox = Mailbox()
    with rounds(store, mailbox) as office:
        assert office.run(LATER).sent == 5
    assert mailbox.connections == 1
