"""Tests of the author: the names they use, so that a story cannot pass because of a slip of the pen."""

from collections.abc import Collection

from engine.book.check.timing import events_of, known_workflows
from engine.book.context import Context
from engine.book.finding import Path
from engine.language import Do, Expect, Open, Pick, TestCase


def check_stories(context: Context) -> None:
    for id, case in context.data.tests.items():
        _Story(context, ("tests", id), case).check()


class _Story:
    def __init__(self, context: Context, path: Path, case: TestCase) -> None:
        self.context, self.path, self.case = context, path, case
        self.items: set[str] = set()
        self.actors = {*context.post_names}
        self.events = events_of(list(context.data.workflows.values()))

    def check(self) -> None:
        self.context.check_all((*self.path, "duties"), "duty", self.case.duties, self.context.names("duties"))
        for name in self.case.params:
            self.context.check(
                (*self.path, "params", name), "param", name, self.context.names("params"), key=True
            )
        for at, step in enumerate(self.case.timeline):
            path = (*self.path, "timeline", at)
            for number, opening in enumerate(step.open):
                self._check_open((*path, "open", number), opening)
            for number, do in enumerate(step.do):
                self._check_do((*path, "do", number), do)
            if step.expect is not None:
                self._check_expect((*path, "expect"), step.expect)

    def _check_open(self, path: Path, opening: Open) -> None:
        specs = known_workflows(self.context, (*path, "workflow"), (opening.workflow,))
        self.context.check((*path, "unit"), "unit", opening.unit, self.context.names("units"))
        self.context.check((*path, "owner"), "post", opening.owner, self.actors)
        self.context.check((*path, "by"), "post", opening.by, self.actors)
        self.context.check((*path, "parent"), "name", opening.parent, self.items)
        if specs:
            self._check_fields((*path, "with"), opening.with_, specs[0].fields)
        self.items.add(opening.name)

    def _check_do(self, path: Path, do: Do) -> None:
        self._check_pick((*path, "item"), do.item)
        if do.refused != "unknown_event":
            self.context.check((*path, "event"), "event", do.event, self.events)
        self.context.check((*path, "by"), "post", do.by, self.actors)

    def _check_expect(self, path: Path, expect: Expect) -> None:
        for at, item in enumerate(expect.items):
            self._check_pick((*path, "items", at, "pick"), item.pick)
            if item.name is not None:
                self.items.add(item.name)
        for at, clock in enumerate(expect.clocks):
            self._check_pick((*path, "clocks", at, "item"), clock.item)
            self.context.check(
                (*path, "clocks", at, "clock"), "clock", clock.clock, self.context.names("clocks")
            )
        for at, notice in enumerate(expect.notices):
            where = (*path, "notices", at)
            self.context.check((*where, "rule"), "rule", notice.rule, self.context.names("rules"))
            self.context.check((*where, "item"), "name", notice.item, self.items)
            self.context.check((*where, "to"), "post", notice.to, self.actors)

    def _check_pick(self, path: Path, pick: Pick) -> None:
        context = self.context
        context.check((*path, "name"), "name", pick.name, self.items)
        context.check((*path, "parent"), "name", pick.parent, self.items)
        context.check((*path, "workflow"), "workflow", pick.workflow, context.names("workflows"))
        context.check((*path, "unit"), "unit", pick.unit, context.names("units"))
        context.check((*path, "owner"), "post", pick.owner, self.actors)
        context.check((*path, "duty"), "duty", pick.duty, context.names("duties"))
        context.check((*path, "rule"), "rule", pick.rule, context.names("rules"))
        spec = context.data.workflows.get(pick.workflow or "")
        if spec is not None:
            context.check((*path, "state"), "state", pick.state, spec.states, of=pick.workflow or "")
            self._check_fields((*path, "fields"), pick.fields, spec.fields)

    def _check_fields(self, path: Path, values: Collection[str], known: Collection[str]) -> None:
        for name in values:
            self.context.check((*path, name), "field", name, known, key=True)
