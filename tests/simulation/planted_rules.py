"""Bugs in clocks, ladders, decisions and books."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from engine import adopt, clocks, decide, desk, react, schedules, wake
from engine.case import Running
from engine.office import Office
from rules.decide import NOTHING, Manner, Reached, Spoke, Turn
from rules.time import pause
from rules.time.calendar import Calendar, Dated
from rules.time.projection import project
from store.commit import Commits
from tests.simulation.planting import bug


@bug("T1")
def says_it_again_after_a_restart() -> Any:
    """What was said is not remembered, and the key that would stop it is overwritten."""
    row = Running.to_row
    writing = Commits._write_firings

    def write(self: Commits, firings: Sequence[Any], first: int, size: int) -> None:
        statement = self._writing.firings.statement
        with patch.object(statement, "text", statement.text.replace("INSERT", "INSERT OR REPLACE")):
            writing(self, firings, first, size)

    @contextmanager
    def planted() -> Iterator[None]:
        with (
            patch.object(Running, "to_row", lambda self, entry: replace(row(self, entry), spoken="{}")),
            patch.object(Commits, "_write_firings", write),
        ):
            yield

    return planted()


@bug("T1")
def takes_a_new_due_moment_for_the_old_one() -> Any:
    """What was said before a pause counts as said after it."""

    def spoken_for(self: Running, rule: str, due: datetime) -> Spoke:
        said = list(self.spoken.get(rule, {}).values())
        return NOTHING if not said else Spoke(said[-1]) if isinstance(said[-1], int) else Spoke(*said[-1])

    return patch.object(Running, "spoken_for", spoken_for)


@bug("T5")
def leaves_out_rungs_that_act() -> Any:
    """Only the highest speaks, as before 0017."""

    def take(found: Sequence[Reached], manners: Sequence[Manner]) -> Turn:
        return Turn(found[0].last, tells=True, more=False)

    return patch.object(decide, "take_turn", take)


@bug("T5")
def says_everything_it_missed() -> Any:
    """Five reminders in one minute."""

    def take(found: Sequence[Reached], manners: Sequence[Manner]) -> Turn:
        return Turn(found[-1].first, tells=True, more=found[-1].first != found[0].last)

    return patch.object(decide, "take_turn", take)


@bug("T4")
def forgets_to_stop_the_clock() -> Any:
    return patch.object(clocks, "_leave", lambda *_: None)


@bug("T4")
def speaks_while_time_stands_still() -> Any:
    def speaks(_book: Any, _case: Any, running: Running) -> bool:
        return running.live

    @contextmanager
    def planted() -> Iterator[None]:
        with patch.object(react, "speaks", speaks), patch.object(wake, "speaks", speaks):
            yield

    return planted()


@bug("C1")
def pauses_without_more_time() -> Any:
    """The due moment stays where it was."""
    whole = project

    def still(state: Any, calendar: Any) -> Any:
        return replace(whole(state, calendar), due=state.due, nominal=state.nominal)

    return patch.object(pause, "project", still)


@bug("C1")
def counts_days_for_workdays() -> Any:
    def add(self: Calendar, day: Any, count: int) -> Dated:
        return Dated(day + timedelta(days=count), provisional=False)

    return patch.object(Calendar, "add_workdays", add)


@bug("C4")
def trusts_years_nobody_has_published() -> Any:
    whole = Calendar._dated
    return patch.object(Calendar, "_dated", lambda self, *arguments: replace_dated(whole(self, *arguments)))


def replace_dated(found: Dated) -> Dated:
    return Dated(found.day, provisional=False)


@bug("D1")
def counts_what_lies_outside_the_week() -> Any:
    whole = desk.Desk.tally

    def tally(self: Any, question: Any) -> Any:
        wide = question.clocks and question.first is not None
        return whole(self, replace(question, first=question.first - timedelta(days=21)) if wide else question)

    return patch.object(desk.Desk, "tally", tally)


@bug("D6")
def counts_an_interview_twice() -> Any:
    whole = decide.count

    def count(*arguments: Any) -> Any:
        found = whole(*arguments)
        return found and replace(found, nth=2 * found.nth - 1)

    return patch.object(decide, "count", count)


@bug("T1")
def judges_running_items_by_the_new_book() -> Any:
    return patch.object(Office, "book_of", lambda self, tx, digest: self.book)


@bug("T1")
def begins_every_duty_anew_with_a_book() -> Any:
    def changed(tx: Any, _before: Any, after: Any) -> Any:
        yield from schedules.first_schedules(after, tx.now)

    return patch.object(adopt, "changed_schedules", changed)
