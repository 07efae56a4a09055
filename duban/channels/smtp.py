"""SMTP: hands notices to the office's mail server, one connection a round, and tells exactly how far it came.

Only between the first byte of a message and the server's answer is it unknown whether it left (RFC 1047).
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Timer
from typing import Any, Literal

from duban.channels.mail import Sender, Unsendable, mail_address, render
from duban.config import SmtpSettings
from engine.deliver import Outcome, Outgoing

GO_ON = 354
# Three steps (reset, greeting, hello and log-in) and a message stay below the SEND_LIMIT of two minutes.
# A message may take long where the server looks for spam before it answers.
STEP_SECONDS = 10
MESSAGE_SECONDS = 75


def utc_now() -> datetime:
    return datetime.now(UTC)


class Connection(smtplib.SMTP):
    """Cut off when it takes too long as a whole, however steadily the server drips."""

    def __init__(self, settings: SmtpSettings, **more: Any) -> None:
        step = min(STEP_SECONDS, settings.timeout_seconds)
        with self.limited():
            super().__init__(
                settings.host, settings.port, local_hostname=settings.local_hostname, timeout=step, **more
            )

    @contextmanager
    def limited(self, seconds: float | None = None) -> Iterator[None]:
        timer = Timer(seconds or STEP_SECONDS, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def be_patient(self, seconds: int) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def cut(self) -> None:
        connected = getattr(self, "sock", None)
        if connected is not None:
            with suppress(OSError):  # closed meanwhile: just as well
                connected.shutdown(socket.SHUT_RDWR)


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


class SmtpChannel:
    def __init__(
        self,
        settings: SmtpSettings,
        sender: Sender,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.sender = sender
        self.clock = clock
        self._connection: Connection | None = None

    def send(self, message: Outgoing) -> Outcome:
        return replace(self._send(message), at=self.clock())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(OSError, smtplib.SMTPException), connection.limited():
            connection.quit()  # a courtesy: everything is settled already
        connection.close()

    def _send(self, message: Outgoing) -> Outcome:
        try:
            content = render(message, self.sender)
            to = mail_address(message.to_address)
        except Unsendable as error:
            return Outcome(kind="refused", detail=str(error))
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:  # the last: of user or password
            server = f"{self.settings.host}:{self.settings.port}"
            self._connection = None
            return Outcome(kind="retry", detail=f"no connection to {server}: {told(error)}", down=True)
        with connection.limited(MESSAGE_SECONDS):
            return self._hand_over(connection, to, content)

    def _connected(self) -> Connection:
        """The connection of this round, or a new one where there is none or the server closed it."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException), self._connection.limited():
                if is_good(self._connection.rset()[0]):
                    return self._connection
            self._drop()
        self._connection = connect(self.settings)
        return self._connection

    def _hand_over(self, connection: Connection, to: str, content: bytes) -> Outcome:
        try:
            refusal = envelope(connection, mail_address(self.sender.address), to)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            slow = isinstance(error.__context__, TimeoutError)
            return Outcome(kind="retry", detail=f"lost before the message: {told(error)}", down=slow)
        if refusal is not None:
            return refusal
        try:
            connection.send(content + b".\r\n")  # no line of it begins with a dot: see mail.py
            code, reply = connection.getreply()
            sent = Outcome(kind="sent", detail=text_of(code, reply))
            return sent if is_good(code) else refused(code, reply)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            # Down, so that a server that breaks here does not make one notice after another unknown.
            return Outcome(kind="unknown", detail=f"lost after the message: {told(error)}", down=True)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def connect(settings: SmtpSettings) -> Connection:
    """Raises OSError or SMTPException."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.security == "tls":
        connection: Connection = TlsConnection(settings, context=context)
    else:
        connection = Connection(settings)
    try:
        with connection.limited():
            connection.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                connection.starttls(context=context)
            if settings.user:
                connection.login(settings.user, settings.password.get_secret_value())
            connection.be_patient(settings.timeout_seconds)
    except BaseException:  # whatever ends the hello, the connection must not stay open
        connection.close()
        raise
    return connection


def envelope(connection: Connection, source: str, to: str) -> Outcome | None:
    """Say from whom and to whom, and ask to begin. None: the server awaits the message."""
    code, reply = connection.mail(source)
    if not is_good(code):
        # Ours is the fault, or the server's, and no recipient's: every notice would meet it.
        return replace(refused(code, reply), kind="retry", down=True)
    code, reply = connection.rcpt(to)
    if not is_good(code):
        return refused(code, reply)
    code, reply = connection.docmd("DATA")
    return None if code == GO_ON else refused(code, reply)


def refused(code: int, reply: bytes) -> Outcome:
    """Never (5xx) or not now (4xx). Raises SMTPResponseException for what is no answer."""
    if code // 100 not in (4, 5):
        raise smtplib.SMTPResponseException(code, reply)
    kind: Literal["refused", "retry"] = "refused" if code // 100 == 5 else "retry"
    return Outcome(kind=kind, detail=text_of(code, reply))


def is_good(code: int) -> bool:
    return code // 100 == 2


def text_of(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode(errors='replace')}"


def told(error: Exception) -> str:
    """What the server said, where it said something."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return text_of(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    return f"{type(error).__name__}: {error}"
