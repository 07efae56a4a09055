"""The facts a rule may read, declared from the book: its items' fields, its measures, its parameters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from engine.book.ancestry import parent_fields, parents
from engine.book.clock_facts import clock_facts
from engine.book.compiled import CompiledFormula, Occasion, Subject
from engine.book.context import Context
from engine.book.unit_facts import unit_facts
from rules.cel import Fact, Facts, Kind
from rules.cel.facts import ALIAS, RESERVED
from workflows.language import FieldSpec, FieldType, Label, State, WorkflowSpec

OF_PARENT = "上级事项的"
LIGHTS = ("none", "green", "yellow", "red")
LIGHTS_CALLED = (
    ("none", "无灯", "none"),
    ("green", "绿灯", "green"),
    ("yellow", "黄灯", "yellow"),
    ("red", "红灯", "red"),
)
KINDS: Mapping[FieldType, Kind] = {
    "text": Kind.TEXT,
    "unit": Kind.TEXT,
    "post": Kind.TEXT,
    "date": Kind.MOMENT,
    "moment": Kind.MOMENT,
    "int": Kind.INT,
    "number": Kind.NUMBER,
    "flag": Kind.BOOL,
    "texts": Kind.LIST,
    "duration": Kind.TEXT,
    "mail": Kind.TEXT,
    "units": Kind.LIST,
}
SCOPES_ZH = {
    "item": "事项",
    "parent": "上级",
    "unit": "单位",
    "owner": "岗位",
    "office": "机关",
    "period": "周期",
    "event": "事件",
    "args": "参数值",
    "change": "变动",
    "params": "参数",
    "clock": "时限",
}
# What every item has; a field of the same name does not hide it.
ITEM = (
    Fact(name="item.id", kind=Kind.TEXT, zh="编号", en="number of the item"),
    Fact(name="item.title", kind=Kind.TEXT, zh="标题", en="title of the item"),
    Fact(name="item.state", kind=Kind.TEXT, zh="状态", en="state of the item"),
    Fact(name="item.workflow", kind=Kind.TEXT, zh="流程", en="workflow of the item"),
    Fact(name="item.unit", kind=Kind.TEXT, zh="单位", en="unit of the item", optional=True),
    Fact(name="item.owner", kind=Kind.TEXT, zh="责任岗位", en="post that owes the item", optional=True),
    Fact(
        name="item.light",
        kind=Kind.TEXT,
        zh="亮灯",
        en="light of the item",
        one_of=LIGHTS,
        called=LIGHTS_CALLED,
    ),
    Fact(name="item.period", kind=Kind.TEXT, zh="周期", en="period of the item", optional=True),
    Fact(name="item.parent", kind=Kind.TEXT, zh="上级事项", en="item it belongs to", optional=True),
    Fact(name="item.rule", kind=Kind.TEXT, zh="立项规则", en="rule that opened the item", optional=True),
    Fact(name="item.duty", kind=Kind.TEXT, zh="周期性责任", en="duty that opened the item", optional=True),
    Fact(name="item.opened", kind=Kind.MOMENT, zh="立项时间", en="opening of the item"),
    Fact(name="item.days_open", kind=Kind.INT, zh="已立项天数", en="calendar days since its opening"),
    Fact(name="item.workdays_open", kind=Kind.INT, zh="已立项工作日数", en="working days since its opening"),
    Fact(name="item.days_in_state", kind=Kind.INT, zh="本状态天数", en="calendar days in its state"),
    Fact(name="item.overdue", kind=Kind.BOOL, zh="已逾期", en="the item is overdue"),
    Fact(
        name="item.elapsed", kind=Kind.NUMBER, zh="用时百分比", en="percent of the time used", optional=True
    ),
)
# The item that this one belongs to, for items that have one.
PARENT = (
    Fact(name="parent.overdue", kind=Kind.BOOL, zh="已逾期", en="the parent is overdue", optional=True),
    Fact(name="parent.state", kind=Kind.TEXT, zh="状态", en="state of the parent", optional=True),
    Fact(name="parent.workflow", kind=Kind.TEXT, zh="流程", en="workflow of the parent", optional=True),
)
UNIT = (
    Fact(name="unit.id", kind=Kind.TEXT, zh="标识", en="unit"),
    Fact(name="unit.kind", kind=Kind.TEXT, zh="类别", en="kind of unit"),
    Fact(name="unit.groups", kind=Kind.LIST, of=Kind.TEXT, zh="分组", en="groups of the unit"),
)
EVENT = (
    Fact(name="event.name", kind=Kind.TEXT, zh="名称", en="event"),
    Fact(name="event.by", kind=Kind.TEXT, zh="提出人", en="who put the event"),
)
CHANGE = (
    Fact(name="change.field", kind=Kind.TEXT, zh="字段", en="field that has changed"),
    Fact(name="change.rose", kind=Kind.BOOL, zh="上升", en="it is higher than before"),
    Fact(name="change.fell", kind=Kind.BOOL, zh="下降", en="it is lower than before"),
)
PERIOD = (Fact(name="period.id", kind=Kind.TEXT, zh="标识", en="period"),)
OWNER = Fact(name="owner.id", kind=Kind.TEXT, zh="标识", en="post that owes it")
NOW = Fact(name="now", kind=Kind.MOMENT, zh="现在", en="now")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where a condition stands: whom the rule is about, and what made it speak."""

    subject: Subject
    occasion: Occasion
    workflows: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    group: str | None = None  # whom it is about, where it is about no items


class Catalogue:
    """The facts of every scene, made once each."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[Scene, Facts] = {}
        self._above: dict[tuple[str, ...], tuple[Fact, ...]] = {}

    def facts(self, scene: Scene) -> Facts:
        if scene not in self._known:
            self._known[scene] = Facts(_with_aliases(_usable(self._scene(scene))))
        return self._known[scene]

    def _scene(self, scene: Scene) -> Iterator[Fact]:
        names = tuple(name for name in scene.workflows if name in self.context.data.workflows)
        specs = self.context.specs(names)
        yield NOW
        # Before it is opened there is no item to read, only what is given for it.
        unborn = scene.occasion == "before" and "open" in scene.events
        if scene.subject == "item":
            if not unborn:
                yield from _item(names, specs, self._given(names))
                yield from _formulas(names, self.context.formulas.values())
                yield from clock_facts(names, self.context.data.clocks)
                yield from self._measures("item")
            else:
                yield from self._measures("item", same=True)
            yield from self._parent
            yield from self._of_parents(names)
        if scene.subject != "office":
            yield from UNIT
            yield from self._unit_facts(scene)
            yield from self._measures("unit")
        if scene.subject in ("item", "post"):
            yield replace(OWNER, optional=scene.subject == "item")
            yield from self._measures("owner")
        yield from self._measures("office")
        if scene.occasion == "period":
            yield from PERIOD
        if scene.occasion in ("event", "before"):
            yield from (replace(EVENT[0], one_of=scene.events), EVENT[1])
            yield from _arguments(specs, scene.events)
        if scene.occasion == "change":
            classed = {each.field for each in self.context.data.classes.values()}
            yield from _changed(specs, self._given(names), scene.events, classed)
        yield from self._params()

    @cached_property
    def _parent(self) -> tuple[Fact, ...]:
        return tuple(_closed(PARENT, "parent", self.context.data.workflows))

    def _of_parents(self, names: tuple[str, ...]) -> tuple[Fact, ...]:
        """The fields of what these items may belong to: of anything at all, for most of them."""
        above = parents(self.context.data, names)
        if above not in self._above:
            self._above[above] = tuple(_of_parents(self.context, above))
        return self._above[above]

    def _unit_facts(self, scene: Scene) -> Iterator[Fact]:
        """An item may be of no unit: then nothing is known of it, though every unit has it."""
        group = self.context.data.groups.get(scene.group or "")
        if scene.subject == "item" or group is None:
            facts = unit_facts(self.context)
            yield from (replace(fact, optional=True, sure=not fact.optional) for fact in facts)
            return
        posts = self.context.posts
        yield from unit_facts(
            self.context,
            group.members
            if group.of == "units"
            else [posts[post].unit for post in group.members if post in posts],
        )

    def _given(self, names: tuple[str, ...]) -> list[frozenset[str]]:
        """By workflow, the fields that an item has from its opening on: needed, or classed in any case."""
        classes = self.context.data.classes.values()
        return [
            frozenset(spec.needs).union(
                each.field for each in classes if name in each.of and {} in each.levels.values()
            )
            for name, spec in zip(names, self.context.specs(names), strict=True)
        ]

    def _measures(self, scope: str, *, same: bool = False) -> Iterator[Fact]:
        """`same`: only those that what is given for an item decides, before there is one."""
        for id, measure in self.context.data.measures.items():
            made = self.context.measures.get(id)
            if same and not measure.same:
                continue
            if measure.for_ == scope and id not in RESERVED and (made or measure.recorded):
                label = measure.label
                # One that is wrong is told of elsewhere: here it is a number, so that no more is said.
                kind, optional = (made.kind, made.optional) if made else (Kind.INT, False)
                yield Fact(name=f"{scope}.{id}", kind=kind, optional=optional, zh=label.zh, en=label.en)

    def calculation(self, scope: str) -> Facts:
        """What a measure may be calculated from. Not kept: measures become known one after another."""
        facts = [NOW, *self._measures(scope), *self._params()]
        facts += {"unit": (*UNIT, *unit_facts(self.context)), "owner": (OWNER,)}.get(scope, ())
        if scope != "office":
            facts += self._measures("office")
        return Facts(_with_aliases(_usable(facts)))

    def _params(self) -> Iterator[Fact]:
        for id, param in self.context.data.params.items():
            if id in RESERVED:
                continue
            texts = tuple(choice for choice in param.one_of if isinstance(choice, str))
            kind = _kind(param.value)
            one_of = texts if kind is Kind.TEXT else ()
            yield Fact(name=f"params.{id}", kind=kind, zh=param.zh, en=param.en, one_of=one_of)


def _kind(value: object) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOL
    if isinstance(value, int):
        return Kind.INT
    return Kind.NUMBER if isinstance(value, Decimal) else Kind.TEXT


def _item(names: tuple[str, ...], specs: list[WorkflowSpec], given: list[frozenset[str]]) -> Iterator[Fact]:
    yield from _closed(ITEM, "item", dict(zip(names, specs, strict=True)))
    sources = [(spec.fields, known) for spec, known in zip(specs, given, strict=True)]
    for fact in _fields("item", sources, given_by_default=True):
        by_default = _by_default(fact, specs)
        yield fact if by_default or fact.optional else replace(fact, optional=True, sure=True)


def _by_default(fact: Fact, specs: list[WorkflowSpec]) -> bool:
    name = fact.name.partition(".")[2]
    return all(name in spec.fields and spec.fields[name].default is not None for spec in specs)


def _changed(
    specs: list[WorkflowSpec], given: list[frozenset[str]], fields: tuple[str, ...], classed: set[str]
) -> Iterator[Fact]:
    """What a field was and is, where all the fields that a rule hears of are of one kind."""
    yield from (replace(fact, one_of=fields) if fact.name == "change.field" else fact for fact in CHANGE)
    # Only a class that falls below its levels, or a role that finds nobody, leaves a field without a value.
    emptied = classed | {name for spec in specs for name, each in spec.fields.items() if each.type == "post"}
    sources = [
        (spec.fields, known | (spec.fields.keys() - emptied))
        for spec, known in zip(specs, given, strict=True)
    ]
    facts = {fact.name: fact for fact in _fields("item", sources, given_by_default=True)}
    found = [facts[f"item.{field}"] for field in fields if f"item.{field}" in facts]
    if len({(fact.kind, fact.of) for fact in found}) != 1:
        return
    words = tuple(dict.fromkeys(word for fact in found for word in fact.one_of))
    first = replace(found[0], one_of=words if all(fact.one_of for fact in found) else ())
    yield replace(first, name="change.old", zh="原值", en="value before", optional=True)
    sure = not any(fact.optional for fact in found)
    yield replace(first, name="change.new", zh="新值", en="value now", optional=True, sure=sure)


def _formulas(names: tuple[str, ...], formulas: Iterable[CompiledFormula]) -> Iterator[Fact]:
    """Sure to be there only if every one of the workflows has it."""
    for each in formulas:
        if set(names) & set(each.spec.of):
            label = each.spec.label
            sure = set(names) <= set(each.spec.of)
            yield Fact(name=f"item.{each.id}", kind=each.kind, optional=not sure, zh=label.zh, en=label.en)


def _of_parents(context: Context, above: tuple[str, ...]) -> Iterator[Fact]:
    sources = [(fields, frozenset[str]()) for fields in parent_fields(context.data, above)]
    for fact in _fields("parent", sources, given_by_default=False):
        zh, en = f"{OF_PARENT}{fact.zh}", f"{fact.en} of the parent"
        yield replace(fact, optional=True, zh=zh, en=en)


def _closed(facts: Iterable[Fact], scope: str, workflows: Mapping[str, WorkflowSpec]) -> Iterator[Fact]:
    """State and workflow can only be those of these workflows."""
    states = dict.fromkeys(state for spec in workflows.values() for state in spec.states)
    closed = {f"{scope}.state": tuple(states), f"{scope}.workflow": tuple(workflows)}
    called = {
        f"{scope}.state": tuple(
            dict.fromkeys(
                _called(id, each) for spec in workflows.values() for id, each in spec.states.items()
            )
        ),
        f"{scope}.workflow": tuple(_called(id, spec.label) for id, spec in workflows.items()),
    }
    for fact in facts:
        name = fact.name
        yield replace(fact, one_of=closed[name], called=called[name]) if name in closed else fact


def _arguments(specs: list[WorkflowSpec], events: tuple[str, ...]) -> Iterator[Fact]:
    """What is given with these events; sure to be there only if every one of them needs it."""
    asked: list[tuple[Mapping[str, FieldSpec], frozenset[str]]] = []
    for spec in specs:
        if "open" in events:
            defaults = {name for name, field in spec.fields.items() if field.default is not None}
            asked.append((spec.fields, frozenset(spec.needs) | defaults))
        for each in spec.transitions:
            if each.event in events:
                names = {*each.needs, *each.takes} & set(spec.fields)
                asked.append(({name: spec.fields[name] for name in names}, frozenset(each.needs)))
    yield from _fields("args", asked, given_by_default=False)


def _fields(
    scope: str, sources: Sequence[tuple[Mapping[str, FieldSpec], frozenset[str]]], *, given_by_default: bool
) -> Iterator[Fact]:
    """One fact for each field; a field whose kind differs from one workflow to another is none."""
    for name in sorted({name for fields, _ in sources for name in fields} - RESERVED):
        holding = [(fields[name], needed) for fields, needed in sources if name in fields]
        kinds = {KINDS[field.type] for field, _ in holding}
        if len(kinds) > 1:
            continue
        first, kind = holding[0][0], kinds.pop()
        sure = len(holding) == len(sources) and all(
            name in needed or (given_by_default and field.default is not None) for field, needed in holding
        )
        closed = all(field.one_of for field, _ in holding) and kind is Kind.TEXT
        yield Fact(
            name=f"{scope}.{name}",
            kind=kind,
            of=Kind.TEXT if kind is Kind.LIST else None,
            optional=not sure,
            zh=first.label.zh,
            en=first.label.en,
            one_of=tuple(dict.fromkeys(word for field, _ in holding for word in field.one_of))
            if closed
            else (),
            called=tuple(
                dict.fromkeys(
                    _called(word, label) for field, _ in holding for word, label in field.one_of.items()
                )
            ),
        )


def _called(word: str, label: Label | State) -> tuple[str, str, str]:
    return word, label.zh, label.en


def _usable(facts: Iterable[Fact]) -> list[Fact]:
    """The first of each name."""
    found: dict[str, Fact] = {}
    for fact in facts:
        found.setdefault(fact.name, fact)
    return list(found.values())


def _with_aliases(facts: list[Fact]) -> list[Fact]:
    """Chinese names from labels, where they can be written and mean one thing only."""
    aliases = [_alias(fact) for fact in facts]
    times = Counter(aliases)
    return [
        replace(fact, aliases=(alias,)) if alias and times[alias] == 1 else fact
        for fact, alias in zip(facts, aliases, strict=True)
    ]


def _alias(fact: Fact) -> str | None:
    scope, dot, _ = fact.name.partition(".")
    zh = fact.zh.removeprefix(OF_PARENT)
    alias = f"{SCOPES_ZH[scope]}.{zh}" if dot else zh
    fits = ALIAS.fullmatch(alias) and not RESERVED & set(alias.split(".")) and alias.count(".") == bool(dot)
    return alias if fits else None


def reserved(name: str) -> bool:
    """Whether CEL keeps the word, so that no fact may have it as its name."""
    return name in RESERVED
