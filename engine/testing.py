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
from engine.failures import Failure, within
from engine.guards import Forbidden
from engine.language import Do, Expect, Open, People, Quiet, Step, TestCase, Values
from engine.office import Founding, Holder, found
from engine.picks import PickError, find_one, plain_values
from engine.react import react
from engine.refused import refusals_since
from engine.roles import RULE
from engine.step import Actor, Opened, Queue, open_item
from engine.story_time import full_moment, moment_of
from store.read import Reader
from store.rows import Plain
from workflows.machine import Moved, Refused

Said = tuple[str, str]  # in Chinese, in English


@dataclass(frozen=True, kw_only=True)
class Result:
    name: str
    golden: str | None
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, kw_only=True)
class _Silence:
    """Something that must not be said from here until then; `since`: entries of the log by now."""

    quiet: Quiet
    since: int
    until: datetime
    where: tuple[int, str]  # the step


@dataclass(kw_only=True)
class _Story:
    scene: Scene
    silences: list[_Silence] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

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
        by_history=False,  # a story has none; a brake that the book names counts
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
    where = position, step.at
    story.failures.extend(within(where, _live(story, step, where)))
    story.failures.extend(within(where, _lost(story.scene)))


def _lost(scene: Scene) -> Iterator[Failure]:
    """What rules have wanted since the step before, and were refused; the next step looks from here."""
    with scene.office.store.read() as reader:
        found, scene.told = refusals_since(reader, scene.told), reader.head().size
    for each in found:
        rule, why = each["rule"], each["why"]  # in the language of notices, the other beside it
        yield Failure(zh=f"{rule} {each.get('why_zh', why)}", en=f"{rule} {each.get('why_en', why)}")


def _live(story: _Story, step: Step, where: tuple[int, str]) -> Iterator[Failure]:
    """Before, open, do, expect. An item that is not there ends the step."""
    try:
        yield from _expected(story, step.before, where)
        for opening in step.open:
            for each in opening.each(_units(story.scene, opening)):
                yield from _open(story.scene, each)
        for wish in step.do:
            yield from _do(story.scene, wish)
        yield from _expected(story, step.expect, where)
    except PickError as error:
        yield error.failure


def _expected(story: _Story, expect: Expect | None, where: tuple[int, str]) -> Iterator[Failure]:
    if expect is None:
        return
    yield from unmet(story.scene, expect)
    with story.scene.office.store.read() as reader:
        since = reader.head().size
    for quiet in expect.quiet:
        if quiet.until is not None:
            until = full_moment(quiet.until, story.scene.book.zone)
            story.silences.append(_Silence(quiet=quiet, since=since, until=until, where=where))


def _broken(story: _Story) -> Iterator[Failure]:
    """The silences that were not kept; what reaches beyond the last step is waited for."""
    last = max((each.until for each in story.silences), default=story.scene.now)
    if last > story.scene.now:
        story.wait(last)
        yield from _lost(story.scene)
    with story.scene.office.store.read() as reader:
        for each in story.silences:
            words = (word for word in words_since(reader, each.since) if word.at < each.until)
            yield from within(each.where, loud(story.scene, words, each.quiet))


# ---------------------------------------------------------------- what people do


def _units(scene: Scene, opening: Open) -> tuple[str, ...]:
    return scene.book.groups[opening.units].members if opening.units else ()


def _given(scene: Scene, workflow: str, values: Values) -> dict[str, Plain]:
    return plain_values(values, scene.fields_of(workflow), scene.book.zone)


def _open(scene: Scene, opening: Open) -> Iterator[Failure]:
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
        fields=_given(scene, opening.workflow, opening.with_),
    )
    outcome = open_new(scene.office, wish, scene.now)
    if isinstance(outcome, str):
        scene.names[opening.name] = outcome
        if opening.refused is not None:
            yield _not_refused(("立项", "open"), opening.name, opening.refused)
    elif opening.refused is None:
        raise _unopened(opening, outcome)
    else:
        yield from _refusal(("立项", "open"), opening.name, opening, outcome)


def _unopened(opening: Open, no: Refused | Forbidden | NotFound) -> PickError:
    return PickError(f"{opening.name} 未能立项：{no.zh}", f"`{opening.name}` could not be opened: {no.en}")


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
            fields=_given(scene, opening.workflow, opening.with_),
        )
        case = open_item(desk, queue, wish)
        if isinstance(case, Refused | Forbidden):
            raise _unopened(opening, case)
        react(desk, queue)
        desk.flush()
    return case.row.id


def _do(scene: Scene, wish: Do) -> Iterator[Failure]:
    with scene.office.store.read() as reader:
        item = find_one(reader, wish.item, scene.names, scene.book)
    happened = full_moment(wish.happened, scene.book.zone) if wish.happened else None
    args = _given(scene, item.workflow, wish.with_)
    put = Wish(item=item.id, event=wish.event, by=wish.by, args=args, at=happened)
    outcome, event = (
        act(scene.office, put, scene.now),
        (scene.naming.event(item.workflow, wish.event), wish.event),
    )
    if not isinstance(outcome, Moved):
        yield from _refusal(event, item.id, wish, outcome)
    elif wish.refused is not None:
        yield _not_refused(event, item.id, wish.refused)


def _not_refused(event: Said, item: str, code: str) -> Failure:
    return Failure(
        zh=f"{item} 的{event[0]}应被拒绝（{code}），却办成了",
        en=f"{event[1]} on {item} should be refused as {code}, it was done",
    )


def _refusal(
    event: Said, item: str, wish: Do | Open, no: Refused | Forbidden | NotFound
) -> Iterator[Failure]:
    """`event`: as it is called in Chinese, and by its id."""
    if no.code != wish.refused:
        zh, en = (f"，预期 {wish.refused}", f" (expected {wish.refused})") if wish.refused else ("", "")
        yield Failure(
            zh=f"{item} 的{event[0]}被拒绝（{no.code}{zh}）：{no.zh}",
            en=f"{event[1]} on {item} was refused as {no.code}{en}: {no.en}",
        )
    elif wish.says is not None and wish.says not in no.zh and wish.says not in no.en:
        yield Failure(
            zh=f"{item} 的{event[0]}被拒绝，但没有说“{wish.says}”：{no.zh}",
            en=f"{event[1]} on {item} was refused, but not in the words {wish.says}: {no.en} | {no.zh}",
        )
