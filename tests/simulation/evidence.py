"""What the simulator saw from outside: the oracle holds the office's own tables and log against it."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MAY_HAVE_LEFT = ("fine", "slow", "vague", "breaks", "dies")


@dataclass(frozen=True)
class Sent:
    """A letter handed over, whatever was answered. `told`: the time by its sender; `size`: of the log."""

    at: datetime
    told: datetime
    size: int
    message_id: str
    address: str
    subject: str
    body: str
    formal: bool
    mood: str


@dataclass(frozen=True)
class Acknowledged:
    """Somebody was told that this was done; its entry must be at or after `size`."""

    item: str
    event: str
    size: int


@dataclass(frozen=True)
class Told:
    """One transaction's entries, [first, end), and the moment at which its process said it was."""

    first: int
    end: int
    now: datetime


@dataclass
class Evidence:
    """`true`: at which true moment the log had which size. `poisoned`: items that were, at some time."""

    began: datetime
    until: datetime
    zone: timedelta = timedelta(hours=8)  # Shanghai has had no summer time since 1991
    editions: dict[str, int] = field(default_factory=dict)  # of books, by digest
    true: list[tuple[int, datetime]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    lost: list[Sent] = field(default_factory=list)  # of which a restored office knows nothing
    acknowledged: list[Acknowledged] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    poisoned: set[str] = field(default_factory=set)
    poison: set[str] = field(default_factory=set)  # those that still are
    resent: set[int] = field(default_factory=set)  # notices that a person had sent again
    leaves: dict[int, bytes] = field(default_factory=dict)  # of entries that were seen: they never change
    errors: list[str] = field(default_factory=list)  # what a turn raised and nobody had injected
    drift: timedelta = timedelta(minutes=5)  # by which a clock may be ahead and still be believed

    def see(self, size: int, now: datetime, leaf: bytes | None) -> None:
        if not self.true or self.true[-1][0] != size:
            self.true.append((size, now))
        if size and leaf is not None:
            self.leaves.setdefault(size - 1, leaf)

    def true_time_of(self, seq: int) -> datetime | None:
        """The earliest moment at which the entry was seen: it was written no later."""
        at = bisect_right(self.true, seq, key=lambda each: each[0])
        return self.true[at][1] if at < len(self.true) else None

    def acknowledge(self, item: str, event: str, size: int) -> None:
        self.acknowledged.append(Acknowledged(item, event, size))

    def restore(self, size: int, letters: int) -> None:
        """The office forgets everything from this entry on, and which letters have left since; so do we. It
        may send those again: nobody can ask it not to before a person has looked (O2)."""
        self.lost += self.sent[letters:]
        del self.sent[letters:]
        self.true = [each for each in self.true if each[0] <= size]
        self.acknowledged = [each for each in self.acknowledged if each.size < size]
        self.told = [each for each in self.told if each.end <= size]
        self.leaves = {seq: leaf for seq, leaf in self.leaves.items() if seq < size}
