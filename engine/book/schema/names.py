"""What a book calls by name, as far as it is written: a book with mistakes has names as well."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.book.context import all_posts
from engine.book.gather import gather, scenario_files
from engine.book.merge import merge
from engine.book.shape import BookData
from engine.book.text import read_yaml
from rules.office import Unit
from rules.shape import LANGUAGES

# By name: its label in Chinese and English, empty where there is none.
Labelled = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The names of one workflow; fields with their type and the values that they may take."""

    states: Labelled
    events: Labelled
    fields: Labelled
    types: Mapping[str, str]
    values: Mapping[str, Labelled]


@dataclass(frozen=True, kw_only=True)
class Names:
    sections: Mapping[str, Labelled]
    flows: Mapping[str, Flow]
    scopes: Mapping[str, str]  # for whom each measure is counted
    kinds: tuple[str, ...]  # of units
    params: Mapping[str, Any]  # values by id
    characters: Labelled = field(default_factory=dict)


def names_of(folder: Path) -> Names:
    root, _ = merge(gather(folder))
    book = {section: mapping(content) for section, content in root.plain().items()}
    sections = {name: {id: label_of(each) for id, each in content.items()} for name, content in book.items()}
    return Names(
        sections={**sections, "posts": posts(sections)},
        flows={id: flow_of(mapping(each)) for id, each in book.get("workflows", {}).items()},
        scopes={id: str(mapping(each).get("for", "unit")) for id, each in book.get("measures", {}).items()},
        kinds=tuple(
            dict.fromkeys(mapping(each).get("kind", "department") for each in book.get("units", {}).values())
        ),
        params={id: mapping(each).get("value") for id, each in book.get("params", {}).items()},
        characters=dict(characters(folder)),
    )


def posts(sections: Mapping[str, Labelled]) -> Labelled:
    """The posts of the book and the two of every unit."""
    units = {}
    for id, label in sections.get("units", {}).items():
        zh, _, en = label.partition(" | ")
        units[id] = Unit(zh=zh or id, en=en or zh or id)
    made = all_posts(BookData.model_construct(units=units, posts={}))
    return {id: f"{each.zh} | {each.en}" for id, each in made.items()} | sections.get("posts", {})


def characters(folder: Path) -> Iterator[tuple[str, str]]:
    """Those of the scenarios beside the book."""
    for path in scenario_files(folder):
        tree, _ = read_yaml(path.read_bytes(), path.name)
        scenario = mapping(mapping(tree.plain() if tree else None).get("scenario"))
        yield from ((id, label_of(each)) for id, each in mapping(scenario.get("characters")).items())


def flow_of(workflow: dict[str, Any]) -> Flow:
    fields = {name: mapping(each) for name, each in mapping(workflow.get("fields")).items()}
    written = workflow.get("transitions")
    moves = [mapping(each) for each in written] if isinstance(written, list) else []
    events: Labelled = {}
    for move in moves:
        if isinstance(name := move.get("event"), str):
            events[name] = events.get(name) or label_of(move)
    return Flow(
        states={name: label_of(each) for name, each in mapping(workflow.get("states")).items()},
        events=events,
        fields={name: label_of(each) for name, each in fields.items()},
        types={name: str(each.get("type")) for name, each in fields.items()},
        values={
            name: {value: label_of(label) for value, label in mapping(each.get("one_of")).items()}
            for name, each in fields.items()
        },
    )


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def label_of(piece: object) -> str:
    """`中文 | English`, wherever a piece keeps its label; or the words alone, where they are the same."""
    content = mapping(piece)
    for each in (piece, *(content.get(key) for key in ("label", "subject", "title"))):
        if isinstance(each, str):
            return each
        words = (mapping(each).get(language) for language in LANGUAGES)
        if found := dict.fromkeys(word for word in words if isinstance(word, str)):
            return " | ".join(found)
    return ""
