"""What can go wrong with a store, each as a sentence for the person who reads it."""


class StoreError(Exception):
    """The store cannot be opened, read or written. The text says what, where, and the way out."""


class StaleItem(StoreError):
    """An item was changed by somebody else since it was read: read it again and decide again."""

    def __init__(self, item: str, rev: int) -> None:
        super().__init__(f"item {item} is no longer at revision {rev}: read it again and decide again")
        self.item = item


class StaleNotice(StoreError):
    """A notice was claimed by somebody else, or settled, since it was claimed here."""

    def __init__(self, notice: int) -> None:
        super().__init__(f"notice {notice} is no longer claimed here: leave it to the next claim")
        self.notice = notice


class StaleHold(StoreError):
    """What was held has been released or dropped by somebody else."""

    def __init__(self, hold: int) -> None:
        super().__init__(f"hold {hold} has been decided already: look at `duban hold show {hold}`")


class StoreHeld(StoreError):
    """It was restored from a backup, and nobody has said since that it may act (O2)."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} was restored from a backup and is held: it can be read, and written after two persons "
            "have said `duban store reconcile --by POST --by POST`"
        )


class TransactionLost(StoreError):
    """The database gave up the whole transaction, as when its disk is full: nothing of it was written."""


class ConnectionLost(StoreError):
    """The database went away under a transaction that was not being committed: nothing of it was written."""


class OutcomeUnknown(StoreError):
    """The answer to a commit was lost: all of the transaction was written, or nothing."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"the answer of {place} was lost: what was done just now is written wholly or not at all; "
            "look before you do it again"
        )


class AlreadyFired(StoreError):
    """A rule has spoken on this occasion before, so nothing of this batch was written."""


class NotCanonical(StoreError):
    """A value has no canonical form and cannot enter the audit log."""
