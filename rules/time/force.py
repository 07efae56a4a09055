"""When a law or a rule is in force: from its first day to its last, both included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from rules.time.instant import END_OF_DAY, instant


@dataclass(frozen=True, kw_only=True)
class Force:
    """No first or last day: without bound there. `by_opening`: judged when the item is opened, so that old
    cases stay under old law; else at the moment that counts."""

    first: date | None = None
    last: date | None = None
    by_opening: bool = False

    def holds(self, day: date) -> bool:
        return (self.first or day) <= day <= (self.last or day)

    @property
    def never(self) -> bool:
        return self.first is not None and self.last is not None and self.last < self.first

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first instant in force and the first no longer."""
        since = instant(self.first, 0, zone) if self.first else datetime.min.replace(tzinfo=UTC)
        until = instant(self.last, END_OF_DAY, zone) if self.last else datetime.max.replace(tzinfo=UTC)
        return since, until

    def both(self, other: "Force") -> "Force":
        """In force only while both are."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        return Force(
            first=max(firsts, default=None),
            last=min(lasts, default=None),
            by_opening=self.by_opening or other.by_opening,
        )


ALWAYS = Force()
