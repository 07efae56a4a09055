"""What stories and scenarios let people do: the names they use, the fields they give, the times they tell."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import get_args

from engine.book.check.timing import events_of, fields_of, known_workflows
from engine.book.check.values import check_member
from engine.book.context import Context
from engine.book.facts import LIGHTS
from engine.book.finding import Path
from engine.language import Do, Open, Pick
from engine.story_time import LOCAL_TIME
from rules.time.instant import local, resolve
from workflows.language import FieldSpec
from workflows.refusals import Code

# Why the engine says no: the machine of the workflow, a guard of the book, or nothing there of that name.
REFUSALS = frozenset({*get_args(Code), "guard", "window", "not_found", "vacant"})
# A scenario computes these when the day comes: `+3 workdays`, `now`, `{item.lead_unit}`.
COMPUTED = ("+", "{")


class Doings:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.items: set[str] = set()
        self.specs = list(context.data.workflows.values())
        self.events = events_of(self.specs)

    def check_open(self, path: Path, opening: Open) -> None:
        context, actors = self.context, self.context.post_names
        specs = known_workflows(context, (*path, "workflow"), (opening.workflow,))
        context.check((*path, "unit"), "unit", opening.unit, context.names("units"))
        context.check((*path, "owner"), "post", opening.owner, actors)
        context.check((*path, "by"), "post", opening.by, actors)
        context.check((*path, "parent"), "name", opening.parent, self.items)
        context.check((*path, "refused"), "refusal", opening.refused, REFUSALS)
        if specs and opening.refused is None:
            self.check_fields((*path, "with"), opening.with_, specs[0].fields)
        self.items |= self._opened((*path, "units"), opening)

    def _opened(self, path: Path, opening: Open) -> set[str]:
        """The names that it gives."""
        groups, context = self.context.data.groups, self.context
        context.check(path, "group", opening.units, context.names("groups"))
        group = groups.get(opening.units or "")
        if group is not None and group.of != "units":
            zh, en = f"{opening.units} 不是单位的分组", f"{opening.units} is no group of units"
            context.note(path, "wrong_group", zh=zh, en=en)
            return set()
        return {each.name for each in opening.each(group.members if group is not None else ())}

    def check_do(self, path: Path, do: Do) -> None:
        """What is to be refused may be given wrong on purpose."""
        context = self.context
        self.check_pick((*path, "item"), do.item)
        context.check((*path, "refused"), "refusal", do.refused, REFUSALS)
        self.check_time((*path, "happened"), do.happened)
        if do.refused != "unknown_event":
            context.check((*path, "event"), "event", do.event, self.events)
        if do.refused != "not_found":
            context.check((*path, "by"), "post", do.by, context.post_names)
        if do.refused is None:
            self.check_fields((*path, "with"), do.with_, fields_of(self.specs))

    def check_pick(self, path: Path, pick: Pick) -> None:
        context = self.context
        context.check((*path, "name"), "name", pick.name, self.items)
        context.check((*path, "parent"), "name", pick.parent, self.items)
        context.check((*path, "workflow"), "workflow", pick.workflow, context.names("workflows"))
        context.check((*path, "unit"), "unit", pick.unit, context.names("units"))
        context.check((*path, "owner"), "post", pick.owner, context.post_names)
        context.check((*path, "duty"), "duty", pick.duty, context.names("duties"))
        context.check((*path, "rule"), "rule", pick.rule, context.names("rules"))
        context.check((*path, "light"), "light", pick.light, LIGHTS)
        self.check_time((*path, "opened_at"), pick.opened_at)
        spec = context.data.workflows.get(pick.workflow or "")
        if spec is not None:
            context.check((*path, "state"), "state", pick.state, spec.states, of=pick.workflow or "")
        self.check_fields((*path, "fields"), pick.fields, spec.fields if spec else fields_of(self.specs))

    def check_fields(self, path: Path, values: Mapping[str, object], fields: Mapping[str, FieldSpec]) -> None:
        for name, value in values.items():
            if not self.context.check((*path, name), "field", name, fields, key=True):
                continue
            if fields[name].type in ("unit", "post") and not str(value).startswith(COMPUTED):
                check_member(self.context, (*path, name), str(value), fields[name], roles=False)
            if fields[name].type == "moment" and isinstance(value, str) and LOCAL_TIME.fullmatch(value):
                self.check_time((*path, name), value)

    def check_time(self, path: Path, text: str | None) -> None:
        """Whether clocks of the place ever show it: 30 February is no day, and summer time skips an hour."""
        if text is None:
            return
        try:
            wall = datetime.fromisoformat(text)
        except ValueError:
            zh, en = f"没有 {text} 这一天", f"{text} is no day of the calendar"
            self.context.note(path, "no_such_time", zh=zh, en=en)
            return
        zone = self.context.calendar.zone if self.context.calendar else None
        if zone is None or local(resolve(wall, zone), zone) == wall:
            return
        shown = f"{local(resolve(wall, zone), zone):%H:%M}"
        zh = f"{zone} 没有 {text} 这一时刻：改夏令时，时钟跳过了它，跳到 {shown}"
        en = f"{text} does not exist in {zone}: clocks skip it and go on at {shown}"
        self.context.note(path, "no_such_time", zh=zh, en=en)

    def check_names(self, path: Path, noun: str, names: Collection[str], known: Collection[str]) -> None:
        """The keys of a mapping."""
        for name in names:
            self.context.check((*path, name), noun, name, known, key=True)
