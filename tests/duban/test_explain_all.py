"""Nothing is left unsaid: every key that is given changes what `duban explain` says of its piece."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from duban.shelf import shipped
from duban.texts import LANGUAGES, Language
from duban.views.explained import SECTIONS, explained, text_parts
from engine.book.book import Book, read_book
from engine.book.compiled import CompiledClock, CompiledLevel, CompiledRule
from rules import language
from rules.language.classes import Class, parse_bound
from rules.language.measure import Periods, Rank, Sample
from rules.language.time import NO_LIMIT
from rules.office import Group, Param, Role
from rules.time.duration import Duration
from tests.docs.test_howto import HOWTO, write_book
from workflows import language as workflows

EXTRA = Path(__file__).parent / "everything"
PAGES = sorted(HOWTO.glob("*.zh.md"))
KINDS = (
    *("rule", "workflow", "clock", "duty", "measure", "formula", "class", "dates", "law", "template"),
    *("role", "group", "param"),
)
MODELS: tuple[type[BaseModel], ...] = (
    *(each for each in vars(language).values() if isinstance(each, type) and issubclass(each, BaseModel)),
    *(Class, Sample, Rank, Periods),
    *(Role, Group, Param),
    *(workflows.WorkflowSpec, workflows.FieldSpec, workflows.State, workflows.Transition),
)
# What another value of a required key may be; names and labels may be anything.
OTHERS: dict[str, tuple[Any, ...]] = {
    "at": ("at start", "at due"),
    "due": ("day 3 at 10:00",),
    "every": ("quarter", "week"),
    "on": (("missed",), ("met",)),
    "type": ("flag", "texts"),
    "nth": ("7",),
    "best": ("lowest", "highest"),
    "is_": ("77 days",),
}
# Said by another key, or by the compiled piece beside it; the tests below look at them.
COMPILED = {("measure", "is_"), ("formula", "is_"), ("measure", "periods", "if_")}


@cache
def book_of(path: Path) -> Book:
    return read_book(path)


SLOW = [pytest.param(page, marks=pytest.mark.slow) for page in PAGES]


@pytest.fixture(params=[*shipped().values(), EXTRA, *SLOW], ids=lambda path: path.name)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Book:
    path: Path = request.param
    return read_book(write_book(path, tmp_path / "book")) if path in PAGES else book_of(path)


def said(book: Book, kind: str, id: str, language: Language) -> str:
    return "\n".join(text_parts(explained(book, kind, id, language), language))


def test_every_given_key_is_said(book: Book) -> None:
    unsaid = []
    for kind in KINDS:
        for id, piece in getattr(book, SECTIONS[kind]).items():
            before = said(book, kind, id, "zh"), said(book, kind, id, "en")
            for path, other in variants(spec_of(piece)):
                if (kind, *path) in COMPILED or carried(path):
                    continue
                changed = with_piece(book, kind, id, remade(piece, other))
                for place, each in enumerate(LANGUAGES):
                    if path[-1] in {*LANGUAGES} - {each}:
                        continue
                    if said(changed, kind, id, each) == before[place]:
                        unsaid.append(f"{kind}:{id}: {each}: {'.'.join(map(str, path))}")
    assert unsaid == []


def test_every_key_of_the_language_is_given_somewhere(tmp_path: Path) -> None:
    """So that a key that is new in the language must be explained before this passes."""
    books = [book_of(path) for path in (*shipped().values(), EXTRA)]
    books += [read_book(write_book(path, tmp_path / path.name)) for path in PAGES]
    given: set[tuple[str, str]] = set()
    for book in books:
        for kind in KINDS:
            for piece in getattr(book, SECTIONS[kind]).values():
                given |= set(keys_of(spec_of(piece)))
    wanted = {(model.__name__, name) for model in MODELS for name in model.model_fields}
    inherited = {("Actions", name) for name in language.Actions.model_fields}
    for name in ("TimeRung", "CountRung"):  # rungs say what `then` says, and by the same code
        inherited |= {(name, field) for field in language.Actions.model_fields}
    assert sorted(wanted - given - inherited) == []
    acts = {name for model, name in given if model in ("Actions", "TimeRung", "CountRung")}
    assert set(language.Actions.model_fields) - acts == set()


def carried(path: tuple[Any, ...]) -> bool:
    """A light stays on: a rung without one shows that of the rung below."""
    return (path[0], path[-1]) == ("ladder", "light")


def with_piece(book: Book, kind: str, id: str, piece: Any) -> Book:
    section = SECTIONS[kind]
    pieces: dict[str, Any] = {section: {**getattr(book, section), id: piece}}
    return replace(book, **pieces)


# ---------------------------------------------------------------- other books, each without one key


def spec_of(piece: Any) -> BaseModel:
    spec = getattr(piece, "spec", piece)
    assert isinstance(spec, BaseModel)
    return spec


def keys_of(model: BaseModel) -> Iterator[tuple[str, str]]:
    for name, value in given_in(model):
        yield type(model).__name__, name
        for each in parts_of(value):
            yield from keys_of(each)


def parts_of(value: Any) -> list[BaseModel]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    return [each for each in several if isinstance(each, BaseModel)]


def given_in(model: BaseModel) -> Iterator[tuple[str, Any]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.get_default(call_default_factory=True):
            yield name, value


def variants(model: BaseModel) -> Iterator[tuple[tuple[Any, ...], BaseModel]]:
    """The same without one key, or with another value of one that must be there."""
    for name, value in given_in(model):
        field = type(model).model_fields[name]
        inner = [*inside(value)]
        for path, other in inner:
            yield (name, *path), model.model_copy(update={name: other})
        default = field.get_default(call_default_factory=True)
        if default is not PydanticUndefined and not isinstance(value, BaseModel):
            yield (name,), model.model_copy(update={name: default})
        elif not inner:
            yield (name,), model.model_copy(update={name: different(name, value)})


def inside(value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, BaseModel):
        yield from variants(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, BaseModel | dict):
                for path, other in inside(each):
                    yield (key, *path), {**value, key: other}
            else:
                yield (key,), {name: kept for name, kept in value.items() if name != key}
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            for path, other in inside(each) if isinstance(each, BaseModel) else ():
                yield (at, *path), (*value[:at], other, *value[at + 1 :])


def different(name: str, value: Any) -> Any:
    if name == "for_":
        return ("something_else",) if isinstance(value, tuple) else other_subject(value)
    if name in OTHERS:
        return next(each for each in OTHERS[name] if each != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return ("something_else",) if isinstance(value, tuple) else "something_else"


def other_subject(value: str) -> str:
    return (
        "owner" if value in ("unit", "office", "item") else "unit" if value == "owner" else "something_else"
    )


def remade(piece: Any, spec: Any) -> Any:
    """The piece as compiling would make it of that specification, as far as explaining looks at it."""
    if not hasattr(piece, "spec"):
        return spec
    if isinstance(piece, CompiledRule):
        return remade_rule(piece, spec)
    if isinstance(piece, CompiledClock):
        return remade_clock(piece, spec)
    if isinstance(spec, Class):
        levels = [level for level in piece.levels if level.name in spec.levels]
        return replace(piece, spec=spec, levels=tuple(remade_level(each, spec) for each in levels))
    if isinstance(spec, workflows.WorkflowSpec):
        return SimpleNamespace(spec=spec)
    return replace(piece, spec=spec)


def remade_rule(rule: CompiledRule, spec: Any) -> CompiledRule:
    ladder = [
        replace(rung, spec=own, wanted=replace(rung.wanted, spec=own))
        for rung, own in zip(rule.ladder, spec.ladder, strict=False)
    ]
    times = [
        replace(band, spec=own, wanted=replace(band.wanted, spec=own))
        for band, own in zip(rule.times, spec.times, strict=False)
    ]
    whom: dict[str, Any] = {}
    if spec.for_ != rule.spec.for_:
        whom = {"workflows": spec.for_} if rule.workflows else {"group": spec.for_[0]}
    then = replace(rule.then, spec=spec.then)
    moment = rule.moment if spec.as_of else None
    as_of = rule.as_of if spec.count and spec.count.as_of else None
    return replace(
        rule,
        spec=spec,
        then=then,
        moment=moment,
        as_of=as_of,
        ladder=tuple(ladder),
        times=tuple(times),
        **whom,
    )


def remade_clock(clock: CompiledClock, spec: Any) -> CompiledClock:
    budgets = []
    for case, own in zip(clock.budgets, spec.budget, strict=False):
        kept = own.is_.startswith("=") or own.is_ == NO_LIMIT
        length = case.length if kept else Duration.parse(own.is_)
        field = case.field if own.is_.startswith("=") else None
        budgets.append(
            replace(case, condition=case.condition if own.if_ else None, length=length, field=field)
        )
    return replace(clock, spec=spec, budgets=tuple(budgets))


def remade_level(level: CompiledLevel, spec: Class) -> CompiledLevel:
    own = spec.levels[level.name]
    bounds = tuple(each for each in level.bounds if each.field in own)
    assert all(parse_bound(own[each.field])[0] == each.least for each in bounds)
    return replace(level, bounds=bounds)


def test_a_variant_lacks_just_one_key() -> None:
    """The test of the test: without it, one that changes nothing would never be missed."""
    clock = next(iter(book_of(shipped()["device-maintenance"]).clocks.values())).spec
    found = dict(variants(clock))
    assert ("stops",) in found
    assert ("starts", "event") in found
    assert copy(clock) == clock
    assert all(other != clock for other in found.values())
