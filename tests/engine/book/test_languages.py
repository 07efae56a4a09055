"""Words in one language: a book by somebody who knows no Chinese, and what a check says of one missing."""

import re
import shutil
from pathlib import Path

import pytest

from duban.shelf import shipped
from engine.book.book import Book, check_book, read_book
from engine.book.check.languages import named
from engine.book.gather import gather
from engine.book.merge import merge
from engine.book.params import substitute
from engine.book.schema import ALONE, book_schema, names_of
from engine.book.shape import BookData
from rules.office import Clause, Post, Role, Unit
from rules.shape import LANGUAGES, Label, Named
from tests.engine.book.test_good import BORROWED, SMALL, change, copy_of
from workflows import language as workflows

TEXT = r'("[^"]*"|[^],}\n"]+)'
ZH = re.compile(rf"zh: {TEXT}(, |\n +)")
ONLY_EN = re.compile(rf"\{{en: {TEXT}\}}")


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """The small book as its author would write it in English, labels being plain texts."""
    copy = Path(shutil.copytree(SMALL, tmp_path / "english"))
    for path in copy.glob("*.yaml"):
        text = ONLY_EN.sub(r"\1", ZH.sub("", path.read_text(encoding="utf-8")))
        text = text.replace("单位.缺报次数", "unit.boards_missed")
        path.write_text(text.replace("  timezone:", "  language: en\n  timezone:"), encoding="utf-8")
    return copy


def test_a_book_in_one_language_is_good(english: Path) -> None:
    assert not re.search(r"\bzh:", "".join(path.read_text("utf-8") for path in english.glob("*.yaml")))
    assert check_book(english) == ()
    book, both = read_book(english), read_book(SMALL)
    assert said_in(book, "zh") == said_in(book, "en") == said_in(both, "en")


def said_in(book: Book, language: str) -> list[str]:
    pieces = [*book.units.values(), *book.roles.values(), *book.params.values(), *book.groups.values()]
    pieces += [rule.spec.label for rule in book.rules.values()]
    specs = [each.spec for each in book.workflows.values()]
    states = [state for spec in specs for state in spec.states.values()]
    fields = [field.label for spec in specs for field in spec.fields.values()]
    return [getattr(each, language) for each in (*pieces, *states, *fields)]


def test_names_of_a_book_in_one_language_are_offered_with_their_words(english: Path) -> None:
    names = names_of(english)
    assert names.sections["units"]["finance"] == "Finance bureau"
    assert names.sections["posts"]["finance.head"].endswith("Head of Finance bureau")
    assert all(names.sections["rules"].values())
    assert names.flows["board"].states == {"due": "due", "filed": "filed", "excused": "excused"}


def test_words_are_a_text_or_of_one_language_or_of_both() -> None:
    for label in (Label, workflows.Label):
        assert label.model_validate("Due").zh == label.model_validate({"zh": "Due"}).en == "Due"
        assert label.model_validate({"zh": "期限", "en": "Due"}).zh == "期限"
    assert workflows.State.model_validate("Filed").en == "Filed"
    assert Unit.model_validate("Court").zh == "Court"
    assert Post.model_validate({"en": "Mayor", "unit": "city"}).zh == "Mayor"
    assert Clause.model_validate({"clause": "§ 1", "en": ["One.", "Two."], "maps": "book"}).en == "One.\nTwo."
    with pytest.raises(ValueError, match="one of the two is enough"):
        Label.model_validate({})
    with pytest.raises(ValueError, match="valid dictionary"):
        Role.model_validate("Clerk")


def test_a_text_alone_over_a_piece_of_the_library_changes_its_words_only(tmp_path: Path) -> None:
    """A state stays final, whatever it is called."""
    copy = copy_of(BORROWED, tmp_path)
    change(copy / "book.yaml", "    prefix: RX\n", "    prefix: RX\n    states: {accepted: Fertig}\n")
    state = read_book(copy).workflows["task"].spec.states["accepted"]
    assert (state.zh, state.en, state.final) == ("Fertig", "Fertig", True)


def test_what_lacks_the_language_of_notices_is_told_each_where_it_is(tmp_path: Path) -> None:
    copy = copy_of(SMALL, tmp_path)
    change(copy / "book.yaml", "{zh: 财政局, en: Finance bureau, ", "{en: Finance bureau, ")
    change(copy / "workflows.yaml", "{zh: 页数, en: pages}", "{zh: 页数}")
    change(copy / "workflows.yaml", "{zh: 种类, en: kind}", "kind")
    (found,) = check_book(copy)
    assert (found.code, found.severity, found.path) == ("label_language", "warning", "units.finance.en")
    assert "only in en, and notices are in zh" in found.en
    read_book(copy)


def test_a_book_whose_language_is_not_said_is_told_once(english: Path) -> None:
    change(english / "book.yaml", "  language: en\n", "")
    workflows = english / "workflows.yaml"
    text = re.sub(r"label: ([A-Za-z ]+)", r"label: {en: \1}", workflows.read_text("utf-8"))
    workflows.write_text(text, encoding="utf-8")
    (found,) = check_book(english)
    assert (found.code, found.path) == ("label_language", "book")
    assert "write `language: en` in `book`" in found.en


def test_a_schema_takes_what_the_models_take() -> None:
    definitions = book_schema()["$defs"]
    models = {each.__name__ for each in subclasses(Named) | subclasses(workflows.Named) if each.alone}
    assert models == {*ALONE}
    for name, model in definitions.items():
        if {"zh", "en"} <= model.get("properties", {}).keys() and not name.endswith(("Taken", "Part")):
            assert not {"zh", "en"} & {*model.get("required", ())}, name
            assert (model["type"] == ["object", "string"]) == name.endswith(ALONE), name
            assert {"required": ["en"]} in model["anyOf"], name
    assert definitions["Post"]["required"] == ["unit"]
    assert "anyOf" not in definitions["StatePart"]


def subclasses(model: type[Named] | type[workflows.Named]) -> set[type[Named] | type[workflows.Named]]:
    return {*model.__subclasses__()}


@pytest.mark.parametrize("folder", shipped().values(), ids=[*shipped()])
def test_shipped_books_speak_both_languages(folder: Path) -> None:
    root, _ = merge(gather(folder))
    data = BookData.model_validate(substitute(root)[0].plain())
    words = [(path, root.find(path).value) for path in named((), data)]
    assert len(words) > 100
    assert not [path for path, each in words if not isinstance(each, dict) or not {*LANGUAGES} <= each.keys()]
