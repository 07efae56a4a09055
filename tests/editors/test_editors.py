"""What an author sees while writing, in most editors: yaml-language-server over the shipped books."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duban.shelf import shipped
from engine.book.schema import book_schema, names_of
from tests.docs.pages import ROOT, block
from tests.editors.client import Editor
from tests.editors.server import Missing, installed

pytestmark = [pytest.mark.slow, pytest.mark.editors]
# Nothing is fetched from anywhere: a schema is one that we name.
OFFLINE: dict[str, Any] = {
    "schemaStore": {"enable": False},
    "kubernetesCRDStore": {"enable": False},
    "validate": True,
    "hover": True,
    "completion": True,
}
PAGES = [ROOT / "docs" / "authors" / f"editors.{language}.md" for language in ("zh", "en")]
BOOKS = shipped()
FILES = [(name, path) for name, folder in BOOKS.items() for path in sorted(folder.rglob("*.yaml"))]
LIBRARY = [
    path for room in ("rules", "workflows") for path in sorted((ROOT / room / "library").glob("*.yaml"))
]
BOOK = BOOKS["wuhu-2020"]
PAGE = """\
workflows:
  task:
    from: work/task
    transitions:
      - {event: report, from: open, to: , by: owner}
rules:
  first:
    label: {zh: 甲, en: A}
    basis: 四(二)2
    for: task
    when: {event: }
    if: unit.overdue_items > 0
    count:
      measure:_
    then:
      remind: unit_liaison
      notify:
        -_
  second:
    from: reminders/due_reminder
    ladder: [{at: at due, remind: unit_liason, template: }]
""".replace(":_", ": ").replace("-_", "- ")


@pytest.fixture(scope="module")
def server() -> Path:
    try:
        return installed()
    except Missing as missing:
        pytest.skip(f"THE EDITOR TESTS DID NOT RUN: {missing}")


def written(folder: Path, name: str, schema: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def editor(server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor that knows which schema the files of each book have."""
    folder = tmp_path_factory.mktemp("schemas")
    schemas = {
        written(folder, f"{name}.json", book_schema(names_of(path))).as_uri(): f"**/books/{name}/**/*.yaml"
        for name, path in BOOKS.items()
    }
    schemas[written(folder, "general.json", book_schema()).as_uri()] = "**/library/*.yaml"
    with Editor(server, ROOT, {"yaml": {**OFFLINE, "schemas": schemas}}) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(editor: Editor) -> str:
    """A file of the book that is being written."""
    return editor.open(BOOK / "being_written.yaml", PAGE)


def after(text: str) -> tuple[int, int]:
    """The place behind the text, which the page has once."""
    assert PAGE.count(text) == 1
    before = PAGE[: PAGE.index(text) + len(text)]
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)


def told(found: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(each["range"]["start"]["line"] + 1, each["message"][:200]) for each in found]


@pytest.mark.parametrize(
    "path", [path for _, path in FILES] + LIBRARY, ids=lambda path: "-".join(path.parts[-2:])
)
def test_what_is_shipped_has_no_mark(editor: Editor, path: Path) -> None:
    assert told(editor.diagnostics(editor.open(path))) == []


ENGLISH = """\
units: {court: Court, tax: {en: Tax office, kind: office}}
posts: {judge: {en: Judge, unit: court}}
roles:
  judge: {en: Judge, posts: judge}
  applicant: {en: Applicant, external: true, mail: item.mail}
laws: {act: {en: The Act, from: 2026-01-01}}
workflows:
  appeal:
    label: Appeal
    prefix: AP
    opened_by: judge
    initial: lodged
    fields:
      mail: {type: mail, label: Address}
      kind: {type: text, label: {en: Kind}, one_of: {tax: Tax, fine: {en: Fine}}}
    states: {lodged: Lodged, done: {en: Done, final: true}}
    transitions:
      - {event: decide, label: Decide, from: lodged, to: done, by: judge, not_by: [open, parent.decide]}
rules:
  told:
    label: The applicant is told
    basis: § 1
    for: appeal
    when: {event: decide}
    as_of: =item.opened
    then: {notify: applicant, template: told}
templates: {told: {subject: Decided, body: {en: "{because}"}}}
"""


def test_one_language_is_enough(server: Path, tmp_path: Path) -> None:
    """Texts alone, and words in English only, in a book of its own."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.yaml").write_text(ENGLISH, encoding="utf-8")
    schema = written(tmp_path, "english.json", book_schema(names_of(book))).as_uri()
    with Editor(server, tmp_path, {"yaml": {**OFFLINE, "schemas": {schema: "**/*.yaml"}}}) as editor:
        assert told(editor.diagnostics(editor.open(book / "book.yaml"))) == []
        wrong = ENGLISH.replace("lodged: Lodged", "lodged: {zhh: Lodged}").replace("en: Judge, unit", "unit")
        marks = told(editor.diagnostics(editor.open(book / "wrong.yaml", wrong)))
        assert {line for line, _ in marks} == {2, 16}


def test_a_misspelt_role_is_marked_at_its_line(editor: Editor, page: str) -> None:
    line, _ = after("unit_liason")
    marks = [message for at, message in told(editor.diagnostics(page)) if at == line + 1]
    assert any('"unit_liaison"' in message for message in marks), marks


@pytest.mark.parametrize(
    ("place", "offered", "label"),
    [
        ("        - ", "unit_liaison", "单位联络员"),
        ("to: ", "completed", "办结待验收"),
        ("when: {event: ", "complete", "办结"),
        ("      measure: ", "unit.interviews_in_year", "年度内约谈次数"),
        ("template: ", "comes_due", ""),
        ("from: reminders/", "reminders/due_reminder", "到期提醒"),
    ],
)
def test_names_of_the_book_are_offered(
    editor: Editor, page: str, place: str, offered: str, label: str
) -> None:
    found = editor.completions(page, *after(place))
    assert offered in found, sorted(found)[:20]
    assert label in str(found[offered].get("documentation", ""))


def test_states_are_those_of_the_workflow(editor: Editor, page: str) -> None:
    found = editor.completions(page, *after("to: "))
    assert set(found) == {"open", "completed", "dropping", "accepted", "dropped"}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("      rem", "提醒"),
        ("remind: unit_liai", "单位联络员"),
        ("    i", "`unit.overdue_items` 逾期"),
        ("reminders/due", "到期提醒"),
    ],
)
def test_hover_explains_in_chinese(editor: Editor, page: str, place: str, said: str) -> None:
    assert said in editor.hover(page, *after(place))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a book, as `duban schema . --out .duban-schema.json` leaves it."""
    written(tmp_path, ".duban-schema.json", book_schema(names_of(BOOK)))
    (tmp_path / "tests").mkdir()
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("name", ["settings", "server"])
def test_settings_of_the_pages_are_enough(server: Path, folder: Path, page: Path, name: str) -> None:
    with Editor(server, folder, nested(json.loads(block(page, name).text))) as editor:
        for path in (folder / "rules.yaml", folder / "tests" / "story.yaml"):
            assert after("unit_liason")[0] + 1 in dict(told(editor.diagnostics(editor.open(path, PAGE))))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_one_line_of_the_pages_is_enough(server: Path, folder: Path, page: Path) -> None:
    line = block(page, "modeline").text
    with Editor(server, folder, {"yaml": OFFLINE}) as editor:
        marks = told(editor.diagnostics(editor.open(folder / "rules.yaml", line + PAGE)))
    assert after("unit_liason")[0] + 2 in dict(marks)


def nested(settings: dict[str, Any]) -> dict[str, Any]:
    """`yaml.schemas: …` as the server gets it from an editor that writes settings in one line each."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        *sections, last = name.split(".")
        inner = found
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[last] = value
    return found
