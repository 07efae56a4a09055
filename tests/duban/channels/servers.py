"""Mail servers that behave as told, on a free port of this machine."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from duban.channels.mail import Sender
from duban.channels.smtp import SmtpChannel
from duban.config import SmtpSettings
from engine.deliver import Outgoing

NOW = datetime(2020, 10, 12, 1, tzinfo=UTC)
SENDER = Sender(name="督查室", address="duban@office.example")


class Mailbox:
    """Keeps what it takes. `rcpt` and `data` are the answers to come, then always 250; DROP hangs up."""

    def __init__(self, *, rcpt: dict[str, list[str]] | None = None, data: list[str] | None = None) -> None:
        self.rcpt = rcpt or {}
        self.data = data or []
        self.taken: list[tuple[str, bytes]] = []
        self.resets = 0
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.resets += 1
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.rcpt.get(address.partition("@")[0], [])
        answer = answers.pop(0) if answers else "250 OK"
        if answer == "DROP":
            hang_up(server)
        elif answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        answer = self.data.pop(0) if self.data else "250 queued"
        if answer.startswith(("2", "DROP")):
            self.taken.append((envelope.rcpt_tos[0], envelope.content))
        if answer == "DROP":
            hang_up(server)
        if answer == "SLEEP":
            await asyncio.sleep(3)
        return answer


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@contextmanager
def mail_server(mailbox: Mailbox, **more: Any) -> Iterator[int]:
    """Yields its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def raw_server(talk: list[bytes]) -> Iterator[int]:
    """Says one line after each that it hears, whatever that was; then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as heard:
            for line in talk:
                connection.sendall(line)
                if not heard.readline():
                    return

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def smtp_channel(port: int, **more: Any) -> SmtpChannel:
    usual = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 1}
    usual |= {"sender": SENDER.address, "local_hostname": "duban.example"}
    return SmtpChannel(SmtpSettings.model_validate({**usual, **more}), SENDER, clock=lambda: NOW)


def message(to: str = "zhang", **more: Any) -> Outgoing:
    usual: dict[str, Any] = {
        **{"message_id": f"{to.encode().hex():0<32}"[:32], "to_name": "张三"},
        **{
            "to_address": f"{to}@office.example",
            "subject": "催办：请反馈",
            "body": "请于今日反馈。\n.\n督查室",
        },
        **{"formal": False, "created_at": NOW},
    }
    return Outgoing(**{**usual, **more})
