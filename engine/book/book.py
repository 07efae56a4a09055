"""A book ready to run: read, laid over its libraries, checked as a whole, compiled, named by its digest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from engine.book.calendars import Calendars, check_calendars, read_calendars, remade
from engine.book.canonical import from_bytes, to_bytes
from engine.book.check import check
from engine.book.check.scenarios import check_scenario
from engine.book.classes import compile_classes
from engine.book.clock_parts import compile_clocks
from engine.book.clockwork import compile_duties
from engine.book.compiled import (
    CompiledClass,
    CompiledClock,
    CompiledDates,
    CompiledDuty,
    CompiledFormula,
    CompiledMeasure,
    CompiledRule,
    CompiledRung,
)
from engine.book.context import Context, all_posts
from engine.book.dates import clocks_in_force, compile_dates, duties_in_force
from engine.book.explain import explain
from engine.book.finding import BookError, Finding, Place
from engine.book.formulas import compile_formulas
from engine.book.garbage import uncollected
from engine.book.gather import gather, scenario_files
from engine.book.measures import compile_measures
from engine.book.merge import merge
from engine.book.params import override, substitute
from engine.book.rulework import compile_rules
from engine.book.shape import BookData, ScenarioFile
from engine.book.text import Node, Scalar, read_yaml
from engine.language import Scenario, TestCase
from rules.language import Law, Template
from rules.office import Alias, BookInfo, Clause, Entry, Group, Param, Post, Reference, Role, Unit
from rules.time.calendar import Calendar
from workflows.language import Label
from workflows.machine import Workflow

# The book if it has no errors, what its checks knew as far as it could be read, and what they found.
Built: TypeAlias = "tuple[Book | None, Context | None, tuple[Finding, ...]]"


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """Mappings keep the order of the files; what decides anything is ordered by id."""

    info: BookInfo
    params: Mapping[str, Param]
    units: Mapping[str, Unit]
    groups: Mapping[str, Group]
    posts: Mapping[str, Post]
    aliases: Mapping[str, Alias]
    roles: Mapping[str, Role]
    references: Mapping[str, Reference]
    dates: Mapping[str, CompiledDates]
    laws: Mapping[str, Law]
    formulas: Mapping[str, CompiledFormula]
    workflows: Mapping[str, Workflow]
    classes: Mapping[str, CompiledClass]
    clocks: Mapping[str, CompiledClock]
    duties: Mapping[str, CompiledDuty]
    measures: Mapping[str, CompiledMeasure]
    rules: Mapping[str, CompiledRule]
    templates: Mapping[str, Template]
    items: tuple[Entry, ...]
    clauses: tuple[Clause, ...]
    tests: Mapping[str, TestCase]
    calendar: Calendar
    calendars: Mapping[str, Calendar]
    canonical: bytes = field(repr=False)
    digest: str

    @classmethod
    @uncollected()
    def from_canonical(cls, canonical: bytes) -> "Book":
        """The same book again. Raises ValueError, or BookError when this version of duban cannot run it."""
        root, default, others = from_bytes(canonical)
        book, _, findings = _build(root, remade(default, others))
        if book is None:
            raise BookError(findings)
        return book

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    def calendar_of(self, name: str | None) -> Calendar:
        """The calendar that a clock, duty or rule names; the book's own usual one when it names none."""
        return self.calendar if name is None else self.calendars[name]

    def clocks_of(self, workflow: str) -> tuple[CompiledClock, ...]:
        return self._clocks_by_workflow.get(workflow, ())

    def rungs_of(self, workflow: str, clock: str) -> tuple[tuple[CompiledRule, CompiledRung], ...]:
        """Every rung that hangs on this clock of this workflow, by rule and then by place in the ladder."""
        rules = self._by_occasion.get(("clock", workflow, clock), ())
        return tuple((rule, rung) for rule in rules for rung in rule.ladder)

    def ladder_rules(self, workflow: str, clock: str) -> tuple[CompiledRule, ...]:
        return self._by_occasion.get(("clock", workflow, clock), ())

    def event_rules(self, workflow: str, event: str) -> tuple[CompiledRule, ...]:
        return self._by_occasion.get(("event", workflow, event), ())

    def change_rules(self, workflow: str, field: str) -> tuple[CompiledRule, ...]:
        return self._by_occasion.get(("change", workflow, field), ())

    def guards(self, workflow: str, event: str) -> tuple[CompiledRule, ...]:
        return self._by_occasion.get(("before", workflow, event), ())

    def absorbers(self, rule: str) -> tuple[CompiledRule, ...]:
        """The rules that this one yields to, and those that they yield to themselves."""
        found: dict[str, None] = {}
        waiting = list(self.rules[rule].spec.yields_to)
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = None
                waiting += self.rules[name].spec.yields_to
        return tuple(self.rules[name] for name in found)

    def absorbed(self, rule: str) -> tuple[CompiledRule, ...]:
        """The rules that yield to this one, by id."""
        return self._absorbed.get(rule, ())

    @cached_property
    def _absorbed(self) -> Mapping[str, tuple[CompiledRule, ...]]:
        found: dict[str, tuple[CompiledRule, ...]] = {}
        for id in sorted(self.rules):
            for other in self.absorbers(id):
                found[other.id] = (*found.get(other.id, ()), self.rules[id])
        return found

    def _patience(self, rule: str) -> int:
        return len(self.absorbers(rule))

    @cached_property
    def _classes_by_workflow(self) -> Mapping[str, tuple[CompiledClass, ...]]:
        found: dict[str, tuple[CompiledClass, ...]] = {}
        for _, each in sorted(self.classes.items()):
            for workflow in each.spec.of:
                found[workflow] = (*found.get(workflow, ()), each)
        return found

    def classes_of(self, workflow: str) -> tuple[CompiledClass, ...]:
        return self._classes_by_workflow.get(workflow, ())

    @cached_property
    def periodic_rules(self) -> tuple[CompiledRule, ...]:
        return tuple(rule for _, rule in sorted(self.rules.items()) if rule.occasion == "period")

    @cached_property
    def _clocks_by_workflow(self) -> Mapping[str, tuple[CompiledClock, ...]]:
        found: dict[str, tuple[CompiledClock, ...]] = {}
        for _, clock in sorted(self.clocks.items()):
            for workflow in clock.spec.of:
                found[workflow] = (*found.get(workflow, ()), clock)
        return found

    @cached_property
    def _by_occasion(self) -> Mapping[tuple[str, str, str], tuple[CompiledRule, ...]]:
        """Rules by occasion, workflow and the clock or event they wait for."""
        found: dict[tuple[str, str, str], tuple[CompiledRule, ...]] = {}
        # Who yields comes after those to whom he yields, and so knows whether they have spoken.
        for rule in sorted(self.rules.values(), key=lambda rule: (self._patience(rule.id), rule.id)):
            when = rule.spec.when
            listed = {"event": when.event, "before": when.before, "change": when.change}
            names = listed.get(rule.occasion, (when.clock or "",) if rule.occasion == "clock" else ())
            for workflow in rule.workflows:
                for name in dict.fromkeys(names):
                    key = (rule.occasion, workflow, name)
                    found[key] = (*found.get(key, ()), rule)
        return found


def read_book(folder: Path, params: Mapping[str, Scalar] = {}) -> Book:  # never changed
    """Raises BookError with everything that is wrong. `params` win over the book's own, for tests."""
    book, _, findings = _read(folder, params)
    if book is None:
        raise BookError(each for each in findings if each.severity == "error")
    return book


def check_book(folder: Path) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful, by file and line."""
    _, context, findings = _read(folder, {})
    return _sorted((*findings, *_scenario_findings(folder, context)))


def _scenario_findings(folder: Path, context: Context | None) -> Iterator[Finding]:
    """What is wrong with the made-up behaviour beside a book."""
    for path in scenario_files(folder):
        tree, scenario, findings = _scenario(path, path.relative_to(folder).as_posix())
        yield from findings
        if context is not None and tree is not None and scenario is not None:
            yield from check_scenario(context, tree, scenario)


def read_scenario(path: Path) -> Scenario:
    """Raises BookError."""
    _, scenario, findings = _scenario(path, path.name)
    if scenario is None:
        raise BookError(each for each in findings if each.severity == "error")
    return scenario


def _scenario(path: Path, name: str) -> tuple[Node | None, Scenario | None, tuple[Finding, ...]]:
    """The tree of the file, the scenario if it is well formed, and what was found."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = error.strerror or "unreadable"
        zh, en = f"读不出文件：{why}", f"the file cannot be read: {why}"
        return None, None, (Finding.at(Place(name), "unreadable", zh=zh, en=en),)
    root, findings = read_yaml(raw, name)
    if root is None or any(each.severity == "error" for each in findings):
        return root, None, findings
    try:
        return root, ScenarioFile.model_validate(root.plain()).scenario, findings
    except ValidationError as error:
        return root, None, (*findings, *explain(error, root, ScenarioFile))


@uncollected()
def _read(folder: Path, params: Mapping[str, Scalar]) -> Built:
    sections = gather(folder)
    merged, found = merge(sections)
    overridden, unknown = override(merged, params)
    root, missing, put = substitute(overridden)
    before = (*found, *unknown, *missing)
    if before and ("book" not in sections.single or any(_hopeless(each) for each in before)):
        return None, None, _sorted(before)
    book, context, after = _build(root, None, put, before)
    findings = _sorted((*before, *after))
    return (None if any(each.severity == "error" for each in findings) else book), context, findings


def _hopeless(finding: Finding) -> bool:
    """Two books in one folder: whatever else could be said would be about neither."""
    return finding.code == "given_twice" and finding.path == "book"


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Each once, by place; that the name of an unknown parameter is no time goes without saying."""
    unknown = {_spot(each) for each in findings if each.code == "unknown_param"}
    kept = (each for each in findings if each.code == "unknown_param" or _spot(each) not in unknown)
    return tuple(sorted(dict.fromkeys(kept), key=lambda each: (_spot(each), each.path)))


def _spot(finding: Finding) -> tuple[str, int, int]:
    return finding.file, finding.line, finding.column


def _build(
    root: Node,
    known: Calendars | None,
    put: frozenset[str] = frozenset(),
    before: tuple[Finding, ...] = (),
) -> Built:
    """The book of a merged tree, as far as it has no errors, and its findings."""
    data, findings = _validate(root)
    if data is None:
        return None, None, tuple(findings)
    calendars = known or read_calendars(data, root)
    made = calendars.made.get(calendars.default)
    found = [*before, *findings, *calendars.findings]
    context = Context(data=data, root=root, calendar=made, calendars=calendars.made, put=put, findings=found)
    measures = compile_measures(context)
    dates, formulas = compile_dates(context), compile_formulas(context)
    clocks = compile_clocks(context)
    duties, rules = compile_duties(context), compile_rules(context)
    classes = compile_classes(context)
    clocks, duties = clocks_in_force(context, clocks), duties_in_force(context, duties)
    if known is None:  # bytes were checked when they were made, and no longer say what came from where
        check_calendars(context)
        check(context, rules, clocks, duties, classes)
    if made is None or any(each.severity == "error" for each in context.findings):
        return None, context, tuple(context.findings)
    canonical = to_bytes(root.plain(), calendars.data[calendars.default], calendars.others)
    book = Book(
        info=data.book,
        params=data.params,
        units=data.units,
        groups=data.groups,
        posts=all_posts(data),
        aliases=data.aliases,
        roles=data.roles,
        references=data.references,
        dates=dates,
        laws=data.laws,
        formulas=formulas,
        workflows=_workflows(data),
        classes=classes,
        clocks=clocks,
        duties=duties,
        measures=measures,
        rules=rules,
        templates=data.templates,
        items=tuple(data.items.values()),
        clauses=tuple(data.clauses.values()),
        tests=data.tests,
        calendar=made,
        calendars=calendars.made,
        canonical=canonical,
        digest=f"sha256:{sha256(canonical).hexdigest()}",
    )
    return book, context, tuple(context.findings)


def _workflows(data: BookData) -> dict[str, Workflow]:
    labels = {id: Label(zh=role.zh, en=role.en) for id, role in data.roles.items()}
    return {id: Workflow.of(id, spec, labels) for id, spec in data.workflows.items()}


def _validate(root: Node) -> tuple[BookData | None, list[Finding]]:
    """The data of the pieces that are well formed, and what is wrong with the others."""
    try:
        return BookData.model_validate(root.plain()), []
    except ValidationError as error:
        findings = list(explain(error, root, BookData))
        wrong = {tuple(each["loc"][:2]) for each in error.errors(include_url=False, include_input=False)}
    if ("book",) in {part[:1] for part in wrong}:
        return None, findings
    try:
        return BookData.model_validate(_pruned(root, wrong)), findings
    except ValidationError:
        return None, findings


def _pruned(root: Node, wrong: set[tuple[int | str, ...]]) -> object:
    """The plain data without the pieces at these paths."""
    plain = root.plain()
    for path in wrong:
        content = plain.get(path[0])
        if isinstance(content, dict) and len(path) > 1:
            content.pop(path[1], None)
        else:
            plain.pop(path[0], None)
    return plain
