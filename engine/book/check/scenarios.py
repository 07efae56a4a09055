"""Made-up behaviour: the names a scenario uses are those of the book beside it."""

from dataclasses import replace

from engine.book.check.doings import Doings
from engine.book.check.timing import events_of
from engine.book.context import Context
from engine.book.finding import Finding, Path
from engine.book.text import Node
from engine.language import Act, Happening, Scenario

SECTION = "scenario"


def check_scenario(book: Context, tree: Node, scenario: Scenario) -> list[Finding]:
    """`tree`: the file in which the scenario is written."""
    assert isinstance(book.root.value, dict)
    root = Node({**book.root.value, SECTION: tree.find((SECTION,))}, book.root.place, book.root.keys)
    context = replace(book, root=root, findings=[])
    _Check(context, scenario).check()
    return context.findings


class _Check:
    def __init__(self, context: Context, scenario: Scenario) -> None:
        self.context, self.scenario = context, scenario
        self.doings = Doings(context)

    def check(self) -> None:
        self._check_characters()
        self._check_turning_point()
        workflows = self.context.names("workflows")
        self.doings.check_names((SECTION, "acts"), "workflow", self.scenario.acts, workflows)
        for workflow, acts in self.scenario.acts.items():
            for at, act in enumerate(acts):
                self._check_act((SECTION, "acts", workflow, at), workflow, act)
        for at, happening in enumerate(self.scenario.happenings):
            self._check_happening((SECTION, "happenings", at), happening)

    def _check_characters(self) -> None:
        context, scenario, known = self.context, self.scenario, self.scenario.characters
        context.check((SECTION, "default"), "character", scenario.default, known)
        for id, character in known.items():
            path = (SECTION, "characters", id, "after_interview")
            context.check(path, "character", character.after_interview, known)
        whom = {*context.names("units"), *context.post_names}
        self.doings.check_names((SECTION, "units"), "unit", scenario.units, whom)
        for id, name in scenario.units.items():
            context.check((SECTION, "units", id), "character", name, known)

    def _check_turning_point(self) -> None:
        context, turning = self.context, self.scenario.turning_point
        if turning is None:
            return
        path = (SECTION, "turning_point")
        context.check((*path, "workflow"), "workflow", turning.workflow, context.names("workflows"))
        specs = context.specs((turning.workflow,))
        if specs:
            context.check((*path, "event"), "event", turning.event, events_of(specs), of=turning.workflow)

    def _check_act(self, path: Path, workflow: str, act: Act) -> None:
        context = self.context
        context.check((*path, "by"), "role", act.by, context.names("roles"))
        for spec in context.specs((workflow,)):
            context.check((*path, "state"), "state", act.state, spec.states, of=workflow)
            context.check((*path, "event"), "event", act.event, events_of([spec]) - {"open"}, of=workflow)
            self.doings.check_fields((*path, "with"), act.with_, spec.fields)

    def _check_happening(self, path: Path, happening: Happening) -> None:
        self.doings.check_time((*path, "at"), happening.at)
        if happening.open is not None:
            self.doings.check_open((*path, "open"), happening.open)
            if happening.open.by is None:
                zh, en = "请写 by：由哪个岗位立项", "say by which post it is opened: `by`"
                self.context.note((*path, "open"), "missing", zh=zh, en=en, key=True)
        if happening.do is not None:
            self.doings.check_do((*path, "do"), happening.do)
