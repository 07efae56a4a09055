"""`duban board`: who stands where."""

from typing import TYPE_CHECKING, Annotated

import typer

from duban.options import As, asked_post, with_session
from duban.output import Format, Listing, as_moment
from duban.session import Session

if TYPE_CHECKING:
    from duban.views.view import View

COLUMNS = ("label", "open", "due_soon", "overdue", "yellow", "red", "next_due")


def register(app: typer.Typer) -> None:
    app.command("board", help="看板:各单位在办、临期、逾期、亮灯 / who stands where")(with_session(board))


def board(
    session: Session,
    unit: Annotated[
        str | None, typer.Option("--unit", help="只看一个单位 / one unit, by kind of item")
    ] = None,
    soon: Annotated[
        int, typer.Option("--soon", min=0, metavar="DAYS", help="几日内算临期 / days that count as soon")
    ] = 7,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.views.alarms import alarms
    from duban.views.units import board_rows, total_row

    with looking(session, asked_post(as_)) as view:
        rows = board_rows(view, view.unit_id(unit) if unit else None, soon)
        if session.output is Format.table:
            rows.append(total_row(view, rows))
            now = as_moment(view.now.astimezone(view.book.zone))
            session.say(f"截至 {now}；{daemon_line(view)}", f"as of {now}; {daemon_line(view)}")
        for alarm in alarms(view):
            tell = session.say if session.output is Format.table else session.note
            tell(f"警报：{alarm}", f"alarm: {alarm}")
        session.list(Listing(columns=COLUMNS, rows=rows))


def daemon_line(view: "View") -> str:
    """When the daemon last gave a sign of life, so that its silence is seen by others than itself (O3)."""
    from engine.trusted import last_sign

    sign = last_sign(view.reader)
    if sign is None:
        return view.pick("守护进程未曾运行", "the daemon has not run yet")
    at = as_moment(sign.believed.astimezone(view.book.zone))
    return view.pick(f"守护进程最近一次心跳 {at}", f"last heartbeat of the daemon {at}")
