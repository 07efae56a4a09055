"""When a rule by period comes round: once in every period, or on each of some named dates.

Of named dates the period lies between the day listed before and this one, or from this one to the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from rules.time.instant import instant, local_day
from rules.time.period import Period, once, parse_period

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Round:
    """`id` and `first` day are what is stored of it; `about` is the period that it looks at."""

    id: str
    first: date
    at: datetime
    about: Period


def first_round(book: Book, rule: CompiledRule, begins: datetime) -> Round | None:
    """The first that is not over when the office begins."""
    return next((each for each in rounds_of(book, rule, begins) if each.at >= begins), None)


def next_round(book: Book, rule: CompiledRule, id: str) -> Round | None:
    """None when the programme or the list of dates is over."""
    if rule.every is not None:
        return _within(book, _of_period(book, rule, parse_period(id).next()))
    return _on_day(book, rule, date.fromisoformat(id) + DAY)


def round_of(book: Book, rule: CompiledRule, id: str) -> Round:
    if rule.every is not None:
        return _of_period(book, rule, parse_period(id))
    return _listed(book, rule, date.fromisoformat(id))


def rounds_of(book: Book, rule: CompiledRule, begins: datetime) -> Iterator[Round]:
    """From the beginning of the programme on; of named dates those from the day of `begins` on."""
    start = book.info.programme.start
    if rule.every is None:
        found = _on_day(book, rule, max(start, local_day(begins, book.zone)))
    else:
        period = rule.every.containing(start)
        period = period if rule.spec.when.about == "current" else period.next()
        found = _within(book, _of_period(book, rule, period))
    while found is not None:
        yield found
        found = next_round(book, rule, found.id)


def _within(book: Book, found: Round) -> Round | None:
    return found if found.about.first <= book.info.programme.end else None


def _of_period(book: Book, rule: CompiledRule, period: Period) -> Round:
    assert rule.on is not None
    about = period if rule.spec.when.about == "current" else period.previous()
    at = rule.on.moment(period, book.calendar_of(rule.spec.calendar)).due
    return Round(id=period.id, first=period.first, at=at, about=about)


def _on_day(book: Book, rule: CompiledRule, since: date) -> Round | None:
    """On the first listed day from this one on."""
    day = book.dates[rule.spec.when.dates or ""].days.following(since)
    return None if day is None else _within(book, _listed(book, rule, day))


def _listed(book: Book, rule: CompiledRule, day: date) -> Round:
    assert rule.at is not None
    days, programme = book.dates[rule.spec.when.dates or ""].days, book.info.programme
    if rule.spec.when.about == "current":
        following = days.following(day + DAY)
        about = once(day, following - DAY if following else max(programme.end, day))
    else:
        about = once(days.preceding(day) or min(programme.start, day - DAY), day - DAY)
    return Round(id=day.isoformat(), first=day, at=instant(day, rule.at, book.zone), about=about)
