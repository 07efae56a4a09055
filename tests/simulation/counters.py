"""What a run has been through. One in which too little went wrong proves nothing."""

from collections import Counter
from dataclasses import dataclass, field

LEAST_CRASHES = 10  # in 60 days; fewer days, fewer crashes
USUAL_DAYS = 60


@dataclass
class Counters:
    crashes: int = 0
    unknown_commits: int = 0
    backlog: int = 0  # turns that found more than one thing overdue by an hour
    steps_back: int = 0
    restores: int = 0
    upgrades: int = 0
    poisoned: int = 0
    interleaved: int = 0
    beats: int = 0
    acts: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    firings: int = 0

    def vacuous(self, days: int) -> str | None:
        """Why this run proves nothing, if so."""
        if self.crashes * USUAL_DAYS < LEAST_CRASHES * days:
            return f"only {self.crashes} crashes in {days} days"
        if not self.unknown_commits and days >= USUAL_DAYS // 2:
            return "no commit whose answer was lost"
        if not self.backlog:
            return "nothing was ever late"
        return None

    def plus(self, other: "Counters") -> None:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            setattr(self, name, mine + value)

    def lines(self) -> list[str]:
        plain = [f"{name} {value}" for name, value in vars(self).items() if isinstance(value, int)]
        several = [
            f"{name}: " + ", ".join(f"{kind} {count}" for kind, count in sorted(value.items()))
            for name, value in vars(self).items()
            if isinstance(value, Counter)
        ]
        return [", ".join(plain), *several]
