"""Schemas of names: an enumeration of what the book has, or without a book any well-formed name."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.book.schema.names import Flow, Labelled, Names
from engine.book.schema.nouns import OF_A_FLOW, flow_nouns, nouns_of, shipped_nouns

Schema = dict[str, Any]
PARAM = {"type": "string", "pattern": r"^params\.[a-z][a-z0-9_]*$"}
NAME = {"type": "string", "pattern": r"^[a-z][a-z0-9_.]*$"}
NO_PARAM = r"^(?!params\.)"
ANY = {"type": ["string", "number", "boolean", "array"]}
VALUES = "values"


class Choices:
    """Definitions of names, made when they are first asked for."""

    def __init__(self, names: Names | None) -> None:
        self.names = names
        self.nouns = nouns_of(names) if names else shipped_nouns()
        self.made: dict[str, Schema] = {}
        self._of: dict[str, tuple[str, ...]] = {}

    def named(self, nouns: tuple[str, ...]) -> Schema:
        """A reference to the names of these kinds."""
        name = "-".join(nouns)
        if name not in self.made:
            self._of[name] = nouns
            self.made[name] = self._choice(nouns, self.nouns)
        return {"$ref": f"#/$defs/{name}"}

    def values(self) -> Schema:
        """A reference to values by field."""
        if VALUES not in self.made:
            flows = self.names.flows.values() if self.names else ()
            self.made[VALUES] = self._fields(self.nouns.get("fields", {}), [*flows])
        return {"$ref": f"#/$defs/{VALUES}"}

    def of_flows(self) -> frozenset[str]:
        """Definitions that mean something narrower within one workflow."""
        return frozenset(
            name for name in self.made if name == VALUES or set(self._of.get(name, ())) & set(OF_A_FLOW)
        )

    def within(self, name: str, flow: Flow) -> Schema:
        """One of those definitions, as it is within the workflow."""
        if name == VALUES:
            return self._fields(flow.fields, [flow])
        return self._choice(self._of[name], {**self.nouns, **flow_nouns(flow)})

    def or_param(self, leaf: Schema) -> Schema:
        """The leaf, or a parameter whose value fits it."""
        if self.names is None:
            return {"anyOf": [leaf, PARAM]} if leaf.keys() - {"type", "minLength"} or _no_text(leaf) else leaf
        params = self._params(leaf)
        if "enum" in leaf:
            return {**leaf, "enum": [*leaf["enum"], *params]}
        if leaf.keys() <= {"type", "minLength"} and not _no_text(leaf):
            leaf = {**leaf, "pattern": NO_PARAM}
        return {"anyOf": [leaf, _choice(params)]} if params else leaf

    def _params(self, leaf: Schema) -> Labelled:
        assert self.names is not None
        labels = self.names.sections.get("params", {})
        return {f"params.{id}": labels[id] for id, value in self.names.params.items() if _fits(leaf, value)}

    def _choice(self, nouns: tuple[str, ...], known: Mapping[str, Labelled]) -> Schema:
        found = {name: label for noun in nouns for name, label in known.get(noun, {}).items()}
        if not found or (self.names is None and not all(noun in known for noun in nouns)):
            return dict(NAME)
        return _choice(found | (self._params({"enum": [*found]}) if self.names else {}))

    def _fields(self, fields: Labelled, flows: list[Flow]) -> Schema:
        if not fields:
            return {"type": "object", "patternProperties": {NAME["pattern"]: ANY}}
        shown = {name: {"description": label, **self._value(name, flows)} for name, label in fields.items()}
        return {"type": "object", "properties": shown, "additionalProperties": False}

    def _value(self, name: str, flows: list[Flow]) -> Schema:
        """Offers what the field may hold; an expression or a parameter may stand there as well."""
        types = {flow.types[name] for flow in flows if name in flow.fields}
        values = {value: label for flow in flows for value, label in flow.values.get(name, {}).items()}
        offers = [
            *([_choice(values)] if values else []),
            *([{"type": "boolean"}] if "flag" in types else []),
            *([self.named(("units",))] if "unit" in types else []),
            *([self.named(("posts", "roles"))] if "post" in types else []),
        ]
        return {"anyOf": [*offers, ANY]} if offers else dict(ANY)


def _choice(names: Labelled) -> Schema:
    return {"type": "string", "enum": [*names], "enumDescriptions": [*names.values()]}


def _no_text(leaf: Schema) -> bool:
    return leaf.get("type") != "string"


def _fits(leaf: Schema, value: object) -> bool:
    if "enum" in leaf:
        return any(value == each for each in leaf["enum"])
    kind = leaf.get("type")
    if kind != "string" or not isinstance(value, str):
        return isinstance(value, tuple(_kinds(kind))) and isinstance(value, bool) == (kind == "boolean")
    if leaf.get("format") == "date":
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
    return "pattern" not in leaf or re.search(leaf["pattern"], value) is not None


def _kinds(kind: object) -> Iterator[type]:
    yield from {"boolean": (bool,), "integer": (int,), "number": (int, Decimal)}.get(str(kind), ())
