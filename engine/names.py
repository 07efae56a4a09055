"""What only the office can check of an argument: units and posts that are there, days that have come."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches

from engine.book.book import Book
from rules.time.instant import local_day
from store.rows import Plain
from workflows.machine import Refused


def unfit_argument(book: Book, workflow: str, args: Mapping[str, Plain], now: datetime) -> Refused | None:
    """The first argument that names nobody of the book, or a day that has not come."""
    today = local_day(now, book.zone).isoformat()
    fields = book.workflows[workflow].spec.fields
    for name, value in args.items():
        spec = fields.get(name)
        if spec is None or not isinstance(value, str):
            continue
        known: Mapping[str, object] = {"unit": book.units, "post": book.posts}.get(spec.type, {})
        if spec.type in ("unit", "post") and value not in known:
            return _refuse(spec.type, spec.label.zh, name, value, known)
        if spec.past and value > today:
            return Refused(
                code="wrong_value",
                zh=f"{spec.label.zh}（{name}）是 {value}，还没有到：今天是 {today}，事后再登记",
                en=f"{name} is {value}, which has not come: today is {today}, enter it afterwards",
            )
    return None


def _refuse(kind: str, label: str, name: str, value: str, known: Iterable[str]) -> Refused:
    near = get_close_matches(value, list(known), n=1)
    what = {"unit": "单位", "post": "岗位"}[kind]
    return Refused(
        code="wrong_value",
        zh=f"{label}（{name}）：没有{what} {value}" + (f"，是不是 {near[0]}？" if near else ""),
        en=f"{name}: there is no {kind} {value}" + (f", did you mean {near[0]}?" if near else ""),
    )
