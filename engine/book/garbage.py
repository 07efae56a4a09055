"""Reading a book makes much and throws nearly nothing away: looking for garbage was a third of the work.

A turn makes and drops much without circles, and ends soon: what little there is is found after it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """As a decorator: nobody looks for garbage until the function has returned."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
