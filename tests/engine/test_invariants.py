"""Whatever people do in whatever order, and however long the daemon is away: T1 to T4, A1, D6 hold."""

import json
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.time.instant import local_day
from tests.engine.city import SHANGHAI, City, at, plain_book

WHO = ("张三", "李主任", "督查室", "秘书长", "法制办")
EVENTS = (
    "report",
    "complete",
    "accept",
    "send_back",
    "drop",
    "shelve",
    "file",
    "excuse",
    "approve",
    "refuse",
)
HEARINGS = ("approve", "hold", "hold", "postpone", "verify", "revoke")
ARGS = {
    "report": {"progress": "30"},
    "complete": {"result": "完成"},
    "send_back": {"reason": "不实"},
    "drop": {"reason": "取消"},
    "shelve": {"reason": "归档"},
    "excuse": {"reason": "节日"},
    "revoke": {"opinion": "撤销"},
}

opening = st.tuples(st.just("open"), st.integers(-2, 25))
hearing = st.tuples(st.just("hear"), st.integers(0, 0))
acting = st.tuples(
    st.just("act"), st.sampled_from(WHO), st.sampled_from(EVENTS + HEARINGS), st.integers(0, 30)
)
asking = st.tuples(st.just("ask"), st.integers(0, 30), st.integers(1, 30))
waiting = st.tuples(st.sampled_from(("wait", "sleep")), st.sampled_from((1, 5, 9, 24, 70, 200, 800)))
stories = st.lists(st.one_of(opening, hearing, acting, acting, acting, asking, waiting, waiting), max_size=25)


def tell(city: City, step: tuple[Any, ...]) -> None:
    today = local_day(city.now, SHANGHAI)
    items = city.items()
    match step:
        case ("open", days):
            city.task((today + timedelta(days=days)).isoformat())
        case ("hear", _):
            city.opens("督查室", "interview")
        case ("act", who, event, number) if items:
            args = dict(ARGS.get(event, {}))
            if event in ("hold", "postpone"):
                args = {"held_on" if event == "hold" else "planned_on": today.isoformat()}
            city.tries(who, event, items[number % len(items)].id, **args)
        case ("ask", number, days) if items:
            parent = items[number % len(items)].id
            until = (today + timedelta(days=days)).isoformat()
            asked = city.opens("张三", "extension", parent=parent, new_due=until, reason="雨季")
            city.tries("督查室", "approve", asked)
        case ("wait" | "sleep" as how, hours):
            then = (city.now + timedelta(hours=hours)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            (city.wait if how == "wait" else city.sleep)(then)


@given(story=stories)
@settings(max_examples=20)
def test_whatever_happens_the_invariants_hold(story: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        city = City(Path(folder), "2020-12-07 09:00", duties=["weekly_board"])
        try:
            for step in story:
                tell(city, step)
            city.turn()
            check(city)
        finally:
            city.close()


def check(city: City) -> None:
    assert city.verdict().ok, city.verdict().en  # A1, T2
    items = {row.id: row for row in city.items()}
    with city.office.store.read() as reader:
        assert reader.parked() == []
        upcoming = reader.next_wake()
        firings = [each for id in items for each in reader.firings_of(f"item:{id}")]
    assert upcoming is None or upcoming > city.now, "something still claims to be due"
    assert all(row.wake_at is None or row.wake_at > city.now for row in items.values())
    clocks = {(each.item, each.clock): each for each in city.clocks()}
    for clock in clocks.values():
        if clock.outcome == "running":
            assert clock.due_at > city.now, "due and not missed (T1)"
            assert items[clock.item].closed_at is None, "closed and still running (T4)"
        if clock.missed_at is not None:
            assert clock.missed_at == clock.due_at
    entries = {line.seq: line for line in city.log()}
    for firing in firings:
        assert entries[firing.entry].act in ("rule.fire", "rule.shadow")
        closed = items[firing.subject.removeprefix("item:")].closed_at
        assert closed is None or firing.at <= closed, "spoken about what was closed (T4)"
        check_moment(firing)
    said = Counter((each.rule, each.item, each.recipient, each.entry) for each in city.notices())
    assert not said or max(said.values()) == 1
    recount(city)


def check_moment(firing: Any) -> None:
    """No rung before its moment (T3): reckoned from the book and the occasion alone."""
    name, _, rest = firing.occasion.partition("|")
    rule = plain_book().rules[firing.rule]
    if not rule.ladder:
        return
    due, rung, _, at = rest.split("|")
    book, moment = plain_book(), datetime.fromisoformat(due)
    offset = rule.ladder[int(rung)].offset
    assert name == rule.spec.when.clock
    reached = offset.moment(start=moment, due=moment, calendar=book.calendar)
    assert reached == datetime.fromisoformat(at) <= firing.at


def recount(city: City) -> None:
    """The number of each interview again, from the log alone (D6)."""
    units = {row.id: row.unit for row in city.items("interview")}
    held: dict[str, date] = {}
    planned: dict[str, date] = {}
    for line in city.log():
        record = json.loads(line.rec)
        if line.act == "item.move" and line.obj_id in units:
            args = record.get("args", {})
            if "planned_on" in args:
                planned[line.obj_id] = date.fromisoformat(args["planned_on"])
            if record["event"] == "hold":
                held[line.obj_id] = date.fromisoformat(args["held_on"])
            if record["to"] == "revoked":
                held.pop(line.obj_id, None)
        if line.act == "rule.fire" and "nth" in record:
            about = line.obj_id
            today = local_day(datetime.fromisoformat(line.ts), SHANGHAI)
            day = planned.get(about, today)
            if record["rule"] == "monthly_interview":
                continue  # as of its own moment; told in test_chairs and test_catch_up
            unit = units[about]
            before = [
                id for id, on in held.items() if units[id] == unit and on.year == day.year and id != about
            ]
            assert record["nth"] == len(before) + 1
            assert sorted(record.get("counted", [])) == sorted(before)


# ---------------------------------------------------------------- no clock is read

ROOMS = ("engine", "rules", "workflows", "store")
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time",
    "time_ns",
    "localtime",
    "gmtime",
}


class ClockRead(Exception):
    pass


def watch(frame: FrameType, event: str, arg: Any) -> None:
    if event != "c_call" or frame.f_globals.get("__name__", "").partition(".")[0] not in ROOMS:
        return
    name = getattr(arg, "__qualname__", "")
    if name in CLOCKS and (name.startswith("date") or getattr(arg, "__module__", "") == "time"):
        raise ClockRead(f"{frame.f_globals['__name__']} reads the clock: {name}")


def test_the_watch_sees_a_clock_being_read() -> None:
    reads = ("datetime.now()", "date.today()", "time.time()")
    for read in reads:
        code = compile(read, "room", "eval")
        sys.setprofile(watch)
        try:
            with pytest.raises(ClockRead):
                eval(code, {"__name__": "engine.room", "datetime": datetime, "date": date, "time": time})
        finally:
            sys.setprofile(None)


def test_nothing_below_the_shell_reads_a_clock(tmp_path: Path) -> None:
    sys.setprofile(watch)
    try:
        city = City(tmp_path, "2020-09-28 08:00", duties=["weekly_board"])
        task = city.task("2020-10-09")
        city.wait("2020-10-12 10:00").does("张三", "complete", task, result="完成")
        city.wait("2020-11-03 10:00")
        city.does("秘书长", "approve", city.items("interview")[0].id, planned_on="2020-11-04")
        city.sleep("2020-12-03 10:00").turn()
        assert city.verdict().ok
    finally:
        sys.setprofile(None)
    assert city.now == at("2020-12-03 10:00")
    city.close()
