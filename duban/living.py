"""How far a history has been lived through, shown to whoever waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from duban.session import Session

if TYPE_CHECKING:
    from engine.history import History


@contextmanager
def watched(session: Session, history: "History", end: datetime) -> Iterator[Callable[[datetime], None]]:
    from duban.progress import progress

    days = max((end - history.begins).days, 1)
    with progress(session.pick("重演历史", "living through the history")) as advance:
        yield lambda at: advance((at - history.begins).days, days)
