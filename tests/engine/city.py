"""A small city for stories: 张三 handles, 李主任 heads the bureau, 王副市长 is in charge, 赵市长 leads."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.act import NewItem, Outcome, Wish, act, open_new
from engine.book.book import Book, read_book
from engine.drive import drive
from engine.office import Founding, Holder, found
from engine.turn import Turned, turn_all
from store.rows import AuditLine, ClockRow, ItemRow, NoticeRow
from store.verify import Verdict, verify
from workflows.machine import Moved

FOLDER = Path(__file__).parent / "books" / "small"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = {
    "张三": "works.liaison",
    "李主任": "works.head",
    "王副市长": "deputy_mayor",
    "赵市长": "mayor",
    "秘书长": "secretary",
    "督查室": "supervisor",
    "法制办": "reviewer",
    "交通局联络员": "traffic.liaison",
    "交通局局长": "traffic.head",
}
NAMES = {post: name for name, post in PEOPLE.items()}


def at(text: str) -> datetime:
    """`2020-10-12 09:00` by the clock on the wall of the office."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def wall(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@cache
def plain_book() -> Book:
    return read_book(FOLDER)


def small_book(folder: Path, changes: Iterable[tuple[str, str]] = (), extra: str = "") -> Book:
    """The book of the city, some of its text changed, and more of it in a file of its own."""
    copy = folder / "book"
    copy.mkdir(parents=True, exist_ok=True)
    left = dict(changes)
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old in [old for old in left if old in text]:
            text = text.replace(old, left.pop(old))
        (copy / path.name).write_text(text, encoding="utf-8")
    assert not left, f"the book has no such text: {list(left)}"
    if extra:
        (copy / "extra.yaml").write_text(extra, encoding="utf-8")
    return read_book(copy)


def everybody() -> tuple[Holder, ...]:
    return tuple(Holder(post=post, name=name, email=f"{post}@city.example") for name, post in PEOPLE.items())


def in_file(folder: Path) -> str:
    return f"sqlite:///{folder / 'office.db'}"


class City:
    """An office with a hand on its clock."""

    place: Callable[[Path], str] = staticmethod(in_file)  # conftest.py names others

    def __init__(
        self, folder: Path, begins: str, book: Book | None = None, duties: Iterable[str] = (), **more: Any
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.url = self.place(folder)
        self.now = at(begins)
        founding = Founding(
            url=self.url,
            book=book or plain_book(),
            files={},
            holders=everybody(),
            duties=frozenset(duties),
            **more,
        )
        self.office = found(founding, self.now)

    # ---------------------------------------------------------------- time

    def wait(self, until: str) -> "City":
        """The daemon is up: everything happens at its own moment."""
        drive(self.office, self.now, at(until))
        self.now = at(until)
        return self

    def sleep(self, until: str) -> "City":
        """The daemon is down: time goes by and nobody notices."""
        self.now = at(until)
        return self

    def turn(self) -> Turned:
        return turn_all(self.office, self.now)

    # ---------------------------------------------------------------- people

    def opens(
        self, who: str, workflow: str, unit: str | None = "works", parent: str | None = None, **fields: Any
    ) -> str:
        title = f"{workflow}"
        wish = NewItem(
            workflow=workflow, title=title, by=PEOPLE[who], unit=unit, parent=parent, fields=fields
        )
        opened = open_new(self.office, wish, self.now)
        assert isinstance(opened, str), opened
        return opened

    def task(self, due: str, unit: str = "works") -> str:
        return self.opens("督查室", "task", unit, due=due)

    def tries(self, who: str, event: str, item: str, **args: Any) -> Outcome:
        return act(self.office, Wish(item=item, event=event, by=PEOPLE[who], args=args), self.now)

    def does(self, who: str, event: str, item: str, **args: Any) -> Moved:
        outcome = self.tries(who, event, item, **args)
        assert isinstance(outcome, Moved), outcome
        return outcome

    # ---------------------------------------------------------------- looking

    def item(self, id: str) -> ItemRow:
        with self.office.store.read() as reader:
            return reader.items_by_id([id])[id]

    def items(self, workflow: str | None = None) -> list[ItemRow]:
        with self.office.store.read() as reader:
            return reader.list_items(workflow=workflow, include_sealed=True)

    def fields(self, id: str) -> dict[str, Any]:
        fields = json.loads(self.item(id).fields)
        assert isinstance(fields, dict)
        return fields

    def clock(self, item: str, clock: str = "due") -> ClockRow:
        with self.office.store.read() as reader:
            return next(row for row in reader.clocks_of([item])[item] if row.clock == clock)

    def clocks(self) -> list[ClockRow]:
        ids = [row.id for row in self.items()]
        with self.office.store.read() as reader:
            return [row for rows in reader.clocks_of(ids).values() for row in rows]

    def log(self, act: str | None = None) -> list[AuditLine]:
        with self.office.store.read() as reader:
            return [line for line in reader.audit_lines() if act is None or line.act == act]

    def records(self, act: str) -> list[dict[str, Any]]:
        return [json.loads(line.rec) for line in self.log(act)]

    def notices(self, rule: str | None = None) -> list[NoticeRow]:
        with self.office.store.read() as reader:
            found = sorted(reader.list_notices(), key=lambda each: each.id)
        return [each.notice for each in found if rule is None or each.notice.rule == rule]

    def told(self, rule: str | None = None) -> list[tuple[str, str]]:
        """Who was told, and when, in the order of the telling."""
        return [(NAMES[each.recipient], wall(each.created_at)) for each in self.notices(rule)]

    def fired(self) -> Counter[str]:
        return Counter(record["rule"] for act in ("rule.fire", "rule.shadow") for record in self.records(act))

    def verdict(self) -> Verdict:
        with self.office.store.read() as reader:
            return verify(reader)

    def close(self) -> None:
        self.office.close()


def picture(city: City) -> Mapping[str, Any]:
    """What an office has come to, without when it was noticed and in which entry it stands."""
    items = [
        (row.id, row.workflow, row.state, row.unit, row.period, row.light, row.rule, row.fields)
        for row in city.items()
    ]
    clocks = [(row.item, row.clock, row.due_at, row.outcome, row.missed_at) for row in city.clocks()]
    with city.office.store.read() as reader:
        acts = reader.count_audit()
        firings = [(each.key, each.count) for each in reader.count_firings()]
    notices = sorted(
        (each.rule or "", each.item or "", each.recipient, each.subject) for each in city.notices()
    )
    return {"items": items, "clocks": clocks, "acts": acts, "firings": firings, "notices": notices}
