"""Any piece of a book explained: in sentences that can be read aloud, and as rows where it has some."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from duban.output import Listing
from duban.texts import Language, Text
from duban.views.explained_clocks import clock_lines
from duban.views.explained_duties import duty_lines
from duban.views.explained_measures import class_lines, dates_lines, formula_lines, law_lines, measure_lines
from duban.views.explained_office import book_lines, group_lines, param_lines, role_lines
from duban.views.explained_rules import rule_lines, step_rows
from duban.views.explained_workflows import template_lines, transition_rows, workflow_lines
from duban.views.phrases import Voice
from engine.book.book import Book

Data = dict[str, Any]
BOOK = "book"
# In this order they are found by their name, and a whole book is told.
SECTIONS: Mapping[str, str] = {
    "rule": "rules",
    "workflow": "workflows",
    "clock": "clocks",
    "duty": "duties",
    "measure": "measures",
    "class": "classes",
    "formula": "formulas",
    "dates": "dates",
    "law": "laws",
    "role": "roles",
    "group": "groups",
    "param": "params",
    "template": "templates",
}
TOLD = (
    "duty",
    "workflow",
    "clock",
    "rule",
    "measure",
    "class",
    "formula",
    "dates",
    "law",
    "role",
    "group",
    "param",
    "template",
)
KINDS: Mapping[str, Text] = {
    "rule": Text("规则", "Rules"),
    "workflow": Text("流程", "Workflows"),
    "clock": Text("时限", "Clocks"),
    "duty": Text("周期性责任", "Duties"),
    "measure": Text("指标", "Measures"),
    "class": Text("等级", "Classes"),
    "formula": Text("算式", "Formulas"),
    "dates": Text("列明的日子", "Named dates"),
    "law": Text("法规", "Laws"),
    "role": Text("角色", "Roles"),
    "group": Text("分组", "Groups"),
    "param": Text("参数", "Parameters"),
    "template": Text("文本", "Texts"),
}
LINES: Mapping[str, Callable[[Voice, Any], Iterator[str]]] = {
    "rule": rule_lines,
    "clock": clock_lines,
    "duty": duty_lines,
    "measure": measure_lines,
    "class": class_lines,
    "formula": formula_lines,
    "dates": dates_lines,
    "law": law_lines,
    "role": role_lines,
    "group": group_lines,
    "param": param_lines,
    "template": template_lines,
}


def find(book: Book, name: str) -> list[tuple[str, str]]:
    """Every piece of that name, by kind and id; `clock:review` names one of several."""
    kind, colon, id = name.partition(":")
    if colon:
        return [(kind, id)] if kind in SECTIONS and id in getattr(book, SECTIONS[kind]) else []
    if name in (BOOK, book.info.id):
        return [(BOOK, book.info.id)]
    found = [(kind, name) for kind, section in SECTIONS.items() if name in getattr(book, section)]
    return found or [
        (kind, id)
        for kind in SECTIONS
        for id in getattr(book, SECTIONS[kind])
        if name in _labels(book, kind, id)
    ]


def _labels(book: Book, kind: str, id: str) -> tuple[str, ...]:
    """People also name things as they call them."""
    label = label_of(book, kind, id)
    return (label.zh, label.en) if kind != "template" else ()


def names(book: Book) -> list[str]:
    return [*dict.fromkeys(id for section in SECTIONS.values() for id in getattr(book, section)), BOOK]


def label_of(book: Book, kind: str, id: str) -> Any:
    piece = getattr(book, SECTIONS[kind])[id]
    spec = getattr(piece, "spec", piece)
    return getattr(spec, "label", None) or getattr(spec, "subject", None) or spec


def explained(book: Book, kind: str, id: str, language: Language) -> Data:
    voice = Voice(book, language)
    if kind == BOOK:
        return _book(voice)
    piece = getattr(book, SECTIONS[kind])[id]
    spec = getattr(piece, "spec", piece)
    data: Data = {
        "kind": kind,
        "id": id,
        "label": voice.label(label_of(book, kind, id)),
        "basis": getattr(spec, "basis", None) or getattr(spec, "clause", None),
        "sentences": [*lines_of(voice, kind, id)],
    }
    if kind == "rule":
        data |= {"mode": spec.mode, "ladder": step_rows(voice, piece)}
    if kind == "clock":
        data |= {"ladder": rungs_of_clock(voice, id)}
    if kind == "workflow":
        data |= {"transitions": transition_rows(voice, id, spec)}
    return data


def lines_of(voice: Voice, kind: str, id: str) -> Iterator[str]:
    if kind == "workflow":
        yield from workflow_lines(voice, id, voice.book.workflows[id].spec)
    else:
        yield from LINES[kind](voice, getattr(voice.book, SECTIONS[kind])[id])


def rungs_of_clock(voice: Voice, id: str) -> list[Data]:
    """What every rule does on a clock, one rule after the other."""
    rules = (rule for _, rule in sorted(voice.book.rules.items()) if rule.spec.when.clock == id)
    return [{"rule": voice.label(rule.spec.label)} | row for rule in rules for row in step_rows(voice, rule)]


def _book(voice: Voice) -> Data:
    book = voice.book
    pieces = [
        {key: value for key, value in explained(book, kind, id, voice.language).items() if key != "ladder"}
        for kind in TOLD
        for id in getattr(book, SECTIONS[kind])
    ]
    return {
        "kind": BOOK,
        "id": book.info.id,
        "label": voice.label(book.info.label),
        "basis": book.info.basis.document,
        "sentences": [*book_lines(voice)],
        "pieces": pieces,
    }


# ---------------------------------------------------------------- for people


def heading_line(data: Data, language: Language) -> str:
    basis = Text(f"（{data['basis']}）", f" ({data['basis']})").in_(language) if data["basis"] else ""
    return f"{data['id']}  {data['label']}{basis}"


def usual_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    """A ladder as a table under its sentence; everything else in sentences."""
    if data["kind"] == "rule" and data["ladder"]:
        yield heading_line(data, language)
        yield from (line for line in data["sentences"] if not line.startswith("- "))
        yield from filter(None, (table_of(data),))
    else:
        yield from text_parts(data, language)


def text_parts(data: Data, language: Language) -> Iterator[str]:
    yield heading_line(data, language)
    yield from data["sentences"]
    kind = None
    for piece in data.get("pieces", ()):
        if piece["kind"] != kind:
            kind = piece["kind"]
            yield f"\n# {KINDS[kind].in_(language)}"
        yield ""
        yield from text_parts(piece, language)


def table_of(data: Data) -> Listing | None:
    """The rows that a piece has; None where it has none."""
    if data.get("ladder"):
        first = ("rule_label",) if data["kind"] == "clock" else ()
        rows = [row | {"rule_label": row.get("rule")} for row in data["ladder"]]
        return Listing(columns=(*first, "when", "told", "done"), rows=rows)
    if data.get("transitions"):
        return Listing(columns=("from", "event", "by", "to", "needs", "not_by"), rows=data["transitions"])
    if data.get("pieces"):
        return Listing(columns=("kind", "id", "label", "basis"), rows=data["pieces"])
    return None
