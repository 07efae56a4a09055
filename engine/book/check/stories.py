"""Tests of the author: the names they use, so that a story cannot pass because of a slip of the pen."""

from datetime import datetime

from engine.book.check.doings import Doings
from engine.book.check.expectations import Expectations
from engine.book.context import Context
from engine.book.finding import Path
from engine.language import TestCase
from engine.story_time import full_moment, moment_of
from rules.time.errors import TimeError


def check_stories(context: Context) -> None:
    for id, case in context.data.tests.items():
        _Story(context, ("tests", id), case).check()


class _Story:
    def __init__(self, context: Context, path: Path, case: TestCase) -> None:
        self.context, self.path, self.case = context, path, case
        self.doings = Doings(context)
        self.expectations = Expectations(context, self.doings)

    def check(self) -> None:
        context, path = self.context, self.path
        context.check_all((*path, "duties"), "duty", self.case.duties, context.names("duties"))
        self.doings.check_names((*path, "params"), "param", self.case.params, context.names("params"))
        self._check_people((*path, "people"))
        self.doings.check_time((*path, "begins"), self.case.begins)
        now = self._begins()
        for at, step in enumerate(self.case.timeline):
            where = (*path, "timeline", at)
            now = self._moment((*where, "at"), step.at, now)
            if step.before is not None:
                self.expectations.check((*where, "before"), step.before, now)
            for number, opening in enumerate(step.open):
                self.doings.check_open((*where, "open", number), opening)
            for number, do in enumerate(step.do):
                self.doings.check_do((*where, "do", number), do)
            if step.expect is not None:
                self.expectations.check((*where, "expect"), step.expect, now)

    def _check_people(self, path: Path) -> None:
        people, known = self.case.people, self.context.post_names
        self.context.check_all((*path, "vacant"), "post", people.vacant, known)
        for at, posts in enumerate(people.same):
            self.context.check_all((*path, "same", at), "post", posts, known)

    def _begins(self) -> datetime | None:
        calendar = self.context.calendar
        try:
            return full_moment(self.case.begins, calendar.zone) if calendar else None
        except ValueError:
            return None  # told already: no such day

    def _moment(self, path: Path, text: str, before: datetime | None) -> datetime | None:
        """When the step is; nothing where that cannot be told."""
        full = len(text) == len(self.case.begins) and not text.startswith("+")
        if full:
            self.doings.check_time(path, text)
        calendar = self.context.calendar
        if calendar is None or before is None:
            return None
        try:
            now = moment_of(text, before, calendar)
        except (ValueError, TimeError):
            if not full:
                zh, en = f"日历数不到 {text}", f"{text} is more than the calendar can count"
                self.context.note(path, "no_such_time", zh=zh, en=en)
            return None
        if now < before:
            zh, en = f"{text} 早于上一步", f"{text} is before the step before"
            self.context.note(path, "backwards", zh=zh, en=en)
        return now
