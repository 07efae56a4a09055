"""What the tests of a book say of measures and other facts, held against what they come to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.book.book import Book
from engine.desk import Desk
from engine.facts import Subject, gather, likeness_of
from engine.failures import Failure, Naming, called, shown
from engine.language import ExpectFacts
from engine.measures import Known, Unreadable, measure
from engine.office import Office
from engine.questions import Asked
from rules.cel import ConditionFailed
from rules.time.errors import TimeError
from rules.time.period import parse_period
from store.errors import StoreError

Value = object
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
DAY_LENGTH = len("2020-08-04")


def differences(
    office: Office, now: datetime, expected: Iterable[ExpectFacts], names: Mapping[str, str]
) -> Iterator[Failure]:
    with office.store.write(now) as tx:
        desk = office.desk(tx, now)
        for each in expected:
            yield from _difference(desk, each, names)


def _difference(desk: Desk, expect: ExpectFacts, names: Mapping[str, str]) -> Iterator[Failure]:
    book, who = desk.book, expect.unit or expect.owner or expect.item
    named = Naming(book).post(who or "本办公室")
    zh, en = f"{named}的{_called(book, expect)}", f"{expect.measure or expect.fact} of {who or 'the office'}"
    try:
        known = _known(desk, expect, names)
    except (TimeError, StoreError, Unreadable, ConditionFailed) as error:
        yield Failure(zh=f"{zh}读不出：{error}", en=f"{en}: {error}")
        return
    if not _same(book, known.value, expect):
        wanted_zh, wanted_en = ("未知", "unknown") if expect.unknown else (shown(expect.is_),) * 2
        value_zh, value_en = _said(book, known)
        if value_en == wanted_en:  # true and "true"
            wanted_zh, wanted_en = _marked(expect.is_, wanted_zh, wanted_en)
            value_zh, value_en = _marked(known.value, value_zh, value_en)
        yield Failure(
            zh=f"{zh}应为{wanted_zh}，实为{value_zh}", en=f"{en} should be {wanted_en}, it is {value_en}"
        )


def _marked(value: Value, zh: str, en: str) -> tuple[str, str]:
    return (f"文字“{zh}”", f'the text "{en}"') if isinstance(value, str) else (zh, en)


def _called(book: Book, expect: ExpectFacts) -> str:
    if expect.measure is None:
        return str(expect.fact)
    return called(book.measures[expect.measure].spec.label, expect.measure)


def _known(desk: Desk, expect: ExpectFacts, names: Mapping[str, str]) -> Known:
    period = parse_period(expect.period) if expect.period else None
    case = desk.case(names.get(expect.item, expect.item)) if expect.item else None
    if expect.fact is not None:
        unit, owner = (case.row.unit, case.row.owner) if case is not None else (expect.unit, expect.owner)
        facts = gather(desk, (expect.fact,), Subject(case=case, unit=unit, owner=owner, period=period))
        return Known(value=facts.values.get(expect.fact), reason=facts.reasons.get(expect.fact))
    assert expect.measure is not None, "the book's check has seen to it"
    whose = case.row.id if case is not None else expect.unit or expect.owner or "office"
    subject = Subject(case=case, unit=case.row.unit if case is not None else None)
    fields = tuple(likeness_of(subject).items()) if case is not None else ()
    asked = Asked(whose=whose, at=desk.now, period=period, fields=fields)
    return measure(desk, desk.book.measures[expect.measure], asked)


def _said(book: Book, known: Known) -> tuple[str, str]:
    value = known.value
    if isinstance(value, datetime):
        value = f"{value.astimezone(book.zone):%Y-%m-%d %H:%M}"
    zh, en = ("未知", "unknown") if value is None else (shown(value),) * 2
    reason = known.reason
    return (f"{zh}（{reason.zh}）", f"{en} ({reason.en})") if reason else (zh, en)


def _same(book: Book, value: Value, expect: ExpectFacts) -> bool:
    wanted = expect.is_
    if value is None or wanted is None:
        return value is None and expect.unknown
    if isinstance(value, datetime):
        local = f"{value.astimezone(book.zone):%Y-%m-%d %H:%M}"
        return local == wanted or local[:DAY_LENGTH] == wanted
    if isinstance(wanted, str) and isinstance(value, int | Decimal) and NUMBER.fullmatch(wanted):
        wanted = Decimal(wanted)  # in quotation marks, as people write amounts
    if isinstance(wanted, Decimal) and isinstance(value, Decimal):
        # As exact as it is written: 57.14 for four sevenths.
        return value == wanted or value.quantize(wanted, ROUND_HALF_UP) == wanted
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted
