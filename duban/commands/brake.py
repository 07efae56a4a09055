"""`duban brake`: so many proposals of rules are let through in 24 hours."""

from typing import Annotated, Any

import typer

from duban.commands.migrate import By, persons
from duban.mistakes import Mistake
from duban.options import with_session
from duban.session import Session

USUAL = "default"


def register(app: typer.Typer) -> None:
    brake = typer.Typer(no_args_is_help=True, help="提出上限 / the brake on proposals: show, set")
    brake.command("show", help="24小时内可提出几件,已提出几件 / how many, and how many there were")(
        with_session(show)
    )
    brake.command("set", help="两人决定上限 / another number, by two persons")(with_session(set_number))
    app.add_typer(brake, name="brake")


def show(session: Session) -> None:
    from duban.looking import looking
    from duban.views.holds import brake_document

    with looking(session) as view:
        data = brake_document(view)
    session.show(data, [said(session, data)])


def said(session: Session, data: dict[str, Any]) -> str:
    zh, en = {
        "office": ("本办公室所定", "set by the office"),
        "book": ("规则册所定", "as the book says"),
        "history": ("按近90日最多一日的三倍，至少5件", "three times the largest of 90 days, at least 5"),
    }[data["source"]]
    return session.pick(
        f"24小时内规则至多提出 {data['cap']} 件（{zh}）；已提出 {data['used']} 件，暂扣 {data['held']} 件",
        f"{data['cap']} proposals of rules in 24 hours ({en}); so far {data['used']}, held {data['held']}",
    )


def set_number(
    session: Session,
    number: Annotated[
        str, typer.Argument(metavar="N", help="几件;default 为恢复 / so many; default: as book or past say")
    ],
    by: By = None,
    reason: Annotated[str, typer.Option("--reason", help="理由 / why")] = "",
) -> None:
    from engine.holds import set_brake
    from engine.rulings import Ruling

    if number != USUAL and not (number.isascii() and number.isdigit()):
        raise Mistake(
            f"“{number}”不是件数：请写 0 或更大的整数，或 default",
            f"{number!r} is no number: write 0 or more, or default",
        )
    with session.office() as office:
        now = session.acting_now(office)
        ruling = Ruling(by=persons(office, by or [], 2, now), reason=reason.strip())
        set_brake(office, None if number == USUAL else int(number), ruling, now)
    session.say("已记录", "recorded")
