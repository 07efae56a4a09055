"""`duban people`: who holds which post."""

from typing import Annotated

import typer

from duban.mistakes import Mistake, unknown
from duban.options import with_session
from duban.output import Listing
from duban.session import Session
from duban.texts import Text

COLUMNS = ("post", "post_label", "unit_label", "name", "email")


def register(app: typer.Typer) -> None:
    people = typer.Typer(no_args_is_help=True, help="岗位人员 / people: list, set")
    people.command("list", help="岗位及人员 / posts and who holds them")(with_session(list_people))
    people.command("set", help="登记岗位人员 / enter who holds a post")(with_session(set_person))
    app.add_typer(people, name="people")


def list_people(
    session: Session,
    unit: Annotated[str | None, typer.Option("--unit", help="单位 / unit, by id or name")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="仅未登记的 / only posts that nobody holds")] = False,
) -> None:
    from duban.looking import looking
    from duban.views.units import post_rows

    with looking(session) as view:
        wanted = view.unit_id(unit) if unit else None
        rows = [
            row
            for row in post_rows(view)
            if (wanted is None or row["unit"] == wanted) and not (empty and row["name"])
        ]
        session.list(Listing(columns=COLUMNS, rows=rows))


def set_person(
    session: Session,
    post: Annotated[str, typer.Argument(help="岗位 / post")],
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    email: Annotated[str, typer.Argument(help="邮箱 / e-mail address")] = "",
) -> None:
    from engine.office import Holder, appoint

    if not name.strip():
        raise Mistake("姓名不能为空", "a name is needed")
    if email and "@" not in email:
        raise Mistake(f"「{email}」不是邮箱地址", f"{email!r} is no e-mail address")
    with session.office() as office:
        if post not in office.book.posts:
            raise unknown(Text("岗位", "post"), post, office.book.posts, "duban people list")
        appoint(office, Holder(post=post, name=name.strip(), email=email), session.acting_now(office))
        label = office.book.posts[post]
    session.show(
        {"post": post, "name": name, "email": email},
        [session.pick(f"{label.zh}：{name}", f"{label.en}: {name}")],
    )
