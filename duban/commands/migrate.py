"""`duban book adopt` and `duban book migrate`: another book for what is opened, and for what runs."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import FINDINGS, Mistake
from duban.output import Listing
from duban.session import Session

if TYPE_CHECKING:
    from engine.migrate import Migrated
    from engine.office import Office
    from engine.step import Actor
    from store.office import Tx

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="POST", help="决定的岗位 / post that decides; twice for two persons"),
]


def adopt_book(
    session: Session,
    book: Annotated[Path, typer.Argument(help="规则册文件夹 / the new book's folder")],
    by: By = None,
) -> None:
    """New items and all duties follow it from now on; running items stay with theirs."""
    from engine.adopt import adopt
    from engine.book.book import read_book
    from engine.office import files_of

    content = read_book(book)
    with session.office() as office:
        now = session.acting_now(office)
        deciders = persons(office, by or [], 1, now)
        if not adopt(office, content, files_of(book), deciders, now):
            raise Mistake("这一册已经启用", "this book is in force already", FINDINGS)
    version = content.info.version
    session.say(
        f"已启用规则册 {version}；在办事项仍按原册，用 `duban book migrate --plan` 查看转入的影响",
        f"the book {version} is in force; running items stay with theirs: `duban book migrate --plan` "
        "shows what moving them would change",
    )


def migrate_items(
    session: Session,
    plan: Annotated[bool, typer.Option("--plan", help="只看影响 / only show what would change")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="转入 / move them")] = False,
    by: By = None,
) -> None:
    """Running items move to the book in force: planned first, applied by two different persons."""
    from engine.migrate import migrate

    if plan == apply:
        raise Mistake("请写 --plan 或 --apply，二者之一", "write either --plan or --apply, one of the two")
    with session.office() as office:
        now = session.acting_now(office)
        deciders = persons(office, by or [], 2, now) if apply else ()
        migrated = migrate(office, deciders, now, apply=apply)
        data = as_data(office, migrated)
    session.show(data, migrated_parts(session, data))
    if migrated.obstacles:
        raise typer.Exit(FINDINGS)


def persons(office: "Office", posts: list[str], count: int, now: datetime) -> "tuple[Actor, ...]":
    """Posts with holders; for two of them two different persons."""
    with office.store.write(now) as tx:
        return persons_within(office, tx, posts, count)


def persons_within(office: "Office", tx: "Tx", posts: list[str], count: int) -> "tuple[Actor, ...]":
    from engine.act import NotFound, person
    from engine.roles import About
    from engine.step import Actor

    if len(posts) != count:
        zh, en = ("--by 岗位", "--by POST") if count == 1 else ("--by 甲 --by 乙", "--by A --by B")
        raise Mistake(f"须写明由谁决定：{zh}", f"say who decides: {en}")
    found: list[Actor] = []
    desk = office.desk(tx, tx.now)
    for post in posts:
        actor = person(desk, post, About(unit=None))
        if isinstance(actor, NotFound):
            raise Mistake(actor.zh, actor.en)
        found.append(actor)
    holders = {(desk.people[post].name, desk.people[post].email) for post in posts}
    if len(holders) < count:
        raise Mistake("须由两个不同的人决定", "two different persons must decide")
    return tuple(found)


def as_data(office: "Office", migrated: "Migrated") -> dict[str, Any]:
    zone, book = office.book.zone, office.book
    changes = []
    for each in migrated.changes:
        clock = book.clocks.get(each.clock)
        label = {"zh": clock.spec.label.zh, "en": clock.spec.label.en} if clock else None
        after = each.after.astimezone(zone) if each.after else None
        changes.append(
            asdict(each) | {"before": each.before.astimezone(zone), "after": after, "label": label}
        )
    return {
        "book": migrated.digest,
        "version": migrated.version,
        "items": migrated.items,
        "applied": migrated.applied,
        "changes": changes,
        "obstacles": [asdict(each) for each in migrated.obstacles],
    }


def migrated_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    count, version = data["items"], data["version"]
    if data["applied"]:
        yield session.pick(
            f"已转入规则册 {version}：{count} 件", f"{count} items moved to the book {version}"
        )
    else:
        yield session.pick(
            f"转入规则册 {version} 将涉及 {count} 件在办事项",
            f"moving to the book {version} would concern {count} running items",
        )
    rows = [
        {
            "item": each["item"],
            "title": each["title"],
            "clock_label": each["label"][session.language] if each["label"] else each["clock"],
            "old": each["before"],
            "new": each["after"] or session.pick("不再适用", "no longer applies"),
            "note": session.pick("新期限已过，维持原期限", "the new date has passed, the old one stays")
            if each["kept"]
            else "",
        }
        for each in data["changes"]
    ]
    yield Listing(columns=("item", "title", "clock_label", "old", "new", "note"), rows=rows)
    blocked = [
        {"item": each["item"], "because": session.pick(each["zh"], each["en"])} for each in data["obstacles"]
    ]
    title = session.pick("不能转入，全部未动：", "These cannot move, so nothing was moved:")
    yield Listing(title=title, columns=("item", "because"), rows=blocked)
