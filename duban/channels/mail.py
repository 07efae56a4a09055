"""Mail: a notice as the bytes of one message (RFC 5322). The same notice always gives the same bytes (N1)."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from engine.deliver import Outgoing

# What may stand in an address without quotes (RFC 5322 atext). Everything else is refused, not repaired.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Python's reader decodes "=?…?=" within a header that it is given, line breaks included: with them anybody
# who names an item could add headers. A space makes it plain text again.
ENCODED_WORD = re.compile(r"=(?=\?)")
NOT_IN_NAMES = re.compile(r'[()<>\[\]:;@\\,."]+')


class Unsendable(Exception):
    """No message can be made of this notice, however often it is tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Whom recipients see: the office's name, and the address that answers go to."""

    name: str
    address: str

    def __post_init__(self) -> None:
        """Raises Unsendable, once and at the start, rather than at every notice."""
        mail_address(self.address)


def render(message: Outgoing, sender: Sender) -> bytes:
    """Raises Unsendable."""
    mail = EmailMessage(policy=SMTP)
    source = mail_address(sender.address)
    try:
        mail["From"] = Address(one_name(sender.name), addr_spec=source)
        mail["To"] = Address(one_name(message.to_name), addr_spec=mail_address(message.to_address))
        mail["Subject"] = one_line(message.subject)
        mail["Date"] = message.created_at
        mail["Message-ID"] = f"<{file_name(message)}@{source.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
        # Always base64: no server finds a line too long or a dot at its beginning.
        mail.set_content(message.body, cte="base64")
        return mail.as_bytes()
    except ValueError as error:  # of the email package: what has no form in a mail
        raise Unsendable(f"notice {message.message_id} cannot be written as a mail: {error}") from error


def mail_address(written: str) -> str:
    """The address as mail servers take it: a Chinese domain in its ASCII form."""
    local, at, domain = written.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError as error:
        raise Unsendable(
            f"{written!r} is no mail address, its domain is not one: correct the post"
        ) from error
    if not (at and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(ascii_domain)):
        raise Unsendable(
            f"{written!r} is no mail address: correct it where the post is filled, as name@domain"
        )
    return f"{local}@{ascii_domain}"


def file_name(message: Outgoing) -> str:
    """The message's own name, safe in a header and in a folder."""
    if not MESSAGE_ID.fullmatch(message.message_id):
        raise Unsendable(f"{message.message_id!r} is no message id: letters, digits and hyphens only")
    return message.message_id


def one_line(text: str) -> str:
    """Line breaks, other invisible characters and encoded words can do nothing in a header."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return ENCODED_WORD.sub("= ", " ".join(visible.split()))


def one_name(text: str) -> str:
    return one_line(NOT_IN_NAMES.sub(" ", text))
