"""`duban clock`: what time the office lives in, and a person's word for a clock that is in doubt."""

from typing import TYPE_CHECKING

import typer

from duban.options import As, needed_post, with_session
from duban.output import as_moment
from duban.session import Session

if TYPE_CHECKING:
    from engine.office import Office
    from engine.trusted import Sign


def register(app: typer.Typer) -> None:
    clock = typer.Typer(no_args_is_help=True, help="时钟 / the clock: show, confirm")
    clock.command("show", help="办公库按什么时间办理 / what time the office acts by")(with_session(show))
    clock.command("confirm", help="确认系统时钟无误 / say that the clock is right")(with_session(confirm))
    app.add_typer(clock, name="clock")


def show(session: Session) -> None:
    from duban.commands.run import refuse_virtual
    from duban.machine import read_machine
    from engine.trusted import believe, last_sign

    with session.office() as office:
        refuse_virtual(office)
        with office.store.read() as reader:
            tell(session, office, believe(last_sign(reader), read_machine(office.store)))


def confirm(session: Session, as_: As = None) -> None:
    from duban.commands.run import refuse_virtual
    from duban.looking import known_post
    from duban.machine import read_machine
    from engine.trusted import confirm as confirm_clock

    post = needed_post(as_)
    with session.office() as office:
        refuse_virtual(office)
        known_post(office, post)
        tell(
            session, office, confirm_clock(office, read_machine(office.store), {"id": post, "kind": "person"})
        )


def tell(session: Session, office: "Office", sign: "Sign") -> None:
    wall, believed = (at.astimezone(office.book.zone) for at in (sign.reading.wall, sign.believed))
    said = {"wall": as_moment(wall), "believed": as_moment(believed)}
    sentences = {
        "jump": (
            "时钟走快了：显示 {wall}，按经过的时间是 {believed}，现按后者办理",
            "the clock ran ahead: it says {wall}, by the time that passed it is {believed}, which holds",
        ),
        "sleep": (
            "停机过久：时钟显示 {wall}，上次运行到 {believed}，现按后者办理",
            "away for long: the clock says {wall}, the office last lived at {believed}, which holds",
        ),
        "back": (
            "时钟走慢了：显示 {wall}，已经办理到 {believed}，到那时之前时间不走",
            "the clock is behind: it says {wall}, the office stands at {believed} until then",
        ),
        None: ("时钟可信：{believed}", "the clock is believed: {believed}"),
    }
    zh, en = sentences[sign.doubt or ("back" if believed > wall else None)]
    data = {"wall": wall, "believed": believed, "doubt": sign.doubt}
    session.show(data, [session.pick(zh.format(**said), en.format(**said))])
