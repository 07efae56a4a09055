"""What the brake holds, as far as whoever looks may know of it."""

import json
from collections.abc import Iterator
from typing import Any

from duban.mistakes import Mistake
from duban.texts import HOLD_STATES
from duban.views.view import View
from engine.brake import SPAN, Number, number_of
from engine.holds import may_know, no_hold
from engine.limits import Limits
from store.rows import HoldRow

Data = dict[str, Any]


def known_holds(view: View, *, open_only: bool) -> list[HoldRow]:
    found = view.reader.holds(open_only=open_only)
    return [row for row in found if may_know(view.book, view.reader, row, view.post)]


def known_hold(view: View, number: int) -> HoldRow:
    """The same words whether it is sealed or was never there (S2)."""
    row = view.reader.hold(number)
    if row is None or not may_know(view.book, view.reader, row, view.post):
        none = no_hold(number)
        raise Mistake(none.zh, none.en)
    return row


def hold_rows(view: View, *, open_only: bool) -> list[Data]:
    return [hold_row(view, row) for row in known_holds(view, open_only=open_only)]


def hold_row(view: View, row: HoldRow) -> Data:
    kind, _, id = row.subject.partition(":")
    rule = view.book.rules.get(row.rule)
    return {
        "id": row.seq,
        "at": view.local(row.at),
        "state": row.state,
        "state_label": HOLD_STATES[row.state].in_(view.language),
        "rule": row.rule,
        "rule_label": view.label(rule.spec.label) if rule else row.rule,
        "about": row.subject,
        "about_label": id if kind == "item" else view.name(id) or view.pick("全局", "office"),
        "units": json.loads(row.units),
        "proposes": row.proposes,
        "sealed": row.sealed,
    }


def hold_document(view: View, row: HoldRow) -> Data:
    units = [view.name(unit) or unit for unit in json.loads(row.units)]
    return hold_row(view, row) | {
        "occasion": row.occasion,
        "units_label": view.pick("、", ", ").join(units),
        "sentence": view.pick(row.zh, row.en),
        "decided": list(_decided(view, row)),
    }


def _decided(view: View, row: HoldRow) -> Iterator[Data]:
    """Everything that the log tells of it since."""
    _, _, id = row.subject.partition(":")
    for line in reversed(view.reader.list_audit(obj=id or "office", since=row.seq)):
        record = json.loads(line.rec)
        if record.get("hold") == row.seq or line.seq == row.seq:
            why = record.get(f"why_{view.language}") or record["why"]
            yield {"at": view.moment(line.ts), "seq": line.seq, "act": line.act, "why": why}


def number_now(view: View) -> Number:
    limits = Limits(book=view.book.info.brake, by_history=True)
    return number_of(view.reader, limits, view.book.zone, view.now)


def brake_document(view: View) -> Data:
    number = number_now(view)
    return {
        "cap": number.most,
        "source": number.source,
        "used": view.reader.count_proposed(view.now - SPAN),
        "held": len(known_holds(view, open_only=True)),
    }
