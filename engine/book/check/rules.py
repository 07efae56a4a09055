"""Rules: what they name, what may stand where, and ladders without gaps."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from engine.book.check.lines import check_lines
from engine.book.check.measures import check_as_of, check_windows
from engine.book.check.roles import check_roles
from engine.book.check.timing import events_of, fields_of, known_workflows
from engine.book.check.values import GIVEN, check_needs, check_values
from engine.book.clockwork import check_hours
from engine.book.compiled import CompiledRule, CompiledRung
from engine.book.context import RULE, Context
from engine.book.finding import Path
from engine.book.rulework import EXPRESSION, moved, opened
from rules.language import Actions, Move, Opening, Rule
from rules.time.errors import TimeError
from rules.time.instant import instant
from workflows.language import WorkflowSpec

# A length of time long enough for every usual rung, to put rungs in order by.
SAMPLE = timedelta(days=200)
GUARD_ONLY = ("require", "otherwise")


def check_rules(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    for id, spec in context.data.rules.items():
        compiled = rules.get(id)
        _Check(context, ("rules", id), spec, compiled.workflows if compiled else ()).check()
        if compiled is not None:
            _check_ladder(context, compiled)
            _check_times(context, compiled)
            check_windows(context, compiled)
            check_as_of(context, compiled)


def actions_of(spec: Rule, path: Path) -> Iterator[tuple[Actions, Path]]:
    yield spec.then, (*path, "then")
    for at, rung in enumerate(spec.ladder):
        yield rung, (*path, "ladder", at)
    for at, band in enumerate(spec.times):
        yield band, (*path, "times", at)


class _Check:
    def __init__(self, context: Context, path: Path, spec: Rule, workflows: tuple[str, ...]) -> None:
        self.context, self.path, self.spec = context, path, spec
        self.workflows = workflows
        self.specs = context.specs(workflows)

    def check(self) -> None:
        self._check_occasion()
        for actions, path in actions_of(self.spec, self.path):
            self._check_guard(actions, path)
            self._check_telling(actions, path)
            self._check_item(actions, path)
            for key, at, opening in actions.openings:
                self._check_opening(opening, actions, (*path, key, at))
            if actions.with_:
                self._check_with(actions, path)

    def _check_occasion(self) -> None:
        when, context = self.spec.when, self.context
        path = (*self.path, "when")
        if context.check((*path, "clock"), "clock", when.clock, context.names("clocks")) and when.clock:
            clock = context.data.clocks.get(when.clock)
            for at, name in enumerate(self.workflows):
                if clock is not None and name not in clock.of and context.know("workflows", clock.of):
                    zh = f"时限 {when.clock} 不在流程 {name} 中运行"
                    en = f"the clock {when.clock} does not run in {name}"
                    context.note((*self.path, "for", at), "clock_elsewhere", zh=zh, en=en)
        if self.specs:
            context.check_all((*path, "event"), "event", when.event, events_of(self.specs))
            context.check_all((*path, "before"), "event", when.before, events_of(self.specs))
            context.check_all((*path, "change"), "field", when.change, fields_of(self.specs))
        effective = self.spec.effective
        if effective.from_ and effective.until and effective.until < effective.from_:
            zh, en = "施行期间倒置", "the rule ends before it begins"
            context.note((*self.path, "effective"), "backwards", zh=zh, en=en)
        self._check_count()

    def _check_count(self) -> None:
        if self.spec.count is None:
            return
        measures = self.context.data.measures
        known = {f"{each.for_}.{id}" for id, each in measures.items() if each.counts}
        self.context.check((*self.path, "count", "measure"), "measure", self.spec.count.measure, known)

    def _check_guard(self, actions: Actions, path: Path) -> None:
        guard = bool(self.spec.when.before)
        given = [
            name
            for name, field in Actions.model_fields.items()
            if name in actions.model_fields_set
            and getattr(actions, name) != field.get_default(call_default_factory=True)
        ]
        for name in given:
            if guard != (name in GUARD_ONLY):
                key = Actions.model_fields[name].alias or name
                zh = (
                    f"{key} 只能用于 before 规则"
                    if not guard
                    else f"before 规则只能写 require 和 otherwise，不能写 {key}"
                )
                en = (
                    f"{key} is only for `before` rules"
                    if not guard
                    else f"a `before` rule only has require and otherwise, not {key}"
                )
                self.context.note((*path, key), "guard_only", zh=zh, en=en, key=True)
        if not guard or path[-1] != "then" or self.spec.times:
            return
        for name in GUARD_ONLY:
            if name not in given:
                self.context.note(
                    path,
                    "missing",
                    zh=f"before 规则缺少 {name}",
                    en=f"{name} is missing in a `before` rule",
                    key=True,
                )

    def _check_telling(self, actions: Actions, path: Path) -> None:
        context = self.context
        check_roles(context, (*path, "remind"), actions.remind)
        check_roles(context, (*path, "notify"), actions.notify)
        templates = context.names("templates")
        for at, tell in enumerate(actions.tell):
            where = (*path, "tell", at)
            check_roles(context, (*where, "to"), tell.to)
            context.check((*where, "template"), "template", tell.template, templates)
            self._check_each((*where, "for_each"), tell.for_each)
        context.check((*path, "template"), "template", actions.template, templates)
        if (actions.remind or actions.notify) and not (actions.template or self.spec.then.template):
            zh, en = "提醒或告知要写明模板 template", "a reminder or notice needs a template"
            context.note(path, "no_template", zh=zh, en=en)
        if actions.document is not None:
            context.check((*path, "document", "template"), "template", actions.document.template, templates)
            self._check_each((*path, "document", "rows"), actions.document.rows)
            check_lines(context, (*path, "document"), actions.document)

    def _check_item(self, actions: Actions, path: Path) -> None:
        """What is done to the item itself, which only rules for workflows have."""
        names = [name for name in ("move", "set", "light", "extend") if getattr(actions, name)]
        if names and not self.workflows and not set(self.spec.for_) <= set(self.context.names("workflows")):
            zh = f"{names[0]} 只能用于针对流程的规则"
            en = f"{names[0]} needs an item: the rule must be for workflows"
            self.context.note((*path, names[0]), "needs_item", zh=zh, en=en, key=True)
            return
        if not self.specs:
            return
        for name, spec in zip(self.workflows, self.specs, strict=True):
            check_values(self.context, (*path, "set"), actions.set, spec.fields, of=name)
        if actions.move is not None:
            self._check_move(actions.move, (*path, "move"))
        if actions.extend is not None:
            self.context.check(
                (*path, "extend", "clock"), "clock", actions.extend.clock, self.context.names("clocks")
            )

    def _check_move(self, move: Move, path: Path) -> None:
        if not self.context.check(
            (*path, "workflow"), "workflow", move.workflow, self.context.names("workflows")
        ):
            return
        specs = self.specs if move.item == "self" else self.context.specs(moved(self.context, move))
        moves = [each for spec in specs for each in spec.transitions if each.event == move.event]
        if not self.context.check((*path, "event"), "event", move.event, events_of(specs) - {"open"}):
            return
        if not any(RULE in each.by for each in moves):
            zh = f"事件 {move.event} 不允许由规则提出：请在流程的 by 中加 rule"
            en = f"no rule may ask for {move.event}: add rule to `by` in the workflow"
            self.context.note((*path, "event"), "not_by_rules", zh=zh, en=en)
        taken = {name for each in moves for name in (*each.needs, *each.takes)}
        fields = {name: field for name, field in fields_of(specs).items() if name in taken}
        check_values(self.context, (*path, "with"), move.with_, fields, of=move.event)
        needed = [
            name
            for name in dict.fromkeys(name for each in moves for name in each.needs)
            if all(name in each.needs for each in moves)
        ]
        check_needs(self.context, path, needed, move.with_, of=move.event)

    def _check_opening(self, opening: Opening, actions: Actions, path: Path) -> None:
        specs = known_workflows(self.context, (*path, "workflow"), (opening.workflow,))
        known = {*self.context.names("roles"), *self.context.names("units"), *self.context.post_names}
        if opening.for_ is not None and not opening.for_.startswith(EXPRESSION):
            self.context.check((*path, "for"), "role", opening.for_, known)
        self._check_each((*path, "for_each"), opening.for_each)
        if opening.each is not None and self.specs:
            lists = [name for name, field in fields_of(self.specs).items() if field.type == "texts"]
            self.context.check((*path, "each"), "field", opening.each, lists)
        if not specs:
            return
        spec = specs[0]
        check_values(self.context, (*path, "with"), opening.with_, spec.fields, of=opening.workflow)
        given = {*opening.with_, *actions.with_, *GIVEN}
        if all({*spec.needs} - {*given, *band.with_} for band in self.spec.times) or not self.spec.times:
            check_needs(self.context, path, spec.needs, given, of=opening.workflow)
        self._check_opener(opening, spec, path)

    def _check_each(self, path: Path, name: str | None) -> None:
        """A group, or a field of type units, of an item that has one."""
        lists = {name for name, field in fields_of(self.specs).items() if field.type == "units"}
        self.context.check(path, "group", name, {*self.context.names("groups"), *lists})

    def _check_opener(self, opening: Opening, spec: WorkflowSpec, path: Path) -> None:
        name = opening.workflow
        if RULE not in spec.opened_by:
            zh = f"流程 {name} 不能由规则立项，请在 opened_by 加 rule"
            en = f"rules may not open a {name}: add rule to its opened_by"
            self.context.note((*path, "workflow"), "not_opened_by_rules", zh=zh, en=en)
        people = any(
            role != RULE for each in spec.transitions if spec.initial in each.from_ for role in each.by
        )
        if path[-2] == "propose" and not people:
            zh = f"{name} 的初始状态没有由人决定的流转，不能用 propose"
            en = f"nobody decides in the first state of {name}: it cannot be proposed"
            self.context.note((*path, "workflow"), "nobody_decides", zh=zh, en=en)

    def _check_with(self, actions: Actions, path: Path) -> None:
        """What is given to everything that is opened: each takes of it what its workflow has a field for."""
        names = opened(self.spec, actions)
        specs = self.context.specs(names)
        if not names:
            zh, en = "with 要与 propose 或 open 一起用", "`with` goes with propose or open"
            self.context.note((*path, "with"), "nothing_opened", zh=zh, en=en, key=True)
        elif len(specs) == len(names):
            check_values(self.context, (*path, "with"), actions.with_, fields_of(specs), of=", ".join(names))


def _check_ladder(context: Context, rule: CompiledRule) -> None:
    """Rungs differ and follow one another; a share and a day of the period cannot be compared with others."""
    if context.calendar is None:
        return
    path = ("rules", rule.id, "ladder")
    last: dict[str, tuple[datetime, CompiledRung]] = {}
    for rung in rule.ladder:
        kind = "share" if rung.offset.side == "share" else f"from {rung.offset.anchor}"
        if rung.offset.length is not None:
            check_hours(context, (*path, rung.index, "at"), rung.offset.length)
        moment = _moment(context, rung)
        if moment is None:
            continue
        if kind in last and moment <= last[kind][0]:
            other = last[kind][1].spec.at
            zh = f"{rung.spec.at} 应晚于上一级 {other}，请按先后排列"
            en = f"{rung.spec.at} does not come after {other}: write the rungs in order of time"
            context.note((*path, rung.index, "at"), "ladder_order", zh=zh, en=en)
        last[kind] = (moment, rung)


def _moment(context: Context, rung: CompiledRung) -> datetime | None:
    assert context.calendar is not None
    if rung.offset.day is not None:
        return None
    start = instant(context.data.book.programme.start, 0, context.calendar.zone)
    try:
        return rung.offset.moment(start=start, due=start + SAMPLE, calendar=context.calendar)
    except TimeError:  # business hours without any, which is told above
        return None


def _check_times(context: Context, rule: CompiledRule) -> None:
    path = ("rules", rule.id, "times")
    expected: int | None = 1
    for at, band in enumerate(rule.times):
        if expected is None or band.first != expected or (band.last is not None and band.last < band.first):
            wanted = "无" if expected is None else str(expected)
            zh = (
                f"次数应从 {wanted} 接着写，不能有空缺或重叠"
                if expected
                else "上一级已经包括以后各次，这一级永远轮不到"
            )
            en = (
                f"counts go on from {expected}, without gap or overlap"
                if expected
                else "the step before takes all later counts: this one never speaks"
            )
            context.note((*path, at, "nth"), "times_gap", zh=zh, en=en)
            return
        expected = None if band.last is None else band.last + 1
    if rule.times and expected is not None:
        end = f"{rule.times[-1].first}+"
        zh = f"第 {expected} 次起没有规定：最后一级写成 {end}"
        en = f"nothing is said from the {expected}th time on: end with an open step such as {end}"
        context.note((*path, len(rule.times) - 1, "nth"), "times_open", zh=zh, en=en)
