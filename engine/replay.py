"""Replay: let a book live through a history. People do again what they did; rules decide anew.

An item that a duty or a rule opened is found again by how it came into the world. What people did to
one that this book never opens has no object here, and is told as such.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.act import NewItem, Outcome, Wish
from engine.book.book import Book
from engine.history import OPENED, OPENING, Birth, Happened, History, birth_of
from engine.office import Founding, Holder, Office, found
from engine.roles import About, resolve
from engine.run import ACTS, Run
from engine.testing import everybody
from workflows.machine import Moved

Fate = Literal["done", "refused", "no_object", "nobody"]


@dataclass(frozen=True, kw_only=True)
class Left:
    """Something that did not happen again, and why."""

    happened: Happened
    fate: Fate
    code: str
    zh: str
    en: str


@dataclass(kw_only=True)
class Replayed:
    """`keys`: the number of each item of the history in the world of the replay."""

    until: datetime
    done: int = 0
    left: list[Left] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def fates(self) -> Mapping[str, int]:
        return Counter({"done": self.done}) + Counter(each.fate for each in self.left)


def replay(
    office: Office,
    history: History,
    until: datetime,
    on_moment: Callable[[datetime], None] = lambda _: None,
) -> Replayed:
    """Everything up to `until`: what is due by the engine first, then what people did at that moment."""
    replayed = Replayed(until=until)
    with Run(office, max(history.begins, _founded(office))) as run:
        world = _World(run, history, replayed)
        for number, happened in enumerate(history.happened):
            if happened.at > until:
                break
            run.drive(max(happened.at, run.now))
            if number % ACTS == 0:
                world.expect(history.happened[number : number + ACTS], happened.at)
            world.repeat(happened)
            on_moment(happened.at)
        run.drive(until)
        run.at(max(until, run.now))
    return replayed


def found_for(
    history: History, book: Book, url: str, files: Mapping[str, str] = {}
) -> Office:  # never changed
    """An office that begins with the history, its posts held by whoever held them, or by made-up holders."""
    holders = tuple(
        Holder(post=each.post, name=history.people.get(each.post, each.name), email=each.email)
        for each in everybody(book)
    )
    return found(Founding(url=url, book=book, files=files, holders=holders), history.begins)


def _founded(office: Office) -> datetime:
    with office.store.read() as reader:
        return datetime.fromisoformat(reader.head().last_ts)


class _World:
    """What has come into being so far, and which item of the history each thing is."""

    def __init__(self, run: Run, history: History, replayed: Replayed) -> None:
        self.run, self.history, self.replayed = run, history, replayed
        self.book = run.office.book
        self.seen = 0  # entries of the log already looked at
        self.alike: Counter[Birth] = Counter()
        self.born: dict[Birth, str] = {}  # items that machines opened, by how they came to be
        self.names: dict[str, str] = {}  # keys in the history, by number here

    def expect(self, happened: Sequence[Happened], now: datetime) -> None:
        """Items that are known already and will be acted on next."""
        known = {self.replayed.keys[each.item] for each in happened if each.item in self.replayed.keys}
        if known:
            self.run.expect(known, now)

    def repeat(self, happened: Happened) -> None:
        left = self.open(happened) if happened.event == OPENING else self.act(happened)
        if left is None:
            self.replayed.done += 1
        else:
            self.replayed.left.append(left)

    # ------------------------------------------------------------ what people did

    def open(self, happened: Happened) -> Left | None:
        birth = self.history.births[happened.item]
        workflow = self.book.workflows.get(birth.workflow)
        if workflow is None:
            return no_object(happened, f"规则册没有流程 {birth.workflow}", f"no workflow {birth.workflow}")
        about = About(unit=birth.unit, owner=birth.owner, fields=happened.args)
        by = happened.by or self.somebody(workflow.spec.opened_by, about)
        if by is None:
            return nobody(happened)
        wish = NewItem(
            workflow=birth.workflow,
            title=happened.title,
            by=by,
            unit=birth.unit,
            owner=birth.owner,
            parent=self.find(birth.parent) if birth.parent else None,
            fields=happened.args,
        )
        outcome = self.run.open(wish, happened.at)
        if not isinstance(outcome, str):
            return refused(happened, outcome)
        self.replayed.keys[happened.item] = outcome
        self.names[outcome] = happened.item
        return None

    def act(self, happened: Happened) -> Left | None:
        item = self.find(happened.item)
        if item is None:
            return no_object(happened, "按此规则册没有立这一件", "this book never opens it")
        by = happened.by or self.actor(item, happened)
        if by is None:
            return nobody(happened)
        wish = Wish(item=item, event=happened.event, by=by, args=happened.args, at=happened.own)
        outcome = self.run.act_one(wish, happened.at)
        return None if isinstance(outcome, Moved) else refused(happened, outcome)

    def actor(self, item: str, happened: Happened) -> str | None:
        """Where the record does not say who it was: somebody who may."""
        row = self.run.at(happened.at).items_by_id([item])[item]
        place = self.book.workflows[row.workflow].places.get((row.state, happened.event))
        about = About(unit=row.unit, owner=row.owner, fields=json.loads(row.fields))
        # Not allowed from here: whoever asks is told so.
        return self.somebody(place.by, about) if place is not None else next(iter(self.book.posts), None)

    def somebody(self, roles: Iterable[str], about: About) -> str | None:
        known = (role for role in roles if role in self.book.roles and not self.book.roles[role].external)
        return next((post for role in known for post in resolve(self.book, role, about)), None)

    # ------------------------------------------------------------ which item is meant

    def find(self, key: str) -> str | None:
        """The number here of an item of the history."""
        found = self.replayed.keys.get(key)
        if found is None and (birth := self.history.births.get(key)) and not birth.by_person:
            self.observe()
            found = self.born.get(self.translated(birth))
            if found is not None:
                self.replayed.keys[key] = found
                self.names[found] = key
        return found

    def translated(self, birth: Birth) -> Birth:
        """With the parent's number here, so that births of both worlds can be compared."""
        return replace(birth, parent=self.find(birth.parent)) if birth.parent else birth

    def observe(self) -> None:
        told = self.run.at(self.run.now)
        lines = told.list_since(self.seen, (OPENED,))
        self.seen = told.head().size
        rows = told.items_by_id([line.obj_id for line in lines])
        for line in lines:
            row = rows[line.obj_id]
            birth = birth_of(row, row.parent)
            self.born[replace(birth, nth=self.alike[birth])] = row.id
            self.alike[birth] += 1


def refused(happened: Happened, outcome: Outcome) -> Left:
    assert not isinstance(outcome, Moved)
    return Left(happened=happened, fate="refused", code=outcome.code, zh=outcome.zh, en=outcome.en)


def no_object(happened: Happened, zh: str, en: str) -> Left:
    return Left(happened=happened, fate="no_object", code="no_object", zh=zh, en=en)


def nobody(happened: Happened) -> Left:
    zh, en = "没有岗位可以办这件事", "no post may do this"
    return Left(happened=happened, fate="nobody", code="nobody", zh=zh, en=en)
