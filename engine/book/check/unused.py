"""What a book holds for nobody: pieces of its own that nothing uses, and foreign words as the basis.

Doubts, not errors. Told only of a book without errors: a misspelt name would make its piece look unused.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from engine.book.check.dates import dates_named
from engine.book.check.rules import actions_of
from engine.book.compiled import CompiledClock, CompiledRule
from engine.book.context import RULE, Context
from engine.book.prune import LIBRARY, from_library
from engine.book.text import Node
from rules.language import Actions, Clock, Duty, Rule
from rules.shape import Scalar
from workflows.check import roles_used

# Sections whose pieces may rest on a basis, and so on the placeholder of a library.
BASED = ("workflows", "clocks", "duties", "measures", "rules")
NOUNS = {
    "params": ("参数", "parameter", "没有规则、时限或模板用到它", "no rule, clock or template reads it"),
    "templates": ("模板", "template", "没有规则用到它", "no rule uses it"),
    "measures": ("指标", "measure", "没有规则读它", "no rule reads it"),
    "formulas": ("算式", "formula", "没有规则读它", "no rule reads it"),
    "dates": ("列明的日子", "list of dates", "没有规则、时限或责任用到它", "no rule, clock or duty names it"),
    "laws": ("法规", "law", "没有规则、时限或责任用到它", "no rule, clock or duty names it"),
    "roles": ("角色", "role", "没有流程、规则或责任用到它", "no workflow, rule or duty names it"),
    "groups": ("分组", "group", "没有规则、责任或条款用到它", "no rule, duty or clause names it"),
    "workflows": ("流程", "workflow", "没有人也没有规则能立项", "nobody and no rule opens an item of it"),
}
QUOTED = re.compile(r"[\"']([a-z][a-z0-9_]*)[\"']")
CHINESE = re.compile("[\u3400-\u9fff]")
PIECES_SHOWN = 5


def check_unused(
    context: Context, rules: Mapping[str, CompiledRule], clocks: Mapping[str, CompiledClock]
) -> None:
    if context.wrong:
        return
    reads = set(chain.from_iterable(rule.reads | rule.lines for rule in rules.values()))
    reads |= set(chain.from_iterable(clock.condition.reads for clock in clocks.values() if clock.condition))
    reads |= set(chain.from_iterable(each.reads for each in context.measures.values()))
    used = {
        "params": context.put | _scoped(reads, ("params",)),
        "templates": set(_templates(context)),
        "measures": _scoped(reads, ("unit", "owner", "office", "item")) | set(_counted(context)),
        "formulas": _scoped(reads, ("item",)),
        "dates": {name for _, name in dates_named(context)},
        "laws": set(_laws(context)) | set(_mapped(context, "law")),
        "roles": set(_roles(context)) | set(_mapped(context, "role")),
        "groups": set(_groups(context)) | set(_mapped(context, "group")),
        "workflows": set(_workflows(context)),
    }
    for section, names in used.items():
        _note_unused(context, section, names)
    _check_bases(context)


def _note_unused(context: Context, section: str, used: Collection[str]) -> None:
    noun_zh, noun_en, why_zh, why_en = NOUNS[section]
    for id in context.names(section):
        if id not in used and not from_library(context.root.find((section, id))):
            zh, en = f"{noun_zh} {id} 没有用处：{why_zh}", f"the {noun_en} {id} is of no use: {why_en}"
            context.note((section, id), "unused", zh=zh, en=en, key=True, severity="warning")


def _scoped(reads: Collection[str], scopes: Collection[str]) -> set[str]:
    parts = (name.partition(".") for name in reads)
    return {name for scope, _, name in parts if scope in scopes}


def _all_actions(context: Context) -> Iterator[tuple[Rule, Actions]]:
    for spec in context.data.rules.values():
        yield from ((spec, actions) for actions, _ in actions_of(spec, ()))


def _laws(context: Context) -> Iterator[str]:
    data = context.data
    named: list[Rule | Clock | Duty] = [*data.rules.values(), *data.clocks.values(), *data.duties.values()]
    yield from (spec.law for spec in named if spec.law is not None)


def _templates(context: Context) -> Iterator[str]:
    for _, actions in _all_actions(context):
        if actions.template is not None:
            yield actions.template
        yield from (each.template for each in actions.tell)
        if actions.document is not None:
            yield actions.document.template


def _counted(context: Context) -> Iterator[str]:
    for spec in context.data.rules.values():
        if spec.count is not None:
            yield spec.count.measure.partition(".")[2]


def _roles(context: Context) -> Iterator[str]:
    data = context.data
    for workflow in data.workflows.values():
        yield from roles_used(workflow)
    for duty in data.duties.values():
        yield from filter(None, (duty.for_, duty.owner))
    for entry in data.items.values():
        yield entry.for_
        yield from _texts(entry.with_)
    for _, actions in _all_actions(context):
        yield from (*actions.remind, *actions.notify)
        yield from chain(_texts(actions.with_), _texts(actions.set))
        yield from (role for each in actions.tell for role in each.to)
        for _, _, opening in actions.openings:
            yield from chain(filter(None, [opening.for_]), _texts(opening.with_))


def _texts(values: Mapping[str, Scalar | tuple[str, ...]]) -> Iterator[str]:
    return (value for value in values.values() if isinstance(value, str))


def _groups(context: Context) -> Iterator[str]:
    """Conditions name groups in quotation marks: `"leads" in unit.groups`."""
    data = context.data
    for rule in data.rules.values():
        yield from rule.for_
    for duty in data.duties.values():
        yield duty.for_
    for entry in data.items.values():
        yield from (entry.for_, *entry.partners)
    for measure in data.measures.values():
        yield from (measure.rank.among,) if measure.rank is not None else ()
    for _, actions in _all_actions(context):
        yield from filter(None, (each.for_each for each in actions.tell))
        yield from filter(None, (actions.document.rows,) if actions.document is not None else ())
        yield from filter(None, (opening.for_each for _, _, opening in actions.openings))
    for section in ("rules", "clocks", "measures", "formulas"):
        yield from QUOTED.findall("\n".join(_written(context.root.find((section,)))))


def _written(node: Node) -> Iterator[str]:
    """Every text below."""
    waiting = [node]
    while waiting:
        value = waiting.pop().value
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _workflows(context: Context) -> Iterator[str]:
    """Those that somebody may open, and those that rules, duties and the ledger do open."""
    data = context.data
    yield from (id for id, spec in data.workflows.items() if set(spec.opened_by) - {RULE})
    yield from (duty.opens for duty in data.duties.values())
    yield from (entry.workflow for entry in data.items.values())
    for _, actions in _all_actions(context):
        yield from (opening.workflow for _, _, opening in actions.openings)


def _mapped(context: Context, kind: str) -> Iterator[str]:
    """What only stands for a clause: who is who in the document."""
    for clause in context.data.clauses.values():
        yield from (target.partition(":")[2] for target in clause.maps if target.startswith(f"{kind}:"))


def _check_bases(context: Context) -> None:
    """A library rests its pieces on words for institutions, in Chinese: no clause for English readers."""
    if context.data.book.language == "zh":
        return
    foreign: dict[str, list[str]] = {}
    for section in BASED:
        for id in context.names(section):
            piece = context.root.find((section, id))
            basis = piece.find(("basis",))
            if basis is piece or not from_library(basis) or not CHINESE.search(str(basis.value)):
                continue
            if from_library(piece):
                foreign.setdefault(basis.place.file, []).append(id)
            else:
                _note_basis(context, (section, id), [id], key=True)
    for file, ids in foreign.items():
        _note_basis(context, _use_of(context, file), ids, key=False)


def _use_of(context: Context, file: str) -> tuple[str | int, ...]:
    """Where the book says that it uses the file."""
    name = file.removeprefix(LIBRARY).removesuffix(".yaml")
    uses = context.data.book.uses
    return ("book", "uses", uses.index(name)) if name in uses else ("book", "language")


def _note_basis(context: Context, path: tuple[str | int, ...], ids: list[str], *, key: bool) -> None:
    more = len(ids) - PIECES_SHOWN
    shown_zh = "、".join(ids[:PIECES_SHOWN]) + (f" 等 {len(ids)} 项" if more > 0 else "")
    shown_en = ", ".join(ids[:PIECES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    zh = f"{shown_zh} 的依据是规则库的中文占位：请用 from 取用并写上自己的 basis"
    said = f"the basis of {shown_en} is the library's placeholder in Chinese"
    en = f"{said}: take it with `from` and give your own `basis`"
    context.note(path, "foreign_basis", zh=zh, en=en, key=key, severity="warning")
