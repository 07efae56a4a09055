"""`duban why`: the reasons behind one item."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from duban.options import As, asked_post, needed_post, with_session
from duban.output import Listing, as_moment
from duban.session import Session


def register(app: typer.Typer) -> None:
    app.command("why", help="为什么:事项、状态、亮灯、时限的缘由 / the reasons behind an item")(
        with_session(why)
    )


def why(session: Session, item: Annotated[str, typer.Argument(help="编号 / number")], as_: As = None) -> None:
    from duban.commands.item import no_item
    from duban.looking import looking, record_reading
    from duban.views.why import why_document

    with looking(session, asked_post(as_)) as view:
        row = view.item(item)
        if row is None:
            raise no_item(item)
        data = why_document(view, row)
    if row.sealed:
        record_reading(session, item, needed_post(as_))
    session.show(data, why_parts(session, data))


def why_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    yield f"{data['id']}  {data['title']}"
    yield session.pick("事项：", "The item: ") + data["exists"]
    yield session.pick("状态：", "Its state: ") + data["state"]
    if data["light"]:
        yield session.pick("亮灯：", "Its light: ") + data["light"]
    for clock in data["clocks"]:
        yield session.pick("时限：", "Its time: ") + clock["said"]
    if data["spoken"]:
        yield session.pick("规则说过：", "Rules have spoken:")
    for spoken in data["spoken"]:
        yield f"  {as_moment(spoken['at'])}  {spoken['because']}"
        if spoken["facts"]:
            yield "      " + "; ".join(f"{name} = {value}" for name, value in spoken["facts"].items())
        if spoken["counted"]:
            yield session.pick("      计入：", "      counted: ") + ", ".join(spoken["counted"])
    if data["next"]:
        yield session.pick("如无变化，接下来：", "If nothing changes, next:")
    for coming in data["next"]:
        told = session.pick("、", ", ").join(coming["told"])
        arrow = f" → {told}" if told else ""
        yield f"  {as_moment(coming['at'])}  {coming['rule_label']}  {coming['what']}{arrow}"
    if not data["next"]:
        yield session.pick(
            "如无人办理，规则不会再说什么", "Unless somebody acts, no rule will say anything more"
        )
