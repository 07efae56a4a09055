"""The JSON Schema of a book's files, made from the models, so that editors complete and explain."""

from typing import Any

from engine.book.shape import PIECES, BookData, ScenarioFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
# Short forms that the models widen by themselves: `move: meet`, `item: first`, `nth: 1`, `do: {…}`.
SHORT: dict[tuple[str, str], Schema] = {
    ("Actions", "move"): {"type": "string"},
    ("TimeRung", "move"): {"type": "string"},
    ("CountRung", "move"): {"type": "string"},
    ("CountRung", "nth"): {"type": "integer"},
    ("Do", "item"): {"type": "string"},
    ("ExpectClock", "item"): {"type": "string"},
    ("Step", "open"): {"$ref": "#/$defs/Open"},
    ("Step", "do"): {"$ref": "#/$defs/Do"},
}


def book_schema() -> Schema:
    """Every section may be missing from a file; a piece may be whole, taken from a library, or dropped."""
    schema = BookData.model_json_schema(by_alias=True)
    scenario = ScenarioFile.model_json_schema(by_alias=True)
    definitions: Schema = {**scenario["$defs"], **schema["$defs"]}
    sections: Schema = {**schema["properties"], **scenario["properties"]}
    for name, model in definitions.items():
        model["properties"] = {key: _widened(name, key, value) for key, value in model["properties"].items()}
    for section in PIECES:
        ((pattern, piece),) = sections[section]["patternProperties"].items()
        name = piece["$ref"].rpartition("/")[2]
        definitions[f"{name}Taken"] = _taken(definitions[name])
        choices = (name, f"{name}Taken", "Dropped")
        sections[section]["patternProperties"] = {
            pattern: {"anyOf": [{"$ref": f"#/$defs/{choice}"} for choice in choices]}
        }
    return {
        "$schema": DIALECT,
        "title": "duban book",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": {**definitions, "Dropped": _dropped()},
    }


def _widened(model: str, key: str, value: Schema) -> Schema:
    """One name may stand where a list of names may."""
    short = SHORT.get((model, key))
    if value.get("type") == "array" and value.get("items", {}).get("type") == "string":
        short = value["items"]
    if short is None:
        return value
    description = {"description": value["description"]} if "description" in value else {}
    return {"anyOf": [value, short], **description}


def _taken(model: Schema) -> Schema:
    """Beside a model its overlay: nothing is required but where it is taken from."""
    described = {
        key: {"description": value["description"]} if "description" in value else {}
        for key, value in model["properties"].items()
    }
    taken = {"type": "string", "description": "取自 | <file>/<id> of the library"}
    return {
        "type": "object",
        "description": "取自规则库，在其上修改 | taken from a library and changed",
        "properties": {"from": taken, **described},
        "required": ["from"],
        "additionalProperties": False,
    }


def _dropped() -> Schema:
    return {
        "type": "object",
        "description": "不要规则库中的这一项 | leave out this piece of a library",
        "properties": {"drop": {"const": True}},
        "required": ["drop"],
        "additionalProperties": False,
    }
