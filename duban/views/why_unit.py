"""Why a unit stands where it stands: what rules by period saw of it, its measures, and what it owes next."""

from collections.abc import Iterator
from typing import Any

from duban.views.view import View
from duban.views.why import because_of
from duban.views.whynot import Backwards, answered, beginning, said_now
from engine.measures import Unreadable, measure
from engine.questions import Asked
from engine.whynot import rules_about_unit, why_not_unit
from engine.words import say_period, say_value
from rules.time.errors import TimeError
from rules.time.instant import local_day
from rules.time.period import Period

Data = dict[str, Any]
COMING = 5  # of what it owes next


def why_unit(view: View, unit: str) -> Data:
    backwards = Backwards(view)
    saw = []
    for rule, post in rules_about_unit(view.book, unit):
        answer = why_not_unit(backwards.look, rule, (unit, post), view.now, beginning(view))
        spoken = [because_of(view, firing) for firing in answer.spoke]
        said = answered(view, answer) | {"because": spoken, "post": view.name(post)}
        saw.append(said)
    return {
        "id": unit,
        "title": view.name(unit),
        "at": view.local(view.now),
        "saw": saw,
        "measures": [*measures_of(view, backwards, unit)],
        "owes": [*owed(view, unit)][:COMING],
        "may": [*owed(view, unit, windows=True)][:COMING],
        "assumed": [*backwards.assumed, *([said_now(view)] if saw else [])],
    }


def measures_of(view: View, backwards: Backwards, unit: str) -> Iterator[Data]:
    """Every measure of units as it is now, with the items counted."""
    desk = backwards.look(view.now)
    for id, found in view.book.measures.items():
        if found.spec.for_ != "unit":
            continue
        period = current_period(view, found.fact)
        said: Data = {"measure": id, "label": view.label(found.spec.label), "value": None, "counted": []}
        try:
            known = measure(desk, found, Asked(whose=unit, at=view.now, period=period))
        except TimeError:  # of a period: it has a value only where a rule asks about one
            said["reason"] = view.pick(
                "只在评定某一周期时才有数值", "it has a value only for a period that is judged"
            )
        except Unreadable as error:
            said["reason"] = view.pick(f"读不出：{error}", f"cannot be read: {error}")
        else:
            said["value"] = None if known.value is None else say_value(view.book, known.value, view.language)
            reasons = [known.reason.text(view.language)] if known.reason else []
            if period is not None and found.window.of_a_period:
                reasons.append(view.pick(f"{say_period(period, 'zh')}至今", f"{period.id} so far"))
            said["reason"] = view.pick("，", ", ").join(reasons) or None
            said["counted"] = [item for item in known.cites if item not in view.hidden]
        yield said


def current_period(view: View, fact: str) -> Period | None:
    """The one that is running, of the first rule that reads the measure period by period."""
    day = local_day(view.now, view.book.zone)
    readers = (rule for rule in view.book.periodic_rules if fact in rule.reads and rule.every is not None)
    return next((rule.every.containing(day) for rule in readers if rule.every is not None), None)


def owed(view: View, unit: str, *, windows: bool = False) -> Iterator[Data]:
    """Its open items by when they are due, the earliest first; or the times in which somebody may act and
    nobody must, also about what is closed."""
    rows = view.items(unit=unit, open_only=not windows)
    clocks = view.reader.clocks_of(row.id for row in rows)
    found = [
        (clock.due_at, row, clock)
        for row in rows
        for clock in clocks.get(row.id, [])
        if clock.outcome in ("running", "missed")
        and clock.ended_at is None
        and clock.clock in view.book.clocks
        and view.book.clocks[clock.clock].spec.window == windows
    ]
    for due, row, clock in sorted(found, key=lambda each: (each[0], each[1].id)):
        yield {
            "item": row.id,
            "title": row.title,
            "clock_label": view.label(view.book.clocks[clock.clock].spec.label),
            "due": view.local(due),
            "late": clock.missed_at is not None,
        }
