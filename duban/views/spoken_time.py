"""What authors write of time, as people say it: `last workday at 17:00` is 最后一个工作日17:00."""

from datetime import date

from duban.texts import Language
from rules.time.duration import Duration
from rules.time.instant import END_OF_DAY, format_time
from rules.time.moment import MONTHS, WEEKDAYS, DueDay, Offset, parse_due_day, parse_offset
from rules.time.period import SOME_YEAR, Every, parse_every
from rules.time.window import Window, parse_window

ZH_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
KINDS = {
    "day": ("日", "day"),
    "week": ("周", "week"),
    "half month": ("半月", "half month"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "year": ("年", "year"),
    "workday": ("工作日", "workday"),
}
RUNS = {"days": ("天", "days"), "weeks": ("周", "weeks"), "months": ("个月", "months")}
WHOLE = {12: ("年", "year"), 6: ("半年", "half year"), 3: ("季度", "quarter")}
FIRST_DAY = date(1970, 1, 1)


def say_length(text: str, language: Language) -> str:
    return Duration.parse(text).text(language)


def say_date(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number if number < 20 else number % 10, "th")
    return f"{number}{ending}"


# ---------------------------------------------------------------- periods


def say_every(text: str, language: Language) -> str:
    """`每周`, `every two weeks`; of what comes once, `once`."""
    if text == "once":
        return "一次性" if language == "zh" else "once"
    if text == "programme":
        return "整个施行期间一次" if language == "zh" else "once in the whole programme"
    every = parse_every(text, since=FIRST_DAY)
    named = say_kind(every, language)
    return f"每{named}" if language == "zh" else f"every {named}"


def say_kind(every: Every, language: Language) -> str:
    """One period by its name: `周`, `月（自19日起）`, `2 weeks from 2026-01-05`."""
    zh = language == "zh"
    if every.since is None:
        said = KINDS[every.kind][0 if zh else 1]
        if every.start_day == 1:
            return said
        return f"{said}（自{every.start_day}日起算）" if zh else f"{said} from the {ordinal(every.start_day)}"
    length = WHOLE.get(every.count) if every.kind == "months" else None
    run = RUNS[every.kind]
    said = length[0 if zh else 1] if length else f"{every.count}{run[0]}" if zh else f"{every.count} {run[1]}"
    return said + _since(every.since, zh)


def _since(since: date, zh: bool) -> str:
    if since == FIRST_DAY or (since.year == SOME_YEAR and (since.month, since.day) == (1, 1)):
        return ""
    if since.year == SOME_YEAR:
        return f"（自{since.month}月{since.day}日起算）" if zh else f" from {since:%m-%d}"
    return f"（自{say_date(since, 'zh')}起算）" if zh else f" from {since}"


# ---------------------------------------------------------------- days of a period


def say_due_day(text: str, language: Language) -> str:
    """`下月第5个工作日17:00`, `on the 5th workday of the next month at 17:00`."""
    day = parse_due_day(text)
    at = format_time(day.at)
    if language == "zh":
        return f"{_next_zh(day)}{f'{day.month}月' if day.month else ''}{_day_zh(day)}{at}"
    of = f" of {MONTHS[day.month - 1].capitalize()}" if day.month else ""
    of += f" of the next {day.next}" if day.next else ""
    return f"on {_day_en(day)}{of}" + (" at 24:00" if day.at == END_OF_DAY else f" at {at}")


def _next_zh(day: DueDay) -> str:
    if day.next is None:
        return ""
    if day.next == "period":
        return "下一期"
    return "下个" + say_kind(parse_every(day.next, since=FIRST_DAY), "zh")


def _day_zh(day: DueDay) -> str:
    match day.kind:
        case "weekday":
            which = {1: "", -1: "最后一个"}.get(day.nth, f"第{day.nth}个")
            first = "第一个" if day.text.startswith("first") else which
            return f"{first}周{ZH_WEEKDAYS[day.number]}"
        case "workday":
            return "最后一个工作日" if day.number == -1 else f"第{day.number}个工作日"
        case "workday until day":
            return f"{day.number}日（含）前最后一个工作日"
        case "day":
            return f"{day.number}日" if day.number else "第一天"
    return "最后一天"


def _day_en(day: DueDay) -> str:
    match day.kind:
        case "weekday":
            name = WEEKDAYS[day.number].capitalize()
            if day.nth == -1:
                return f"the last {name}"
            return f"the {ordinal(day.nth)} {name}" if day.nth > 1 or day.text.startswith("first") else name
        case "workday":
            return f"the {'last' if day.number == -1 else ordinal(day.number)} workday"
        case "workday until day":
            return f"the last workday on or before day {day.number}"
        case "day":
            return f"day {day.number}" if day.number else "the first day"
    return "the last day"


# ---------------------------------------------------------------- rungs


def say_rung(text: str, language: Language) -> str:
    """`到期前5个工作日09:00`, `5 workdays before it is due, at 09:00`."""
    offset = parse_offset(text)
    if offset.day is not None:
        said = say_due_day(offset.day.text, language)
        return f"本期{said}" if language == "zh" else f"{said}, in its period"
    return _rung_zh(offset) if language == "zh" else _rung_en(offset)


def _rung_zh(offset: Offset) -> str:
    anchor = "到期" if offset.anchor == "due" else "起算"
    if offset.length is None:
        return f"{anchor}时"
    if offset.side == "share":
        return f"时限过{offset.length.amount}%时"
    side = "前" if offset.side == "before" else "后"
    at = format_time(offset.at) if offset.at is not None else ""
    return f"{anchor}{side}{offset.length.text('zh')}{at}"


def _rung_en(offset: Offset) -> str:
    anchor = "it is due" if offset.anchor == "due" else "it begins"
    if offset.length is None:
        return f"when {anchor}"
    if offset.side == "share":
        return f"when {offset.length.amount} % of the time has passed"
    at = f", at {format_time(offset.at)}" if offset.at is not None else ""
    return f"{offset.length} {offset.side} {anchor}{at}"


# ---------------------------------------------------------------- windows


def say_window(text: str, language: Language) -> str:
    window = parse_window(text)
    if window.of_a_period and window.length:
        return _periods_before(window, language)
    return _window_zh(window) if language == "zh" else _window_en(window)


def _periods_before(window: Window, language: Language) -> str:
    count, skipped = window.length, window.skipped
    if language == "zh":
        return f"所评周期之前{f'隔{skipped}期' if skipped else ''}的{count}期内"
    last = f"the last {skipped} before " if skipped else ""
    return f"in the {count} period{'s' if count > 1 else ''} before {last}the one it is about"


NAMED = {
    "ever": ("有记录以来", "since records began"),
    "programme": ("施行期间内", "in the whole programme"),
    "programme year": ("本方案年度内", "in the year of the programme"),
    "period": ("所评周期内", "in the period it is about"),
    "previous period": ("所评周期的上一期内", "in the period before the one it is about"),
    "same period last year": ("所评周期的去年同期", "in the same period last year"),
}


LENGTHS = {"day": "天", "workday": "个工作日", "week": "周", "month": "个月", "year": "年"}


def _window_zh(window: Window) -> str:
    if window.text in NAMED:
        return NAMED[window.text][0]
    if window.ends_today:
        length = f"{window.length}{LENGTHS[window.unit]}"
        return (
            f"截至当日（含）的{length}内"
            if window.sort == "rolling"
            else f"当日及此前{length}内{'或以后' if window.onward else ''}"
        )
    assert window.every is not None
    kind = say_kind(window.every, "zh")
    if window.sort == "last":
        skipped = f"隔{window.skipped}个{kind}的" if window.skipped else ""
        return f"此前{skipped}{window.length}个{'整' if kind == '月' else '完整'}{kind}内"
    if window.sort == "same":
        return f"去年同{kind}"
    if window.sort == "previous":
        return f"上一{kind}内"
    return f"本{kind}内"


def _window_en(window: Window) -> str:
    if window.text in NAMED:
        return NAMED[window.text][1]
    plural = "s" if window.length > 1 else ""
    if window.ends_today:
        length = f"{window.length} {window.unit}{plural}"
        rolling = window.sort == "rolling"
        past = f"on the day and {length} before" + (", or later" if window.onward else "")
        return f"in the {length} up to and including the day" if rolling else past
    assert window.every is not None
    kind = say_kind(window.every, "en")
    match window.sort:
        case "last":
            skipped = f" the last {window.skipped}" if window.skipped else ""
            return f"in the {window.length} whole {kind}{plural} before{skipped}"
        case "same":
            return f"in the same {kind} last year"
        case "previous":
            return f"in the {kind} before"
    return f"in the {'calendar ' if window.text.startswith('calendar') else ''}{kind}"
