"""What was set aside because of an error is let go by a person who has mended the cause (T8)."""

from datetime import datetime

from duban.looking import office_holder
from duban.mistakes import FINDINGS, Mistake
from duban.views.view import may_see
from engine.office import Office
from store.rows import Entry, ItemRow, Parked


def retry(office: Office, subject: str, post: str, now: datetime) -> Parked:
    """An item or a schedule is taken up again at the next turn, its tries counted anew.

    Returns what it was set aside for. Raises Mistake where nothing of this name is set aside.
    """
    holder = office_holder(office, post)
    with office.store.write(now) as tx:
        row = tx.items_by_id([subject]).get(subject)
        parked = next((each for each in tx.parked() if each.subject == subject), None)
        # Whether a sealed item is set aside is not told to those who may not know of it (S2).
        if parked is None or (row is not None and not may_see(office.book, row, post)):
            raise not_parked(subject)
        tx.unpark(subject)
        tx.write_entry(unparking(parked, row, post, holder))
    return parked


def not_parked(subject: str) -> Mistake:
    return Mistake(
        f"没有暂置的 {subject}；用 `duban board` 查看暂置的有哪些",
        f"nothing called {subject} is set aside; `duban board` shows what is",
        FINDINGS,
    )


def unparking(parked: Parked, row: ItemRow | None, post: str, holder: str | None) -> Entry:
    return Entry(
        act="unpark",
        actor={"id": post, "kind": "person", **({"name": holder} if holder else {})},
        obj_type="schedule" if row is None else "item",
        obj_id=parked.subject,
        why=f"经人工放行，重新处理；暂置原因：{parked.error}",
        sealed=row is not None and row.sealed,
        more={
            "tries": parked.tries,
            "why_en": f"let go by a person, to be handled again; it was set aside for: {parked.error}",
        },
    )
