"""The reference for rule authors: reference.in.md with tables made from the models, so that none goes stale.

`python -m tests.docs.reference` writes it; a test compares. A line `@models Clock Duty` becomes the keys of
these models, `@facts` and `@placeholders` what a condition and a text may name.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine import language as stories
from engine.book import facts, placeholders, shape
from rules import language, office
from rules.cel import Fact
from rules.shape import LANGUAGES
from tests.docs.pages import DOCS
from workflows import language as workflows

SOURCE = Path(__file__).with_name("reference.in.md")
PAGE = DOCS / "authors" / "reference.md"
MODULES = (workflows, shape, stories, language, office)  # of two models of one name the last is described
MODELS: dict[str, type[BaseModel]] = {
    name: model
    for module in MODULES
    for name, model in vars(module).items()
    if isinstance(model, type) and issubclass(model, BaseModel)
}
BASES = {"TimeRung": "Actions", "CountRung": "Actions", "CalendarYear": "OwnDays"}
WORDS = {str: "text", int: "whole number", bool: "true / false"}
ONE_OF_TWO = "二者有一 one of the two"
KEYS = ("键 / key", "写法 / written", "缺省 / default", "中文", "English")
FACTS = ("事实 / fact", "类型 / kind", "可能未知 / may be unknown", "中文", "English")
PLACES = (
    ("规则关于事项 / rule about an item", placeholders.ABOUT_ITEM | placeholders.ABOUT_DECISION),
    ("规则关于单位 / rule about a unit", placeholders.ABOUT_UNIT | placeholders.ABOUT_DECISION),
    ("周期性责任的标题 / title of a duty", placeholders.ABOUT_DUTY),
)


def reference() -> str:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    named = {name for line in lines if line.startswith("@models ") for name in line.split()[1:]}
    return "\n".join(part for line in lines for part in made(line, named)) + "\n"


def made(line: str, named: set[str]) -> Iterator[str]:
    word, _, rest = line.partition(" ")
    if word == "@models":
        yield "\n\n".join(part for name in rest.split() for part in described(name, named))
    elif word == "@facts":
        known = (facts.NOW, *facts.ITEM, *facts.UNIT, facts.OWNER, *facts.PERIOD, *facts.EVENT, *facts.CHANGE)
        yield table(FACTS, map(fact_row, known))
    elif word == "@placeholders":
        rows = ((where, " ".join(f"`{{{word}}}`" for word in sorted(words))) for where, words in PLACES)
        yield table(("在哪里 / where", "可用 / may be used"), rows)
    else:
        yield line.replace("{pieces}", ", ".join(f"`{section}`" for section in shape.PIECES))


def described(name: str, named: set[str]) -> Iterator[str]:
    model = MODELS[name]
    yield f"### {name}"
    if preface := " ".join(prefaced(model)):
        yield preface
    base = MODELS[BASES[name]].model_fields if name in BASES else {}
    own = ((key, field) for key, field in model.model_fields.items() if key not in base)
    yield table(KEYS, (key_row(key, field, named) for key, field in own))


def prefaced(model: type[BaseModel]) -> Iterator[str]:
    if "__doc__" in vars(model) and model.__doc__:
        yield " ".join(model.__doc__.partition("\n\n")[0].split())
    if base := BASES.get(model.__name__):
        yield f"The keys of [{base}](#{base.lower()}), and:"


def key_row(name: str, field: FieldInfo, named: set[str]) -> tuple[str, ...]:
    zh, _, en = (field.description or "").replace("<", "&lt;").partition(" | ")
    needed = ONE_OF_TWO if name in LANGUAGES and field.is_required() else default(field)
    return f"`{field.alias or name}`", wording(field.annotation, named), needed, zh, en


def wording(annotation: Any, named: set[str]) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return wording(inner[0], named)
    if origin is Literal:
        return " / ".join(f"`{each}`" for each in inner)
    if origin is not None:
        return composed(origin, inner, named)
    name = str(annotation.__name__)
    assert name in named or name not in MODELS, f"{SOURCE.name} does not describe {name}"
    return f"[{name}](#{name.lower()})" if name in named else WORDS.get(annotation, name)


def composed(origin: Any, inner: tuple[Any, ...], named: set[str]) -> str:
    if origin is dict:
        return f"id: {wording(inner[1], named)}"
    if origin is tuple and inner[-1] is not Ellipsis:
        return "[from, to]"
    if origin is tuple:
        return f"list of {wording(inner[0], named)}"
    assert origin in (Union, UnionType), f"{origin} has no wording yet"
    kinds = [each for each in inner if each is not type(None)]
    if {bool, int, str} <= set(kinds):  # any plain value
        return "value / list of text" if any(get_origin(each) is tuple for each in kinds) else "value"
    return " / ".join(dict.fromkeys(wording(each, named) for each in kinds))


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "**必填 required**"
    value = field.get_default(call_default_factory=True)
    if value in (None, (), {}) or isinstance(value, BaseModel):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{list(value) if isinstance(value, tuple) else value}`"


def fact_row(fact: Fact) -> tuple[str, ...]:
    doubt = "先问 has() / ask has() first" if fact.optional else "否 / no"
    return f"`{fact.name}`", fact.kind.value, doubt, fact.zh, fact.en


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = [*head]
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
