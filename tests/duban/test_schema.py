"""`duban schema` prints what editors can read: only words of the dialect, no reference to nowhere."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.duban.conftest import BOOK, Duban

KINDS = {"string", "integer", "number", "boolean", "object", "array", "null"}
SCHEMAS = {"additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames"}
LISTS_OF_SCHEMAS = {"anyOf", "oneOf", "allOf", "prefixItems"}
SCHEMAS_BY_NAME = {"properties", "patternProperties", "$defs", "dependentSchemas"}
TEXTS = {"$schema", "$id", "$ref", "$comment", "title", "description", "format"}
# Words of editors, not of the dialect, which others pass over.
OF_EDITORS = {"markdownDescription", "enumDescriptions"}
COUNTS = {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
FLAGS = {"uniqueItems", "deprecated", "readOnly", "writeOnly"}
ANYTHING = {"const", "default", "examples"}


def faults(schema: Any, where: str = "#") -> Iterator[str]:
    """What the meta-schema of draft 2020-12 would refuse, as far as our schema uses it."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield f"{where}: {schema!r} is no schema"
        return
    for key, value in schema.items():
        if key in SCHEMAS | LISTS_OF_SCHEMAS | SCHEMAS_BY_NAME:
            for place, inner in inside(key, value):
                yield from faults(inner, f"{where}/{key}{place}")
        if not has_shape(key, value):
            yield f"{where}/{key}: {value!r}"


def inside(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if key in SCHEMAS:
        yield "", value
    elif key in LISTS_OF_SCHEMAS:
        yield from ((f"/{number}", each) for number, each in enumerate(value))
    else:
        yield from ((f"/{name}", each) for name, each in value.items())


def is_pattern(text: str) -> bool:
    """Python's dialect, as near as we have to that of editors; what only Python knows is refused."""
    re.compile(text)
    return "(?P" not in text and not re.search(r"\\[AZz]", text)


def is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def are_texts(value: Any) -> bool:
    return len({*value}) == len(value) and all(isinstance(each, str) for each in value)


SHAPES: tuple[tuple[set[str], Callable[[Any], bool]], ...] = (
    (SCHEMAS | SCHEMAS_BY_NAME - {"patternProperties"}, lambda value: isinstance(value, dict | bool)),
    ({"patternProperties"}, lambda value: all(map(is_pattern, value))),
    (LISTS_OF_SCHEMAS | {"enum"}, is_list),
    ({"type"}, lambda value: {*([value] if isinstance(value, str) else value)} <= KINDS),
    ({"required"}, are_texts),
    ({"pattern"}, is_pattern),
    (COUNTS, lambda value: isinstance(value, int) and value >= 0),
    (NUMBERS, lambda value: isinstance(value, int | float)),
    (TEXTS, lambda value: isinstance(value, str)),
    (FLAGS, lambda value: isinstance(value, bool)),
    (ANYTHING | OF_EDITORS, lambda _: True),
)


def has_shape(key: str, value: Any) -> bool:
    return any(key in keys and fits(value) for keys, fits in SHAPES)


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from references(each)


@pytest.fixture
def schema(duban: Duban) -> Any:
    return duban("schema").data


def test_it_is_a_schema_of_its_dialect(schema: Any) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(faults(schema)) == []


def test_every_reference_leads_somewhere(schema: Any) -> None:
    named = {f"#/$defs/{name}" for name in schema["$defs"]}
    assert set(references(schema)) <= named


def test_a_wrong_schema_is_seen() -> None:
    wrong: Any = {"type": "text", "anyOf": [], "required": ["a", "a"]}
    wrong["properties"] = {"a": {"minLength": -1, "mistake": 1}}
    assert len(list(faults(wrong))) == 5


def test_the_schema_of_a_book_goes_into_a_file(duban: Duban, tmp_path: Path) -> None:
    said = duban("schema", str(BOOK), "--out", ".duban-schema.json")
    assert (said.code, said.out) == (0, "")
    assert "$schema=.duban-schema.json" in said.err
    made = json.loads((tmp_path / ".duban-schema.json").read_text(encoding="utf-8"))
    assert list(faults(made)) == []
    assert {"supervisor", "unit_head"} <= set(made["$defs"]["roles"]["enum"])


def test_a_book_that_is_not_there_is_told(duban: Duban) -> None:
    said = duban("schema", "wuhu-202")
    assert said.code == 2
    assert "wuhu-2020" in said.err
