"""Declared measures, answered in SQL for all units at once."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, not_, or_, select

from store.errors import StoreError
from store.queries import Queries
from store.read_items import CLOCKS, EVENTS, ITEMS
from store.rows import Tallied, Tally
from store.sqlite import utc_text
from store.types import Instant, instant_text

CITED = 50  # items named by an answer
DAY_LENGTH = len("2020-08-04")
MOMENTS = {"opened": ITEMS.c.opened_at, "closed": ITEMS.c.closed_at}
CLOCK_MOMENTS = {"missed": CLOCKS.c.missed_at, "due": CLOCKS.c.due_at, "overdue": CLOCKS.c.missed_at}


class TallyQueries(Queries):
    def tally(self, tally: Tally) -> dict[str, Tallied]:
        """By unit, by owner, or under "office"; who has nothing to count is left out."""
        hits = hits_of(tally)
        if tally.reduce == "count":
            return self._count_hits(hits)
        return reduce_values(tally, self._values(hits))

    def _count_hits(self, hits: Select[Any]) -> dict[str, Tallied]:
        hit = hits.subquery()
        each = select(hit.c.whose, hit.c.item, func.min(hit.c.moment).label("moment"))
        one = each.group_by(hit.c.whose, hit.c.item).subquery()
        ordered = func.row_number().over(partition_by=one.c.whose, order_by=(one.c.moment, one.c.item))
        total = func.count().over(partition_by=one.c.whose)
        ranked = select(one.c.whose, one.c.item, ordered.label("place"), total.label("total")).subquery()
        cited = select(ranked).where(ranked.c.place <= CITED).order_by(ranked.c.whose, ranked.c.place)
        totals: dict[str, int] = {}
        cites: dict[str, list[str]] = {}
        for row in self.connection.execute(cited):
            totals[row.whose] = row.total
            cites.setdefault(row.whose, []).append(row.item)
        return {whose: Tallied(value=total, cites=tuple(cites[whose])) for whose, total in totals.items()}

    def _values(self, hits: Select[Any]) -> Iterator[tuple[str, str, str]]:
        hit = hits.subquery()
        valued = select(hit.c.whose, hit.c.item, hit.c.value).where(hit.c.value.is_not(None))
        for row in self.connection.execute(valued.order_by(hit.c.whose, hit.c.moment, hit.c.item)):
            yield row.whose, row.item, row.value


def reduce_values(tally: Tally, values: Iterator[tuple[str, str, str]]) -> dict[str, Tallied]:
    """`values` come in the order of their moments. Decimal, because a sum of money has no rounding."""
    sums: dict[str, Decimal] = {}
    latest: dict[str, str] = {}
    cites: dict[str, dict[str, None]] = {}
    for whose, item, value in values:
        latest[whose] = value
        if tally.reduce == "sum":
            sums[whose] = sums.get(whose, Decimal(0)) + number(value, item, tally.field)
        cites.setdefault(whose, {})[item] = None
    if tally.reduce == "latest":
        return {
            whose: Tallied(value=value, cites=(list(cites[whose])[-1],)) for whose, value in latest.items()
        }
    return {
        whose: Tallied(value=format(total, "f"), cites=tuple(cites[whose])[:CITED])
        for whose, total in sums.items()
    }


def number(value: str, item: str, field: str | None) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise StoreError(
            f"item {item}: {field} is {value!r}, which is no number and cannot be summed"
        ) from None


def hits_of(tally: Tally) -> Select[Any]:
    """(whose, item, moment, value) of everything that counts."""
    moment = moment_of(tally)
    whose = {"unit": ITEMS.c.unit, "owner": ITEMS.c.owner, "office": literal("office")}[tally.by]
    values = EVENTS.c.args if tally.of == "events" else ITEMS.c.fields
    value = member(values, tally.field) if tally.field else literal(None, Text)
    query = select(
        whose.label("whose"),
        ITEMS.c.id.label("item"),
        cast(moment, Text).label("moment"),
        value.label("value"),
    )
    if tally.of == "clocks":
        query = query.join_from(ITEMS, CLOCKS, CLOCKS.c.item == ITEMS.c.id)
    elif tally.of == "events":
        query = query.join_from(ITEMS, EVENTS, EVENTS.c.item == ITEMS.c.id)
    return query.where(whose.is_not(None), moment.is_not(None), *chosen(tally), *window(tally, moment))


def moment_of(tally: Tally) -> ColumnElement[Any]:
    if tally.of == "events":
        return EVENTS.c.at
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
    for name, value in tally.where:
        yield member(ITEMS.c.fields, name) == value


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


def member(document: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """A member of a JSON object as text; yes and no as "true" and "false"."""
    path = f'$."{name}"'
    kind = func.json_type(document, path)
    value = cast(func.json_extract(document, path), Text)
    return case((kind.in_(("true", "false")), kind), else_=value)
