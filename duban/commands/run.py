"""`duban run`: the daemon, or one round of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.mistakes import CANNOT_RUN, FINDINGS, Mistake
from duban.options import with_session
from duban.session import Session, is_virtual, last_entry

if TYPE_CHECKING:
    from duban.config import Settings
    from duban.daemon import Daemon
    from duban.follow import Followed
    from engine.deliver import Channel
    from engine.office import Office


def register(app: typer.Typer) -> None:
    app.command("run", help="守护进程:计时、催办、送达 / the daemon: keeps time, reminds, delivers")(
        with_session(run)
    )


def run(
    session: Session,
    once: Annotated[bool, typer.Option("--once", help="只做一轮 / one round, then end")] = False,
    heartbeat: Annotated[
        int | None,
        typer.Option(
            "--heartbeat", metavar="SECONDS", min=1, max=3600, help="心跳间隔(秒) / seconds between rounds"
        ),
    ] = None,
    follow: Annotated[
        Path | None,
        typer.Option(
            "--follow",
            metavar="FOLDER",
            help="跟随规则册文件夹,改好即启用 / adopt this folder's book whenever it changes",
        ),
    ] = None,
    health: Annotated[
        int | None,
        typer.Option(
            "--health-port",
            metavar="PORT",
            min=0,
            max=65535,
            help="本机健康检查与指标端口 / answer /health, /ready, /metrics on this local port",
        ),
    ] = None,
) -> None:
    from duban.channels import open_channels
    from duban.daemon import Daemon
    from duban.follow import Followed

    settings = session.load({"store": session.url, "heartbeat_seconds": heartbeat, "health_port": health})
    with session.office() as office:
        name = office.book.info.label
        channels = open_channels(settings, name.zh if office.book.info.language == "zh" else name.en)
        followed = Followed(follow) if follow is not None else None
        if once:
            if followed is not None:
                look_once(session, office, followed)
            run_once(session, office, channels)
            return
        refuse_virtual(office)
        refuse_unsafe(office)
        session.acting_now(office)  # which refuses --now
        daemon = Daemon(office, channels, settings.heartbeat_seconds, followed=followed)
        with answering(daemon, settings):
            raise typer.Exit(daemon.run())


@contextmanager
def answering(daemon: "Daemon", settings: "Settings") -> Iterator[None]:
    from duban.daemon import log
    from duban.health.pages import pages
    from duban.health.server import Server

    if settings.health_port is None:
        yield
        return
    try:
        server = Server(settings.health_port, pages(daemon, settings))
    except OSError as error:
        raise Mistake(
            f"本机端口 {settings.health_port} 不能用（{error.strerror}）：换一个 --health-port",
            f"port {settings.health_port} of this machine cannot be had ({error.strerror}): "
            "choose another --health-port",
            CANNOT_RUN,
        ) from error
    server.start()
    log("health", port=server.port)
    try:
        yield
    finally:
        server.stop()


def look_once(session: Session, office: "Office", followed: "Followed") -> None:
    for happened in followed.look(office, session.acting_now(office)):
        if happened == "book.refuse":
            session.note(
                "文件夹里的规则册有错误，沿用原来的；`duban check` 逐行说明",
                "the book in the folder has errors, the one before stays; `duban check` tells them by line",
            )


def run_once(session: Session, office: "Office", channels: "dict[str, Channel]") -> None:
    """A failure is an error here, not a line in a log: somebody is watching."""
    from duban.daemon import deliver_all
    from engine.drive import drive
    from engine.refused import REFUSED, refusals_since
    from engine.turn import turn_all

    now = session.acting_now(office)
    with office.store.read() as reader:
        virtual, last, size = is_virtual(reader), last_entry(reader), reader.head().size
    # Where time is told, nobody was away: each moment on the way is lived through, none is caught up.
    turned = drive(office, last, now) if virtual else turn_all(office, now)
    with office.store.read() as reader:
        refused = refusals_since(reader, size)
    delivered = deliver_all(office.store, channels, lambda: now)
    if not virtual:
        keep_alive(office)
    data = {
        "now": now.astimezone(office.book.zone),
        "items": turned.items,
        "schedules": turned.schedules,
        "spoke": turned.spoke,
        "parked": turned.parked,
        "refused": len(refused),
        "sent": delivered.sent,
        "failed": delivered.failed,
        "dead": delivered.dead,
        "unknown": delivered.unknown,
        "dropped": delivered.dropped,
    }
    zh = (
        f"处理事项 {turned.items} 件次、周期 {turned.schedules} 个，规则作出决定 {turned.spoke} 次；"
        f"送出通知 {delivered.sent} 份，未送出 {delivered.failed + delivered.dead + delivered.unknown} 份"
    )
    en = (
        f"{turned.items} items and {turned.schedules} schedules handled, rules spoke {turned.spoke} times; "
        f"{delivered.sent} notices sent, {delivered.failed + delivered.dead + delivered.unknown} not sent"
    )
    session.show(data, [session.pick(zh, en)])
    if turned.parked:
        session.note(
            f"{turned.parked} 件因出错暂置；`duban audit list --act park` 查看原因，"
            "五次之后排除原因再 `duban item retry ID`",
            f"{turned.parked} were set aside because of an error; `duban audit list --act park` says why, "
            "after the fifth time mend it and `duban item retry ID`",
        )
    if refused:
        session.note(
            f"规则所要的有 {len(refused)} 次被拒绝，没有办成；`duban audit list --act {REFUSED}` 查看原因",
            f"what rules wanted was refused {len(refused)} times and is not done; "
            f"`duban audit list --act {REFUSED}` says why",
        )
    if turned.parked or refused:
        raise typer.Exit(FINDINGS)


def keep_alive(office: "Office") -> None:
    """One round is a sign of life as a heartbeat is."""
    from duban.machine import read_machine
    from engine.office import SYSTEM
    from engine.trusted import believe, last_sign, live_on

    with office.store.read() as reader:
        last = last_sign(reader)
    sign = believe(last, read_machine(office.store))
    with office.store.write(sign.believed) as tx:
        live_on(tx, last, sign, SYSTEM, os.getpid())


def refuse_unsafe(office: "Office") -> None:
    """Nothing is sent on the strength of what a power failure could undo. Reading and commands go on."""
    unsafe = office.store.settings()
    if unsafe:
        place = office.store.place
        raise Mistake(
            f"{place} 的设置不能保证不丢数据，守护进程不启动：{'；'.join(each.zh for each in unsafe)}",
            f"{place} is set so that what was done may be lost, the daemon does not start: "
            + "; ".join(each.en for each in unsafe),
            CANNOT_RUN,
        )


def refuse_virtual(office: "Office") -> None:
    with office.store.read() as reader:
        virtual = is_virtual(reader)
    if virtual:
        raise Mistake(
            "这个办公库用虚拟时钟，守护进程不能替它走时；请用 duban run --once --now 时刻 推进",
            "this office lives on a virtual clock that no daemon may move: use duban run --once --now MOMENT",
            CANNOT_RUN,
        )
