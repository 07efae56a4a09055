"""From one version of the tables to the next. A step that was released is never edited."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from store.migrations import step_2

if TYPE_CHECKING:
    from alembic.operations import Operations

Step = Callable[["Operations"], None]

STEPS: Mapping[int, Step] = {2: step_2.convert}  # by the version they lead to, in order
