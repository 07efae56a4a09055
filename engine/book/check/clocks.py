"""Clocks: what they name, whether they start and end, and what of them never comes to pass."""

from collections.abc import Iterator, Mapping

from engine.book.check.timing import DATES, events_of, fields_of, known_workflows, states_of
from engine.book.clock_parts import AGREED, DURATION, read_length
from engine.book.clockwork import parse
from engine.book.compiled import CompiledClock, CompiledRule
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Clock, Extend
from rules.language.time import HAPPENED, NO_LIMIT, Admitted
from workflows.language import FieldSpec, WorkflowSpec

HOURS = {"hours", "minutes", "business hours", "business minutes"}


def check_clocks(
    context: Context, rules: Mapping[str, CompiledRule], clocks: Mapping[str, CompiledClock]
) -> None:
    for id, clock in context.data.clocks.items():
        _Check(context, id, clock).check()
        if id in clocks:
            _check_compiled(context, clocks[id])
    _check_cycles(context)
    for rule in rules.values():
        _check_window_rungs(context, rule)
    _check_extensions(context)
    _check_windows(context, rules, clocks)


class _Check:
    def __init__(self, context: Context, id: str, clock: Clock) -> None:
        self.context, self.id, self.clock = context, id, clock
        self.path: Path = ("clocks", id)

    def check(self) -> None:
        context, clock = self.context, self.clock
        specs = known_workflows(context, (*self.path, "of"), clock.of)
        self._check_relay()
        if specs is None:
            return
        self._check_names(specs)
        self._check_fields(specs)
        for id in clock.pauses:
            self._check_pause(id, specs)
        self._check_stops(specs)
        self._check_cases(specs)

    def _check_relay(self) -> None:
        context, starts = self.context, self.clock.starts
        path = (*self.path, "starts")
        if not (starts.opened or starts.state or starts.event or starts.clock or starts.latest):
            zh = "时限从不起算：请写 opened、state、event 或 clock"
            en = "the clock never starts: write opened, state, event or clock"
            context.note(path, "never_starts", zh=zh, en=en)
        if starts.clock is None:
            return
        other = context.data.clocks.get(starts.clock.of)
        context.check((*path, "clock", "of"), "clock", starts.clock.of, context.names("clocks"))
        if other is None:
            return
        if not set(other.of) & set(self.clock.of):
            zh = f"时限 {starts.clock.of} 不在这些流程中运行"
            en = f"the clock {starts.clock.of} runs in none of these workflows"
            context.note((*path, "clock", "of"), "clock_elsewhere", zh=zh, en=en)
        never = "missed" if other.window else "lapsed"
        if never in starts.clock.on:
            zh, en = (
                ("期间只会届满，不会逾期：请写 lapsed", "a window is never missed: write lapsed")
                if other.window
                else ("时限只会逾期，不会届满：请写 missed", "only a window lapses: write missed")
            )
            context.note((*path, "clock", "on"), "never_hands_on", zh=zh, en=en)

    def _check_names(self, specs: list[WorkflowSpec]) -> None:
        context, clock, states, events = self.context, self.clock, states_of(specs), events_of(specs)
        context.check_all((*self.path, "starts", "state"), "state", clock.starts.state, states)
        context.check_all((*self.path, "starts", "event"), "event", clock.starts.event, events)
        context.check_all((*self.path, "stops"), "state", clock.stops, states)
        context.check_all((*self.path, "stopped_by"), "event", clock.stopped_by, events - {"open"})
        context.check_all((*self.path, "cancels"), "state", clock.cancels, states)
        context.check_all((*self.path, "resumes"), "event", clock.resumes, events - {"open"})
        for at, each in enumerate(clock.admits):
            context.check((*self.path, "admits", at, "event"), "event", each.event, events - {"open"})

    def _check_fields(self, specs: list[WorkflowSpec]) -> None:
        """Dates that the clock reads, in each of its workflows."""
        clock = self.clock
        for name, spec in zip(clock.of, specs, strict=True):
            dates = [field for field, each in spec.fields.items() if each.type in DATES]
            self.context.check((*self.path, "due"), "field", clock.due, dates, of=name)
            known = {*dates, HAPPENED}
            self.context.check((*self.path, "starts", "on"), "field", clock.starts.on, known, of=name)
            self.context.check((*self.path, "done_on"), "field", clock.done_on, known, of=name)
            for at, admitted in enumerate(clock.admits):
                self._check_admitted((*self.path, "admits", at, "on"), admitted, spec, known, name)
            for id, pause in clock.pauses.items():
                for key, field in (("since", pause.since), ("back", pause.back)):
                    self.context.check((*self.path, "pauses", id, key), "field", field, dates, of=name)

    def _check_admitted(
        self, path: Path, admitted: Admitted, spec: WorkflowSpec, known: set[str], of: str
    ) -> None:
        """The date by which it is judged is given with it; one left in the item would be of another time."""
        if admitted.on is None or not self.context.check(path, "field", admitted.on, known, of=of):
            return
        asked = [each for each in spec.transitions if each.event == admitted.event]
        if admitted.on != HAPPENED and any(admitted.on not in (*each.needs, *each.takes) for each in asked):
            zh = f"事件 {admitted.event} 不填写 {admitted.on}：请列入它的 needs"
            en = f"{admitted.event} does not ask for {admitted.on}: write it among its `needs`"
            self.context.note(path, "date_not_asked", zh=zh, en=en)

    def _check_pause(self, id: str, specs: list[WorkflowSpec]) -> None:
        context, pause, path = self.context, self.clock.pauses[id], (*self.path, "pauses", id)
        context.check_all((*path, "states"), "state", pause.states, states_of(specs))
        context.check_all((*path, "from"), "event", pause.from_, events_of(specs))
        context.check_all((*path, "until"), "event", pause.until, events_of(specs))
        if pause.from_ and not pause.until and pause.limit is None:
            zh = "中止后永远不恢复：请写 until(恢复的事件)或 limit(累计上限)"
            en = "time never runs on: write `until` (events) or a `limit`"
            context.note(path, "never_resumes", zh=zh, en=en, key=True)
        ended = {*self.clock.stops, *self.clock.cancels}
        for at, state in enumerate(pause.states):
            if state in ended:
                zh, en = (
                    f"时限到 {state} 已停止，无从中止",
                    f"the clock has ended in {state}: nothing to pause",
                )
                context.note((*path, "states", at), "nothing_to_pause", zh=zh, en=en)

    def _check_stops(self, specs: list[WorkflowSpec]) -> None:
        if self.clock.window:
            return
        for name, spec in zip(self.clock.of, specs, strict=True):
            ended = {*self.clock.stops, *self.clock.cancels} & set(spec.states)
            if not ended and not set(self.clock.stopped_by) & events_of([spec]):
                zh, en = f"在流程 {name} 中没有一个停止状态", f"no state of {name} stops this clock"
                self.context.note((*self.path, "stops"), "never_stops", zh=zh, en=en, key=True)

    def _check_cases(self, specs: list[WorkflowSpec]) -> None:
        """The first that holds is taken: one that always does is the last, and there is one."""
        path, context = (*self.path, "budget"), self.context
        for at, case in enumerate(self.clock.budget):
            if case.if_ is None and case.is_ == NO_LIMIT and at == 0:
                zh = "从来没有时限：请删去这个时限，或在前面写有时限的情形"
                en = "there is never a limit: leave the clock out, or write cases with one before"
                context.note((*path, at), "never_limited", zh=zh, en=en)
            if case.if_ is None and (not case.is_.startswith("=") or _always_given(case.is_, specs)):
                if at + 1 < len(self.clock.budget):
                    zh = "前面的情形总是成立，这一种永远轮不到：无条件的放在最后"
                    en = "the case before always holds, so this is never reached: put that one last"
                    context.note((*path, at + 1), "case_never_reached", zh=zh, en=en)
                return
        if self.clock.budget:
            zh = "可能没有一种情形成立，那时就没有时限：最后写一种不带 if 的；本来没有时限的写 {is: none}"
            en = "perhaps no case holds, and then there is no limit: end with one without `if`, or {is: none}"
            context.note(path, "perhaps_no_limit", zh=zh, en=en, severity="warning")


def _always_given(written: str, specs: list[WorkflowSpec]) -> bool:
    found = AGREED.fullmatch(written)
    name = found[1] if found else ""
    fields = [spec.fields.get(name) for spec in specs]
    return all(
        name in spec.needs or (field is not None and field.default is not None)
        for spec, field in zip(specs, fields, strict=True)
    )


def _check_compiled(context: Context, clock: CompiledClock) -> None:
    """What only counts days where hours are counted, or only a length where a date is given."""
    spec, path = clock.spec, ("clocks", clock.id)
    first_day = spec.first_day == "counted"
    units = {each.length.unit for each in clock.budgets if each.length is not None}
    if first_day and (spec.due is not None or units & HOURS):
        zh = "first_day 只用于按天计算的时限" if spec.due is None else "期限由字段写明，first_day 没有意义"
        en = "first_day is for times counted in days"
        context.note((*path, "first_day"), "of_no_use", zh=zh, en=en)
    agreed = any(each.field is not None and not each.dated for each in clock.budgets)
    if spec.first_hour == "not counted" and not units & HOURS and not agreed:
        zh, en = "first_hour 只用于按小时计算的时限", "first_hour is for times counted in hours"
        context.note((*path, "first_hour"), "of_no_use", zh=zh, en=en)
    if spec.at_least is not None and spec.due is not None:
        zh, en = "期限由字段写明，at_least 没有意义", "the field says the end: at_least is of no use"
        context.note((*path, "at_least"), "of_no_use", zh=zh, en=en)
    if spec.window and spec.done_on is not None:
        zh, en = (
            "期间不会逾期，done_on 没有意义：请写 admits 的 on",
            "a window says it by `on` of its `admits`",
        )
        context.note((*path, "done_on"), "of_no_use", zh=zh, en=en)
    if spec.due is not None and spec.extensions.from_ == "start":
        zh, en = (
            "期限由字段写明，没有从头算起的时长",
            "the field says the end: it has no start to count from",
        )
        context.note((*path, "extensions", "from"), "of_no_use", zh=zh, en=en)
    if spec.window and spec.extensions.after_end:
        zh, en = "期间届满就结束了，不能再延长", "a window that has lapsed has ended, and is not extended"
        context.note((*path, "extensions", "after_end"), "of_no_use", zh=zh, en=en)
    if spec.starts.latest is not None and spec.starts.opened:
        zh, en = "立项时已起算，latest 没有意义", "it starts with the opening, so `latest` is of no use"
        context.note((*path, "starts", "latest"), "of_no_use", zh=zh, en=en)


def _check_cycles(context: Context) -> None:
    """Clocks that start one another in a circle would run for ever, or never begin."""
    follows = {
        id: clock.starts.clock.of
        for id, clock in context.data.clocks.items()
        if clock.starts.clock is not None
    }
    told: set[str] = set()
    for id in follows:
        chain = [id]
        while (after := follows.get(chain[-1])) is not None and after not in chain:
            chain.append(after)
        if after == id and id not in told:
            told.update(chain)
            shown = " → ".join((*reversed(chain), chain[-1]))
            zh, en = f"时限互相接续成环：{shown}", f"clocks start one another in a circle: {shown}"
            context.note(("clocks", id, "starts", "clock", "of"), "relay_circle", zh=zh, en=en)


def _check_window_rungs(context: Context, rule: CompiledRule) -> None:
    """A window that has lapsed is never done, so nothing would end what comes again and again."""
    clock = context.data.clocks.get(rule.spec.when.clock or "")
    if clock is None or not clock.window:
        return
    for rung in rule.ladder:
        if rung.every is not None and rung.times is None:
            zh = "期间届满后没有人办结，会一直重复：请写 times"
            en = "nothing ends it once the window has lapsed: write `times`"
            context.note(("rules", rule.id, "ladder", rung.index, "every"), "endless_rung", zh=zh, en=en)


def _wanted_extensions(context: Context) -> Iterator[tuple[Path, Extend, tuple[str, ...]]]:
    for id, rule in context.data.rules.items():
        places = (
            (("then",), rule.then),
            *((("ladder", at), rung) for at, rung in enumerate(rule.ladder)),
            *((("times", at), band) for at, band in enumerate(rule.times)),
        )
        for place, actions in places:
            if actions.extend is not None:
                yield ("rules", id, *place, "extend"), actions.extend, rule.for_


def _check_extensions(context: Context) -> None:
    extended = set()
    for path, wanted, of in _wanted_extensions(context):
        extended.add(wanted.clock)
        if wanted.by is None:
            continue
        found = AGREED.fullmatch(wanted.by)
        if wanted.by.startswith("="):
            fields: Mapping[str, FieldSpec] = fields_of(context.specs(of))
            if found is None or found[1] not in fields or fields[found[1]].type != DURATION:
                zh = f"{wanted.by} 不是时长字段：请写 =item.<类型为 duration 的字段>"
                en = f"{wanted.by} is no field of type duration: write =item.<such a field>"
                context.note((*path, "by"), "not_a_duration", zh=zh, en=en)
        else:
            parse(context, (*path, "by"), read_length, wanted.by)
    for id, clock in context.data.clocks.items():
        if context.whole and "extensions" in clock.model_fields_set and id not in extended:
            zh, en = (
                "没有规则延长这个时限，限度没有用处",
                "no rule extends this clock: its bounds are of no use",
            )
            context.note(
                ("clocks", id, "extensions"), "never_extended", zh=zh, en=en, key=True, severity="warning"
            )


def _check_windows(
    context: Context, rules: Mapping[str, CompiledRule], clocks: Mapping[str, CompiledClock]
) -> None:
    """A window is there for what it admits, for what is said when it ends, or for others that read it."""
    read = {name for rule in rules.values() for name in rule.reads}
    read |= {name for clock in clocks.values() for name in _conditions_read(clock)}
    used = {name.split(".")[1] for name in read if name.startswith("clock.")}
    used |= {rule.spec.when.clock for rule in rules.values() if rule.spec.when.clock}
    used |= {clock.starts.clock.of for clock in context.data.clocks.values() if clock.starts.clock}
    used |= set(_named_by_classes(context))
    for id, clock in context.data.clocks.items():
        if context.whole and clock.window and not clock.admits and id not in used:
            zh = "这个期间没有用处：没有 admits，没有规则的梯级，也没有条件读它"
            en = "the window is of no use: it has no `admits`, no rule a rung on it, no condition reads it"
            context.note(("clocks", id), "idle_window", zh=zh, en=en, key=True, severity="warning")


def _named_by_classes(context: Context) -> Iterator[str]:
    for each in context.data.classes.values():
        if each.while_ is not None:
            yield each.while_.clock


def _conditions_read(clock: CompiledClock) -> Iterator[str]:
    conditions = (
        clock.condition,
        *(each.condition for each in clock.budgets),
        *(pause.condition for pause in clock.pauses.values()),
    )
    for condition in conditions:
        if condition is not None:
            yield from condition.reads
