"""File: each notice as one .eml file in a folder, for an office that sends by its own means, and for trials.

A file is there whole or not at all, so whoever collects the folder never reads half a notice.
"""

import os
from contextlib import suppress
from pathlib import Path

from duban.channels.mail import Sender, Unsendable, file_name, render
from engine.deliver import Outcome, Outgoing


class FileChannel:
    def __init__(self, folder: Path, sender: Sender) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, message: Outgoing) -> Outcome:
        try:
            content = render(message, self.sender)
            path = self.folder / f"{file_name(message)}.eml"
        except Unsendable as error:
            return Outcome(kind="refused", detail=str(error))
        try:
            self.folder.mkdir(exist_ok=True)
            if path.exists():
                return compare(path, content)
            write_whole(path, content)
        except OSError as error:
            detail = (
                f"{path.name} could not be written: {error.strerror or error}; make room or give the right"
            )
            return Outcome(kind="retry", detail=detail, down=True)
        return Outcome(kind="sent", detail=f"written to {path.name}")

    def close(self) -> None:
        """Nothing is kept open."""


def compare(path: Path, content: bytes) -> Outcome:
    """The notice was written before, by an attempt that could not say so any more, or something else was."""
    if path.read_bytes() == content:
        return Outcome(kind="sent", detail=f"{path.name} was there already, the same")
    return Outcome(
        kind="unknown", detail=f"{path.name} is there already and differs: compare, then remove it"
    )


def write_whole(path: Path, content: bytes) -> None:
    """On the disk when this returns, under its name only when complete."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name last, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
