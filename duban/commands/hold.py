"""`duban hold`: what the brake keeps from being proposed, and what two persons decide about it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands.migrate import By, persons
from duban.mistakes import FINDINGS, Mistake
from duban.options import As, asked_post, with_session
from duban.output import Listing, as_moment
from duban.session import Session

if TYPE_CHECKING:
    from engine.holds import Decided, Denied
    from engine.office import Office
    from engine.rulings import Ruling

COLUMNS = ("id", "at", "state_label", "rule_label", "about_label", "proposes")
Number = Annotated[int, typer.Argument(help="编号,即暂扣的日志序号 / number: the entry that held it")]
Decide = Callable[["Office", int, "Ruling", datetime], "Decided | Denied"]


def register(app: typer.Typer) -> None:
    holds = typer.Typer(no_args_is_help=True, help="暂扣 / what the brake holds: list, show, release, drop")
    holds.command("list", help="暂扣清单 / what is held")(with_session(list_holds))
    holds.command("show", help="一件暂扣 / one in full")(with_session(show_hold))
    holds.command("release", help="两人核定放行,按现在的情况重新判断 / let it go on, decided anew")(
        with_session(release_hold)
    )
    holds.command("drop", help="两人核定不再提出,须写理由 / never to be proposed, with the reason")(
        with_session(drop_hold)
    )
    app.add_typer(holds, name="hold")


def list_holds(
    session: Session,
    everything: Annotated[bool, typer.Option("--all", help="含已处理的 / also what was decided")] = False,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.views.holds import hold_rows

    with looking(session, asked_post(as_)) as view:
        session.list(Listing(columns=COLUMNS, rows=hold_rows(view, open_only=not everything)))


def show_hold(session: Session, number: Number, as_: As = None) -> None:
    from duban.looking import looking
    from duban.views.holds import hold_document, known_hold

    post = asked_post(as_)
    with looking(session, post) as view:
        row = known_hold(view, number)
        data = hold_document(view, row)
    if row.sealed and post is not None:
        record_reading(session, number, post)
    session.show(data, hold_parts(data))


def record_reading(session: Session, number: int, post: str) -> None:
    """Written down before anything sealed is shown (A5)."""
    from engine.holds import enter_reading

    with session.office() as office:
        enter_reading(office, number, post, session.acting_now(office))


def hold_parts(data: dict[str, Any]) -> Iterator[str | Listing]:
    yield f"{data['id']}  {as_moment(data['at'])}  {data['state_label']}  {data['rule_label']}"
    yield f"{data['about_label']}  {data['units_label']}".rstrip()
    yield data["sentence"]
    for decided in data["decided"]:
        yield f"{as_moment(decided['at'])}  {decided['why']}"


def release_hold(
    session: Session,
    number: Number,
    by: By = None,
    reason: Annotated[str, typer.Option("--reason", help="理由 / why")] = "",
) -> None:
    from engine.holds import release

    decided = ruled(session, release, number, by, reason)
    if decided.proposed:
        session.say(f"{number} 已放行并提出", f"{number} is released, and proposed")
    else:
        session.say(
            f"{number} 已放行；按现在的情况没有可提出的",
            f"{number} is released; there is nothing left to propose",
        )
    tell_next(session, decided)


def drop_hold(
    session: Session,
    number: Number,
    by: By = None,
    reason: Annotated[str, typer.Option("--reason", help="理由 / why")] = "",
) -> None:
    from engine.holds import drop

    if not reason.strip():
        raise Mistake("请用 --reason 写明为什么不再提出", "say why it is never to be proposed: --reason TEXT")
    decided = ruled(session, drop, number, by, reason)
    session.say(f"{number} 不再提出", f"{number} will not be proposed")
    tell_next(session, decided)


def ruled(session: Session, decide: Decide, number: int, by: list[str] | None, reason: str) -> "Decided":
    from engine.holds import Denied
    from engine.rulings import Ruling

    with session.office() as office:
        now = session.acting_now(office)
        ruling = Ruling(by=persons(office, by or [], 2, now), reason=reason.strip())
        found = decide(office, number, ruling, now)
    if isinstance(found, Denied):
        raise Mistake(found.zh, found.en, FINDINGS)
    return found


def tell_next(session: Session, decided: "Decided") -> None:
    for each in decided.next:
        session.say(f"其后等候的 {each.seq} 已轮到", f"{each.seq}, which waited behind it, has had its turn")
