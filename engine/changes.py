"""Changes: fields whose value has changed, by an event, a rule or a class, for rules that answer to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.asking import TICK, asked_next, askings
from engine.case import Case
from engine.classes import classify
from engine.clocks import catch_up, choose_anew
from engine.desk import Desk
from engine.facts import Change
from engine.happening import Happening, Queue
from engine.within import Given
from store.rows import Plain

TIME = "clock"  # nobody has changed it


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


def live_on(desk: Desk, queue: Queue, case: Case, depth: int) -> None:
    """What time alone has done by now, in the order in which it came: clocks that have run out, and budgets
    and classes that ask of time, each at its own moment, so that an outage changes nothing of it."""
    if case.row.closed_at is not None or not askings(desk.book, case.row.workflow):
        catch_up(desk, case)
        return
    for at in _asked_since(desk, case):
        with desk.at(at):
            catch_up(desk, case)
            _ask_again(desk, queue, case, depth)
    case.asked = desk.now
    catch_up(desk, case)
    _ask_again(desk, queue, case, depth)
    if catch_up(desk, case):  # by its new time it had run out, and that may be asked
        _ask_again(desk, queue, case, depth)


def _asked_since(desk: Desk, case: Case) -> Iterator[datetime]:
    """The moments before now that nobody was there for: none lies before that at which it was to wake."""
    since = case.asked
    if since is None and case.row.wake_at is not None:
        since = case.row.wake_at - TICK
    at = asked_next(desk.book, case, since) if since is not None else None
    while at is not None and at < desk.now:
        yield at
        at = asked_next(desk.book, case, at)


def _ask_again(desk: Desk, queue: Queue, case: Case, depth: int) -> None:
    note_changes(desk, queue, case, dict(case.fields), given={}, by=TIME, depth=depth)


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
