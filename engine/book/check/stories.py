"""Tests of the author: the names they use, so that a story cannot pass because of a slip of the pen."""

from typing import get_args

from engine.book.check.doings import Doings
from engine.book.context import Context
from engine.book.facts import LIGHTS
from engine.book.finding import Path
from engine.language import Expect, ExpectClock, ExpectFacts, ExpectItems, ExpectNotices, TestCase
from rules.time.clock_state import Outcome


def check_stories(context: Context) -> None:
    for id, case in context.data.tests.items():
        _Story(context, ("tests", id), case).check()


class _Story:
    def __init__(self, context: Context, path: Path, case: TestCase) -> None:
        self.context, self.path, self.case = context, path, case
        self.doings = Doings(context)

    def check(self) -> None:
        context, path = self.context, self.path
        context.check_all((*path, "duties"), "duty", self.case.duties, context.names("duties"))
        self.doings.check_names((*path, "params"), "param", self.case.params, context.names("params"))
        self.doings.check_time((*path, "begins"), self.case.begins)
        for at, step in enumerate(self.case.timeline):
            where = (*path, "timeline", at)
            self.doings.check_time((*where, "at"), step.at)
            for number, opening in enumerate(step.open):
                self.doings.check_open((*where, "open", number), opening)
            for number, do in enumerate(step.do):
                self.doings.check_do((*where, "do", number), do)
            if step.expect is not None:
                self._check_expect((*where, "expect"), step.expect)

    def _check_expect(self, path: Path, expect: Expect) -> None:
        for at, item in enumerate(expect.items):
            self._check_items((*path, "items", at), item)
        for at, clock in enumerate(expect.clocks):
            self._check_clock((*path, "clocks", at), clock)
        for at, notice in enumerate(expect.notices):
            self._check_notices((*path, "notices", at), notice)
        for at, fact in enumerate(expect.facts):
            self._check_fact((*path, "facts", at), fact)

    def _check_items(self, path: Path, item: ExpectItems) -> None:
        self.doings.check_pick((*path, "pick"), item.pick)
        self.context.check((*path, "light"), "light", item.light, LIGHTS)
        self.doings.check_time((*path, "opened_at"), item.opened_at)
        self.doings.check_time((*path, "due"), item.due)
        if item.name is not None:
            self.doings.items.add(item.name)

    def _check_clock(self, path: Path, clock: ExpectClock) -> None:
        self.doings.check_pick((*path, "item"), clock.item)
        self.context.check((*path, "clock"), "clock", clock.clock, self.context.names("clocks"))
        self.context.check((*path, "outcome"), "outcome", clock.outcome, get_args(Outcome))
        self.doings.check_time((*path, "due"), clock.due)
        self.doings.check_time((*path, "missed_at"), clock.missed_at)

    def _check_notices(self, path: Path, notice: ExpectNotices) -> None:
        context = self.context
        context.check((*path, "rule"), "rule", notice.rule, context.names("rules"))
        context.check((*path, "item"), "name", notice.item, self.doings.items)
        context.check((*path, "to"), "post", notice.to, context.post_names)
        self.doings.check_time((*path, "at"), notice.at)

    def _check_fact(self, path: Path, fact: ExpectFacts) -> None:
        context = self.context
        context.check((*path, "unit"), "unit", fact.unit, context.names("units"))
        context.check((*path, "owner"), "post", fact.owner, context.post_names)
        context.check((*path, "item"), "name", fact.item, self.doings.items)
        whom = "unit" if fact.unit else "owner" if fact.owner else "item" if fact.item else "office"
        known = {id for id, spec in context.data.measures.items() if spec.for_ == whom}
        context.check((*path, "measure"), "measure", fact.measure, known)
