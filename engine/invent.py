"""Values that nobody has thought of: made up by the type of a field, the same for the same draw."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor
from random import Random

from engine.book.book import Book
from rules.time.instant import instant
from store.rows import Plain
from workflows.language import FieldSpec

ANY = "{any}"
HUNDREDTHS = 100
LARGEST = 100  # also right for a share of a hundred
FARTHEST = 40  # days ahead
OFFICE_CLOSES = 17 * 60


def invent(book: Book, field: FieldSpec, draw: Random, today: date, turns: tuple[Decimal, ...] = ()) -> Plain:
    """`turns`: where a class of the item begins; made-up numbers lie on every side of each."""
    if field.one_of:
        return draw.choice([*field.one_of])
    if field.type in ("int", "number"):
        return _amount(field, draw, turns)
    return INVENTORS[field.type](book, field, draw, today)


def turns_of(book: Book, workflow: str, field: str) -> tuple[Decimal, ...]:
    """The numbers of a field at which classes of the item change, the lowest first."""
    levels = (level for each in book.classes_of(workflow) for level in each.levels)
    return tuple(sorted({bound.least for level in levels for bound in level.bounds if bound.field == field}))


def _amount(field: FieldSpec, draw: Random, turns: tuple[Decimal, ...]) -> Plain:
    """Between two turns or at one, the grave ones seldom; a number to the hundredth where it has turns."""
    least, most = _range(field, turns)
    inner = [turn for turn in turns if least < turn <= most]
    starts, ends = [least, *inner], [*inner, None]
    at = draw.choices(range(len(starts)), weights=[2 ** (len(starts) - each) for each in range(len(starts))])[
        0
    ]
    start, end = starts[at], ends[at]
    if at and draw.randrange(4) == 0:
        return _as_kept(field, start)
    grain = HUNDREDTHS if field.type == "number" and (turns or field.at_least or field.at_most) else 1
    last = most * grain if end is None else end * grain - 1
    first = ceil(start * grain)
    return _as_kept(field, Decimal(draw.randint(first, max(first, floor(last)))) / grain)


def _range(field: FieldSpec, turns: tuple[Decimal, ...]) -> tuple[Decimal, Decimal]:
    least = Decimal(field.at_least) if field.at_least is not None else Decimal(0 if turns else 1)
    if field.at_most is not None:
        return min(least, Decimal(field.at_most)), Decimal(field.at_most)
    return least, max(
        turns[-1] * 2 if turns else Decimal(LARGEST), least + LARGEST * (not turns and least > 1)
    )


def _as_kept(field: FieldSpec, amount: Decimal) -> Plain:
    return int(amount) if field.type == "int" else f"{amount.normalize():f}"


def _text(book: Book, field: FieldSpec, draw: Random, _today: date) -> Plain:
    number = draw.randint(1, 999)
    if book.info.language == "zh":
        return f"{field.label.zh}（虚构）{number}"
    return f"{field.label.en} (made up) {number}"


def _day(book: Book, field: FieldSpec, draw: Random, today: date) -> date:
    """What has come, but no day from before the calendar."""
    if field.past:
        return max(today - timedelta(days=draw.randint(0, 3)), min(book.calendar.first, today))
    return today + timedelta(days=draw.randint(5, FARTHEST))


def _date(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    return _day(book, field, draw, today).isoformat()


def _moment(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    """What has come lies before today, at whatever hour it is asked for."""
    if field.past:
        today -= timedelta(days=1)
    return instant(_day(book, field, draw, today), OFFICE_CLOSES, book.zone).isoformat()


def _flag(_book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return draw.choice((True, False))


def _unit(book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return draw.choice([*book.units]) if book.units else None


def _post(book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return draw.choice([*book.posts]) if book.posts else None


def _texts(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    return [str(_text(book, field, draw, today)) for _ in range(draw.randint(1, 3))]


def _units(book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return draw.sample([*book.units], min(len(book.units), draw.randint(1, 3)))


def _duration(_book: Book, field: FieldSpec, draw: Random, _today: date) -> Plain:
    bounds = [str(each) for each in (field.at_least, field.at_most) if each is not None]
    if bounds:
        return draw.choice(bounds)
    return f"{draw.randint(2, 20)} workdays"


def _mail(_book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return f"person{draw.randint(1, 999)}@made-up.example"


Inventor = Callable[[Book, FieldSpec, Random, date], Plain]
INVENTORS: Mapping[str, Inventor] = {
    "text": _text,
    "date": _date,
    "moment": _moment,
    "flag": _flag,
    "unit": _unit,
    "post": _post,
    "texts": _texts,
    "units": _units,
    "duration": _duration,
    "mail": _mail,
}
