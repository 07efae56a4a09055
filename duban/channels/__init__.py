"""Channels: how a notice leaves. Each answers what became of it, and says "sent" only when it was told so."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from duban.channels.file import FileChannel
from duban.channels.mail import Sender
from duban.channels.smtp import SmtpChannel, utc_now
from duban.config import FileSettings, Settings
from engine.deliver import Channel

MAIL = "mail"  # how notices name the channel, whichever way mail leaves here


def open_channels(
    settings: Settings, office: str, clock: Callable[[], datetime] = utc_now
) -> dict[str, Channel]:
    """By the name that notices use. Nothing is connected yet. `office` is the name that recipients see."""
    channel = settings.channel
    sender = Sender(name=office, address=channel.sender)
    if isinstance(channel, FileSettings):
        return {MAIL: FileChannel(Path(channel.folder), sender)}
    return {MAIL: SmtpChannel(channel, sender, clock)}
