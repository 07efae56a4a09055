"""`duban why`: the reasons behind one item."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from duban.options import As, with_session
from duban.output import as_moment
from duban.session import Session


def register(app: typer.Typer) -> None:
    app.command("why", help="为什么:事项、状态、亮灯、时限的缘由 / the reasons behind an item")(
        with_session(why)
    )


def why(session: Session, item: Annotated[str, typer.Argument(help="编号 / number")], as_: As = None) -> None:
    from duban.looking import read_item
    from duban.views.why import why_document

    data = read_item(session, item, as_, why_document)
    session.show(data, why_parts(session, data))


def why_parts(session: Session, data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['id']}  {data['title']}"
    yield session.pick("事项：", "The item: ") + data["exists"]
    yield session.pick("状态：", "Its state: ") + data["state"]
    if data["light"]:
        yield session.pick("亮灯：", "Its light: ") + data["light"]
    if data["parked"]:
        yield session.pick("注意：", "Attention: ") + data["parked"]
    for clock in data["clocks"]:
        yield session.pick("时限：", "Its time: ") + clock["said"]
    yield from spoken_lines(session, data["spoken"])
    yield from coming_lines(session, data["next"])


def spoken_lines(session: Session, spoken: list[dict[str, Any]]) -> Iterator[str]:
    if spoken:
        yield session.pick("规则说过：", "Rules have spoken:")
    for each in spoken:
        yield f"  {as_moment(each['at'])}  {each['because']}"
        if each["facts"]:
            yield "      " + "; ".join(f"{name} = {value}" for name, value in each["facts"].items())
        if each["counted"]:
            yield session.pick("      计入：", "      counted: ") + ", ".join(each["counted"])


def coming_lines(session: Session, coming: list[dict[str, Any]]) -> Iterator[str]:
    if not coming:
        yield session.pick(
            "如无人办理，规则不会再说什么", "Unless somebody acts, no rule will say anything more"
        )
        return
    yield session.pick("如无变化，接下来：", "If nothing changes, next:")
    for each in coming:
        told = session.pick("、", ", ").join(each["told"])
        arrow = f" → {told}" if told else ""
        yield f"  {as_moment(each['at'])}  {each['rule_label']}  {each['what']}{arrow}"
