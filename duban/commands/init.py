"""`duban init`: make an office from a book."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.mistakes import Mistake
from duban.options import with_session
from duban.session import VIRTUAL, Session

if TYPE_CHECKING:
    from datetime import datetime

    from engine.book.book import Book
    from engine.office import Holder, Office


def register(app: typer.Typer) -> None:
    app.command("init", help="用规则册建立办公库 / make an office from a book")(with_session(init))


def init(
    session: Session,
    book: Annotated[
        str | None,
        typer.Argument(
            help="规则册文件夹或名称,缺省为随附的第一册 / a book's folder or name; default: the first shipped"
        ),
    ] = None,
    people: Annotated[
        str | None,
        typer.Option(
            "--people", metavar="FILE", help="岗位人员 YAML,- 为标准输入 / who holds the posts; - reads stdin"
        ),
    ] = None,
) -> None:
    from duban.shelf import find_book
    from engine.book.book import read_book
    from engine.office import Founding, files_of, found

    folder = find_book(book or session.settings.book)
    content = read_book(folder)
    holders = tuple(read_people(people, content)) if people else ()
    now = session.clock(content.zone)
    founding = Founding(url=session.url, book=content, files=files_of(folder), holders=holders)
    office = found(founding, now)
    try:
        if session.told_now:
            with office.store.write(now) as tx:
                tx.set_meta(*VIRTUAL)
        report(session, office, now, len(holders))
    finally:
        office.close()


def report(session: Session, office: "Office", now: "datetime", holders: int) -> None:
    book = office.book
    with office.store.read() as reader:
        items = sum(each.count for each in reader.count_items())
    data = {
        "store": session.shown_url,
        "book": book.info.id,
        "version": book.info.version,
        "digest": book.digest,
        "units": len(book.units),
        "posts": len(book.posts),
        "people": holders,
        "items": items,
        "now": now.astimezone(book.zone),
    }
    title = book.info.label.zh if session.language == "zh" else book.info.label.en
    zh = f"已建立办公库 {session.shown_url}：{title}，{len(book.units)} 个单位，开账 {items} 件"
    en = f"made {session.shown_url}: {title}, {len(book.units)} units, {items} items in the opening ledger"
    session.show(data, [session.pick(zh, en)])
    if holders < len(book.posts):
        without = len(book.posts) - holders
        session.note(
            f"还有 {without} 个岗位没有登记人员，届时无人可告知；请用 `duban people set` 登记",
            f"{without} posts have nobody yet, so nobody could be told; `duban people set` enters them",
        )
    if now.astimezone(book.zone).date() > book.info.programme.end and not session.told_now:
        session.note(
            f"本册施行至 {book.info.programme.end} 为止，此刻已过；试用加 --now {book.info.programme.start}",
            f"this book was in force until {book.info.programme.end}, which is over; to try it, "
            f"add --now {book.info.programme.start}",
        )
    if session.told_now:
        session.note(
            "这个办公库用虚拟时钟：时间停在日志末条，由 --now 推进，例如 duban run --once --now 时刻",
            "this office lives on a virtual clock: it stands at its last entry until --now moves it, "
            "as in duban run --once --now MOMENT",
        )


def read_people(file: str, book: "Book") -> Iterator["Holder"]:
    """`post: {name: …, email: …}`, every mistake at its line."""
    from engine.book.finding import BookError, Finding, hint
    from engine.book.text import read_yaml
    from engine.office import Holder

    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    root, found = read_yaml(raw, "<stdin>" if file == "-" else file)
    findings = [each for each in found if each.severity == "error"]
    if root is None or findings:
        raise BookError(findings)
    if not isinstance(root.value, dict):
        raise Mistake(
            f"{file} 应写成 岗位: {{name: 姓名, email: 邮箱}}",
            f"{file} is written as post: {{name: …, email: …}}",
        )
    holders = []
    for post, node in root.value.items():
        value = node.plain()
        if post not in book.posts:
            zh, en, _ = hint(post, book.posts)
            findings.append(
                Finding.at(
                    root.keys[post], "unknown_post", zh=f"没有岗位 {post}{zh}", en=f"no post {post}{en}"
                )
            )
        elif not (
            isinstance(value, dict)
            and value.keys() <= {"name", "email"}
            and isinstance(value.get("name"), str)
        ):
            zh, en = "应写成 {name: 姓名, email: 邮箱}", "is written as {name: …, email: …}"
            findings.append(Finding.at(node.place, "wrong_shape", path=(post,), zh=zh, en=en))
        else:
            holders.append(Holder(post=post, name=value["name"], email=str(value.get("email") or "")))
    if findings:
        raise BookError(findings)
    yield from holders
