"""Looking at an office: one snapshot, seen by one person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from duban.mistakes import no_item, unknown
from duban.options import asked_post, needed_post
from duban.session import Session
from duban.texts import Text
from duban.views.view import View
from engine.office import Office
from store.rows import Entry, ItemRow


@contextmanager
def looking(session: Session, post: str | None = None) -> Iterator[View]:
    with session.office() as office, view_of(session, office, post) as view:
        yield view


@contextmanager
def view_of(session: Session, office: Office, post: str | None = None) -> Iterator[View]:
    known_post(office, post)
    with office.store.read() as reader:
        yield View(
            book=office.book,
            reader=reader,
            language=session.language,
            now=session.now(office, reader),
            post=post,
        )


def known_post(office: Office, post: str | None) -> None:
    if post is not None and post not in office.book.posts:
        raise unknown(Text("岗位", "post"), post, office.book.posts, "duban people list")


def read_item(
    session: Session, item: str, given: str | None, document: Callable[[View, ItemRow], dict[str, Any]]
) -> dict[str, Any]:
    """What `document` tells of one item to the post given; reading what is sealed is entered (A5)."""
    with looking(session, asked_post(given)) as view:
        row = view.item(item)
        if row is None:
            raise no_item(item)
        data = document(view, row)
    if row.sealed:
        record_reading(session, item, needed_post(given))
    return data


def record_reading(session: Session, item: str, post: str) -> None:
    """Reading what is sealed is itself an act, written down before anything is shown (A5)."""
    with session.office() as office:
        now = session.acting_now(office)
        holder = office_holder(office, post)
        with office.store.write(now) as tx:
            tx.write_entry(
                Entry(
                    act="item.read",
                    actor={"id": post, "kind": "person", **({"name": holder} if holder else {})},
                    obj_type="item",
                    obj_id=item,
                    why="查阅保密事项",
                    sealed=True,
                    more={"why_en": "a sealed item was read"},
                )
            )


def office_holder(office: Office, post: str) -> str | None:
    with office.store.read() as reader:
        person = reader.people().get(post)
    return person.name if person else None
