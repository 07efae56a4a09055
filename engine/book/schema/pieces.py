"""Pieces of a book: whole, taken from a library and changed, or dropped; and what a workflow narrows."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.book.schema.choices import Choices, Schema
from engine.book.schema.names import Labelled

REFERENCE = "#/$defs/"
DROP: Schema = {"const": True, "description": "不要规则库中的这一项 | leave out this piece of a library"}
TAKEN = "取自规则库，在其上修改 | taken from a library and changed"


def target(schema: Any) -> str | None:
    """The definition that a schema refers to."""
    return schema["$ref"].removeprefix(REFERENCE) if isinstance(schema, dict) and "$ref" in schema else None


def add_piece(definitions: dict[str, Schema], model: str, offered: Labelled, *, may_lean: bool) -> Schema:
    """A piece of this model. `may_lean`: what a library in use says of it need not be said again."""
    taken, dropped, wish = f"{model}Taken", "Dropped", {"$ref": f"{REFERENCE}library-{model}"}
    part = definitions[_add_part(definitions, model)]
    definitions[f"library-{model}"] = _wish(offered)
    definitions[taken] = {
        **part,
        "description": TAKEN,
        "properties": {"from": wish, **part["properties"]},
        "required": ["from"],
    }
    definitions[dropped] = {
        "type": "object",
        "description": DROP["description"],
        "properties": {"drop": DROP},
        "additionalProperties": False,
    }
    whole = f"{model}Part" if may_lean else model
    return {
        "type": "object",
        "properties": {"from": wish, "drop": DROP},
        "if": {"required": ["from"]},
        "then": {"$ref": REFERENCE + taken},
        "else": {
            "if": {"required": ["drop"]},
            "then": {"$ref": REFERENCE + dropped},
            "else": {"$ref": REFERENCE + whole},
        },
    }


def _wish(offered: Labelled) -> Schema:
    """What `from` may name: a piece with its file, or alone where only one file has it."""
    names = {"type": "string", "enum": [*offered], "enumDescriptions": [*offered.values()]}
    alone = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*$"}
    described = {"description": "取自 | <file>/<id> of the library"}
    return {"anyOf": [names, alone], **described} if offered else {**alone, **described}


def _add_part(definitions: dict[str, Schema], model: str) -> str:
    """Beside a model what may lie over one: nothing is required, and `null` takes a key away."""
    name = f"{model}Part"
    if name not in definitions:
        definitions[name] = {}  # a model may hold itself
        whole = definitions[model]
        parts = {key: _part(definitions, value) for key, value in whole["properties"].items()}
        definitions[name] = {
            **{key: value for key, value in whole.items() if key not in ("required", "anyOf")},
            "properties": {key: _or_null(value) for key, value in parts.items()},
        }
    return name


def _or_null(value: Schema) -> Schema:
    outside: Schema = {key: value[key] for key in ("description", "markdownDescription") if key in value}
    inside = {key: each for key, each in value.items() if key not in outside}
    return {"anyOf": [inside, {"type": "null"}], **outside}


def _part(definitions: dict[str, Schema], value: Any) -> Any:
    """Mappings are laid over one another, lists are not."""
    if not isinstance(value, dict) or value.get("type") == "array":
        return value
    model = target(value)
    if model is not None and "properties" in definitions.get(model, {}):
        return {**value, "$ref": REFERENCE + _add_part(definitions, model)}
    if "patternProperties" in value:
        patterns = {key: _part(definitions, each) for key, each in value["patternProperties"].items()}
        return {**value, "patternProperties": {key: _or_null(each) for key, each in patterns.items()}}
    if "anyOf" in value:
        return {**value, "anyOf": [_part(definitions, each) for each in value["anyOf"]]}
    return value


def narrow(definitions: dict[str, Schema], choices: Choices, schema: Schema, id: str) -> Schema:
    """The schema within one workflow: only its own states, events and fields."""
    assert choices.names is not None
    own = choices.of_flows()
    touched = {
        name for name in _reached(definitions, schema) if own & _reached(definitions, definitions[name])
    }
    touched |= own & _reached(definitions, schema)
    for name in touched:
        if name in own:
            definitions[f"{name}@{id}"] = choices.within(name, choices.names.flows[id])
        else:
            definitions[f"{name}@{id}"] = _renamed(definitions[name], touched, id)
    narrowed: Schema = _renamed(schema, touched, id)
    return narrowed


def _renamed(schema: Any, touched: set[str], id: str) -> Any:
    if isinstance(schema, list):
        return [_renamed(each, touched, id) for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _renamed(value, touched, id) for key, value in schema.items()}
    return {**copy, "$ref": f"{schema['$ref']}@{id}"} if target(schema) in touched else copy


def _reached(definitions: Mapping[str, Schema], schema: Schema) -> set[str]:
    """All definitions that a schema leads to."""
    seen: set[str] = set()
    ahead = [*references(schema)]
    while ahead:
        if (name := ahead.pop()) not in seen:
            seen.add(name)
            ahead += references(definitions[name])
    return seen


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(REFERENCE)
        for each in schema.values():
            yield from references(each)
