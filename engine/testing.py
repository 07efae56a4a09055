"""Run the tests of a book: stories on a virtual clock, each in an office of its own.

A story may change parameters, lets only the duties run that it names, and says what must be true at
exact moments. A test that finds fewer or more than it says fails and tells what there was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.act import NewItem, NotFound, Wish, act, open_new
from engine.book.book import Book
from engine.drive import drive
from engine.facts_told import differences
from engine.language import Do, Expect, ExpectClock, ExpectItems, ExpectNotices, Open, Step, TestCase
from engine.office import Founding, Holder, Office, found
from engine.picks import PickError, find_items, find_one, plain_values
from engine.react import react
from engine.roles import RULE
from engine.step import Actor, Opened, Queue, open_item
from rules.time.instant import resolve
from store.read import Reader
from store.rows import ItemRow
from workflows.machine import Moved, Refused

LOCAL = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, kw_only=True)
class Result:
    name: str
    golden: str | None
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(kw_only=True)
class _Story:
    book: Book
    office: Office
    now: datetime
    names: dict[str, str] = field(default_factory=dict)
    firings: int = 0
    failures: list[str] = field(default_factory=list)

    def local(self, at: datetime) -> str:
        return at.astimezone(self.book.zone).strftime(LOCAL)


def run_test(book: Book, name: str, case: TestCase, folder: Path) -> Result:
    """`book` is read with the parameters of the story; `folder` takes the store and is the caller's."""
    begins = _moment(book, case.begins)
    founding = Founding(
        url=f"sqlite:///{folder / f'{name}.db'}",
        book=book,
        files={},
        holders=everybody(book),
        duties=frozenset(case.duties),
        ledger=case.ledger,
    )
    office = found(founding, begins)
    story = _Story(book=book, office=office, now=begins)
    try:
        for position, step in enumerate(case.timeline, start=1):
            _run_step(story, position, step)
    finally:
        office.close()
    return Result(name=name, golden=case.golden, failures=tuple(story.failures))


def everybody(book: Book) -> tuple[Holder, ...]:
    """A holder for every post, so that no story fails for want of a person."""
    return tuple(
        Holder(post=post, name=spec.zh, email=f"{post}@test.example") for post, spec in book.posts.items()
    )


def _moment(book: Book, text: str) -> datetime:
    return resolve(datetime.strptime(text, LOCAL), book.zone)  # noqa: DTZ007  # local time of the book


def _run_step(story: _Story, position: int, step: Step) -> None:
    at = _moment(story.book, step.at)
    drive(story.office, story.now, at)
    story.now = at
    where = f"step {position} at {step.at}"
    try:
        for opening in step.open:
            _open(story, opening)
        for wish in step.do:
            _do(story, wish, where)
        if step.expect is not None:
            with story.office.store.read() as reader:
                story.failures.extend(f"{where}: {each}" for each in _check(story, reader, step.expect))
            told = differences(story.office, at, step.expect.facts, story.names) if step.expect.facts else ()
            story.failures.extend(f"{where}: {each}" for each in told)
    except PickError as error:
        story.failures.append(f"{where}: {error}")
    with story.office.store.read() as reader:
        story.firings = _count(reader)


def _count(reader: Reader) -> int:
    return sum(counted.count for counted in reader.count_firings())


def _open(story: _Story, opening: Open) -> None:
    parent = story.names[opening.parent] if opening.parent else None
    fields = plain_values(opening.with_)
    if opening.by is not None:
        wish = NewItem(
            workflow=opening.workflow,
            title=opening.title,
            by=opening.by,
            unit=opening.unit,
            owner=opening.owner,
            parent=parent,
            fields=fields,
        )
        outcome = open_new(story.office, wish, story.now)
        if isinstance(outcome, Refused | NotFound):
            raise PickError(f"`{opening.name}` could not be opened: {outcome.en}")
        story.names[opening.name] = outcome
        return
    story.names[opening.name] = _open_by_rule(story, opening, parent)


def _open_by_rule(story: _Story, opening: Open, parent: str | None) -> str:
    with story.office.store.write(story.now) as tx:
        desk, queue = story.office.desk(tx, story.now), Queue()
        wish = Opened(
            workflow=opening.workflow,
            title=opening.title,
            actor=Actor(id="test", kind="rule", roles=RULE),
            unit=opening.unit,
            owner=opening.owner,
            parent=parent,
            fields=plain_values(opening.with_),
        )
        case = open_item(desk, queue, wish)
        if isinstance(case, Refused):
            raise PickError(f"`{opening.name}` could not be opened: {case.en}")
        react(desk, queue)
        desk.flush()
    return case.row.id


def _do(story: _Story, wish: Do, where: str) -> None:
    with story.office.store.read() as reader:
        item = find_one(reader, wish.item, story.names)
    outcome = act(
        story.office,
        Wish(item=item.id, event=wish.event, by=wish.by, args=plain_values(wish.with_)),
        story.now,
    )
    if isinstance(outcome, Moved):
        if wish.refused is not None:
            story.failures.append(
                f"{where}: {wish.event} on {item.id} should be refused as {wish.refused}, it was done"
            )
    elif outcome.code != wish.refused:
        expected = f" (expected {wish.refused})" if wish.refused else ""
        story.failures.append(
            f"{where}: {wish.event} on {item.id} was refused as {outcome.code}{expected}: {outcome.en}"
        )


def _check(story: _Story, reader: Reader, expect: Expect) -> Iterator[str]:
    for items in expect.items:
        yield from _check_items(story, reader, items)
    for clock in expect.clocks:
        yield from _check_clock(story, reader, clock)
    for notices in expect.notices:
        yield from _check_notices(story, reader, notices)
    if expect.quiet and _count(reader) != story.firings:
        spoke = _count(reader) - story.firings
        yield f"it should be quiet, but rules spoke {spoke} times since the step before"


def _check_items(story: _Story, reader: Reader, expect: ExpectItems) -> Iterator[str]:
    found = find_items(reader, expect.pick, story.names)
    wanted = 1 if expect.count is None else expect.count
    if len(found) != wanted:
        what = expect.pick.model_dump(exclude_defaults=True)
        yield f"expected {wanted} item(s) {what}, found {len(found)}: {_describe(found)}"
        return
    if expect.name is not None and found:
        story.names[expect.name] = found[0].id
    for row in found:
        yield from _differences(row.id, _seen(story, reader, row), _wanted(expect))


def _describe(rows: tuple[ItemRow, ...]) -> str:
    return "; ".join(f"{row.id} {row.state} {row.fields}" for row in rows[:3]) or "none"


def _seen(story: _Story, reader: Reader, row: ItemRow) -> Mapping[str, str | None]:
    due = next((each for each in reader.clocks_of([row.id]).get(row.id, ()) if each.clock == "due"), None)
    return {
        "opened_at": story.local(row.opened_at),
        "due": story.local(due.due_at) if due else None,
        "light": row.light,
    }


def _wanted(expect: ExpectItems) -> Mapping[str, str | None]:
    return {"opened_at": expect.opened_at, "due": expect.due, "light": expect.light}


def _differences(
    what: str, seen: Mapping[str, str | None], wanted: Mapping[str, str | None]
) -> Iterator[str]:
    for name, value in wanted.items():
        if value is not None and seen[name] != value:
            yield f"{what}: {name} should be {value}, it is {seen[name]}"


def _check_clock(story: _Story, reader: Reader, expect: ExpectClock) -> Iterator[str]:
    item = find_one(reader, expect.item, story.names)
    clocks = {each.clock: each for each in reader.clocks_of([item.id]).get(item.id, ())}
    clock = clocks.get(expect.clock)
    if clock is None:
        yield f"{item.id} has no clock {expect.clock} (it has: {', '.join(clocks) or 'none'})"
        return
    seen = {
        "outcome": clock.outcome,
        "due": story.local(clock.due_at),
        "missed_at": story.local(clock.missed_at) if clock.missed_at else None,
    }
    wanted = {"outcome": expect.outcome, "due": expect.due, "missed_at": expect.missed_at}
    yield from _differences(f"{item.id} {expect.clock}", seen, wanted)


def _check_notices(story: _Story, reader: Reader, expect: ExpectNotices) -> Iterator[str]:
    item = story.names.get(expect.item, expect.item) if expect.item else None
    found = [
        each.notice
        for each in reader.list_notices()
        if (expect.rule is None or each.notice.rule == expect.rule)
        and (item is None or each.notice.item == item)
        and (expect.to is None or each.notice.recipient == expect.to)
        and (expect.at is None or story.local(each.notice.created_at) == expect.at)
    ]
    what = expect.model_dump(exclude_defaults=True)
    if expect.count is None and not found:
        yield f"expected a notice {what}, there is none"
    elif expect.count is not None and len(found) != expect.count:
        times = ", ".join(f"{each.recipient} {story.local(each.created_at)}" for each in found[:4])
        yield f"expected {expect.count} notices {what}, found {len(found)}: {times}"
