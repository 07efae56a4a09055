"""Values that nobody has thought of: made up by the type of a field, the same for the same draw."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from engine.book.book import Book
from rules.time.instant import instant
from store.rows import Plain
from workflows.language import FieldSpec

ANY = "{any}"
LARGEST = 100  # also right for a share of a hundred
FARTHEST = 40  # days ahead
OFFICE_CLOSES = 17 * 60


def invent(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    if field.one_of:
        return draw.choice([*field.one_of])
    return INVENTORS[field.type](book, field, draw, today)


def _text(book: Book, field: FieldSpec, draw: Random, _today: date) -> Plain:
    number = draw.randint(1, 999)
    if book.info.language == "zh":
        return f"{field.label.zh}（虚构）{number}"
    return f"{field.label.en} (made up) {number}"


def _day(_book: Book, field: FieldSpec, draw: Random, today: date) -> date:
    if field.past:
        return today - timedelta(days=draw.randint(0, 3))
    return today + timedelta(days=draw.randint(5, FARTHEST))


def _date(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    return _day(book, field, draw, today).isoformat()


def _moment(book: Book, field: FieldSpec, draw: Random, today: date) -> Plain:
    return instant(_day(book, field, draw, today), OFFICE_CLOSES, book.zone).isoformat()


def _int(_book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return draw.randint(1, LARGEST)


def _number(_book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return str(draw.randint(1, LARGEST))


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


def _duration(_book: Book, _field: FieldSpec, draw: Random, _today: date) -> Plain:
    return f"{draw.randint(2, 20)} workdays"


Inventor = Callable[[Book, FieldSpec, Random, date], Plain]
INVENTORS: Mapping[str, Inventor] = {
    "text": _text,
    "date": _date,
    "moment": _moment,
    "int": _int,
    "number": _number,
    "flag": _flag,
    "unit": _unit,
    "post": _post,
    "texts": _texts,
    "units": _units,
    "duration": _duration,
}
