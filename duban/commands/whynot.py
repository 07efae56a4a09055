"""`duban why-not`: why rules have not spoken about an item or a unit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands.why import At, Named, assumed_lines, seen, unit_named, view_at
from duban.mistakes import Mistake, unknown
from duban.options import As, asked_post, with_session
from duban.output import as_moment
from duban.session import Session
from duban.texts import Text

if TYPE_CHECKING:
    from duban.views.view import View
    from engine.book.compiled import CompiledRule
    from store.rows import ItemRow

Data = dict[str, Any]


def register(app: typer.Typer) -> None:
    app.command(
        "why-not", help="为什么不:规则为何没有就此说话 / why rules have not spoken about an item or a unit"
    )(with_session(why_not))


def why_not(
    session: Session,
    name: Named,
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="只问这条规则 / only this rule", show_default=False)
    ] = None,
    at: At = None,
    as_: As = None,
) -> None:
    from duban.looking import looking, read_item
    from duban.views.whynot import whynot_item, whynot_unit

    with looking(session, asked_post(as_)) as view:
        unit = unit_named(view, name)
        if unit is not None:
            found = view_at(view, at, None)
            data = whynot_unit(found, unit, rule_named(found, rule))
    if unit is None:

        def document(view: "View", row: "ItemRow") -> Data:
            found, then = seen(view, row, at)
            return whynot_item(found, then, about_item(found, then, rule_named(found, rule)))

        data = read_item(session, name, as_, document)
    session.show(data, whynot_parts(session, data))


def rule_named(view: "View", name: str | None) -> "CompiledRule | None":
    if name is None:
        return None
    for id, rule in view.book.rules.items():
        if name in (id, rule.spec.label.zh, rule.spec.label.en):
            return rule
    raise unknown(Text("规则", "rule"), name, view.book.rules, "duban book show")


def about_item(view: "View", row: "ItemRow", rule: "CompiledRule | None") -> "CompiledRule | None":
    if rule is not None and row.workflow not in rule.workflows:
        label = view.label(view.book.workflows[row.workflow].spec.label)
        raise Mistake(
            f"规则 {rule.id} 不管“{label}”：用 `duban explain {rule.id}` 看它管什么",
            f"the rule {rule.id} is not about “{label}”: `duban explain {rule.id}` says what it is about",
        )
    return rule


def whynot_parts(session: Session, data: Data) -> Iterator[str]:
    from duban.views.whynot import answer_lines

    yield f"{data['id']}  {data['title']}  {as_moment(data['at'])}"
    for each in data["rules"]:
        yield ""
        yield from answer_lines(session.pick, each)
    if not data["rules"]:
        yield session.pick("没有管到它的规则", "no rule is about it")
    yield from assumed_lines(session, data["assumed"])
