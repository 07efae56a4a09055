"""What is the same in an item and in others: one person, one matter, one place, whichever unit has it, or of
the same unit only."""

from dataclasses import replace
from typing import Final, Literal

from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.questions import Asked
from store.rows import Tally, Where

OFFICE: Final = "office"  # under which the store answers what is counted for no unit, post or item
NOBODY = ""


def alike(book: Book, found: CompiledMeasure, question: Tally, asked: Asked) -> Tally:
    """The question for all items whose fields are those of the one for which it is asked."""
    same = _same(book, found, asked)
    return replace(
        question,
        by="unit" if found.same_unit else OFFICE,
        only=NOBODY if same is None else under(found, asked) if found.same_unit else None,
        where=(*question.where, *(same or ())),
        reduce=found.spec.reduce,
    )


def under(found: CompiledMeasure, asked: Asked) -> str:
    """Under whom the store answers: the unit of the item, where that must be the same too."""
    return str(dict(asked.fields).get("unit") or NOBODY) if found.same_unit else OFFICE


def _same(book: Book, found: CompiledMeasure, asked: Asked) -> tuple[Where, ...] | None:
    """None where the item leaves one of the fields open: it is like nobody."""
    known, tests = dict(asked.fields), []
    specs = [book.workflows[name].spec for name in found.spec.items or found.spec.of]
    for name in found.spec.same:
        value = known.get(name)
        if value is None or not str(value).strip():
            return None
        if found.same_unit and name == "unit":
            continue
        kinds = {each.fields[name].type for each in specs if name in each.fields}
        of: Literal["number", "text"] = "number" if kinds == {"int"} else "text"
        tests.append(Where(field=name, test="in", values=(str(value),), of=of))
    return tuple(tests)
