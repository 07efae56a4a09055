"""Declared measures, answered in SQL for all units at once."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from store.errors import StoreError
from store.instants import instant_text
from store.queries import Queries
from store.read_items import CLOCKS, EVENTS, ITEMS
from store.reduce import DAY_LENGTH, Hit, reduce_hits
from store.rows import Tallied, Tally, Where
from store.types import Instant
from store.words import compare_numbers, member, utc_text

MOMENTS = {"opened": ITEMS.c.opened_at, "closed": ITEMS.c.closed_at}
CLOCK_MOMENTS = {
    "missed": CLOCKS.c.missed_at,
    "due": CLOCKS.c.due_at,
    "overdue": CLOCKS.c.missed_at,
    "met": case((CLOCKS.c.outcome == "met", CLOCKS.c.ended_at)),
    "ended": case((CLOCKS.c.outcome != "cancelled", CLOCKS.c.ended_at)),
}


class TallyQueries(Queries):
    def tally(self, tally: Tally) -> dict[str, Tallied]:
        """By unit, by owner, by item, or under "office"; who has nothing to count is left out."""
        hits = hits_of(tally)
        if tally.under is None and tally.after is None and tally.reduce in ("count", "times"):
            return self._count_hits(tally, hits)
        return reduce_hits(tally, self._hits(tally, hits))

    def _count_hits(self, tally: Tally, hits: Select[Any]) -> dict[str, Tallied]:
        """Each item is cited once, however often it was hit."""
        hit = hits.subquery()
        first, often = func.min(hit.c.moment).label("moment"), func.count().label("often")
        one = select(hit.c.whose, hit.c.item, first, often).group_by(hit.c.whose, hit.c.item).subquery()
        ordered = func.row_number().over(partition_by=one.c.whose, order_by=(one.c.moment, one.c.item))
        counted = func.count() if tally.reduce == "count" else func.sum(one.c.often)
        total = cast(
            counted.over(partition_by=one.c.whose), BigInteger
        )  # a sum is no whole number everywhere
        ranked = select(one.c.whose, one.c.item, ordered.label("place"), total.label("total")).subquery()
        cited = select(ranked).order_by(ranked.c.whose, ranked.c.place)
        if tally.cited is not None:
            cited = cited.where(ranked.c.place <= tally.cited)
        totals: dict[str, int] = {}
        cites: dict[str, list[str]] = {}
        for row in self.connection.execute(cited):
            totals[row.whose] = row.total
            cites.setdefault(row.whose, []).append(row.item)
        return {whose: Tallied(value=total, cites=tuple(cites[whose])) for whose, total in totals.items()}

    def _hits(self, tally: Tally, hits: Select[Any]) -> Iterator[Hit]:
        """In the order of their moments."""
        hit = hits.subquery()
        found = select(hit.c.whose, hit.c.item, hit.c.moment, hit.c.value)
        if tally.reduce not in ("count", "times"):
            found = found.where(hit.c.value.is_not(None))
        for row in self.connection.execute(found.order_by(hit.c.moment, hit.c.item)):
            yield Hit(*row)


def hits_of(tally: Tally) -> Select[Any]:
    """(whose, item, moment, value) of everything that counts."""
    moment = moment_of(tally)
    whose = whose_of(tally)
    source = {"items": ITEMS, "clocks": ITEMS.join(CLOCKS), "events": ITEMS.join(EVENTS)}[tally.of]
    conditions = [whose.is_not(None), moment.is_not(None), *chosen(tally), *window(tally, moment)]
    if tally.only is not None:
        conditions.append(whose == tally.only)
    shown = cast(moment, Text)
    columns = (whose.label("whose"), ITEMS.c.id.label("item"), shown.label("moment"))
    return select(*columns, value_of(tally, shown).label("value")).select_from(source).where(*conditions)


def whose_of(tally: Tally) -> ColumnElement[Any]:
    if tally.key is not None:
        return member(ITEMS.c.fields, tally.key)
    if tally.by == "item":
        return ITEMS.c.parent if tally.of == "items" else ITEMS.c.id
    return {"unit": ITEMS.c.unit, "owner": ITEMS.c.owner, "office": literal("office")}[tally.by]


def value_of(tally: Tally, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    if tally.field is not None:
        return member(EVENTS.c.args if tally.of == "events" else ITEMS.c.fields, tally.field)
    return moment if tally.reduce == "latest" else literal(None, Text)


def moment_of(tally: Tally) -> ColumnElement[Any]:
    if tally.of == "events":
        if tally.on == "at":
            return EVENTS.c.at
        return in_utc(func.coalesce(member(EVENTS.c.args, tally.on), member(ITEMS.c.fields, tally.on)))
    if tally.of == "clocks":
        if tally.on not in CLOCK_MOMENTS:
            raise StoreError(f"clocks cannot be counted on {tally.on!r}: use {', '.join(CLOCK_MOMENTS)}")
        return CLOCK_MOMENTS[tally.on]
    return MOMENTS[tally.on] if tally.on in MOMENTS else in_utc(member(ITEMS.c.fields, tally.on))


def in_utc(written: ColumnElement[Any]) -> ColumnElement[Any]:
    """A field's moment, written with any offset, as the columns keep moments; a day stays a day."""
    return case((func.length(written) == DAY_LENGTH, written), else_=utc_text(written))


def chosen(tally: Tally) -> Iterator[ColumnElement[bool]]:
    listed = (
        (ITEMS.c.workflow, tally.workflows),
        (ITEMS.c.state, tally.states),
        (CLOCKS.c.clock, tally.clocks if tally.of == "clocks" else ()),
        (EVENTS.c.name, tally.events if tally.of == "events" else ()),
    )
    yield from (column.in_(names) for column, names in listed if names)
    if tally.not_states:
        yield ITEMS.c.state.not_in(tally.not_states)
    for where in tally.where:
        yield holds(where, member(ITEMS.c.fields, where.field))


def holds(where: Where, field: ColumnElement[Any]) -> ColumnElement[bool]:
    """Numbers and moments compare by value, however they are written."""
    if where.of == "moment":
        field = utc_text(field)
    match where.test:
        case "in":
            return or_(*(compared(where, field, "=", value) for value in where.values))
        case "not in":
            none = and_(*(compared(where, field, "<>", value) for value in where.values))
            return or_(field.is_(None), none)
        case "within":
            return and_(field >= where.values[0], field < where.values[1])
        case "without":
            return or_(field.is_(None), field < where.values[0], field >= where.values[1])
        case test:
            return compared(where, field, test, where.values[0])


def compared(where: Where, field: ColumnElement[Any], test: str, value: str) -> ColumnElement[bool]:
    if where.of == "number":
        return compare_numbers(field, value).bool_op(test)(0)
    return field.bool_op(test)(value)


def window(tally: Tally, moment: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    """From `first` on and before `until`; a span counts where it overlaps the window."""
    if tally.until is not None:
        yield before(moment, tally.until, tally.zone)
    if tally.first is None:
        return
    if tally.of == "clocks" and tally.on == "overdue":
        yield or_(CLOCKS.c.ended_at.is_(None), CLOCKS.c.ended_at > tally.first)
    else:
        yield not_(before(moment, tally.first, tally.zone))


def before(moment: ColumnElement[Any], bound: datetime, zone: tzinfo) -> ColumnElement[bool]:
    """A day is before a bound when it begins before it."""
    if isinstance(moment.type, Instant):
        return moment < bound
    local = bound.astimezone(zone)
    day = local.date() if local.time() == time.min else local.date() + timedelta(days=1)
    return case(
        (func.length(moment) == DAY_LENGTH, moment < day.isoformat()), else_=moment < instant_text(bound)
    )
