"""A notice becomes one message: the same bytes every time, and nothing in it but what was meant."""

from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.channels.mail import Sender, Unsendable, mail_address, render
from tests.duban.channels.servers import NOW, SENDER, message

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
]


def parsed(raw: bytes) -> EmailMessage:
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_chinese_notice_reads_as_it_was_written() -> None:
    mail = parsed(render(message(), SENDER))
    assert mail["Subject"] == "催办：请反馈"
    assert mail.get_content() == "请于今日反馈。\r\n.\r\n督查室\r\n"
    assert mail["From"] == "督查室 <duban@office.example>"
    assert mail["To"] == "张三 <zhang@office.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{message().message_id}@office.example>"


def test_the_bytes_are_always_the_same_and_plain() -> None:
    raw = render(message(), SENDER)
    assert raw == render(message(), SENDER)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "attack",
    [
        "催办\r\nBcc: everyone@office.example",
        "remind\nBcc: everyone@office.example\n\nanother body",
        "=?utf-8?q?a=0D=0ABcc:_everyone@office.example?=",
        "=?utf-8?b?YQ0KQmNjOiBldmVyeW9uZUBvZmZpY2UuZXhhbXBsZQ==?=",
        "==?utf-8?q?a=0ABcc:_everyone@office.example?=",
        "a\u2028Bcc: everyone@office.example",
        "a\x0bBcc: everyone@office.example\x00",
    ],
)
def test_nobody_adds_a_header(attack: str) -> None:
    for notice in (message(subject=attack), message(to_name=attack)):
        mail = parsed(render(notice, Sender(name=attack, address="duban@office.example")))
        assert mail.keys() == HEADERS
        assert addresses(mail, "To") == ["zhang@office.example"]
        assert addresses(mail, "From") == ["duban@office.example"]


def addresses(mail: EmailMessage, name: str) -> list[str]:
    header = mail[name]
    assert isinstance(header, AddressHeader)
    return [address.addr_spec for address in header.addresses]


@given(st.text(), st.text(), st.text())
def test_any_text_gives_the_same_headers_or_no_mail(name: str, subject: str, body: str) -> None:
    try:
        raw = render(message(to_name=name, subject=subject, body=body), SENDER)
    except Unsendable:
        assert not all(map(is_valid, (name, subject, body)))
        return
    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert addresses(mail, "To") == ["zhang@office.example"]


def is_valid(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=120))
def test_what_can_be_read_in_a_subject_is_kept(subject: str) -> None:
    mail = parsed(render(message(subject=subject), SENDER))
    assert "".join(str(mail["Subject"]).split()) == "".join(subject.split())


@pytest.mark.parametrize(
    "address",
    [
        *("", "zhang", "@office.example", "zhang@", "zhang@-", "a b@office.example", "a@b@office.example"),
        *(
            "zhang@office.example>\r\nRCPT TO:<x@y",
            "zhang@office.example, li@office.example",
            "张三@office.example",
        ),
        *("<zhang@office.example>", '"a b"@office.example', "zhang@office..example", ".a@office.example"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Unsendable, match="no mail address"):
        render(message(to_address=address), SENDER)


def test_a_chinese_domain_goes_in_its_ascii_form() -> None:
    assert mail_address("zhang@政府.example") == "zhang@xn--mxtq1m.example"


def test_a_sender_must_have_an_address() -> None:
    with pytest.raises(Unsendable, match="no mail address"):
        Sender(name="督查室", address="duban")
