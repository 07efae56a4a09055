"""When the clock of an item ran, and until when: worked out from what people did, as the regime says."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.simulation.moments import PAUSE_LIMIT, at, board_due, referral_due, talk_due, task_due
from tests.simulation.records import Life

ZERO = timedelta(0)


@dataclass(frozen=True)
class Stretch:
    """The clock runs, towards `due`, from `since` to `until`, both included."""

    due: datetime
    since: datetime
    until: datetime


@dataclass
class Course:
    started: datetime
    due: datetime
    stretches: list[Stretch] = field(default_factory=list)
    state: str = "running"  # or "paused", "ended", "cancelled"
    missed: bool = False

    def last_moment(self, due: datetime) -> datetime:
        return max(each.until for each in self.stretches if each.due == due)

    def first_moment(self, due: datetime) -> datetime:
        return min(each.since for each in self.stretches if each.due == due)

    def runs_at(self, moment: datetime) -> bool:
        return any(each.since <= moment <= each.until for each in self.stretches)

    @property
    def dues(self) -> list[datetime]:
        return list(dict.fromkeys(each.due for each in self.stretches))


def course_of(life: Life, until: datetime) -> Course:
    if life.workflow == "task":
        return _task(life, until)
    if life.workflow == "board":
        monday = date.fromisoformat(life.period_first or "")
        started, due = at(monday, "00:00"), board_due(monday)
    else:
        started = life.opened
        due = (talk_due if life.workflow == "talk" else referral_due)(started)
    course = Course(started, due)
    end = life.moves[-1].at if life.moves else until
    course.stretches.append(Stretch(due, life.opened, end))
    course.missed = end >= due
    course.state = "ended" if life.moves else "running"
    return course


class _Walk:
    """A task, step by step; `used`: of the time that it may wait."""

    def __init__(self, life: Life) -> None:
        self.course = Course(life.opened, task_due(life.opened))
        self.since = life.opened
        self.paused: datetime | None = None
        self.ended: datetime | None = None
        self.used = ZERO

    def run_until(self, moment: datetime) -> None:
        """Waiting ends by itself when its time is used up; a moment that is due passes."""
        course = self.course
        if course.state == "paused" and self.paused is not None:
            end = self.paused + PAUSE_LIMIT - self.used
            if end <= moment:
                self._go_on(end)
        if course.state == "running" and moment >= course.due:
            course.missed = True

    def leave(self, moment: datetime, state: str) -> None:
        course = self.course
        if course.state == "running":
            course.stretches.append(Stretch(course.due, self.since, moment))
        if course.state in ("running", "paused"):
            course.state, self.ended = state, moment

    def wait(self, moment: datetime) -> None:
        if self.course.state == "running" and moment < self.course.due and self.used < PAUSE_LIMIT:
            self.course.stretches.append(Stretch(self.course.due, self.since, moment))
            self.course.state, self.paused = "paused", moment

    def go(self, moment: datetime) -> None:
        if self.course.state == "paused":
            self._go_on(moment)

    def come_back(self, moment: datetime) -> None:
        """What was late stays late; else the time since is a pause."""
        assert self.ended is not None
        if not self.course.missed:
            self.course.due += moment - self.ended
        self.course.state, self.since = "running", moment

    def _go_on(self, moment: datetime) -> None:
        assert self.paused is not None
        self.course.due += moment - self.paused
        self.used += moment - self.paused
        self.course.state, self.since, self.paused = "running", moment, None


def _task(life: Life, until: datetime) -> Course:
    walk = _Walk(life)
    for moved in life.moves:
        walk.run_until(moved.at)
        match moved.event:
            case "ask":
                walk.wait(moved.at)
            case "go":
                walk.go(moved.at)
            case "finish":
                walk.leave(moved.at, "ended")
            case "drop":
                walk.leave(moved.at, "cancelled")
            case "return":
                walk.come_back(moved.at)
        walk.run_until(moved.at)
    walk.run_until(until)
    course = walk.course
    if course.state == "running":
        course.stretches.append(Stretch(course.due, walk.since, until))
    return course
