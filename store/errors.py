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


class TransactionLost(StoreError):
    """The database gave up the whole transaction, as when its disk is full: nothing of it was written."""


class AlreadyFired(StoreError):
    """A rule has spoken on this occasion before, so nothing of this batch was written."""


class NotCanonical(StoreError):
    """A value has no canonical form and cannot enter the audit log."""
