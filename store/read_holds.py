"""Questions about the brake: what it holds, and what rules have proposed lately."""

from datetime import datetime

from sqlalchemy import BigInteger, cast, func, select

from store.found import columns_of, fetch
from store.queries import Queries
from store.read_items import FIRINGS
from store.rows import OPEN_HOLDS, HoldRow
from store.tables import Hold
from store.writing import table_of

HOLDS = table_of(Hold)
ALL_HOLDS = select(*columns_of(HOLDS))
IS_OPEN = HOLDS.c.state.in_(OPEN_HOLDS)


class HoldQueries(Queries):
    def holds(self, *, open_only: bool = False) -> list[HoldRow]:
        """In the order in which they were held."""
        query = ALL_HOLDS.where(IS_OPEN) if open_only else ALL_HOLDS
        return fetch(self.connection, HoldRow, query.order_by(HOLDS.c.seq))

    def hold(self, seq: int) -> HoldRow | None:
        return next(iter(fetch(self.connection, HoldRow, ALL_HOLDS.where(HOLDS.c.seq == seq))), None)

    def holds_of(self, subject: str, rule: str) -> list[HoldRow]:
        """Also those that were released or dropped."""
        mine = ALL_HOLDS.where(HOLDS.c.subject == subject, HOLDS.c.rule == rule)
        return fetch(self.connection, HoldRow, mine.order_by(HOLDS.c.seq))

    def anything_held(self) -> bool:
        return self.connection.execute(select(HOLDS.c.seq).where(IS_OPEN).limit(1)).first() is not None

    def count_proposed(self, since: datetime) -> int:
        """How many rules have proposed after that moment without anybody's leave."""
        total = cast(func.coalesce(func.sum(FIRINGS.c.proposed), 0), BigInteger)
        query = select(total).where(FIRINGS.c.proposed > 0, FIRINGS.c.at > since)
        found: int = self.connection.execute(query).scalar_one()
        return found

    def proposed_at(self, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
        """How many at which moments from the first to the last."""
        between = (FIRINGS.c.proposed > 0, FIRINGS.c.at >= first, FIRINGS.c.at <= last)
        total = cast(func.sum(FIRINGS.c.proposed), BigInteger)
        query = select(FIRINGS.c.at, total).where(*between).group_by(FIRINGS.c.at)
        return [(row[0], row[1]) for row in self.connection.execute(query)]
