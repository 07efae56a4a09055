"""Refused lines, told to whoever imports: the first of them, and how many more."""

from typing import TYPE_CHECKING

from duban.session import Session

if TYPE_CHECKING:
    from duban.importing.history import Imported

SHOWN = 20


def tell_refused(session: Session, imported: "Imported") -> None:
    for line in imported.refused[:SHOWN]:
        session.note(f"{line.place}：{line.zh}", f"{line.place}: {line.en}")
    more = len(imported.refused) - SHOWN
    if more > 0:
        session.note(f"另有 {more} 行", f"and {more} more lines")
