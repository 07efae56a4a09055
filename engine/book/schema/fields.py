"""The schema of one field: pydantic's, with names in their places and parameters where they may stand."""

from typing import Any

from engine.book.params import FACTS_UNDER
from engine.book.schema.choices import Choices, Schema
from engine.book.schema.places import EXPRESSED, KEYS, LOOSE, NAMES, RECKONED, VALUES, placed

# Short forms that the models widen by themselves: `move: meet`, `item: first`, `nth: 1`, `do: {…}`.
SHORT: dict[tuple[str, str], Schema] = {
    ("CountRung", "nth"): {"type": "integer"},
    **{(name, "propose"): {"$ref": "#/$defs/Opening"} for name in ("Actions", "TimeRung", "CountRung")},
    **{(name, "open"): {"$ref": "#/$defs/Opening"} for name in ("Actions", "TimeRung", "CountRung")},
    **{(name, "tell"): {"$ref": "#/$defs/Tell"} for name in ("Actions", "TimeRung", "CountRung")},
    ("Step", "open"): {"$ref": "#/$defs/Open"},
    ("Step", "do"): {"$ref": "#/$defs/Do"},
}
# Short forms that are a name: what they name, "" when the author made it up.
SHORT_NAMES = {
    ("Actions", "move"): "events",
    ("TimeRung", "move"): "events",
    ("CountRung", "move"): "events",
    ("Do", "item"): "",
    ("ExpectClock", "item"): "",
    ("ExpectItems", "pick"): "",
    ("ExpectPossible", "item"): "",
}
# Texts for people: a parameter may stand there, but to offer it would only be in the way.
TEXTS = frozenset({"zh", "en"})


class Fields:
    def __init__(self, choices: Choices, facts: str) -> None:
        self.choices = choices
        self.facts = facts

    def field(self, model: str, key: str, schema: Schema) -> Schema:
        value = plain(schema)
        reckoned = key in FACTS_UNDER or (model, key) in RECKONED
        if nouns := placed(VALUES, model, key):
            named = self.choices.named(nouns)
            if (model, key) in EXPRESSED:
                named = {"anyOf": [named, {"type": "string", "pattern": "^="}]}
            value = _put(value, {"anyOf": [named, {"type": "string"}]} if (model, key) in LOOSE else named)
        elif key not in TEXTS and not reckoned and model != "Param":
            value = self._with_params(value)
        if nouns := placed(KEYS, model, key):
            value = self._keyed(value, nouns, loose=(model, key) in LOOSE)
        value = self._widened(model, key, value)
        if reckoned:
            value["markdownDescription"] = f"{value.get('description', '')}\n\n{self.facts}"
        return value

    def _keyed(self, value: Schema, nouns: tuple[str, ...], *, loose: bool) -> Schema:
        """A mapping whose keys are names."""
        described = {"description": value["description"]} if "description" in value else {}
        if nouns == ("fields",):
            known = self.choices.values()
            return {**({"anyOf": [known, {"type": "object"}]} if loose else known), **described}
        (inner,) = value["patternProperties"].values()
        names = {name: label for noun in nouns for name, label in self.choices.nouns.get(noun, {}).items()}
        if not names:
            return value
        properties = {name: {**inner, "description": label} for name, label in names.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False, **described}

    def _widened(self, model: str, key: str, value: Schema) -> Schema:
        """One name may stand where a list of names may."""
        short = SHORT.get((model, key))
        if (noun := SHORT_NAMES.get((model, key))) is not None:
            short = self.choices.named((noun,)) if noun else {"type": "string"}
        if value.get("type") == "array" and _is_text(value.get("items", {})):
            short = value["items"]
        if short is None:
            return dict(value)
        described = {"description": value["description"]} if "description" in value else {}
        listed = {name: each for name, each in value.items() if name != "description"}
        # The short form first: an editor that finds neither explains the first.
        return {"anyOf": [short, listed], **described}

    def _with_params(self, value: Schema) -> Schema:
        if "anyOf" in value:
            return {**value, "anyOf": [self._with_params(each) for each in value["anyOf"]]}
        if value.get("type") == "array" and isinstance(value.get("items"), dict):
            return {**value, "items": self._with_params(value["items"])}
        if value.get("type") in (None, "object", "array", "null") and "enum" not in value:
            return value
        outside: Schema = {name: value[name] for name in ("description", "default") if name in value}
        leaf = {name: each for name, each in value.items() if name not in outside}
        return {**self.choices.or_param(leaf), **outside}


def plain(schema: Any) -> Any:
    """Without pydantic's English titles, without `null` and empty defaults, which nobody writes."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: plain(value)
        for key, value in schema.items()
        if key != "title" and not (key == "default" and value in (None, [], {}, ""))
    }
    if "anyOf" in kept:
        kept["anyOf"] = [each for each in kept["anyOf"] if each != {"type": "null"}]
        if len(kept["anyOf"]) == 1:
            (only,) = kept.pop("anyOf")
            kept = {**only, **kept}
    return kept


def _put(value: Any, named: Schema) -> Any:
    """The names instead of every text in the value."""
    if isinstance(value, list):
        return [_put(each, named) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "string":
        return {**named, **{key: value[key] for key in ("description", "default") if key in value}}
    return {key: _put(each, named) for key, each in value.items()}


def _is_text(items: Schema) -> bool:
    """Models are written with a capital letter, names are not."""
    name = items["$ref"].rpartition("/")[2] if "$ref" in items else ""
    texts = items.get("type") == "string" or (name != "" and not name[0].isupper())
    return texts or any(map(_is_text, items.get("anyOf", ())))


def unplaced(model: str, key: str, schema: Schema) -> list[str]:
    """What of a field the tables of places should say and do not: its value, its keys."""
    values, keys = any(_patterns(schema)), any(_patterns(schema, keys=True))
    missing = ["VALUES"] if values and placed(VALUES, model, key) is None else []
    return missing + (["KEYS"] if keys and placed(KEYS, model, key) is None else [])


def _patterns(schema: Any, *, keys: bool = False) -> list[str]:
    """The patterns of names in a schema: of its values, or of the keys of its mappings."""
    found: list[str] = []
    if isinstance(schema, list):
        return [each for part in schema for each in _patterns(part, keys=keys)]
    if isinstance(schema, dict):
        named = [*schema.get("patternProperties", ())] if keys else [schema.get("pattern", "")]
        found = [each for each in named if each in NAMES]
        return found + [each for part in schema.values() for each in _patterns(part, keys=keys)]
    return found
