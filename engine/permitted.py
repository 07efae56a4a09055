"""Which events a post may put to an item now: by its roles, the separation of duties, and open windows.

Guards are left out: what they say depends on the arguments that an event is given.
"""

from datetime import datetime

from engine.act import NotFound, person
from engine.approval import agreements
from engine.case import Case
from engine.desk import Desk
from engine.office import Office
from engine.recusal import recused
from engine.roles import About
from engine.step import Actor
from engine.windows import may_still
from workflows.machine import Ask, Moved, possible, step

LACKING = "missing"  # arguments: whoever gives them may


def permitted(office: Office, item: str, post: str, now: datetime) -> tuple[str, ...]:
    """In the order of the file; none for a vacant post, or an item that is hidden from it."""
    with office.store.write(now) as tx:
        desk = office.desk(tx, now)
        case = desk.case(item)
        assert case is not None
        desk.know_doers(case)
        actor = person(desk, post, About(unit=case.row.unit, owner=case.row.owner, fields=case.fields))
        if isinstance(actor, NotFound) or _hidden(desk, case, actor):
            return ()
        events = possible(desk.book.workflows[case.row.workflow], case.row.state, actor.roles)
        return tuple(event for event in events if _may(desk, case, actor, event))


def _hidden(desk: Desk, case: Case, actor: Actor) -> bool:
    readers = desk.book.workflows[case.row.workflow].spec.readers
    return case.row.sealed and actor.roles.isdisjoint(readers)


def _may(desk: Desk, case: Case, actor: Actor, event: str) -> bool:
    workflow = desk.book.workflows[case.row.workflow]
    several = workflow.places[(case.row.state, event)].persons > 1
    ask = Ask(
        state=case.row.state,
        event=event,
        by=actor.id,
        roles=actor.roles,
        doers=recused(desk, case, actor.id),
        agreed=agreements(desk, case, event) if several else (),
    )
    outcome = step(workflow, ask)
    allowed = isinstance(outcome, Moved) or outcome.code == LACKING
    return allowed and may_still(desk, case, event)
