"""`duban store`: the place where an office is kept, copied away and brought back."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.mistakes import CANNOT_RUN, Mistake
from duban.options import with_session
from duban.session import Session, is_virtual, last_entry

if TYPE_CHECKING:
    from engine.recover import Anchor, Recovered
    from store.office import Store
    from store.read import Reader

ANCHOR = re.compile(r"(\d+)[·:]([0-9a-f]{64})")


def register(app: typer.Typer) -> None:
    help = "办公库本身 / the store itself: backup, restore, migrate, grant"
    group = typer.Typer(no_args_is_help=True, help=help)
    help = "备份成一个 SQLite 文件，办理照常 / back up into one SQLite file, while others go on"
    group.command("backup", help=help)(with_session(back_up))
    help = "由备份恢复到空处，核对之前只能查询 / bring a backup back; held until reconciled"
    group.command("restore", help=help)(with_session(restore))
    help = "恢复之后由两人核对，继续办理 / after a restore two persons let it act again"
    group.command("reconcile", help=help)(with_session(reconcile))
    help = "转换成本版的结构 / convert the tables of an older version to this one"
    group.command("migrate", help=help)(with_session(migrate))
    help = "把 PostgreSQL 办公库的使用权给一个角色 / let a role use a store on PostgreSQL"
    group.command("grant", help=help)(with_session(grant))
    app.add_typer(group, name="store")


def back_up(
    session: Session,
    path: Annotated[Path, typer.Argument(help="备份文件，不得已存在 / the file to make")],
) -> None:
    from store.backup import back_up as make

    with session.office() as office:
        held = make(office.store, path)
    anchor = f"{held.size}·{held.root}"
    data = {"backup": str(path), "entries": held.size, "root": held.root, "anchor": anchor}
    zh = f"已备份到 {path}：日志 {held.size} 条\n请把下面一行另存他处，恢复后据以核对：\n{anchor}"
    en = f"backed up to {path}: {held.size} entries\nnote this line elsewhere, for after a restore:\n{anchor}"
    session.show(data, [session.pick(zh, en)])


def restore(
    session: Session,
    backup: Annotated[Path, typer.Argument(help="备份文件 / the backup")],
) -> None:
    """Into a new file or a new schema; what stands there already is never touched."""
    from duban.progress import progress
    from store.backup import restore as bring_back

    if session.asked_store is None:
        raise Mistake(
            "请写明恢复到哪里：--store 地址，那里还不能有办公库",
            "say where to: --store URL, where no store may be yet",
        )
    with progress(session.pick("验证日志", "verifying the log")) as advance:
        held = bring_back(backup, session.url, advance)
    data = {"backup": held.backup, "store": session.shown_url, "entries": held.size, "root": held.root}
    zh = (
        f"已恢复到 {session.shown_url}：日志 {held.size} 条，验证完好；"
        "现在只能查询，两人用 `duban store reconcile` 核对后继续办理"
    )
    en = (
        f"restored to {session.shown_url}: {held.size} entries, found sound; it can only be read until two "
        "persons have said `duban store reconcile`"
    )
    session.show(data, [session.pick(zh, en)])


def reconcile(
    session: Session,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="POST", help="决定的岗位，两个不同的人 / two posts of two persons"),
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", metavar="SIZE·ROOT", help="另存的末次记录 / what was last noted elsewhere of the log"
        ),
    ] = None,
) -> None:
    from duban.commands.migrate import persons_within
    from engine.recover import recover

    noted = None if anchor is None else read_anchor(anchor)
    with session.office() as office:
        now = session.recovering_now(office)
        with office.store.write(now, recovering=True) as tx:
            done = recover(tx, persons_within(office, tx, by or [], 2), noted)
    data = {
        "backup": done.held.backup,
        "entries": done.held.size,
        "lost": done.lost,
        "unknown": done.unknown,
        "dropped": done.dropped,
    }
    session.show(data, [session.pick(*reconciled(done))])


def reconciled(done: "Recovered") -> tuple[str, str]:
    zh = (
        f"已核对，可以继续办理。备份时待发的通知：正式的 {done.unknown} 份待人工确认，"
        f"其余 {done.dropped} 份不再发送"
    )
    en = (
        f"reconciled, the office may act again. Of the notices that waited then, {done.unknown} formal ones "
        f"wait for a person, {done.dropped} others are not sent"
    )
    if done.lost:
        zh += f"\n备份之后的 {done.lost} 条丢失：请据纸面和邮件补办"
        en += f"\n{done.lost} entries after the backup are lost: enter them again from paper and mail"
    if done.unknown:
        zh += "\n`duban notice list --state unknown` 列出待确认的"
        en += "\n`duban notice list --state unknown` lists what waits"
    return zh, en


def read_anchor(text: str) -> "Anchor":
    from engine.recover import Anchor

    match = ANCHOR.fullmatch(text.strip().lower())
    if match is None:
        raise Mistake(
            "--anchor 应写成 条数·根，即 `duban store backup` 末行所示",
            "--anchor is written as SIZE·ROOT, the last line that `duban store backup` says",
        )
    return Anchor(size=int(match[1]), root=match[2])


def grant(
    session: Session,
    role: Annotated[str, typer.Argument(help="运行 duban 的角色 / the role that duban runs as")],
) -> None:
    """Said by the owner of the store, who is the one that its address names."""
    with session.office() as office:
        office.store.grant(role)
        place = office.store.place
    session.say(
        f"{role} 现在可以使用 {place}；日志和历史它只能添加，不能改也不能删",
        f"{role} may use {place} now: to the log and the history it can add, and change or delete nothing",
    )


def migrate(
    session: Session,
    print_sql: Annotated[
        bool, typer.Option("--print-sql", help="只打印将执行的语句 / only print the statements")
    ] = False,
    stopped: Annotated[
        bool, typer.Option("--stopped", help="守护进程确已停止 / the daemons are stopped, I have looked")
    ] = False,
) -> None:
    """From the tables of an older duban to those of this one; said by the owner, after a backup."""
    from contextlib import closing

    from store.migrate import migrate as convert
    from store.migrate import sql_of
    from store.office import Store

    with closing(Store.open(session.url, older=True)) as store:
        if print_sql:
            print(sql_of(store), end="")
            return
        with store.read() as reader:
            now = last_entry(reader) if is_virtual(reader) else session.believed(store, reader)
            if not stopped and not is_virtual(reader):
                refuse_running(reader, store, session.settings.heartbeat_seconds)
        done = convert(store, now)
    data = {"store": session.shown_url, "before": done.before, "after": done.after}
    zh, en = (
        (
            f"{session.shown_url} 的结构由 {done.before} 升到 {done.after}，日志和各行未动",
            f"{session.shown_url} went from schema {done.before} to {done.after}; "
            "no entry and no row was touched",
        )
        if done.done
        else (
            f"已经是结构 {done.after}，无须转换",
            f"it has schema {done.after} already, nothing is to be done",
        )
    )
    session.show(data, [session.pick(zh, en)])


def refuse_running(reader: "Reader", store: "Store", heartbeat_seconds: int) -> None:
    """As far as can be seen from here: a daemon says at every beat that it lives."""
    from duban.machine import read_machine
    from engine.trusted import believe, is_silent, last_sign

    last = last_sign(reader)
    if last is None:
        return
    sign = believe(last, read_machine(store))
    if not is_silent(last, sign, timedelta(seconds=heartbeat_seconds)):
        silent = sign.believed - last.believed
        raise Mistake(
            f"守护进程 {silent.seconds} 秒前还有心跳：请停止所有守护进程，稍等再试；确已停止则加 --stopped",
            f"a daemon gave a sign of life {silent.seconds} s ago: stop all daemons and try again later, "
            "or add --stopped where you know that they are",
            CANNOT_RUN,
        )
