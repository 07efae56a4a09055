"""`duban doctor`: whether the office is well, and what to do where it is not."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from duban.mistakes import FINDINGS
from duban.options import with_session
from duban.output import Listing
from duban.session import Session, is_virtual
from duban.texts import Text

if TYPE_CHECKING:
    from duban.config import Settings
    from duban.health.examination import Finding

COLUMNS = ("about", "level_label", "finding")
LEVELS = {"good": Text("正常", "well"), "warning": Text("注意", "warning"), "bad": Text("异常", "bad")}


def register(app: typer.Typer) -> None:
    app.command("doctor", help="检查办公库是否正常 / whether the office is well, and the way out")(
        with_session(doctor)
    )


def doctor(
    session: Session,
    reach: Annotated[
        bool, typer.Option("--reach", help="同时连接邮件服务器 / also connect to the mail server")
    ] = False,
) -> None:
    from duban.health.examination import examine
    from duban.machine import read_machine

    with session.office() as office:
        with office.store.read() as reader:
            virtual = is_virtual(reader)
        found = list(examine(office, session.settings, read_machine(office.store), virtual=virtual))
    if reach:
        found += reached(session.settings)
    session.list(
        Listing(
            columns=COLUMNS,
            rows=[
                {
                    "about": each.about,
                    "level": each.level,
                    "level_label": LEVELS[each.level].in_(session.language),
                    "finding": each.in_(session.language),
                }
                for each in found
            ],
        )
    )
    if any(each.level == "bad" for each in found):
        raise typer.Exit(FINDINGS)


def reached(settings: "Settings") -> Iterator["Finding"]:
    from smtplib import SMTPException

    from duban.channels.smtp import connect, told
    from duban.config import SmtpSettings
    from duban.health.examination import bad, good

    channel = settings.channel
    if not isinstance(channel, SmtpSettings):
        return
    server = f"{channel.host}:{channel.port}"
    try:
        connect(channel).close()
    except (OSError, SMTPException, UnicodeError) as error:
        reason = told(error)
        yield bad("channel", f"连不上邮件服务器 {server}：{reason}", f"{server} cannot be reached: {reason}")
    else:
        yield good("channel", f"邮件服务器 {server} 可以连接", f"{server} answers")
