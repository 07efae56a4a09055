"""`duban item`: list, show, open, do and retry."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import FINDINGS, no_item, unknown
from duban.options import As, asked_post, needed_post, with_session
from duban.output import Listing, as_moment
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from duban.views.view import View
    from engine.act import Outcome
    from engine.office import Office

COLUMNS = ("id", "workflow_label", "unit_label", "title", "state_label", "light_label", "due")
Unit = Annotated[str | None, typer.Option("--unit", help="单位 / unit, by id or name")]
Kind = Annotated[str | None, typer.Option("--workflow", help="事项类型 / kind of item")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="最多几行 / at most so many")]
Pairs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE]…", help="参数,值写 - 则读标准输入 / arguments; a value - reads stdin"
    ),
]


def register(app: typer.Typer) -> None:
    items = typer.Typer(no_args_is_help=True, help="事项 / items: list, show, open, do, retry")
    items.command("list", help="事项清单,默认在办 / items, those in hand by default")(
        with_session(list_items)
    )
    items.command("show", help="一件事项的全部 / everything about one item")(with_session(show_item))
    items.command("open", help="立项 / open a new item")(with_session(open_item))
    items.command("do", help="办理一步 / put an event to an item; ITEM - reads ids from stdin")(
        with_session(do_event)
    )
    items.command("retry", help="放行因出错暂置的 / take up again what was set aside because of an error")(
        with_session(retry_item)
    )
    app.add_typer(items, name="item")


def list_items(
    session: Session,
    *,
    workflow: Kind = None,
    state: Annotated[str | None, typer.Option("--state", help="状态 / state")] = None,
    unit: Unit = None,
    owner: Annotated[str | None, typer.Option("--owner", help="责任岗位 / post that owes it")] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="上级事项 / items under this one")] = None,
    all_: Annotated[bool, typer.Option("--all", help="含已办结 / closed ones too")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="仅逾期 / only overdue ones")] = False,
    limit: Limit = None,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.views.items import item_rows

    with looking(session, asked_post(as_)) as view:
        kind = view.workflow_id(workflow) if workflow else None
        known_state(view, kind, state)
        found = view.items(
            workflow=kind,
            state=state,
            unit=view.unit_id(unit) if unit else None,
            owner=owner,
            parent=parent,
            open_only=not all_,
        )
        rows = [row for row in item_rows(view, found) if row["overdue"] or not overdue]
        session.list(Listing(columns=COLUMNS, rows=rows[:limit]))


def known_state(view: "View", workflow: str | None, state: str | None) -> None:
    """A misspelt state must not read as: nothing stands there."""
    workflows = [workflow] if workflow else view.book.workflows
    known = {each for kind in workflows for each in view.book.workflows[kind].spec.states}
    if state is not None and state not in known:
        raise unknown(Text("状态", "state"), state, sorted(known), f"duban explain {workflow or 'WORKFLOW'}")


def show_item(
    session: Session, item: Annotated[str, typer.Argument(help="编号 / number")], as_: As = None
) -> None:
    from duban.looking import read_item
    from duban.views.items import item_document

    data = read_item(session, item, as_, item_document)
    session.show(data, item_parts(session, data))


def item_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    yield f"{data['id']}  {data['title']}"
    about = [
        data["workflow_label"],
        data["state_label"],
        data["light_label"],
        data["unit_label"],
        data["owner_label"],
    ]
    yield "  ".join(each for each in about if each)
    opened, closed = data["opened_at"], data["closed_at"]
    line = session.pick(f"{as_moment(opened)} 立项", f"opened {as_moment(opened)}")
    if closed:
        line += session.pick(f"，{as_moment(closed)} 终结", f", ended {as_moment(closed)}")
    yield line
    for field in data["fields"]:
        yield f"  {field['label']}: {field['said']}"
    yield Listing(
        columns=("clock_label", "due", "outcome_label", "missed_at", "ended_at"), rows=data["clocks"]
    )
    several = ("approvers", "agreed") if any(each["approvers"] > 1 for each in data["possible"]) else ()
    recused = ("recused_label",) if any(each["recused"] for each in data["possible"]) else ()
    yield Listing(
        columns=("event", "event_label", "who_label", *recused, "needs_label", "takes_label", *several),
        rows=data["possible"],
    )
    yield Listing(columns=("seq", "ts", "actor", "act_label", "why"), rows=data["history"])
    yield Listing(columns=("id", "created_at", "to_label", "subject", "state_label"), rows=data["notices"])
    yield Listing(columns=("title", "at"), rows=data["documents"])
    yield Listing(columns=COLUMNS, rows=data["children"])


def open_item(
    session: Session,
    *,
    workflow: Annotated[str, typer.Argument(help="事项类型 / kind of item")],
    pairs: Pairs = None,
    title: Annotated[str | None, typer.Option("--title", help="标题 / title")] = None,
    unit: Unit = None,
    owner: Annotated[str | None, typer.Option("--owner", help="责任岗位 / post that owes it")] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="上级事项 / the item it belongs to")] = None,
    as_: As = None,
) -> None:
    from duban.doing import arguments, read_pairs
    from duban.looking import known_post, view_of
    from duban.views.refused import not_done
    from engine.act import NewItem, open_new
    from workflows.machine import Refused

    post = needed_post(as_)
    with session.office() as office:
        known_post(office, owner)
        with view_of(session, office, post) as view:
            kind = view.workflow_id(workflow)
            unit_id = view.unit_id(unit) if unit else None
            if parent is not None and view.item(parent) is None:
                raise no_item(parent)
        flow = office.book.workflows[kind]
        fields = arguments(office, flow, "open", read_pairs(pairs))
        if isinstance(fields, Refused):
            raise refuse(session, fields)
        wish = NewItem(
            workflow=kind,
            title=title or view.label(flow.spec.label),
            by=post,
            unit=unit_id,
            owner=owner,
            parent=parent,
            fields=fields,
        )
        before = log_size(office)
        outcome = open_new(office, wish, session.acting_now(office))
        if not isinstance(outcome, str):
            raise refuse(session, outcome)
        with view_of(session, office, post) as view:
            left = not_done(view, before, outcome)
    session.show(
        {"id": outcome, "workflow": kind, "not_done": left},
        [session.pick(f"已立项 {outcome}", f"opened {outcome}"), *not_done_lines(session, left)],
    )


def do_event(
    session: Session,
    *,
    item: Annotated[
        str, typer.Argument(help="编号,- 为从标准输入逐行读 / number; - reads numbers from stdin")
    ],
    event: Annotated[str, typer.Argument(help="事件 / event")],
    pairs: Pairs = None,
    note: Annotated[
        str | None,
        typer.Option("--note", help="填入本事件唯一的文字项 / fills the event's one text argument"),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="MOMENT", help="实际发生时间 / when it happened")
    ] = None,
    as_: As = None,
) -> None:
    from duban.doing import Order, carry_out, read_pairs
    from duban.looking import view_of

    post = needed_post(as_)
    items = [line.strip() for line in sys.stdin if line.strip()] if item == "-" else [item]
    order = Order(event=event, by=post, pairs=read_pairs(pairs), note=note, at=at)
    with session.office() as office:
        rows = []
        for each in items:
            before = log_size(office)
            outcome = carry_out(session, office, each, order)
            # Whoever holds no post here was refused, and sees what nobody is kept from.
            seer = post if post in office.book.posts else None
            with view_of(session, office, seer) as view:
                rows.append(told(view, each, outcome, before))
    report(session, rows)


def log_size(office: "Office") -> int:
    with office.store.read() as reader:
        return reader.head().size


def told(view: "View", item: str, outcome: "Outcome", before: int) -> dict[str, Any]:
    """What came of it, and what a rule wanted in consequence and did not get."""
    from duban.views.refused import not_done
    from workflows.machine import Moved

    if not isinstance(outcome, Moved):
        return {
            "item": item,
            "ok": False,
            "code": outcome.code,
            "message": view.pick(outcome.zh, outcome.en),
        }
    row = view.reader.items_by_id([item])[item]
    state = view.label(view.book.workflows[row.workflow].spec.states[outcome.after])
    said = still_to_agree(view, outcome.missing) if outcome.missing else None
    return {
        "item": item,
        "ok": True,
        "from": outcome.before,
        "to": outcome.after,
        "to_label": state,
        "message": said,
        "not_done": not_done(view, before, item),
    }


def report(session: Session, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if not row["ok"]:
            session.note(f"{row['item']}：{row['message']}", f"{row['item']}: {row['message']}")
    session.show(
        rows[0] if len(rows) == 1 else {"done": rows},
        [line for row in rows if row["ok"] for line in done_lines(session, row)],
    )
    if not all(row["ok"] for row in rows):
        raise typer.Exit(FINDINGS)


def done_lines(session: Session, row: dict[str, Any]) -> Iterator[str]:
    zh, en = f"已登记，现为“{row['to_label']}”", f"done, now “{row['to_label']}”"
    yield f"{row['item']}{session.pick('：', ': ')}{row['message'] or session.pick(zh, en)}"
    yield from not_done_lines(session, row["not_done"])


def not_done_lines(session: Session, said: list[str]) -> Iterator[str]:
    for each in said:
        yield session.pick(f"  注意：{each}", f"  attention: {each}")


def still_to_agree(view: "View", missing: int) -> str:
    return view.pick(
        f"已登记同意，还须{missing}人同意", f"your consent is entered, {missing} more must agree"
    )


def retry_item(
    session: Session,
    subject: Annotated[
        str, typer.Argument(metavar="ID", help="事项或周期的编号 / id of an item or a schedule")
    ],
    as_: As = None,
) -> None:
    from duban.looking import known_post
    from duban.parked import retry

    post = needed_post(as_)
    with session.office() as office:
        known_post(office, post)
        parked = retry(office, subject, post, session.acting_now(office))
    zh, en = f"已放行 {subject}，下一轮重新处理", f"{subject} is let go: the next turn takes it up again"
    session.show({"id": subject, "tries": parked.tries, "error": parked.error}, [session.pick(zh, en)])


def refuse(session: Session, outcome: Any) -> typer.Exit:
    session.note(outcome.zh, outcome.en)
    return typer.Exit(FINDINGS)
