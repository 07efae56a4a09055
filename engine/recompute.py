"""After the calendar has changed: every open clock projected anew, with an entry for each that moved.

Calendars are announced year by year and amended late, so a due date may have rested on a guess (C4).
What has run out stays as it was judged, and nothing is moved into the past: both are told, for a person.
One transaction: whoever reads sees all clocks on the old calendar or all on the new. Done twice, the second
time changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.book.book import Book
from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.clock_words import Told, enter_clock
from engine.desk import Desk
from engine.office import Office
from engine.relays import settle
from engine.schedules import due_for
from engine.starts import due_from, presumed_from
from engine.wake import next_wake, period_named
from engine.words import last_day_of, say_moment
from rules.time import clock as life
from rules.time.clock_state import ClockState
from rules.time.duration import Due
from rules.time.errors import TimeError
from rules.time.projection import project
from store.office import Tx
from store.rows import ItemRow, Plain

AT_ONCE = 1_000  # items in memory
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
MOST_ITEMS = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Change:
    """One clock: what it was due by the old calendar, and what it is by the new one of that digest."""

    item: str
    clock: str
    sealed: bool
    before: datetime
    after: datetime
    provisional: bool
    calendar: str


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """`settled`: the same moment, but a guess no longer, or now one. `kept`: another moment by the new
    calendar, but the clock has run out, or would have: a person decides. `failed`: items with the reason."""

    clocks: int = 0
    moved: tuple[Change, ...] = ()
    settled: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    woken: int = 0  # items that wake at another moment

    def __add__(self, other: "Recomputed") -> "Recomputed":
        return Recomputed(
            clocks=self.clocks + other.clocks,
            moved=self.moved + other.moved,
            settled=self.settled + other.settled,
            kept=self.kept + other.kept,
            failed=self.failed + other.failed,
            woken=self.woken + other.woken,
        )


def recompute(office: Office, now: datetime) -> Recomputed:
    with office.store.write(now) as tx:
        office.follow(tx)
        return recompute_within(office, tx)


def recompute_within(office: Office, tx: Tx) -> Recomputed:
    """In a transaction of the caller's, who has just put the items under another book. Each item is
    projected on the calendars of the book that it is pinned to."""
    total = Recomputed()
    rows = sorted(_with_clocks(tx), key=lambda row: (row.book, row.id))
    for part in _parts(rows):
        total += _recompute_rows(office, tx, part)
    return total


def _with_clocks(tx: Tx) -> Iterable[ItemRow]:
    """What is open, and what is closed but still waits for a moment: a window runs on."""
    found = {row.id: row for row in tx.due_items(FOR_EVER, MOST_ITEMS)}
    found |= {row.id: row for row in tx.list_items(open_only=True, include_sealed=True)}
    return found.values()


def _parts(rows: Sequence[ItemRow]) -> Iterator[list[ItemRow]]:
    """Of one book each, and not too many."""
    part: list[ItemRow] = []
    for row in rows:
        if part and (row.book != part[0].book or len(part) == AT_ONCE):
            yield part
            part = []
        part.append(row)
    if part:
        yield part


def _recompute_rows(office: Office, tx: Tx, rows: Sequence[ItemRow]) -> Recomputed:
    """All at once; where the new calendar cannot answer one by one, so that the others go on."""
    try:
        with tx.savepoint():
            return _together(office.desk(tx, tx.now, office.book_of(tx, rows[0].book)), rows)
    except TimeError as error:
        if len(rows) > 1:
            return sum((_recompute_rows(office, tx, [row]) for row in rows), Recomputed())
        # It stays as it was, and wakes at once: a turn that cannot handle it sets it aside with the reason.
        tx.set_wakes({rows[0].id: tx.now})
        return Recomputed(failed=((rows[0].id, str(error)),), woken=1)


def _together(desk: Desk, rows: Sequence[ItemRow]) -> Recomputed:
    desk.take((row.id for row in rows), {row.id: row for row in rows})
    total = sum((_recompute_case(desk, desk.cases[row.id]) for row in rows), Recomputed())
    wakes = {row.id: next_wake(desk.book, desk.cases[row.id], desk.now) for row in rows}
    changed = {row.id: wakes[row.id] for row in rows if wakes[row.id] != row.wake_at}
    untouched = {id: wake for id, wake in changed.items() if desk.cases[id].touched is None}
    desk.flush()
    desk.tx.set_wakes(untouched)
    return total + Recomputed(woken=len(changed))


def _recompute_case(desk: Desk, case: Case) -> Recomputed:
    """Each clock by itself; those that begin with another move with it, so what moved is seen at the end."""
    live = {
        name: running for name, running in case.clocks.items() if running.live and name in desk.book.clocks
    }
    if not live:
        return Recomputed()
    before = {name: running.row for name, running in live.items()}
    total = Recomputed(clocks=len(live))
    for name, running in live.items():
        total += _recompute_clock(desk, case, desk.book.clocks[name], running)
    for name, row in before.items():
        now = case.clocks[name].row
        change = _change(desk.book, case, name, row.due_at, case.clocks[name].row.due_at)
        if now.due_at != row.due_at:
            _enter(desk, case, change, was=row.provisional)
            total += Recomputed(moved=(change,))
        elif now.provisional != row.provisional:
            _enter(desk, case, change, was=row.provisional)
            total += Recomputed(settled=(change,))
    return total


def _recompute_clock(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> Recomputed:
    """Raises TimeError when the new calendar cannot answer."""
    state, calendar = running.state(), calendar_of(desk.book, spec)
    given = given_anew(desk.book, case, spec, state)
    if not state.open:
        would = project(replace(state, given=given or state.given), calendar)
        return _kept(desk.book, case, spec.id, state, would)
    later = life.reproject(state, calendar, given)
    if state.presumed and state.started > desk.now:
        since = presumed_from(spec, case, calendar)
        later = later if since is None else life.begun_at(later, since, calendar, desk.now)
    if later.due < state.due and later.due <= desk.now:
        return _kept(desk.book, case, spec.id, state, later)
    if later == state:
        return Recomputed()
    settle(desk, case, spec.id, _followed(desk.book, case, spec, state, later), quiet=True)
    return Recomputed()


def _kept(book: Book, case: Case, clock: str, state: ClockState, would: ClockState) -> Recomputed:
    if would.due == state.due:
        return Recomputed()
    return Recomputed(kept=(_change(book, case, clock, state.due, would.due),))


def given_anew(book: Book, case: Case, spec: CompiledClock, state: ClockState) -> Due | None:
    """The listed day anew: of the duty that computed it, else of the field that says it."""
    if state.given is None or state.budget is not None:
        return None
    duty, row = book.duties.get(case.row.duty or ""), case.row
    period = period_named(row.period, row.period_first, row.period_last)
    if spec.spec.due is not None and duty is not None and period is not None and _by_duty(book, state):
        return due_for(book, duty, period)
    return due_from(book, spec, state.written)


def _by_duty(book: Book, state: ClockState) -> bool:
    """Whether the date is still the one that the duty gave, not one that somebody has written since."""
    assert state.given is not None
    given = state.given.due
    return state.given_at is None and state.written in (None, last_day_of(book, given), given.isoformat())


def _followed(
    book: Book, case: Case, spec: CompiledClock, before: ClockState, later: ClockState
) -> ClockState:
    """The field that the duty filled with its date shows the new one."""
    field, given = spec.spec.due, later.given
    if field is None or before.written is None or given is None or given == before.given:
        return later
    if case.row.duty is None or not _by_duty(book, before) or case.fields.get(field) != before.written:
        return later
    told = given.due.isoformat() if "T" in before.written else last_day_of(book, given.due)
    if told != before.written:
        case.fields[field] = told
        case.rewritten = True
    return replace(later, written=told)


def _change(book: Book, case: Case, clock: str, before: datetime, after: datetime) -> Change:
    return Change(
        item=case.row.id,
        clock=clock,
        sealed=case.row.sealed,
        before=before,
        after=after,
        provisional=case.clocks[clock].row.provisional,
        calendar=calendar_of(book, book.clocks[clock]).digest,
    )


def _enter(desk: Desk, case: Case, change: Change, *, was: bool) -> None:
    spec = desk.book.clocks[change.clock]
    calendar = calendar_of(desk.book, spec)
    old, new = (
        {language: say_moment(desk.book, at, language) for language in ("zh", "en")}
        for at in (change.before, change.after)
    )
    zh, en = f"日历更新，到期由{old['zh']}改为{new['zh']}", f"new calendar: due {new['en']}, was {old['en']}"
    if change.before == change.after:
        zh, en = f"日历更新，到期仍为{new['zh']}", f"new calendar: still due {new['en']}"
    if change.provisional:
        zh, en = f"{zh}（暂定）", f"{en} (provisional)"
    elif was:
        zh, en = f"{zh}，不再是暂定", f"{en}, provisional no longer"
    more: dict[str, Plain] = {
        "from": change.before.isoformat(),
        "to": change.after.isoformat(),
        "provisional": change.provisional,
        "calendar": calendar.id,
        "calendar_digest": f"sha256:{change.calendar}",
    }
    enter_clock(desk, case, spec, Told(act="clock.recompute", zh=zh, en=en, more=more))
