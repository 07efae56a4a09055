"""The JSON Schema of a book's files, so that editors complete, explain and mark while the author writes.

Made from the models whenever it is asked for, and with a book from all that the book names. It is no file in
the wheel: such a file would know nothing of a book's own names, and could be older than the models beside it.
"""

from typing import Any

from pydantic.json_schema import models_json_schema

from engine.book.schema.choices import Choices, Schema
from engine.book.schema.facts import fact_list
from engine.book.schema.fields import Fields
from engine.book.schema.names import Names, names_of
from engine.book.schema.nouns import pieces_of
from engine.book.schema.pieces import add_piece, narrow, target
from engine.book.shape import PIECES, BookData, ScenarioFile
from rules.shape import LANGUAGES

__all__ = ["DIALECT", "Names", "book_schema", "names_of"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCENARIO = "Scenario"
# What may be a text alone: labels, and whatever has nothing else that must be said.
ALONE = ("Label", "State", "Unit", "Reference")
# Overlaid by id alone where a library in use has one of the name, without saying `from`.
LEANING = frozenset({"params"})


def book_schema(names: Names | None = None) -> Schema:
    """Of any file of any book; with `names`, of the book that they are from. Every section may be missing."""
    choices = Choices(names)
    fields = Fields(choices, fact_list(names))
    models = model_schemas()
    definitions = {
        name: {
            **_worded(name, model),
            "properties": {key: fields.field(name, key, each) for key, each in model["properties"].items()},
        }
        for name, model in models.items()
    }
    sections = {**definitions.pop("BookData")["properties"], **definitions.pop("ScenarioFile")["properties"]}
    definitions |= choices.made
    for section in PIECES:
        _add_pieces(definitions, sections, section)
    if names is not None:
        _narrow_flows(definitions, sections, choices)
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": definitions,
    }


def model_schemas() -> dict[str, Schema]:
    """What pydantic says of the models, by name."""
    _, whole = models_json_schema([(BookData, "validation"), (ScenarioFile, "validation")], by_alias=True)
    found: dict[str, Any] = whole["$defs"]
    return {
        name: {key: each for key, each in model.items() if key != "title"} for name, model in found.items()
    }


def _worded(name: str, model: Schema) -> Schema:
    """One language is enough, and a text alone where it says all: keywords of mappings say nothing of it."""
    if not {*LANGUAGES} <= model["properties"].keys():
        return model
    text = [{"type": "string", "minLength": 1}] if name.endswith(ALONE) else []
    required = [key for key in model["required"] if key not in LANGUAGES]
    return {
        **{key: each for key, each in model.items() if key != "required"},
        "type": ["object", "string"] if text else "object",
        **({"required": required} if required else {}),
        "anyOf": [*text, *({"required": [key]} for key in LANGUAGES)],
    }


def _add_pieces(definitions: dict[str, Schema], sections: Schema, section: str) -> None:
    ((pattern, piece),) = sections[section]["patternProperties"].items()
    model = target(piece)
    assert model is not None
    whole = add_piece(definitions, model, pieces_of(section), may_lean=section in LEANING)
    sections[section] = {**sections[section], "patternProperties": {pattern: whole}}


def _narrow_flows(definitions: dict[str, Schema], sections: Schema, choices: Choices) -> None:
    """Within a workflow, and in what people do in a made-up year, only the workflow's own names."""
    assert choices.names is not None
    workflows, acts = sections["workflows"], definitions[SCENARIO]["properties"]["acts"]
    ((pattern, piece),) = workflows.pop("patternProperties").items()
    properties = {id: narrow(definitions, choices, piece, id) for id in choices.names.flows}
    workflows |= {
        "properties": properties,
        "propertyNames": {"pattern": pattern},
        "additionalProperties": piece,
    }
    for id, each in acts.get("properties", {}).items():
        acts["properties"][id] = narrow(definitions, choices, each, id)
