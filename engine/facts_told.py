"""What the tests of a book say of measures, held against what they come to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.book.book import Book
from engine.desk import Desk
from engine.language import ExpectFacts
from engine.measures import Known, Unreadable, measure
from engine.office import Office
from engine.questions import Asked
from rules.time.errors import TimeError
from rules.time.period import parse_period
from store.errors import StoreError

Value = object
DAY_LENGTH = len("2020-08-04")


def differences(
    office: Office, now: datetime, expected: Iterable[ExpectFacts], names: Mapping[str, str]
) -> Iterator[str]:
    with office.store.write(now) as tx:
        desk = office.desk(tx, now)
        for each in expected:
            yield from _difference(desk, each, names)


def _difference(desk: Desk, expect: ExpectFacts, names: Mapping[str, str]) -> Iterator[str]:
    whose = expect.unit or expect.owner or (names.get(expect.item) if expect.item else "office")
    what = f"{expect.measure} of {expect.unit or expect.owner or expect.item or 'the office'}"
    try:
        period = parse_period(expect.period) if expect.period else None
        asked = Asked(whose=whose, at=desk.now, period=period)
        known = measure(desk, desk.book.measures[expect.measure], asked)
    except (TimeError, StoreError, Unreadable) as error:
        yield f"{what}: {error}"
        return
    if not _same(desk.book, known.value, expect):
        wanted = "unknown" if expect.unknown else expect.is_
        yield f"{what} should be {wanted}, it is {_said(desk.book, known)}"


def _said(book: Book, known: Known) -> str:
    value = known.value
    if isinstance(value, datetime):
        value = f"{value.astimezone(book.zone):%Y-%m-%d %H:%M}"
    return f"{'unknown' if value is None else value}" + (f" ({known.reason.en})" if known.reason else "")


def _same(book: Book, value: Value, expect: ExpectFacts) -> bool:
    wanted = expect.is_
    if value is None or wanted is None:
        return value is None and expect.unknown
    if isinstance(value, datetime):
        local = f"{value.astimezone(book.zone):%Y-%m-%d %H:%M}"
        return local == wanted or local[:DAY_LENGTH] == wanted
    if isinstance(wanted, Decimal) and isinstance(value, Decimal):
        # As exact as it is written: 57.14 for four sevenths.
        return value == wanted or value.quantize(wanted, ROUND_HALF_UP) == wanted
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted
