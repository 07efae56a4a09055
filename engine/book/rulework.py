"""Rules made ready: rungs parsed, conditions and expressions compiled against the facts they may read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.book.clockwork import parse
from engine.book.compiled import CompiledRule, CompiledRung, CountBand, Occasion, Subject, Wanted
from engine.book.conditions import compile_at
from engine.book.context import OFFICE, Context
from engine.book.dates import every_of, force_of
from engine.book.facts import KINDS, Catalogue, Scene
from engine.book.finding import Path
from engine.book.formulas import with_formulas
from engine.book.placeholders import ABOUT_DECISION, ABOUT_ITEM, ABOUT_UNIT, check_label, check_text
from rules.cel import Condition, Facts, Kind
from rules.language import Actions, Document, Move, Rule
from rules.shape import Label
from rules.time.instant import parse_time
from rules.time.moment import parse_occurrence, parse_offset, parse_repeat
from workflows.language import FieldSpec

EXPRESSION = "="
REPEATS = "3 workdays、1 day、2 weeks、1 month、24 hours"


def compile_rules(context: Context) -> dict[str, CompiledRule]:
    catalogue = Catalogue(context)
    found = {}
    for id, spec in context.data.rules.items():
        rule = _Compiler(context, catalogue, id, spec).compile()
        if rule is not None:
            found[id] = rule
    return found


def occasion_of(spec: Rule) -> Occasion:
    if spec.when.clock:
        return "clock"
    if spec.when.event:
        return "event"
    if spec.when.change:
        return "change"
    return "before" if spec.when.before else "period"


class _Compiler:
    def __init__(self, context: Context, catalogue: Catalogue, id: str, spec: Rule) -> None:
        self.context, self.catalogue, self.id, self.spec = context, catalogue, id, spec
        self.path: Path = ("rules", id)
        self.compiled: list[Condition] = []
        self.told: set[str] = set()
        self.lines: set[str] = set()
        self.facts = Facts(())
        self.workflows: tuple[str, ...] = ()

    def compile(self) -> CompiledRule | None:
        occasion = occasion_of(self.spec)
        subject = self._subject(occasion)
        if subject is None:
            return None
        self.workflows = self.spec.for_ if subject == "item" else ()
        events = (*self.spec.when.event, *self.spec.when.before, *self.spec.when.change)
        group = None if subject in ("item", "office") else self.spec.for_[0]
        scene = Scene(
            subject=subject, occasion=occasion, workflows=self.workflows, events=events, group=group
        )
        self.facts = self.catalogue.facts(scene)
        condition, moment = self._condition(self.spec.if_, (*self.path, "if")), self._moment()
        if condition is not None:
            # What follows is only asked where the condition holds.
            self.facts = self.facts.surely(condition.given)
        rule = CompiledRule(
            id=self.id,
            spec=self.spec,
            subject=subject,
            occasion=occasion,
            workflows=self.workflows,
            group=group,
            condition=condition,
            force=force_of(self.context, self.path, self.spec.law, self.spec.effective),
            moment=moment,
            as_of=self._as_of(),
            then=self._wanted(self.spec.then, (*self.path, "then")),
            ladder=tuple(self._ladder()),
            times=tuple(self._times()),
        )
        return self._with_period(replace(rule, reads=self._reads(), lines=frozenset(self.lines)))

    def _subject(self, occasion: Occasion) -> Subject | None:
        data, names = self.context.data, self.spec.for_
        path = (*self.path, "for")
        workflows, groups = self.context.names("workflows"), self.context.names("groups")
        if occasion == "period" and names == (OFFICE,):
            return "office"
        if occasion == "period" and len(names) == 1 and names[0] in groups and names[0] not in workflows:
            group = data.groups.get(names[0])
            return None if group is None else "unit" if group.of == "units" else "post"
        known = {*workflows, *groups, OFFICE} if occasion == "period" else set(workflows)
        for at, name in enumerate(names):
            if name in groups and name not in known:
                self._note_group((*path, at), name)
            else:
                self.context.check((*path, at), "workflow", name, known)
        if not set(names) <= known:
            return None
        if not set(names) <= set(workflows):
            zh = "只能写若干流程、一个分组，或 office"
            en = "names workflows, or one group, or office, one of these"
            self.context.note(path, "mixed_subjects", zh=zh, en=en)
            return None
        return "item" if all(name in data.workflows for name in names) else None

    def _note_group(self, path: Path, name: str) -> None:
        zh = (
            f"{name} 是分组：由时限、事件、变动引起的规则针对事项，请写流程；"
            f'只管其中单位的，加 if: "{name}" in unit.groups'
        )
        en = (
            f"{name} is a group: a rule by clock, event or change is about items, so name a workflow; "
            f'for items of these units only, add if: "{name}" in unit.groups'
        )
        self.context.note(path, "unknown_workflow", zh=zh, en=en)

    def _with_period(self, rule: CompiledRule) -> CompiledRule:
        when = self.spec.when
        if when.dates and when.at:
            return replace(rule, at=parse_time(when.at))
        if not (when.every and when.on):
            return rule
        every = every_of(self.context, (*self.path, "when", "every"), when.every)
        on = parse(self.context, (*self.path, "when", "on"), parse_occurrence, when.on)
        return replace(rule, every=every, on=on)

    def _ladder(self) -> Iterator[CompiledRung]:
        for index, rung in enumerate(self.spec.ladder):
            path = (*self.path, "ladder", index)
            offset = parse(self.context, (*path, "at"), parse_offset, rung.at)
            wanted = self._wanted(rung, path)
            condition = self._condition(rung.if_, (*path, "if"))
            every = None
            if rung.every is not None:
                every = parse(self.context, (*path, "every"), parse_repeat, rung.every, REPEATS)
            if offset is not None:
                yield CompiledRung(
                    index=index,
                    spec=rung,
                    offset=offset,
                    wanted=wanted,
                    condition=condition,
                    every=every,
                    times=rung.times,
                    only=rung.only,
                )

    def _times(self) -> Iterator[CountBand]:
        for index, rung in enumerate(self.spec.times):
            first, last = band(rung.nth)
            wanted = self._wanted(rung, (*self.path, "times", index))
            yield CountBand(spec=rung, first=first, last=last, wanted=wanted)

    def _moment(self) -> Condition | None:
        as_of = self.spec.as_of
        return None if as_of is None else self._expression(as_of, (*self.path, "as_of"), Kind.MOMENT)

    def _as_of(self) -> Condition | None:
        count = self.spec.count
        if count is None or count.as_of is None:
            return None
        return self._expression(count.as_of, (*self.path, "count", "as_of"), Kind.MOMENT)

    def _wanted(self, actions: Actions, path: Path) -> Wanted:
        self._read_texts(actions, path)
        require = self._condition(actions.require, (*path, "require"))
        expressions = {}
        for text, where, kind in self._written(actions, path):
            compiled = self._expression(text, where, kind, told=where[-1] == "for")
            if compiled is not None:
                expressions[text] = compiled
        return Wanted(spec=actions, require=require, expressions=expressions)

    def _read_texts(self, actions: Actions, path: Path) -> None:
        """The facts that texts tell are read as well as those that conditions weigh."""
        words = ABOUT_DECISION | (ABOUT_ITEM if self.workflows else ABOUT_UNIT)
        for key, at, opening in actions.openings:
            known = words | {"each"} if opening.each or opening.for_each else words
            where = (*path, key, at)
            self.told |= check_label(self.context, (*where, "title"), opening.title, known, self.facts)
            self._read_values(opening.with_, (*where, "with"), known)
        self._read_values(actions.with_, (*path, "with"), words)
        self._read_values(actions.set, (*path, "set"), words)
        if actions.move is not None:
            self._read_values(actions.move.with_, (*path, "move", "with"), words)
        if actions.otherwise is not None:
            check_label(self.context, (*path, "otherwise"), actions.otherwise, {"nth"})
        document = actions.document
        if document is not None and document.row is not None:
            words |= {"rows"}
            self._read_rows(document, document.row, (*path, "document"))
        drafted = document.template if document is not None else None
        told = [(name, words) for name in filter(None, (actions.template, drafted))]
        told += [(each.template, words | {"each"} if each.for_each else words) for each in actions.tell]
        for name, known in told:
            template = self.context.data.templates.get(name)
            if template is not None:
                where = ("templates", name)
                for key, text in (("subject", template.subject), ("body", template.body)):
                    self.told |= check_label(self.context, (*where, key), text, known, self.facts)

    def _read_rows(self, document: Document, row: Label, path: Path) -> None:
        """What a line tells of its unit is gathered for each of them, and not for whom the rule is about."""
        occasion: Occasion = "period" if occasion_of(self.spec) == "period" else "clock"
        facts = self.catalogue.facts(Scene(subject="unit", occasion=occasion, group=document.rows))
        self.lines |= check_label(self.context, (*path, "row"), row, ABOUT_DECISION | {"unit"}, facts)
        self.lines |= {document.order} if document.order is not None else set()

    def _read_values(self, values: Mapping[str, object], path: Path, words: frozenset[str]) -> None:
        for name, value in values.items():
            if isinstance(value, str) and not value.startswith(EXPRESSION):
                self.told |= check_text(self.context, (*path, name), value, words, self.facts)

    def _written(self, actions: Actions, path: Path) -> Iterator[tuple[str, Path, Kind]]:
        """Every expression of the actions, where it stands, and what it must yield."""
        own = self._fields(self.workflows)
        for key, at, opening in actions.openings:
            if opening.for_ is not None and opening.for_.startswith(EXPRESSION):
                yield opening.for_, (*path, key, at, "for"), Kind.TEXT
            yield from _expressions(
                opening.with_, (*path, key, at, "with"), self._fields((opening.workflow,))
            )
        yield from _expressions(actions.with_, (*path, "with"), self._fields(opened(self.spec, actions)))
        yield from _expressions(actions.set, (*path, "set"), own)
        if actions.move is not None:
            fields = own if actions.move.item == "self" else self._fields(moved(self.context, actions.move))
            yield from _expressions(actions.move.with_, (*path, "move", "with"), fields)
        if actions.extend is not None and actions.extend.to is not None:
            yield actions.extend.to, (*path, "extend", "to"), Kind.MOMENT

    def _fields(self, workflows: tuple[str, ...]) -> Mapping[str, FieldSpec]:
        return {name: field for spec in self.context.specs(workflows) for name, field in spec.fields.items()}

    def _condition(self, source: str | None, path: Path) -> Condition | None:
        if source is None:
            return None
        condition = self._compile(source, path, Kind.BOOL)
        if condition is not None and condition.constant is not None:
            verdict = condition.constant
            zh = f"这个条件永远{'成立' if verdict else '不成立'}"
            en = f"this condition is always {'true' if verdict else 'false'}"
            self.context.note(path, "constant", zh=zh, en=en, severity="warning")
        return condition

    def _expression(self, text: str, path: Path, kind: Kind, *, told: bool = False) -> Condition | None:
        """`told`: when it is unknown somebody is told, so that has() need not be asked."""
        if text.startswith(EXPRESSION):
            source = text.removeprefix(EXPRESSION)
            facts = self.facts if not told or "has(" in source else _known(self.facts)
            return self._compile(source, path, kind, shift=1, facts=facts)
        zh = "应为以 = 开头的表达式，例如 =item.due"
        en = "must be an expression, beginning with =, such as =item.due"
        self.context.note(path, "no_expression", zh=zh, en=en)
        return None

    def _compile(
        self, source: str, path: Path, kind: Kind, shift: int = 0, facts: Facts | None = None
    ) -> Condition | None:
        condition = compile_at(self.context, source, path, facts or self.facts, kind=kind, shift=shift)
        if condition is not None:
            self.compiled.append(condition)
        return condition

    def _reads(self) -> frozenset[str]:
        cases = {self.spec.cases.of} if self.spec.cases is not None else set()
        reads = frozenset(self.told | cases).union(*(condition.reads for condition in self.compiled))
        return with_formulas(self.context, reads)


def _known(facts: Facts) -> Facts:
    return Facts([replace(fact, optional=False) for fact in facts])


def band(nth: str) -> tuple[int, int | None]:
    """First and last of `2`, `2+` and `3..5`."""
    if nth.endswith("+"):
        return int(nth[:-1]), None
    first, _, last = nth.partition("..")
    return int(first), int(last or first)


def opened(rule: Rule, actions: Actions) -> tuple[str, ...]:
    """The workflows of what these actions open, or what the rule opens in any case."""
    openings = (*actions.openings, *rule.then.openings)
    return tuple(dict.fromkeys(each.workflow for _, _, each in openings))


def moved(context: Context, move: Move) -> tuple[str, ...]:
    """The workflows that a parent or children to be moved may be of."""
    return (move.workflow,) if move.workflow else tuple(context.data.workflows)


def _expressions(
    values: Mapping[str, object], path: Path, fields: Mapping[str, FieldSpec]
) -> Iterator[tuple[str, Path, Kind]]:
    for name, value in values.items():
        if isinstance(value, str) and value.startswith(EXPRESSION) and name in fields:
            yield value, (*path, name), KINDS[fields[name].type]
