"""Acting on an item: what was typed becomes a wish, and the engine says what came of it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from duban.mistakes import USAGE, Mistake
from duban.session import Session, read_moment
from engine.act import NotFound, Outcome, Wish, act, not_found
from engine.office import Office
from store.rows import ItemRow, Plain
from workflows.machine import Refused, Workflow, read_args


@dataclass(frozen=True, kw_only=True)
class Order:
    event: str
    by: str  # post
    pairs: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    at: str | None = None


def read_pairs(written: list[str] | None) -> dict[str, str]:
    """`key=value`; a value that is `-` is read from stdin."""
    pairs = {}
    for each in written or ():
        key, equals, value = each.partition("=")
        if not equals or not key.strip():
            raise Mistake(f"「{each}」应写成 键=值", f"{each!r} is written as key=value", USAGE)
        pairs[key.strip()] = sys.stdin.read().strip() if value == "-" else value
    return pairs


def carry_out(session: Session, office: Office, item: str, order: Order) -> Outcome:
    now = session.acting_now(office)
    with office.store.read() as reader:
        row = reader.items_by_id([item]).get(item)
    if row is None:
        return not_found(item)
    workflow = office.book.workflows[row.workflow]
    args = arguments(office, workflow, order.event, with_note(workflow, row, order))
    at = read_moment(order.at, office.book.zone, "--at") if order.at else None
    if at is not None and at > now:
        raise Mistake("--at 在将来：请写实际发生的时间", "--at is in the future: write when it happened")
    if isinstance(args, Refused):
        # Whether a sealed item is there is not told by complaining about its arguments.
        return hidden_or(args, office, row, order)
    return act(office, Wish(item=item, event=order.event, by=order.by, args=args, at=at), now)


def hidden_or(refused: Refused, office: Office, row: ItemRow, order: Order) -> Refused | NotFound:
    from duban.views.view import may_see

    return refused if may_see(office.book, row, order.by) else not_found(row.id)


def arguments(
    office: Office, workflow: Workflow, event: str, pairs: Mapping[str, str]
) -> dict[str, Plain] | Refused:
    read = read_args(workflow, event, pairs, office.book.zone)
    if isinstance(read, Refused):
        return read
    return {key: list(value) if isinstance(value, tuple) else value for key, value in read.items()}


def with_note(workflow: Workflow, row: ItemRow, order: Order) -> dict[str, str]:
    """--note goes to the one text that the event asks for; where there are several, the user names one."""
    if order.note is None:
        return dict(order.pairs)
    transition = workflow.places.get((row.state, order.event))
    fields = workflow.spec.fields
    for names in (transition.needs, transition.takes) if transition else ():
        texts = [each for each in names if fields[each].type == "text" and each not in order.pairs]
        if len(texts) == 1:
            return {**order.pairs, texts[0]: order.note}
        if texts:
            listed = ", ".join(f"{each}=…" for each in texts)
            raise Mistake(
                f"{order.event} 有几项文字，--note 不知填哪一项；请写 {listed}",
                f"{order.event} takes several texts, --note cannot tell which: write {listed}",
            )
    if transition is None:
        return dict(order.pairs)  # the engine says why the event does not fit
    raise Mistake(
        f"{order.event} 没有可填的文字，请去掉 --note", f"{order.event} takes no text: leave out --note"
    )
