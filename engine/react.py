"""What follows from what happened: rules that answer to events, and rungs that a change has opened.

After every event the item is read again, so a decision never rests on what it was before. The queue
is drained within the same transaction: what follows from an act is committed with it or not at all.
"""

from engine.carry import carry_out
from engine.case import Case
from engine.changes import live_on
from engine.decide import decide_occasion, decide_rung
from engine.desk import Desk
from engine.facts import Subject
from engine.happening import DEEPEST, Happening, Queue
from engine.step import LOOKED
from engine.wake import ladder_of, speaks
from rules.decide import Spoke


class CircleError(RuntimeError):
    """Rules set each other off without end; the item is parked until the book is mended."""


def react(desk: Desk, queue: Queue) -> None:
    while queue:
        happening = queue.popleft()
        if happening.depth > DEEPEST:
            raise CircleError(
                f"{happening.case.row.id}: rules answer to each other more than {DEEPEST} times, last to "
                f"`{happening.event or happening.occasion.partition('|')[0]}`; mend the rules for this event"
            )
        _answer(desk, queue, happening)
        speak(desk, queue, happening.case, happening.depth)


def _answer(desk: Desk, queue: Queue, happening: Happening) -> None:
    case, change = happening.case, happening.change
    rules = (
        desk.book.change_rules(case.row.workflow, change.field)
        if change is not None
        else desk.book.event_rules(case.row.workflow, happening.event)
    )
    for rule in rules:
        subject = Subject(
            case=case,
            unit=case.row.unit,
            owner=case.row.owner,
            event=happening.event,
            by=happening.by,
            args=happening.args,
            change=change,
        )
        spoken = decide_occasion(desk, rule, subject, happening.occasion)
        if spoken is not None:
            carry_out(desk, queue, spoken, subject, happening.depth)


def speak(desk: Desk, queue: Queue, case: Case, depth: int = 0) -> None:
    """Mark the clocks that have run out, then give the turn to one rung of each ladder. Where more have
    theirs, the item is looked at again, after what follows from these."""
    live_on(desk, queue, case, depth)
    case.heard = desk.now
    more = False
    for name, running in tuple(case.clocks.items()):
        for rule in desk.book.ladder_rules(case.row.workflow, name):
            if not speaks(desk.book, case, running):
                break
            subject = Subject(case=case, unit=case.row.unit, owner=case.row.owner)
            spoken = decide_rung(desk, rule, subject, running, ladder_of(desk.book, rule, case, running))
            if spoken is not None:
                assert spoken.decision.rung is not None
                running.speak(rule.id, Spoke(spoken.decision.rung, spoken.again))
                carry_out(desk, queue, spoken, subject, depth)
                more |= spoken.more
    if more:
        queue.append(Happening(case=case, event=LOOKED, by="", args={}, occasion=LOOKED, depth=depth))
