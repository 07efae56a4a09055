"""Migrate: running items move to the book in force, by two persons, with what changes shown before.

A plan is the migration itself, undone: it cannot say anything else than what applying it will do.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from engine.book.book import Book
from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.clock_words import say_due
from engine.desk import Desk
from engine.office import Office
from engine.recompute import given_anew
from engine.relays import settle
from engine.starts import budget_of
from engine.step import Actor
from engine.turn import turn_within
from engine.wake import ladder_of
from rules.decide import NOTHING, reached
from rules.time import clock as life
from rules.time.clock_state import ClockState
from store.office import Tx
from store.rows import Entry, ItemRow, Plain

AT_ONCE = 500  # items on the table at a time


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One clock of one item. `kept`: the new due moment has passed, so that the old one stays."""

    item: str
    title: str
    unit: str | None
    clock: str
    before: datetime
    after: datetime | None  # None: the new book has no such clock
    kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    item: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """How many moved and what changed. Sealed ones move too; nothing tells of them, not even a number."""

    digest: str
    version: str
    items: int
    changes: tuple[Changed, ...]
    obstacles: tuple[Obstacle, ...]
    applied: bool


class _Undone(Exception):
    """Leaves the savepoint, so that nothing of the plan is kept."""


def migrate(office: Office, by: tuple[Actor, ...], now: datetime, *, apply: bool) -> Migrated:
    """Nothing is written when `apply` is False, or when something stands in the way."""
    done: list[Migrated] = []
    with office.store.write(now) as tx:
        office.follow(tx)
        with suppress(_Undone), tx.savepoint():
            done.append(_migrate(office, tx, by, apply=apply))
            if not done[0].applied:
                raise _Undone
    return done[0]


def _migrate(office: Office, tx: Tx, by: tuple[Actor, ...], *, apply: bool) -> Migrated:
    """What is due by now is said first, under the book that it was due under."""
    while turn_within(office, tx).more:
        pass
    moving = [row for row in tx.list_items(open_only=True, include_sealed=True) if _behind(office, row)]
    obstacles = tuple(_obstacles(office.book, moving))
    able = [row for row in moving if _fits(office.book, row)]
    return Migrated(
        digest=office.book.digest,
        version=office.book.info.version,
        items=_open_to_all(able),
        changes=tuple(_move_all(office, tx, able, by)),
        obstacles=obstacles,
        applied=apply and not obstacles,
    )


def _open_to_all(rows: Sequence[ItemRow]) -> int:
    return sum(not row.sealed for row in rows)


def _behind(office: Office, row: ItemRow) -> bool:
    return row.book != office.book.digest


def _fits(book: Book, row: ItemRow) -> bool:
    workflow = book.workflows.get(row.workflow)
    return workflow is not None and row.state in workflow.spec.states


def _obstacles(book: Book, rows: Sequence[ItemRow]) -> Iterator[Obstacle]:
    """A sealed item that does not fit stays with its book, and nobody is told that there is one."""
    for row in rows:
        if row.sealed or _fits(book, row):
            continue
        if row.workflow not in book.workflows:
            zh, en = f"规则册没有流程 {row.workflow}", f"the book has no workflow {row.workflow}"
        else:
            zh = f"流程 {row.workflow} 没有状态 {row.state}"
            en = f"the workflow {row.workflow} has no state {row.state}"
        yield Obstacle(item=row.id, zh=zh, en=en)


def _move_all(office: Office, tx: Tx, rows: Sequence[ItemRow], by: tuple[Actor, ...]) -> Iterator[Changed]:
    tx.write_entry(_whole(office.book, _open_to_all(rows), by))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        desk = office.desk(tx, tx.now)
        desk.take((row.id for row in some), {row.id: row for row in some})
        for row in some:
            yield from _move(desk, desk.cases[row.id], by)
        desk.flush()


def _whole(book: Book, items: int, by: tuple[Actor, ...]) -> Entry:
    deciders: list[Plain] = [dict(actor.plain()) for actor in by]
    zh = f"{items} 件在办事项转入规则册 {book.info.version}"
    en = f"{items} running items move to the book {book.info.version}"
    more: dict[str, Plain] = {"items": items, "by": deciders, "why_en": en}
    actor = by[0].plain() if by else {"id": "plan", "kind": "system"}
    return Entry(act="book.migrate", actor=actor, obj_type="book", obj_id=book.digest, why=zh, more=more)


def _move(desk: Desk, case: Case, by: tuple[Actor, ...]) -> list[Changed]:
    changed = [each for name in sorted(case.clocks) if (each := _move_clock(desk, case, name)) is not None]
    said = [_say(desk.book, case, each) for each in changed]
    entry = desk.enter(
        Entry(
            act="item.migrate",
            actor=by[0].plain() if by else {"id": "plan", "kind": "system"},
            obj_type="item",
            obj_id=case.row.id,
            why="；".join([f"转入规则册 {desk.book.info.version}", *(zh for zh, _ in said)]),
            sealed=case.row.sealed,
            more={
                "from": case.row.book,
                "to": desk.book.digest,
                "why_en": "; ".join([f"moved to the book {desk.book.info.version}", *(en for _, en in said)]),
            },
        )
    )
    case.change(entry, book=desk.book.digest)
    for name, running in case.clocks.items():
        _forget_past(desk, case, name, running)
    return [] if case.row.sealed else changed


def _move_clock(desk: Desk, case: Case, name: str) -> Changed | None:
    running = case.clocks[name]
    before = running.state()
    if not running.live or before.missed_at is not None:
        return None  # what was decided on it needs a person
    after = _under(desk, case, name, before)
    kept = after is not None and after.due <= desk.now < before.due
    if after is None:
        settle(desk, case, name, life.cancel(before, desk.now))
    elif not kept:
        if after == before:
            return None
        settle(desk, case, name, after)
    if after is not None and after.due == before.due:
        return None
    return Changed(
        item=case.row.id,
        title=case.row.title,
        unit=case.row.unit,
        clock=name,
        before=before.due,
        after=None if after is None else before.due if kept else after.due,
        kept=kept,
    )


def _under(desk: Desk, case: Case, name: str, state: ClockState) -> ClockState | None:
    """The clock as the book in force has it: same start, pauses and extensions. None where it has none."""
    spec = desk.book.clocks.get(name)
    if spec is None or case.row.workflow not in spec.spec.of:
        return None
    calendar = calendar_of(desk.book, spec)
    if spec.budgets and (state.budget is not None or any(each.dated for each in spec.budgets)):
        budget = budget_of(desk, spec, case)
        if budget is None:
            return state
        same = replace(
            state,
            time_of_day=spec.at,
            roll=spec.roll,
            first_day=spec.spec.first_day == "counted",
            next_hour=spec.spec.first_hour == "not counted",
            at_least=spec.at_least,
        )
        return life.chosen_anew(same, budget, calendar, desk.now)
    return life.reproject(state, calendar, given_anew(desk.book, case, spec, state))


def _forget_past(desk: Desk, case: Case, name: str, running: Running) -> None:
    """What has passed is not said any more; what is to come will be, whatever the old ladder looked like."""
    if not running.live:
        return
    for rule in desk.book.ladder_rules(case.row.workflow, name):
        ladder = ladder_of(desk.book, rule, case, running)
        upto = reached(ladder, started=running.heard_from, spoken=NOTHING, now=desk.now)
        passed = next(upto, None)
        said = running.spoken.setdefault(rule.id, {})
        said.pop(running.row.due_at.isoformat(), None)
        if passed is not None:
            running.speak(rule.id, passed.last)
        running.changed = True


def _say(book: Book, case: Case, changed: Changed) -> tuple[str, str]:
    spec = book.clocks.get(changed.clock)
    if spec is None or changed.after is None:
        return f"{changed.clock} 不再适用", f"{changed.clock} no longer applies"
    state = case.clocks[changed.clock].state()
    zh, en = (say_due(book, spec, state, language) for language in ("zh", "en"))
    label = spec.spec.label
    if changed.kept:
        return f"{label.zh}维持原期限：{zh}", f"{label.en} stays as it was: {en}"
    return f"{label.zh}：{zh}", f"{label.en}: {en}"
