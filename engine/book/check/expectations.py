"""What stories expect: the names they use, so that nothing is expected of what is not there."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import get_args

from engine.book.check.doings import Doings
from engine.book.check.timing import fields_of
from engine.book.context import Context
from engine.book.echo import is_echo
from engine.book.facts import LIGHTS, SCOPES_ZH, Catalogue, Scene
from engine.book.finding import Path
from engine.language import (
    Expect,
    ExpectClock,
    ExpectDocuments,
    ExpectFacts,
    ExpectItems,
    ExpectNotices,
    ExpectPossible,
    ExpectRules,
    Quiet,
)
from engine.story_time import full_moment
from rules.time.clock_state import Outcome


class Expectations:
    def __init__(self, context: Context, doings: Doings) -> None:
        self.context, self.doings = context, doings

    def check(self, path: Path, expect: Expect, now: datetime | None) -> None:
        """`now`: the moment of the step, where it can be known."""
        for at, item in enumerate(expect.items):
            self._check_items((*path, "items", at), item)
        for at, clock in enumerate(expect.clocks):
            self._check_clock((*path, "clocks", at), clock)
        for at, notice in enumerate(expect.notices):
            self._check_notices((*path, "notices", at), notice)
        for at, document in enumerate(expect.documents):
            self._check_documents((*path, "documents", at), document)
        for at, rule in enumerate(expect.rules):
            self._check_rules((*path, "rules", at), rule)
        self.context.check_all((*path, "shadow"), "rule", expect.shadow, self.context.names("rules"))
        for at, possible in enumerate(expect.possible):
            self._check_possible((*path, "possible", at), possible)
        for at, fact in enumerate(expect.facts):
            self._check_fact((*path, "facts", at), fact)
        for at, quiet in enumerate(expect.quiet):
            self._check_quiet((*path, "quiet", at), quiet, now)

    def _check_items(self, path: Path, item: ExpectItems) -> None:
        context, pick = self.context, item.pick
        self.doings.check_pick((*path, "pick"), pick)
        context.check((*path, "light"), "light", item.light, LIGHTS)
        self.doings.check_time((*path, "opened_at"), item.opened_at)
        self.doings.check_time((*path, "due"), item.due)
        specs = context.specs((pick.workflow,)) if pick.workflow else [*context.data.workflows.values()]
        states = {state for spec in specs for state in spec.states}
        context.check((*path, "state"), "state", item.state, states, of=pick.workflow or "")
        given = {name: value for name, value in item.fields.items() if value is not None}
        fields = fields_of(specs)
        self.doings.check_names((*path, "fields"), "field", item.fields.keys() - given.keys(), fields)
        self.doings.check_fields((*path, "fields"), given, fields)
        if item.name is not None:
            self.doings.items.add(item.name)

    def _check_clock(self, path: Path, clock: ExpectClock) -> None:
        context = self.context
        self.doings.check_pick((*path, "item"), clock.item)
        context.check((*path, "clock"), "clock", clock.clock, context.names("clocks"))
        context.check((*path, "outcome"), "outcome", clock.outcome, get_args(Outcome))
        spec = context.data.clocks.get(clock.clock)
        if spec is not None:
            context.check((*path, "cause"), "pause", clock.cause, spec.pauses, of=clock.clock)
        for key in ("started", "due", "missed_at", "ended"):
            self.doings.check_time((*path, key), getattr(clock, key))

    def _check_notices(self, path: Path, notice: ExpectNotices) -> None:
        context = self.context
        context.check((*path, "rule"), "rule", notice.rule, context.names("rules"))
        context.check((*path, "item"), "name", notice.item, self.doings.items)
        outside = {id for id, role in context.data.roles.items() if role.mail is not None}
        context.check((*path, "to"), "post", notice.to, {*context.post_names, *outside})
        context.check((*path, "template"), "template", notice.template, context.names("templates"))
        self.doings.check_time((*path, "at"), notice.at)

    def _check_documents(self, path: Path, document: ExpectDocuments) -> None:
        context = self.context
        context.check((*path, "item"), "name", document.item, self.doings.items)
        context.check((*path, "template"), "template", document.template, context.names("templates"))
        self.doings.check_time((*path, "at"), document.at)

    def _check_rules(self, path: Path, rule: ExpectRules) -> None:
        context = self.context
        context.check((*path, "rule"), "rule", rule.rule, context.names("rules"))
        context.check((*path, "item"), "name", rule.item, self.doings.items)
        context.check((*path, "unit"), "unit", rule.unit, context.names("units"))
        context.check((*path, "owner"), "post", rule.owner, context.post_names)
        self.doings.check_time((*path, "at"), rule.at)

    def _check_possible(self, path: Path, possible: ExpectPossible) -> None:
        context = self.context
        self.doings.check_pick((*path, "item"), possible.item)
        context.check((*path, "by"), "post", possible.by, context.post_names)
        context.check_all((*path, "events"), "event", possible.events, self.doings.events - {"open"})

    def _check_fact(self, path: Path, fact: ExpectFacts) -> None:
        context = self.context
        context.check((*path, "unit"), "unit", fact.unit, context.names("units"))
        context.check((*path, "owner"), "post", fact.owner, context.post_names)
        context.check((*path, "item"), "name", fact.item, self.doings.items)
        if fact.fact is not None:
            if not is_echo(context, fact.fact):
                scope = fact.fact.partition(".")[0]
                alike = {name for name in self._facts if name.startswith(f"{scope}.")}
                facts = alike if scope in SCOPES_ZH else self._facts
                context.check((*path, "fact"), "fact", fact.fact, facts)
            return
        whom = "unit" if fact.unit else "owner" if fact.owner else "item" if fact.item else "office"
        known: Mapping[str, object] = {
            id: spec for id, spec in context.data.measures.items() if spec.for_ == whom
        }
        context.check((*path, "measure"), "measure", fact.measure, known)

    @cached_property
    def _facts(self) -> frozenset[str]:
        """Whatever a condition may read of an item of any workflow, where it can be asked at any moment."""
        catalogue = Catalogue(self.context)
        scenes = [
            Scene(subject="item", occasion="clock", workflows=(id,)) for id in self.context.data.workflows
        ]
        return frozenset(fact.name for scene in scenes for fact in catalogue.facts(scene))

    def _check_quiet(self, path: Path, quiet: Quiet, now: datetime | None) -> None:
        context = self.context
        context.check_all((*path, "rule"), "rule", quiet.rule, context.names("rules"))
        context.check((*path, "item"), "name", quiet.item, self.doings.items)
        self.doings.check_time((*path, "until"), quiet.until)
        if quiet.until is None or now is None or context.calendar is None:
            return
        try:
            until = full_moment(quiet.until, context.calendar.zone)
        except ValueError:
            return  # told already: no such day
        if until <= now:
            zh, en = "until 应晚于这一步的时刻", "`until` is after the moment of the step"
            context.note((*path, "until"), "backwards", zh=zh, en=en)
