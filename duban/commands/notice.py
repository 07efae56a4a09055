"""`duban notice`, `duban bulletin` and `duban outbox`: what was written, and whether it left."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from duban.mistakes import Mistake
from duban.options import As, asked_post, needed_post, with_session
from duban.output import Listing, as_moment
from duban.session import Session

COLUMNS = ("id", "created_at", "kind_label", "item", "to_label", "subject", "state_label")


def register(app: typer.Typer) -> None:
    notices = typer.Typer(no_args_is_help=True, help="通知 / notices: list, show")
    notices.command("list", help="通知清单,新的在前 / notices, newest first")(with_session(list_notices))
    notices.command("show", help="一份通知的全文 / one notice in full")(with_session(show_notice))
    app.add_typer(notices, name="notice")
    bulletins = typer.Typer(no_args_is_help=True, help="通报 / bulletins: list, show")
    bulletins.command("list", help="通报及文书清单 / bulletins, and documents of the office")(
        with_session(list_bulletins)
    )
    bulletins.command("show", help="一期通报或一件事项的文书 / one bulletin, or an item's documents")(
        with_session(show_bulletin)
    )
    app.add_typer(bulletins, name="bulletin")
    outbox = typer.Typer(no_args_is_help=True, help="发件 / outbox: resolve")
    outbox.command(
        "resolve", help="是否送达不明的,由人决定重发与否 / decide about a notice that may have left"
    )(with_session(resolve))
    app.add_typer(outbox, name="outbox")


def list_notices(
    session: Session,
    *,
    state: Annotated[
        str | None, typer.Option("--state", help="pending, sent, unknown, dead, dropped")
    ] = None,
    item: Annotated[str | None, typer.Option("--item", help="事项 / about this item")] = None,
    to: Annotated[str | None, typer.Option("--to", help="收件岗位 / to this post")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="最多几份,0 为全部 / at most so many, 0 for all")
    ] = 50,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.texts import NOTICE_STATES
    from duban.views.items import notice_row

    if state is not None and state not in NOTICE_STATES:
        known = ", ".join(NOTICE_STATES)
        raise Mistake(f"没有状态 {state}：可用 {known}", f"there is no state {state}: known are {known}")
    with looking(session, asked_post(as_)) as view:
        found = view.notices(view.reader.list_notices(state=state))
        wanted = (
            each
            for each in found
            if (item is None or each.notice.item == item) and (to is None or each.notice.recipient == to)
        )
        rows = [notice_row(view, each) for _, each in zip(range(limit or 10**9), wanted, strict=False)]
        session.list(Listing(columns=COLUMNS, rows=rows))


def show_notice(
    session: Session, number: Annotated[int, typer.Argument(help="编号 / number")], as_: As = None
) -> None:
    from duban.looking import looking
    from duban.views.items import notice_row

    with looking(session, asked_post(as_)) as view:
        found = next(view.notices(view.reader.notices_by_id([number])), None)
        if found is None:
            raise no_notice(number)
        data = notice_row(view, found) | {"body": found.notice.body, "message_id": found.message_id}
    session.show(data, notice_parts(data))


def no_notice(number: int) -> Mistake:
    return Mistake(
        f"没有通知 {number}；用 `duban notice list` 查看",
        f"there is no notice {number}; `duban notice list` shows them",
    )


def notice_parts(data: dict[str, Any]) -> Iterator[str | Listing]:
    yield f"{data['id']}  {as_moment(data['created_at'])}  {data['kind_label']}  {data['state_label']}"
    yield f"{data['to_label']}  {data['name']}"
    yield data["subject"]
    yield ""
    yield data["body"].rstrip()
    if data["outcome"]:
        yield ""
        yield data["outcome"]


def list_bulletins(session: Session, as_: As = None) -> None:
    from duban.looking import looking
    from duban.views.documents import bulletin_rows

    with looking(session, asked_post(as_)) as view:
        columns = ("id", "title", "period", "state_label", "due", "issued_on", "number")
        session.list(Listing(columns=columns, rows=bulletin_rows(view)))


def show_bulletin(
    session: Session, item: Annotated[str, typer.Argument(help="编号 / number")], as_: As = None
) -> None:
    from duban.looking import read_item
    from duban.views.documents import bulletin_document

    data = read_item(session, item, as_, bulletin_document)
    session.show(data, bulletin_parts(session, data))


def bulletin_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    yield f"{data['id']}  {data['title']}  {data['state_label']}"
    for field in data["fields"]:
        yield f"  {field['label']}: {field['said']}"
    for document in data["documents"]:
        yield ""
        yield f"{document['title']}  {as_moment(document['at'])}"
        yield document["body"].rstrip()
    if not data["documents"]:
        yield session.pick("没有起草的文书", "no document was drafted")


def resolve(
    session: Session,
    number: Annotated[int, typer.Argument(help="通知编号 / number of the notice")],
    resend: Annotated[
        bool | None, typer.Option("--resend/--leave", help="重发或不再发 / send again, or leave it")
    ] = None,
    as_: As = None,
) -> None:
    from duban.looking import known_post
    from duban.texts import NOTICE_STATES
    from engine.deliver import resolve_unknown

    post = needed_post(as_)
    if resend is None:
        raise Mistake(
            "请先核实是否送达，再写 --resend(重发)或 --leave(不再发)",
            "find out whether it arrived, then say --resend or --leave",
        )
    with session.office() as office:
        known_post(office, post)
        state = resolve_unknown(office.store, number, resend, post, session.acting_now(office))
    label = NOTICE_STATES[state].in_(session.language)
    said = session.pick(f"已记录；通知 {number}：{label}", f"recorded; notice {number}: {label}")
    session.show({"id": number, "resend": resend, "state": state, "state_label": label}, [said])
