"""The schema of a book's files knows where every name stands, and offers what the book has."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from duban.shelf import shipped
from engine.book import facts
from engine.book.schema import book_schema, model_schemas, names_of
from engine.book.schema.facts import fact_list
from engine.book.schema.fields import unplaced
from engine.book.schema.nouns import nouns_of
from engine.book.schema.pieces import references
from engine.book.schema.places import KEYS, VALUES
from rules.cel import Fact

BOOKS = shipped()
Schema = dict[str, Any]
WITH_MISTAKES = """
book: {id: small}
units: {bureau: {zh: 局, en: Bureau, leader: nobody}}
roles:
  clerk: {zh: 经办人, en: Clerk, posts: [bureau.haed]}
  leader: {zh: 分管, en: In charge, iss: unit.leader}
workflows:
  paper:
    label: {zh: 文, en: Paper}
    initial: wrong
    states: {open: {zh: 在办, en: open}, done: {zh: 办结}}
    fields: {sort: {type: text, label: {zh: 类, en: sort}, one_of: {urgent: {zh: 急, en: urgent}}}}
    transitions: [{event: finish, label: {zh: 办结, en: finish}, from: open}]
  visit: {from: work/task}
params: {limit: {value: 3 days}, boss: {value: clerk, zh: 人, en: who}}
rules: 5
"""


def test_every_name_is_placed() -> None:
    """Whoever gives the language a new name says in `places.py` what it names."""
    missing = [
        f"{table}: {model}.{key}"
        for model, schema in model_schemas().items()
        if model != "BookData"
        for key, each in schema["properties"].items()
        for table in unplaced(model, key, each)
    ]
    assert not missing, f"engine/book/schema/places.py does not say what these name: {', '.join(missing)}"


def test_every_place_is_a_field_and_every_noun_is_known() -> None:
    models = model_schemas()
    nouns = nouns_of(names_of(BOOKS["wuhu-2020"])) | dict.fromkeys(models["BookData"]["properties"])
    for places in (VALUES, KEYS):
        for model, fields in places.items():
            assert set(fields) <= set(models[model]["properties"]), model
            assert {noun for each in fields.values() for noun in each.split()} <= set(nouns), model


def test_every_fact_is_listed() -> None:
    listed = fact_list(None)
    declared = [each for value in vars(facts).values() for each in _facts(value)]
    assert len(declared) > 20
    assert all(f"`{fact.name}`" in listed for fact in declared)


def _facts(value: object) -> list[Fact]:
    return [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Fact)]


@pytest.fixture
def small(tmp_path: Path) -> Schema:
    (tmp_path / "book.yaml").write_text(WITH_MISTAKES, encoding="utf-8")
    return book_schema(names_of(tmp_path))


def test_a_book_with_mistakes_has_a_schema(small: Schema) -> None:
    assert small["$defs"]["roles"]["enum"] == ["clerk", "leader", "params.boss"]
    assert small["$defs"]["roles"]["enumDescriptions"][0] == "经办人 | Clerk"
    assert small["$defs"]["posts"]["enum"] == ["bureau.head", "bureau.liaison"]
    assert "局联络员" in small["$defs"]["posts"]["enumDescriptions"][1]


def test_an_empty_folder_has_a_schema(tmp_path: Path) -> None:
    assert book_schema(names_of(tmp_path))["$defs"]["roles"] == {
        "type": "string",
        "pattern": r"^[a-z][a-z0-9_.]*$",
    }


def test_a_workflow_knows_only_its_own_names(small: Schema) -> None:
    own, all_of_them = small["$defs"]["states@paper"], small["$defs"]["states"]
    assert own["enum"] == ["open", "done"]
    assert set(own["enum"]) < set(all_of_them["enum"])
    assert small["$defs"]["Transition@paper"]["properties"]["to"]["$ref"] == "#/$defs/states@paper"
    assert "finish" not in small["$defs"]["events-relations-parents_events@visit"]["enum"]


def test_values_of_a_field_are_offered_and_others_may_stand(small: Schema) -> None:
    offered, anything = small["$defs"]["values"]["properties"]["sort"]["anyOf"]
    assert (offered["enum"], offered["enumDescriptions"]) == (["urgent"], ["急 | urgent"])
    assert "string" in anything["type"]


@pytest.mark.parametrize("name", BOOKS)
def test_references_lead_somewhere(name: str) -> None:
    for schema in (book_schema(), book_schema(names_of(BOOKS[name]))):
        assert set(references(schema)) <= set(schema["$defs"])


def test_library_pieces_are_offered_with_their_labels() -> None:
    offered = book_schema()["$defs"]["library-Rule"]["anyOf"][0]
    labels = dict(zip(offered["enum"], offered["enumDescriptions"], strict=True))
    assert labels["reminders/due_reminder"].startswith("到期提醒")


def test_the_schema_beside_a_book_is_no_part_of_it(tmp_path: Path) -> None:
    from engine.book.book import read_book

    folder = tmp_path / "book"
    shutil.copytree(BOOKS["wuhu-2020"], folder)
    digest = read_book(folder).digest
    (folder / ".duban-schema.json").write_text("{}", encoding="utf-8")
    for path in folder.rglob("*.yaml"):
        modeline = "# yaml-language-server: $schema=.duban-schema.json\n"
        path.write_text(modeline + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_book(folder).digest == digest
