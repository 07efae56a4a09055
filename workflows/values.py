"""Values given with an event: read from a command line, checked against the type of the field.

Plain values only: date and moment are ISO 8601 strings, number is a decimal string (never a float).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from workflows.language import FieldSpec, FieldType
from workflows.lengths import LONGEST, as_written, compare, read_length

Plain = str | int | bool | tuple[str, ...]

TEXT_CHARACTERS = 10_000
TEXTS_ENTRIES = 100
MAIL_CHARACTERS = 254
INT_LIMIT = 10**15
DECIMALS = 6  # that a number field keeps

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INT = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_NUMBER = re.compile(rf"[+-]?\d{{1,15}}(\.\d{{1,{DECIMALS}}})?", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^@\s]+", re.ASCII)
_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}", re.ASCII)
# Refused by databases or garbling a document: controls other than tab and line break, surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_FLAGS = dict.fromkeys(("true", "yes", "是", "1"), True) | dict.fromkeys(("false", "no", "否", "0"), False)


class Unfit(Exception):
    """A value that does not suit its field: why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def blank(value: object) -> bool:
    """Whether a value says nothing: absent, white space only, an empty list."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ((), [])


def parse(spec: FieldSpec, raw: str, zone: tzinfo | None = None) -> object:
    """The plain value written as `raw`; `zone` is for moments written without an offset. Raises Unfit."""
    word = raw.strip()
    if spec.type == "int" and _INT.fullmatch(word):
        return int(word)
    if spec.type == "flag" and word.lower() in _FLAGS:
        return _FLAGS[word.lower()]
    if spec.type == "texts":
        return tuple(part.strip() for part in re.split(r"[;；\n]", raw) if part.strip())
    if spec.type == "units":
        return tuple(part for part in re.split(r"[;；,，、\s]+", raw) if part)
    if spec.type == "moment" and zone is not None:
        return _moment(word, zone)
    return word


def as_number(value: Decimal) -> str:
    """A calculated number as a field keeps it: half up to its decimals, never with an exponent."""
    written = f"{value:f}"
    if len(written.partition(".")[2]) <= DECIMALS:
        return written
    return f"{value.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_UP).normalize() + 0:f}"


def fit(spec: FieldSpec, value: object) -> Plain:
    """The value as the item keeps it. Raises Unfit."""
    plain = _FITTERS[spec.type](value)
    for bound, least in ((spec.at_least, True), (spec.at_most, False)):
        if bound is not None:
            _bound(spec, str(plain), str(bound), least=least)
    if not spec.one_of or plain in spec.one_of:
        return plain
    choices_zh = "、".join(f"{key}（{label.zh}）" for key, label in spec.one_of.items())
    choices_en = ", ".join(f"{key} ({label.en})" for key, label in spec.one_of.items())
    raise Unfit(f"只能取：{choices_zh}", f"must be one of {choices_en}")


def _bound(spec: FieldSpec, given: str, bound: str, *, least: bool) -> None:
    """The bounds themselves are allowed."""
    if spec.type != "duration":
        more: int | Decimal | None = Decimal(given) - Decimal(bound)
    else:
        more = compare(given, bound)
    if more is None:
        raise Unfit(
            f"无法与 {bound} 比较长短，请用同样的单位写",
            f"cannot be compared with {bound}: write it in that unit",
        )
    if least and more < 0:
        raise Unfit(f"不能小于 {bound}", f"must be at least {bound}")
    if not least and more > 0:
        raise Unfit(f"不能大于 {bound}", f"must be at most {bound}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unfit("应为文字", "must be text")
    if len(value) > TEXT_CHARACTERS:
        raise Unfit(
            f"共 {len(value)} 字，最多 {TEXT_CHARACTERS} 字",
            f"has {len(value)} characters, at most {TEXT_CHARACTERS}",
        )
    if found := _UNPRINTABLE.search(value):
        code = f"U+{ord(found.group()):04X}"
        raise Unfit(f"含有不可见字符 {code}，请删去", f"contains the unprintable character {code}: remove it")
    return value


def _name(value: object) -> str:
    text = _text(value).strip()
    if "\n" in text or len(text) > 200:
        raise Unfit("应为一行以内的编号", "must be one identifier on one line")
    return text


def _date(value: object) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Unfit(
            "日期应写作 年-月-日，例如 2020-10-14", "must be a date written as YYYY-MM-DD, such as 2020-10-14"
        )
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _no_such_day(value) from None


def _no_such_day(written: str) -> Unfit:
    year, month = int(written[:4]), int(written[5:7])
    if year < 1 or not 1 <= month <= 12:
        return Unfit("历法上没有这个月份，请核对", "is not in a month of the calendar: check year and month")
    days = monthrange(year, month)[1]
    return Unfit(
        f"{year}年{month}月只有1日至{days}日", f"does not exist: {year}-{month:02} has days 1 to {days}"
    )


def _moment(value: object, zone: tzinfo | None = None) -> str:
    zh, en = "时刻应写作 2020-10-14T09:00+08:00", "must be a moment written as 2020-10-14T09:00+08:00"
    if not isinstance(value, str) or not _DATE.match(value) or len(value) < 16:
        raise Unfit(zh, en)
    _date(value[:10])
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Unfit(zh, en) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if moment.utcoffset() is None:
        raise Unfit(f"缺少时区，{zh}", f"has no offset from UTC, {en}")
    return moment.isoformat()


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit("应为整数，例如 3", "must be a whole number, such as 3")
    if abs(value) > INT_LIMIT:
        raise Unfit("数字过大", "is too large a number")
    return value


def _number(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise Unfit(
            "应为十进制数，例如 57 或 57.5（不写单位和百分号）",
            "must be a decimal number, such as 57 or 57.5 (no unit, no percent sign)",
        )
    return value.removeprefix("+")


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit("应为 是 或 否（true、false）", "must be true or false")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Unfit("应为若干条文字", "must be a list of texts")
    if len(value) > TEXTS_ENTRIES:
        raise Unfit(
            f"共 {len(value)} 条，最多 {TEXTS_ENTRIES} 条",
            f"has {len(value)} entries, at most {TEXTS_ENTRIES}",
        )
    return tuple(_text(entry) for entry in value)


def _duration(value: object) -> str:
    """As a clock reads it: a whole number and its unit."""
    found = read_length(value) if isinstance(value, str) else None
    if found is None:
        raise Unfit(
            f"时长应写作 20 workdays、24 hours（单位：{'、'.join(LONGEST)}）",
            f"must be a duration such as 20 workdays or 24 hours (units: {', '.join(LONGEST)})",
        )
    amount, unit = found
    if not 1 <= amount <= LONGEST[unit]:
        raise Unfit(f"应为 1 至 {LONGEST[unit]} {unit}", f"must be 1 to {LONGEST[unit]} {unit}")
    return as_written(amount, unit)


def _mail(value: object) -> str:
    """As mail servers take it. What was written is not repeated: it is somebody's own."""
    address = value.strip() if isinstance(value, str) else ""
    domain = address.rpartition("@")[2]
    try:
        fits = _MAIL.fullmatch(address) is not None and _DOMAIN.fullmatch(domain.encode("idna").decode())
    except UnicodeError:
        fits = None
    if not fits or len(address) > MAIL_CHARACTERS:
        raise Unfit("应为邮箱地址，写作 name@example.org", "must be a mail address such as name@example.org")
    return address


def _units(value: object) -> tuple[str, ...]:
    """Each once; a single one may stand alone."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or isinstance(listed, bytes):
        raise Unfit("应为若干单位", "must be a list of units")
    if len(listed) > TEXTS_ENTRIES:
        raise Unfit(
            f"共 {len(listed)} 个单位，最多 {TEXTS_ENTRIES} 个",
            f"has {len(listed)} units, at most {TEXTS_ENTRIES}",
        )
    return tuple(dict.fromkeys(_name(entry) for entry in listed))


_FITTERS: Mapping[FieldType, Callable[[object], Plain]] = {
    "text": _text,
    "date": _date,
    "moment": _moment,
    "int": _int,
    "number": _number,
    "flag": _flag,
    "unit": _name,
    "units": _units,
    "post": _name,
    "texts": _texts,
    "duration": _duration,
    "mail": _mail,
}
