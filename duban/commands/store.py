"""`duban store`: the place where an office is kept."""

from typing import Annotated

import typer

from duban.options import with_session
from duban.session import Session


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="办公库本身 / the store itself: grant")
    help = "把 PostgreSQL 办公库的使用权给一个角色 / let a role use a store on PostgreSQL"
    group.command("grant", help=help)(with_session(grant))
    app.add_typer(group, name="store")


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
