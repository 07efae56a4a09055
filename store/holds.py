"""Writing what became of something that was held."""

from sqlalchemy import update

from store.commit import Commits
from store.errors import StaleHold
from store.read_holds import HOLDS, IS_OPEN
from store.rows import Entry, HoldState

SETTLED = ("state", "audit_seq")  # of a hold, all that ever changes


class HoldWrites(Commits):
    def settle_hold(self, seq: int, state: HoldState, entry: Entry) -> int:
        """Returns the entry's number. Raises StaleHold, and writes nothing, when it is not held any more."""
        with self.savepoint():
            number = self.write_entry(entry)
            mine = update(HOLDS).where(HOLDS.c.seq == seq, IS_OPEN)
            if self.connection.execute(mine.values(state=state, audit_seq=number)).rowcount != 1:
                raise StaleHold(seq)
        return number
