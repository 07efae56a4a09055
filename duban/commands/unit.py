"""`duban unit`: the units, and one unit's own page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import Mistake
from duban.options import As, asked_post, with_session
from duban.output import Listing
from duban.session import Session

if TYPE_CHECKING:
    from duban.views.view import View

MINE = ("id", "workflow_label", "title", "state_label", "light_label", "due")
FATES = ("label", "owed", "kept", "late", "missed", "excused", "running")


def register(app: typer.Typer) -> None:
    units = typer.Typer(no_args_is_help=True, help="单位 / units: list, show")
    units.command("list", help="单位清单 / the units")(with_session(list_units))
    units.command("show", help="一个单位的一页:承担什么、何时、办得如何 / one unit's own page")(
        with_session(show_unit)
    )
    app.add_typer(units, name="unit")


def list_units(session: Session, as_: As = None) -> None:
    from duban.looking import looking
    from duban.views.units import unit_rows

    with looking(session, asked_post(as_)) as view:
        session.list(Listing(columns=("id", "label", "leader_label", "open"), rows=unit_rows(view)))


def show_unit(
    session: Session,
    unit: Annotated[str, typer.Argument(help="单位编号或名称 / unit, by id or name")],
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="负担统计的月份 / month of the burden")
    ] = None,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.views.units import unit_document

    with looking(session, asked_post(as_)) as view:
        asked = read_month(month) if month else last_day(view)
        data = unit_document(view, view.unit_id(unit), asked)
        session.show(data, unit_parts(session, data, asked.year))


def last_day(view: "View") -> date:
    """Today; at midnight the day that ends with it."""
    return (view.now.astimezone(view.book.zone) - timedelta(microseconds=1)).date()


def read_month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Mistake(
            f"--month「{text}」不是月份：请写作 2020-10", f"--month {text!r} is no month: write it as 2020-10"
        ) from None


def unit_parts(session: Session, data: dict[str, Any], year: int) -> Iterator[str | Listing]:
    leader = data["leader_label"]
    yield data["label"] + (
        session.pick(f"（分管：{leader}）", f" (leader in charge: {leader})") if leader else ""
    )
    yield Listing(columns=("post", "post_label", "name"), rows=data["people"])
    yield Listing(title=session.pick("在办", "In hand"), columns=MINE, rows=data["items"])
    yield Listing(title=session.pick("办理情况", "How it went"), columns=FATES, rows=data["fates"])
    held = session.pick("、", ", ").join(data["interview_labels"])
    yield Listing(
        title=session.pick(f"{year} 年{held}", f"{held} in {year}"),
        columns=("id", "held_on", "nth", "chair_label", "state_label", "reason"),
        rows=data["interviews"],
    )
    burden = data["burden"]
    kinds = ", ".join(f"{label} {count}" for label, count in burden["by_workflow"].items())
    yield session.pick(
        f"{burden['month']} 负担：新交事项 {burden['items']} 件，"
        f"收到通知 {burden['notices']} 份（其中提醒 {burden['reminders']} 份）",
        f"Burden in {burden['month']}: {burden['items']} items asked for, "
        f"{burden['notices']} notices received, {burden['reminders']} of them reminders",
    )
    if kinds:
        yield f"  {kinds}"
