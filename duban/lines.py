"""Sentences on lines that the reader's terminal shows whole. A Chinese character takes two columns."""

import re
import shutil
from collections.abc import Iterator

USUAL_COLUMNS = 80  # where nobody says how wide: a pipe, a file
NARROWEST = 40
# A space, or what stays on one line: a word or one Chinese character, with the signs that open and close it.
PART = re.compile(
    r"\s+|[（「『“《〔]*(?:[^\s\u2e80-\uffef（「『“《〔]+|[^\s])[，。；：、！？）」』”》〕]*", re.DOTALL
)


def wrapped(text: str, *, first: str = "", then: str = "", columns: int | None = None) -> Iterator[str]:
    """The text in lines of at most `columns`, the first one begun with `first`, the others with `then`."""
    from rich.cells import cell_len

    room = max(columns or shutil.get_terminal_size((USUAL_COLUMNS, 0)).columns, NARROWEST)
    line = first
    for part in PART.findall(text):
        if line.strip() and cell_len(line + part.rstrip()) > room:
            yield line.rstrip()
            line = then + part.lstrip()
        else:
            line += part
    yield line.rstrip()
