"""Let made-up people live through a programme on a virtual clock, with the real engine and a real store.

The scenario says how units behave; the duties, dates and rules are the book's. One seed, one year:
every draw depends only on the seed, the item and the act, never on the order of things.
"""

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from engine.act import NewItem, NotFound, Outcome, Wish, act_within, open_within
from engine.belonging import belongs_to, draw_parent
from engine.book.book import Book
from engine.drive import TICK
from engine.guards import Forbidden
from engine.habits import SOON, around, next_due, progress, workdays_from
from engine.invent import ANY, invent, turns_of
from engine.language import Act, Character, Do, Happening, Open, Scenario
from engine.office import Holder, Office
from engine.picks import PickError, find_one, plain_values
from engine.roles import About, resolve
from engine.run import Run
from engine.turn import Turned
from rules.time.duration import Duration
from rules.time.instant import due_day, instant, local_day, parse_time
from rules.time.instant import resolve as resolve_wall
from store.errors import TransactionLost
from store.office import Tx
from store.rows import AuditLine, ClockRow, ItemRow, Plain
from workflows.machine import Moved, Refused

LOCAL = "%Y-%m-%d %H:%M"
OPENED, MOVED = "item.open", "item.move"
Done = TypeVar("Done")
TRIES = 3  # of people who are told no, where nobody has thought out what they do


@dataclass(frozen=True, kw_only=True)
class Lived:
    """How it went. `refused`: what people tried and were told no; `failed`: what the book could not bear."""

    until: datetime
    moments: int
    acts: int
    refused: int
    failed: tuple[str, ...] = ()


@dataclass(order=True, frozen=True)
class _Plan:
    at: datetime
    order: int
    item: str = field(compare=False)
    state: str = field(compare=False)
    act: Act = field(compare=False)
    seq: int = field(compare=False)  # entry that brought the item into the state
    tries: int = field(compare=False, default=0)  # how often it was refused before


def people_of(book: Book, scenario: Scenario) -> tuple[Holder, ...]:
    """A made-up holder of every post, labelled as made up by the scenario's own words."""
    return tuple(
        Holder(
            post=id,
            name=(scenario.holder.zh if book.info.language == "zh" else scenario.holder.en).replace(
                "{post}", spec.zh
            ),
            email=scenario.mailbox.replace("{post}", id),
        )
        for id, spec in book.posts.items()
    )


def simulate(
    office: Office,
    scenario: Scenario,
    since: datetime,
    until: datetime,
    on_moment: Callable[[datetime], None] = lambda _: None,
    *,
    strict: bool = True,
) -> Lived:
    """Live from `since` to `until`. Raises PickError when a happening means no item or is refused.

    Not `strict`: nobody has thought out what people do, so what is refused is tried anew, and what the book
    cannot bear is told in the end.
    """
    moments = 0
    with Run(office, since) as run:
        life = _Life(run, scenario, strict=strict)
        life.observe()
        while (at := life.next_moment()) is not None and at <= until:
            moments += 1
            life.live(at)
            on_moment(at)
    return Lived(
        until=until, moments=moments, acts=life.acts, refused=life.refused, failed=tuple(life.failed)
    )


class _Life:
    def __init__(self, run: Run, scenario: Scenario, *, strict: bool) -> None:
        self.run, self.book, self.scenario = run, run.office.book, scenario
        self.strict = strict
        self.failed: list[str] = []
        self.now = run.now
        self.wake: datetime | None = None
        self.seen = 0  # entries of the log already looked at
        self.plans: list[_Plan] = []
        self.order = 0
        self.rows: dict[str, ItemRow] = {}  # as the log last told of them
        self.clocks: dict[str, list[ClockRow]] = {}
        self.current: dict[str, int] = {}  # item → entry that brought it into its state
        self.interviewed: set[str] = set()
        self.names: dict[str, str] = {}
        self.happenings = sorted(scenario.happenings, key=lambda each: each.at)
        self.acts = self.refused = 0

    def next_moment(self) -> datetime | None:
        moments = [self.wake]
        if self.plans:
            moments.append(self.plans[0].at)
        if self.happenings:
            moments.append(self.moment(self.happenings[0].at))
        known = [at for at in moments if at is not None]
        return max(min(known), self.now) if known else None

    def live(self, at: datetime) -> None:
        """First what the engine owes to the moment, then what people do in it."""
        due = self.wake is not None and self.wake <= at
        done = self.run.turn_all(at) if due else Turned()
        self.now = at
        acted = self.act_planned() + self.let_happen()
        if acted or done.work:
            self.observe()
        else:
            self.now = at + TICK

    def moment(self, text: str) -> datetime:
        return resolve_wall(datetime.strptime(text, LOCAL), self.book.zone)  # noqa: DTZ007  # local time of the book

    # ------------------------------------------------------------ what people do

    def act_planned(self) -> int:
        due = []
        while self.plans and self.plans[0].at <= self.now:
            due.append(heapq.heappop(self.plans))
        plans = [plan for plan in due if self.current.get(plan.item) == plan.seq]
        if not plans:
            return len(due)
        rows, clocks = self.rows, self.clocks
        plans = [plan for plan in plans if rows[plan.item].state == plan.state]
        wishes = [(plan, self.wish(plan, rows[plan.item], clocks.get(plan.item, []))) for plan in plans]
        wanted = [(plan, wish) for plan, wish in wishes if wish is not None]
        for (plan, _), done in zip(wanted, self.perform(tuple(wish for _, wish in wanted)), strict=True):
            if not (done or self.strict or _repeats(plan.act)):
                self.try_again(plan)
        for plan in plans:
            if _repeats(plan.act):
                self.repeat(plan, rows[plan.item], clocks.get(plan.item, []))
        return len(due)

    def perform(self, wishes: tuple[Wish, ...]) -> list[bool]:
        """Which of them were done."""
        if not wishes:
            return []
        outcomes = self.run.act(wishes, self.now) if self.strict else [self.put(each) for each in wishes]
        done = [isinstance(outcome, Moved) for outcome in outcomes]
        self.acts += len(done)
        self.refused += done.count(False)
        return done

    def attempt(self, what: str, act: Callable[[Tx], Done]) -> Done | None:
        """Alone, so that what one runs into does not undo the others. None: the book could not bear it."""
        tx = self.run.at(self.now)
        try:
            with tx.savepoint():
                return act(tx)
        except TransactionLost:
            raise
        except Exception as fault:  # a rule that fails is what such a year is to find out
            self.failed.append(f"{what}: {type(fault).__name__}: {fault}")
            return None

    def put(self, wish: Wish) -> Outcome | None:
        office = self.run.office
        return self.attempt(f"{wish.event} on {wish.item}", lambda tx: act_within(office, tx, (wish,))[0])

    def try_again(self, plan: _Plan) -> None:
        """The next workday, by another post where there is one."""
        if plan.tries + 1 < TRIES:
            day = workdays_from(self.book.calendar, local_day(self.now, self.book.zone), 1)
            self.order += 1
            at = instant(day, parse_time(plan.act.at), self.book.zone)
            heapq.heappush(self.plans, replace(plan, at=at, order=self.order, tries=plan.tries + 1))

    def wish(self, plan: _Plan, row: ItemRow, clocks: list[ClockRow]) -> Wish | None:
        post = self.post_of(plan.act.by, row, plan.tries)
        if post is None:
            return None
        args = {
            key: self.made_up(row.workflow, key, f"{row.id}|{row.rev}|{plan.act.event}|{key}|{plan.tries}")
            if value == ANY
            else self.value(value, row, clocks)
            for key, value in plain_values(plan.act.with_).items()
        }
        return Wish(item=row.id, event=plan.act.event, by=post, args=args)

    def post_of(self, role: str, row: ItemRow, tries: int = 0) -> str | None:
        about = About(unit=row.unit, owner=row.owner, fields=json.loads(row.fields))
        posts = resolve(self.book, role, about)
        # Whoever judges comes from elsewhere, where there is a choice.
        ordered = sorted(posts, key=lambda post: self.book.posts[post].unit == row.unit)
        return ordered[tries % len(ordered)] if ordered else None

    def made_up(self, workflow: str, name: str, what: str) -> Plain:
        draw, field = Random(f"{self.scenario.seed}|{what}"), self.book.workflows[workflow].spec.fields[name]
        today = local_day(self.now, self.book.zone)
        return invent(self.book, field, draw, today, turns_of(self.book, workflow, name))

    def value(self, written: Plain, row: ItemRow, clocks: list[ClockRow]) -> Plain:
        """`+3 workdays` and `now` are days; `{progress}` is how far this unit has come by now."""
        if written == "{progress}":
            return str(progress(self.book, self.character(row), clocks, self.now))
        if isinstance(written, str) and written.startswith("{item."):
            return _plain_field(json.loads(row.fields).get(written[6:-1]))
        return self.day(written)

    def day(self, written: Plain) -> Plain:
        if written == "now":
            return local_day(self.now, self.book.zone).isoformat()
        if isinstance(written, str) and written.startswith("+"):
            duration = Duration.parse(written.removeprefix("+").strip())
            return due_day(duration.due(self.now, self.book.calendar).due, self.book.zone).isoformat()
        return written

    # ------------------------------------------------------------ what comes from outside

    def let_happen(self) -> int:
        count = 0
        while self.happenings and self.moment(self.happenings[0].at) <= self.now:
            self.happen(self.happenings.pop(0))
            count += 1
        return count

    def happen(self, happening: Happening) -> None:
        if happening.open is not None:
            self.open(happening.open)
        if happening.do is not None:
            self.do(happening.do)

    def open(self, opening: Open) -> None:
        group = self.book.groups.get(opening.units or "")
        for each in opening.each(group.members if group is not None else ()):
            self.open_one(each)

    def open_one(self, opening: Open) -> None:
        if opening.by is None:
            raise PickError(
                f"情景事件 {opening.name} 应写明由谁立项（by）",
                f"the happening `{opening.name}` must say by whom it is opened",
            )
        parent = self.parent_of(opening)
        if parent is None and not self.strict and belongs_to(self.book, opening.workflow):
            return  # nothing is open for which it could be asked
        wish = NewItem(
            workflow=opening.workflow,
            title=opening.title,
            by=opening.by,
            unit=opening.unit,
            owner=opening.owner,
            parent=parent,
            fields=self.fields_of(opening),
        )
        self.acts += not self.strict
        outcome = self.run.open(wish, self.now) if self.strict else self.put_in(wish)
        if isinstance(outcome, str):
            self.names[opening.name] = outcome
        elif self.strict and outcome is not None:
            raise PickError(
                f"情景事件 {opening.name} 被拒绝：{outcome.zh}",
                f"the happening `{opening.name}` was refused: {outcome.en}",
            )
        else:
            self.refused += 1

    def parent_of(self, opening: Open) -> str | None:
        if opening.parent or self.strict:
            return self.names.get(opening.parent or "")
        draw = Random(f"{self.scenario.seed}|parent|{opening.name}")
        return draw_parent(self.rows.values(), belongs_to(self.book, opening.workflow), opening.unit, draw)

    def put_in(self, wish: NewItem) -> str | Refused | Forbidden | NotFound | None:
        office = self.run.office
        return self.attempt(f"open {wish.workflow}", lambda tx: open_within(office, tx, wish))

    def fields_of(self, opening: Open) -> dict[str, Plain]:
        specs = self.book.workflows[opening.workflow].spec.fields
        return {
            key: self.made_up(opening.workflow, key, f"{opening.name}|{key}")
            if value == ANY
            else self.day(value)
            for key, value in plain_values(opening.with_, specs, self.book.zone).items()
        }

    def do(self, wish: Do) -> None:
        item = find_one(self.run.at(self.now), wish.item, self.names, self.book)
        specs = self.book.workflows[item.workflow].spec.fields
        args = {
            key: self.day(value) for key, value in plain_values(wish.with_, specs, self.book.zone).items()
        }
        self.perform((Wish(item=item.id, event=wish.event, by=wish.by, args=args),))

    # ------------------------------------------------------------ what people plan

    def observe(self) -> None:
        """Look at what the log has newly recorded, and plan what people will do about it."""
        told = self.run.at(self.now)
        size, lines = told.head().size, told.list_since(self.seen, (OPENED, MOVED))
        self.rows |= told.items_by_id({line.obj_id for line in lines})
        self.clocks |= told.clocks_of({line.obj_id for line in lines})
        self.seen, self.wake = size, told.next_wake()
        entered = [line for line in lines if line.act == OPENED or _enters(line)]
        for line in lines:
            self.notice_turning_point(self.rows[line.obj_id], line)
        self.current.update((line.obj_id, line.seq) for line in entered)
        for line in entered:
            if self.current[line.obj_id] == line.seq:
                self.plan(self.rows[line.obj_id], self.clocks.get(line.obj_id, []), line.seq)

    def notice_turning_point(self, row: ItemRow, line: AuditLine) -> None:
        turning = self.scenario.turning_point
        if turning is None:
            return
        about = row.unit and row.workflow == turning.workflow and line.act == MOVED
        if about and json.loads(line.rec).get("event") == turning.event:
            assert row.unit is not None
            self.interviewed.add(row.unit)

    def plan(self, row: ItemRow, clocks: list[ClockRow], seq: int) -> None:
        for number, act in enumerate(self.scenario.acts.get(row.workflow, ())):
            if act.state != row.state:
                continue
            draw = Random(f"{self.scenario.seed}|{row.id}|{row.rev}|{number}")
            if draw.randrange(100) >= act.share:
                continue
            at = self.when(act, row, clocks, draw)
            if at is not None:
                self.order += 1
                heapq.heappush(
                    self.plans, _Plan(max(at, self.now + SOON), self.order, row.id, row.state, act, seq)
                )

    def repeat(self, plan: _Plan, row: ItemRow, clocks: list[ClockRow]) -> None:
        at = self.when(plan.act, row, clocks, Random(0))
        if at is not None:
            self.order += 1
            heapq.heappush(self.plans, _Plan(at, self.order, plan.item, plan.state, plan.act, plan.seq))

    def when(self, act: Act, row: ItemRow, clocks: list[ClockRow], draw: Random) -> datetime | None:
        minutes, today = parse_time(act.at), local_day(self.now, self.book.zone)
        words = act.timing.split()
        if words[0] == "every":
            day = workdays_from(self.book.calendar, today + timedelta(days=int(words[1]) - 1), 1)
            return instant(day, minutes, self.book.zone)
        if words[0] == "after":
            return instant(workdays_from(self.book.calendar, today, int(words[1])), minutes, self.book.zone)
        due = next_due(self.book, clocks)
        if due is not None:
            return around(self.book, due.due_at, minutes, self.character(row), draw)
        if len(words) == 1:
            return None
        return instant(workdays_from(self.book.calendar, today, int(words[3])), minutes, self.book.zone)

    def character(self, row: ItemRow) -> Character:
        scenario = self.scenario
        name = scenario.units.get(row.owner or "") or scenario.units.get(row.unit or "") or scenario.default
        character = scenario.characters[name]
        if character.after_interview is not None and row.unit in self.interviewed:
            return scenario.characters[character.after_interview]
        return character


def _repeats(act: Act) -> bool:
    return act.timing.startswith("every")


def _enters(line: AuditLine) -> bool:
    """A report leaves the item where it is: what people have planned there stands."""
    record = json.loads(line.rec)
    return bool(record.get("from") != record.get("to"))


def _plain_field(value: object) -> Plain:
    return value if isinstance(value, bool | int | str) or value is None else str(value)
