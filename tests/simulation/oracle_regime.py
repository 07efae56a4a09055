"""The regime: what should have fired did, once, in order, not early, on true facts (T1, T3 to T5, D1, D6)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.simulation.clocks import Course, course_of
from tests.simulation.evidence import Evidence
from tests.simulation.moments import (
    DAY,
    EAST,
    LADDERS,
    UNITS,
    Rung,
    at,
    board_due,
    day_of,
    first_workday,
)
from tests.simulation.oracle_items import course_due, provisional
from tests.simulation.records import Fired, Life, Records, Violation


@dataclass(frozen=True)
class Said:
    """A rung of a ladder that has spoken."""

    fired: Fired
    due: datetime
    rung: int
    again: int
    at: datetime


def said_of(fired: Fired) -> Said:
    """`clock|due|rung|again|moment`"""
    _, due, rung, again, moment = fired.occasion.split("|")
    return Said(fired, datetime.fromisoformat(due), int(rung), int(again), datetime.fromisoformat(moment))


def ladders(records: Records) -> Iterator[tuple[Life, str, list[Said]]]:
    for life in records.lives.values():
        for rule in LADDERS[life.workflow]:
            yield life, rule, [said_of(fired) for fired in life.fired if fired.rule == rule]


def rungs(life: Life, rule: str, due: datetime, started: datetime) -> list[Rung]:
    """Those that lie before the clock's start were never reached."""
    return [rung for rung in LADDERS[life.workflow][rule](due, life.edition) if rung.at >= started]


# ---------------------------------------------------------------- safety


def moments(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T3: nothing before its moment, by the office's time and the world's. T1: no rung that is not there."""
    for life, rule, said in ladders(records):
        course = course_of(life, evidence.until)
        for each in said:
            known = {(rung.rung, rung.again): rung.at for rung in rungs(life, rule, each.due, course.started)}
            if known.get((each.rung, each.again)) != each.at or each.due not in course.dues:
                yield Violation("T1", f"{rule} of {life.id} has no such rung: {each.fired.occasion}")
            true = evidence.true_time_of(each.fired.seq)
            early = true is not None and true + evidence.drift < each.at
            if each.fired.at < each.at or early:
                yield Violation("T3", f"{rule} of {life.id} spoke at {each.fired.at}, before {each.at}")
    for fired in records.fired:
        if fired.rule == "weekly_warning":
            moment = evaluated_at(fired)
            true = evidence.true_time_of(fired.seq)
            if fired.at < moment or (true is not None and true + evidence.drift < moment):
                yield Violation("T3", f"{fired.subject} was warned at {fired.at}, before {moment}")


def after_end(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T4: nothing is said of what is over, or while its time stands still."""
    for life, rule, said in ladders(records):
        course = course_of(life, evidence.until)
        for each in said:
            if not course.runs_at(each.fired.at):
                yield Violation("T4", f"{rule} of {life.id} spoke at {each.fired.at}, when no time ran")
    ended = records.ask(
        "SELECT clocks.item, outcome FROM clocks JOIN items ON items.id = clocks.item"
        " WHERE closed_at IS NOT NULL AND ended_at IS NULL"
    )
    for item, outcome in ended:
        yield Violation("T4", f"{item} is closed, its clock is still {outcome}")


def order(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """T5: acting rungs in order and none left out; of what only tells, the newest."""
    for life, rule, said in ladders(records):
        by_due: dict[datetime, list[Said]] = defaultdict(list)
        for each in said:
            by_due[each.due].append(each)
        for due, some in by_due.items():
            if any(later.at <= earlier.at for earlier, later in pairwise(some)):
                yield Violation("T5", f"{rule} of {life.id}: rungs out of order for {due}")
            yield from _each(life, rule, due, some)


def _each(life: Life, rule: str, due: datetime, some: list[Said]) -> Iterator[Violation]:
    ladder = rungs(life, rule, due, life.opened if life.workflow != "board" else due - 30 * DAY)
    spoken = {(each.rung, each.again) for each in some}
    for each in some:
        for rung in ladder:
            place = (rung.rung, rung.again)
            if rung.acts and rung.at < each.at and place not in spoken:
                yield Violation("T5", f"{rule} of {life.id}: rung {place} was left out before {each.rung}")
            newer = rung.at > each.at and rung.at <= each.fired.at
            if newer and rung.tells and not rung.acts:
                yield Violation("T5", f"{rule} of {life.id}: {each.rung} spoke after {rung.at} had come")


def consequences(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """T2: what a firing opens or drafts came with it, and nothing came without one."""
    documents = {row[0] for row in records.ask("SELECT audit_seq FROM documents")}
    letters = {fired.seq for fired in records.fired if fired.rule == "letter_task"}
    for seq in documents ^ letters:
        yield Violation("T2", f"entry {seq}: a letter without its firing, or a firing without its letter")
    for lines in records.by_transaction.values():
        fired = [line.record["rule"] for line in lines if line.act == "rule.fire"]
        opened = [line.obj[0] for line in lines if line.act == "item.open"]
        joined = sum(line.act == "item.join" for line in lines)
        held = sum(line.act == "item.move" and line.record["event"] == "hold" for line in lines)
        if opened.count("K") + joined != fired.count("escalate_task"):
            yield Violation("T2", f"entry {lines[0].seq}: talks and firings that propose them differ")
        if not opened.count("R") == fired.count("refer") == held:
            yield Violation("T2", f"entry {lines[0].seq}: a talk was held and not referred, or twice")
        owed = sum(line.act == "duty.open" for line in lines)
        if opened.count("B") != owed * len(UNITS):
            yield Violation("T2", f"entry {lines[0].seq}: {owed} weeks began, {opened.count('B')} boards")


def week_of(fired: Fired) -> date:
    """2026-W07: its Monday."""
    year, _, week = fired.occasion.partition("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def evaluated_at(fired: Fired) -> datetime:
    return at(first_workday(week_of(fired) + 7 * DAY), "09:00")


def counts(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """D1: what a decision rests on was so in the log before it. D6: counted again it is the same number."""
    misses = [line for line in records.lines if line.act == "clock.miss" and line.obj[0] == "B"]
    held = [
        (line.seq, line.at, records.lives[line.obj].unit)
        for line in records.lines
        if line.act == "item.move" and line.record["event"] == "hold"
    ]
    for fired in records.fired:
        if fired.rule != "weekly_warning":
            continue
        unit, week, moment = fired.subject.partition(":")[2], week_of(fired), evaluated_at(fired)
        missed = sum(
            line.seq < fired.seq
            and records.lives[line.obj].unit == unit
            and records.lives[line.obj].period_first == week.isoformat()
            for line in misses
        )
        if fired.facts.get("unit.boards_missed") != missed or not missed:
            yield Violation("D1", f"{unit} was warned for {fired.facts}, by the log it missed {missed}")
        year = datetime((moment + EAST).year, 1, 1, tzinfo=moment.tzinfo) - EAST
        talks = sum(seq < fired.seq and each == unit and year <= when < moment for seq, when, each in held)
        if fired.record["nth"] != talks + 1:
            yield Violation("D6", f"{unit} was warned the {fired.record['nth']}th time after {talks} talks")


# ---------------------------------------------------------------- liveness


def fired(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T1: every rung that was reached has spoken, if it acts; of the others, the newest."""
    for life, rule, said in ladders(records):
        if life.id in evidence.poison:
            continue
        course = course_of(life, evidence.until)
        for due in course.dues:
            spoken = {(each.rung, each.again) for each in said if each.due == due}
            for rung in wanted(life, rule, due, course):
                if (rung.rung, rung.again) not in spoken:
                    yield Violation(
                        "T1", f"{rule} of {life.id}: rung {rung.rung}.{rung.again} of {rung.at} is silent"
                    )


def wanted(life: Life, rule: str, due: datetime, course: Course) -> list[Rung]:
    end = course.last_moment(due)
    upto = [rung for rung in rungs(life, rule, due, course.started) if rung.at <= end]
    acting = [rung for rung in upto if rung.acts]
    telling = [rung for rung in upto if rung.tells and not rung.acts][-1:]
    lights = [rung for rung in upto[-1:] if not rung.tells]
    return acting + telling + lights


def dues(records: Records, evidence: Evidence) -> Iterator[Violation]:
    yield from course_due(records, evidence)
    yield from provisional(records)


def periods(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """T1: every week its boards were opened, and whoever had missed one was warned."""
    opened = [line.record["period"] for line in records.lines if line.act == "duty.open"]
    weeks = list(owed_weeks(evidence))
    if opened != [f"{week.isocalendar()[0]}-W{week.isocalendar()[1]:02d}" for week in weeks]:
        yield Violation("T1", f"boards were opened for {opened}")
    warned = {
        (fired.subject.partition(":")[2], week_of(fired))
        for fired in records.fired
        if fired.rule == "weekly_warning"
    }
    for life in records.lives.values():
        if life.workflow != "board" or life.id in evidence.poisoned:
            continue
        monday = date.fromisoformat(life.period_first or "")
        moment = at(first_workday(monday + 7 * DAY), "09:00")
        late = (life.moves[0].at if life.moves else evidence.until) >= board_due(monday)
        if late and moment <= evidence.until and (life.unit, monday) not in warned:
            yield Violation("T1", f"{life.unit} missed the board of {monday} and was not warned")


def owed_weeks(evidence: Evidence) -> Iterator[date]:
    """From the first whose board was still to come when the office began."""
    began, until = day_of(evidence.began), evidence.until
    monday = began - timedelta(days=began.weekday())
    while at(monday, "00:00") <= until:
        if board_due(monday) > evidence.began:
            yield monday
        monday += 7 * DAY
