"""The regime by heart: its calendar, its deadlines, every rung of every ladder, and who is told.

Written from regime.yaml by hand and by other means than the engine's, so that both must be wrong alike for a
mistake to pass.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

EAST = timedelta(hours=8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PUBLISHED = 2026  # the last year of the calendar
OFF = (
    *(date(2026, 2, day) for day in (16, 17, 18)),
    date(2026, 5, 1),
    *(date(2026, 10, day) for day in range(1, 8)),
)
WORKED = (date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10))
UNITS = ("works", "traffic")
PREFIX = {"task": "T", "board": "B", "talk": "K", "referral": "R"}
CLOCK = {"task": "handle", "board": "file", "talk": "decide", "referral": "inspect"}
FINAL = {"closed", "dropped", "filed", "held", "refused"}
PAUSE_LIMIT = 96 * HOUR


def is_workday(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def workdays(day: date, count: int) -> date:
    """The count-th one after the day, or before it."""
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def at(day: date, clock: str) -> datetime:
    """24:00 is the end of the day."""
    hours, minutes = map(int, clock.split(":"))
    moment = datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes) - EAST
    return moment.replace(tzinfo=UTC)


def day_of(moment: datetime) -> date:
    return (moment + EAST).date()


def due_day(due: datetime) -> date:
    """24:00 of Friday is Friday."""
    return day_of(due - timedelta(microseconds=1))


# ---------------------------------------------------------------- deadlines


def task_due(opened: datetime) -> datetime:
    return opened + 72 * HOUR


def board_due(monday: date) -> datetime:
    friday = monday + 4 * DAY
    return at(friday if is_workday(friday) else workdays(friday, -1), "17:00")


def talk_due(opened: datetime) -> datetime:
    return at(workdays(day_of(opened), 2), "24:00")


def referral_due(opened: datetime) -> datetime:
    return at(workdays(day_of(opened), 3), "17:00")


def first_workday(monday: date) -> date:
    return monday if is_workday(monday) else workdays(monday, 1)


# ---------------------------------------------------------------- ladders


@dataclass(frozen=True)
class Rung:
    """One moment of a ladder. `tells`: roles; `formal`: by notify. `also`: what it does beside."""

    rung: int
    again: int
    at: datetime
    tells: tuple[str, ...] = ()
    formal: bool = False
    also: str = ""  # "propose", "document" or "light"

    @property
    def acts(self) -> bool:
        return self.also in ("propose", "document")


def remind_task(due: datetime, edition: int) -> list[Rung]:
    before = (36 if edition == 1 else 48) * HOUR
    return [
        Rung(0, 0, due - before, ("liaison",)),
        Rung(1, 0, due, ("liaison", "head"), also="light"),
        *(Rung(2, again, due + (12 + 24 * again) * HOUR, ("head",)) for again in range(4)),
    ]


def escalate_task(due: datetime, edition: int) -> list[Rung]:
    day = due_day(due)
    return [
        Rung(0, 0, at(workdays(day, 1), "09:00"), ("head",), formal=True, also="propose"),
        Rung(1, 0, at(workdays(day, 3), "09:00"), ("mayor",), formal=True, also="propose"),
    ]


def letter_task(due: datetime, edition: int) -> list[Rung]:
    times = 3 if edition == 1 else 2
    return [
        Rung(0, again, due + (30 + 24 * again) * HOUR, ("liaison",), formal=True, also="document")
        for again in range(times)
    ]


def remind_board(due: datetime, edition: int) -> list[Rung]:
    day = due_day(due)
    return [
        Rung(0, 0, at(workdays(day, -1), "15:00"), ("liaison",)),
        Rung(1, 0, due, also="light"),
        Rung(2, 0, at(workdays(day, 1), "09:00"), ("liaison", "head")),
    ]


def remind_talk(due: datetime, edition: int) -> list[Rung]:
    day = due_day(due)
    return [
        Rung(0, 0, at(workdays(day, -1), "15:00"), ("supervisor", "secretary")),
        Rung(1, 0, at(workdays(day, 1), "09:00"), ("mayor",), formal=True),
    ]


def remind_referral(due: datetime, edition: int) -> list[Rung]:
    return [
        Rung(0, 0, at(workdays(due_day(due), -1), "09:00"), ("inspector",)),
        Rung(1, 0, due, ("inspector",)),
    ]


LADDERS = {
    "task": {"remind_task": remind_task, "escalate_task": escalate_task, "letter_task": letter_task},
    "board": {"remind_board": remind_board},
    "talk": {"remind_talk": remind_talk},
    "referral": {"remind_referral": remind_referral},
}


def post(role: str, unit: str) -> str:
    return f"{unit}.{role}" if role in ("liaison", "head") else role
