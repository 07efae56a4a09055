"""Changes: fields whose value has changed, by an event, a rule or a class, for rules that answer to it."""

from collections.abc import Mapping

from engine.case import Case
from engine.classes import classify
from engine.clocks import choose_anew
from engine.desk import Desk
from engine.facts import Change
from engine.happening import Happening, Queue
from engine.within import Given
from store.rows import Plain


def note_changes(
    desk: Desk,
    queue: Queue,
    case: Case,
    before: Mapping[str, Plain],
    *,
    given: Mapping[str, Plain],
    by: str,
    depth: int,
) -> None:
    """After fields were written by a rule: classes and budgets, then whatever answers to what has changed."""
    classify(desk, case, Given(values=given))
    choose_anew(desk, case)
    queue_changes(desk, queue, case, before, by=by, depth=depth)


def queue_changes(
    desk: Desk, queue: Queue, case: Case, before: Mapping[str, Plain], *, by: str, depth: int
) -> None:
    for name, new in tuple(case.fields.items()):
        old = before.get(name)
        if old == new or not desk.book.change_rules(case.row.workflow, name):
            continue
        case.steps += 1
        queue.append(
            Happening(
                case=case,
                event="",
                by=by,
                args={},
                occasion=f"change of {name}|{case.row.rev}.{case.steps}",
                depth=depth,
                change=Change(field=name, old=old, new=new),
            )
        )
