"""Units and posts that somebody names must be there: a slip of the pen is told at once."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from engine.book.book import Book
from store.rows import Plain
from workflows.machine import Refused


def unknown_name(book: Book, workflow: str, args: Mapping[str, Plain]) -> Refused | None:
    """The first unit or post among the arguments that the book does not know."""
    fields = book.workflows[workflow].spec.fields
    for name, value in args.items():
        spec = fields.get(name)
        if spec is None or not isinstance(value, str):
            continue
        known: Mapping[str, object] = {"unit": book.units, "post": book.posts}.get(spec.type, {})
        if spec.type in ("unit", "post") and value not in known:
            return _refuse(spec.type, spec.label.zh, name, value, known)
    return None


def _refuse(kind: str, label: str, name: str, value: str, known: Iterable[str]) -> Refused:
    near = get_close_matches(value, list(known), n=1)
    what = {"unit": "单位", "post": "岗位"}[kind]
    return Refused(
        code="wrong_value",
        zh=f"{label}（{name}）：没有{what} {value}" + (f"，是不是 {near[0]}？" if near else ""),
        en=f"{name}: there is no {kind} {value}" + (f", did you mean {near[0]}?" if near else ""),
    )
