"""`duban why`: the reasons behind one item, or behind where a unit stands."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import Mistake
from duban.options import As, asked_post, with_session
from duban.output import Listing, as_moment
from duban.session import Session, read_moment

if TYPE_CHECKING:
    from duban.views.view import View

Data = dict[str, Any]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help="按当时所见 / as it stood then, as far as the log tells",
        show_default=False,
    ),
]
Named = Annotated[
    str, typer.Argument(metavar="ITEM|UNIT", help="事项编号或单位 / an item's number, or a unit")
]


def register(app: typer.Typer) -> None:
    app.command(
        "why",
        help="为什么:事项、时限、亮灯、单位现状的缘由 / the reasons behind an item or where a unit stands",
    )(with_session(why))


def why(session: Session, name: Named, at: At = None, as_: As = None) -> None:
    from duban.looking import looking, read_item
    from duban.views.why import why_document
    from duban.views.why_unit import why_unit

    with looking(session, asked_post(as_)) as view:
        unit = unit_named(view, name)
        if unit is not None:
            data = why_unit(view_at(view, at, None), unit)
    if unit is not None:
        session.show(data, unit_parts(session, data))
        return
    data = read_item(session, name, as_, lambda view, row: why_document(*seen(view, row, at)))
    session.show(data, why_parts(session, data))


# ---------------------------------------------------------------- looking


def unit_named(view: "View", name: str) -> str | None:
    """A unit by id or by its name in either language; None where it is no unit's name."""
    return next((id for id, unit in view.book.units.items() if name in (id, unit.zh, unit.en)), None)


def seen(view: "View", row: Any, at: str | None) -> "tuple[View, Any]":
    """The item under the book it is pinned to, as it stands or stood."""
    found = view_at(view, at, row.book)
    then = found.reader.items_by_id([row.id]).get(row.id)
    if then is None:
        opened = as_moment(row.opened_at.astimezone(view.book.zone))
        raise Mistake(
            f"那时还没有 {row.id}：{opened} 才立项", f"there was no {row.id} yet: it was opened {opened}"
        )
    return found, then


def view_at(view: "View", at: str | None, digest: str | None) -> "View":
    from duban.views.past import Past
    from engine.book.book import Book

    stored = view.reader.book(digest) if digest not in (None, view.book.digest) else None
    book = Book.from_canonical(stored.canonical) if stored is not None else view.book
    if at is None:
        return replace(view, book=book)
    moment = read_moment(at, book.zone, "--at")
    if moment > view.now:
        raise Mistake(
            "--at 还没有到：以后的事请用 `duban forecast`",
            "--at lies ahead: `duban forecast` tells of what is to come",
        )
    return replace(view, book=book, now=moment, reader=Past(view.reader, book, moment))


# ---------------------------------------------------------------- for people


def why_parts(session: Session, data: Data) -> Iterator[str]:
    yield f"{data['id']}  {data['title']}"
    yield session.pick("事项：", "The item: ") + data["exists"]
    yield session.pick("状态：", "Its state: ") + data["state"]
    if data["light"]:
        yield session.pick("亮灯：", "Its light: ") + data["light"]
    if data["parked"]:
        yield session.pick("注意：", "Attention: ") + data["parked"]
    for held in data["held"]:
        yield session.pick("暂扣：", "Held: ") + held
    for each in data["classes"]:
        yield session.pick("等级：", "Its class: ") + each["said"]
    for clock in data["clocks"]:
        yield from clock_lines(session, clock)
    yield from spoken_lines(session, data["spoken"])
    yield from coming_lines(session, data["next"])
    yield from assumed_lines(session, data["assumed"])


def clock_lines(session: Session, clock: Data) -> Iterator[str]:
    yield session.pick("时限：", "Its time: ") + clock["said"]
    if clock["case"]:
        yield session.pick("      情形：", "      the case: ") + clock["case"]
    for each in clock["counted"]:
        yield f"      {each['said']}"
    for each in clock["held"]:
        since = as_moment(each["since"])
        yield "      " + session.pick(
            f"自 {since} 起中止：{each['cause']}", f"stands still since {since}: {each['cause']}"
        )


def spoken_lines(session: Session, spoken: list[Data]) -> Iterator[str]:
    if spoken:
        yield session.pick("规则说过：", "Rules have spoken:")
    for each in spoken:
        yield f"  {as_moment(each['at'])}  {each['because']}"
        if each["facts"]:
            labels = each["fact_labels"]
            said = (f"{labels[name]} = {value}" for name, value in each["facts"].items())
            yield "      " + session.pick("；", "; ").join(said)
        if each["counted"]:
            yield session.pick("      计入：", "      counted: ") + ", ".join(each["counted"])


def coming_lines(session: Session, coming: list[Data]) -> Iterator[str]:
    if not coming:
        yield session.pick(
            "如无人办理，规则不会再说什么", "Unless somebody acts, no rule will say anything more"
        )
        return
    yield session.pick("如无变化，接下来：", "If nothing changes, next:")
    for each in coming:
        told = session.pick("、", ", ").join(each["told"])
        arrow = f" → {told}" if told else ""
        if each.get("condition"):
            condition = each["condition"]
            arrow += session.pick(f"（如果{condition}）", f" (if {condition})")
        if each.get("again"):
            arrow += session.pick(f"，{each['again']}", f", {each['again']}")
        yield f"  {as_moment(each['at'])}  {each['rule_label']}  {each['what']}{arrow}"


def assumed_lines(session: Session, assumed: list[str]) -> Iterator[str]:
    if assumed:
        yield session.pick("说明：", "Assumed:")
    for each in assumed:
        yield f"  {each}"


def unit_parts(session: Session, data: Data) -> Iterator[str | Listing]:
    from duban.views.whynot import answer_lines

    yield f"{data['id']}  {data['title']}"
    if data["saw"]:
        yield session.pick("按期评定它的规则：", "Rules by period that look at it:")
    for each in data["saw"]:
        yield from ("  " + line for line in answer_lines(session.pick, each))
        yield from ("        " + because for because in each["because"])
    if data["measures"]:
        yield session.pick("各项指标：", "Its measures:")
    for each in data["measures"]:
        value = each["value"] if each["value"] is not None else session.pick("未知", "not known")
        counted = session.pick("：", ": ") + ", ".join(each["counted"]) if each["counted"] else ""
        reason = session.pick(f"（{each['reason']}）", f" ({each['reason']})") if each["reason"] else ""
        yield f"  {each['label']} = {value}{reason}{counted}"
    yield (
        session.pick("接下来应办：", "It owes next:")
        if data["owes"]
        else session.pick("没有在办事项", "It owes nothing now")
    )
    for each in data["owes"]:
        late = session.pick("，已逾期", ", overdue") if each["late"] else ""
        yield f"  {as_moment(each['due'])}  {each['item']}  {each['title']}{late}"
    if data["may"]:
        yield session.pick(
            "期间（可以办，并非应办），至：", "Times in which somebody may act and nobody must, until:"
        )
    for each in data["may"]:
        yield f"  {as_moment(each['due'])}  {each['item']}  {each['title']}  {each['clock_label']}"
    yield from assumed_lines(session, data["assumed"])
