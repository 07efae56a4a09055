"""Run the tests of a book: stories on a virtual clock, each in an office of its own.

A story may change parameters, lets only the duties run that it names, and says what must be true at
exact moments. A test that finds fewer or more than it says fails and tells what there was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.act import NewItem, NotFound, Wish, act, open_new
from engine.book.book import Book
from engine.drive import drive
from engine.expectations import Scene, loud, unmet, words_since
from engine.guards import Forbidden
from engine.language import Do, Expect, Open, People, Quiet, Step, TestCase
from engine.office import Founding, Holder, found
from engine.picks import PickError, find_one, plain_values
from engine.react import react
from engine.roles import RULE
from engine.step import Actor, Opened, Queue, open_item
from engine.story_time import full_moment, moment_of
from store.read import Reader
from workflows.machine import Moved, Refused


@dataclass(frozen=True, kw_only=True)
class Result:
    name: str
    golden: str | None
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, kw_only=True)
class _Silence:
    """Something that must not be said from here until then; `since`: entries of the log by now."""

    quiet: Quiet
    since: int
    until: datetime
    where: str


@dataclass(kw_only=True)
class _Story:
    scene: Scene
    silences: list[_Silence] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def wait(self, until: datetime) -> None:
        drive(self.scene.office, self.scene.now, until)
        self.scene.now = until

    def moment(self, text: str) -> datetime:
        return moment_of(text, self.scene.now, self.scene.book.calendar)


def run_test(
    book: Book,
    name: str,
    case: TestCase,
    folder: Path,
    look: Callable[[Reader], None] = lambda _: None,
) -> Result:
    """`book` is read with the parameters of the story; `folder` takes the store and is the caller's.

    `look` is shown the office as the story leaves it.
    """
    begins = full_moment(case.begins, book.zone)
    founding = Founding(
        url=f"sqlite:///{folder / f'{name}.db'}",
        book=book,
        files={},
        holders=holders(book, case.people),
        duties=frozenset(case.duties),
        ledger=case.ledger,
    )
    office = found(founding, begins)
    story = _Story(scene=Scene(office=office, now=begins))
    try:
        for position, step in enumerate(case.timeline, start=1):
            _run_step(story, position, step)
        story.failures.extend(_broken(story))
        with office.store.read() as reader:
            look(reader)
    finally:
        office.close()
    return Result(name=name, golden=case.golden, failures=tuple(story.failures))


def everybody(book: Book) -> tuple[Holder, ...]:
    """A holder for every post, so that no story fails for want of a person."""
    return holders(book, People())


def holders(book: Book, people: People) -> tuple[Holder, ...]:
    """A person for every post but the vacant ones; one for those that the story gives to one."""
    persons = {post: posts[0] for posts in people.same for post in posts}
    return tuple(
        Holder(
            post=post,
            name=book.posts[persons.get(post, post)].zh,
            email=f"{persons.get(post, post)}@test.example",
        )
        for post in book.posts
        if post not in people.vacant
    )


def _run_step(story: _Story, position: int, step: Step) -> None:
    story.wait(story.moment(step.at))
    where = f"step {position} at {step.at}"
    story.failures.extend(f"{where}: {each}" for each in _live(story, step, where))
    with story.scene.office.store.read() as reader:
        story.scene.told = reader.head().size


def _live(story: _Story, step: Step, where: str) -> Iterator[str]:
    """Before, open, do, expect. An item that is not there ends the step."""
    try:
        yield from _expected(story, step.before, where)
        for opening in step.open:
            yield from _open(story.scene, opening)
        for wish in step.do:
            yield from _do(story.scene, wish)
        yield from _expected(story, step.expect, where)
    except PickError as error:
        yield str(error)


def _expected(story: _Story, expect: Expect | None, where: str) -> Iterator[str]:
    if expect is None:
        return
    yield from unmet(story.scene, expect)
    with story.scene.office.store.read() as reader:
        since = reader.head().size
    for quiet in expect.quiet:
        if quiet.until is not None:
            until = full_moment(quiet.until, story.scene.book.zone)
            story.silences.append(_Silence(quiet=quiet, since=since, until=until, where=where))


def _broken(story: _Story) -> Iterator[str]:
    """The silences that were not kept; what reaches beyond the last step is waited for."""
    last = max((each.until for each in story.silences), default=story.scene.now)
    if last > story.scene.now:
        story.wait(last)
    with story.scene.office.store.read() as reader:
        for each in story.silences:
            words = (word for word in words_since(reader, each.since) if word.at < each.until)
            yield from (f"{each.where}: {said}" for said in loud(story.scene, words, each.quiet))


# ---------------------------------------------------------------- what people do


def _open(scene: Scene, opening: Open) -> Iterator[str]:
    if opening.by is None:
        scene.names[opening.name] = _open_by_rule(scene, opening)
        return
    wish = NewItem(
        workflow=opening.workflow,
        title=opening.title,
        by=opening.by,
        unit=opening.unit,
        owner=opening.owner,
        parent=scene.number(opening.parent),
        fields=plain_values(opening.with_),
    )
    outcome = open_new(scene.office, wish, scene.now)
    if isinstance(outcome, str):
        scene.names[opening.name] = outcome
        if opening.refused is not None:
            yield f"open on {opening.name} should be refused as {opening.refused}, it was done"
    elif opening.refused is None:
        raise PickError(f"`{opening.name}` could not be opened: {outcome.en}")
    else:
        yield from _refusal("open", opening.name, opening, outcome)


def _open_by_rule(scene: Scene, opening: Open) -> str:
    with scene.office.store.write(scene.now) as tx:
        desk, queue = scene.office.desk(tx, scene.now), Queue()
        wish = Opened(
            workflow=opening.workflow,
            title=opening.title,
            actor=Actor(id="test", kind="rule", roles=RULE),
            unit=opening.unit,
            owner=opening.owner,
            parent=scene.number(opening.parent),
            fields=plain_values(opening.with_),
        )
        case = open_item(desk, queue, wish)
        if isinstance(case, Refused | Forbidden):
            raise PickError(f"`{opening.name}` could not be opened: {case.en}")
        react(desk, queue)
        desk.flush()
    return case.row.id


def _do(scene: Scene, wish: Do) -> Iterator[str]:
    with scene.office.store.read() as reader:
        item = find_one(reader, wish.item, scene.names, scene.book.zone)
    happened = full_moment(wish.happened, scene.book.zone) if wish.happened else None
    put = Wish(item=item.id, event=wish.event, by=wish.by, args=plain_values(wish.with_), at=happened)
    outcome = act(scene.office, put, scene.now)
    if not isinstance(outcome, Moved):
        yield from _refusal(wish.event, item.id, wish, outcome)
    elif wish.refused is not None:
        yield f"{wish.event} on {item.id} should be refused as {wish.refused}, it was done"


def _refusal(event: str, item: str, wish: Do | Open, no: Refused | Forbidden | NotFound) -> Iterator[str]:
    if no.code != wish.refused:
        expected = f" (expected {wish.refused})" if wish.refused else ""
        yield f"{event} on {item} was refused as {no.code}{expected}: {no.en}"
    elif wish.says is not None and wish.says not in no.zh and wish.says not in no.en:
        yield f"{event} on {item} was refused, but not in the words {wish.says}: {no.zh} | {no.en}"
