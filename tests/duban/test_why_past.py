"""`duban why` and `why-not` of units and of moments that have passed; how due dates were counted."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duban.texts import Language
from duban.views.counted_days import Count
from duban.views.past import Past
from duban.views.view import View
from duban.views.why import why_state
from engine.case import Running
from rules.time import clock as life
from rules.time.clock_state import ClockState
from rules.time.duration import Duration
from tests.duban.conftest import Duban
from tests.engine.city import City, at, small_book, wall

EXTRA = """
clocks:
  waiting:
    label: {zh: 答复时限, en: Time to answer}
    of: interview
    starts: {opened: true}
    budget: 20 workdays
    pauses:
      approved: {label: {zh: 补正, en: Correction}, states: approved}
    stops: [held, refused]
    cancels: revoked
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", "2020-09-28 08:00", small_book(tmp_path, extra=EXTRA))


def counted(city: City, state: ClockState, language: Language = "zh") -> list[str]:
    spec = city.office.book.clocks["waiting"]
    return [
        row["said"] for row in Count(book=city.office.book, spec=spec, state=state, language=language).rows()
    ]


def started(city: City, length: str) -> ClockState:
    return life.start(at("2020-09-28 09:00"), Duration.parse(length), city.office.book.calendar)


# ---------------------------------------------------------------- how it was counted


def test_workdays_are_ranges_with_days_off_named(city: City) -> None:
    assert counted(city, started(city, "5 workdays")) == [
        "9月28日 起算日 不计",
        "9月29日至30日 计2个工作日",
        "10月1日至8日 国庆节 不计",
        "10月9日 计1个工作日",
        "10月10日 调休上班 计1个工作日",
        "10月11日 休息日 不计",
        "10月12日 计1个工作日",
    ]


def test_calendar_days_count_also_over_a_holiday(city: City) -> None:
    assert counted(city, started(city, "10 days"), "en") == [
        "2020-09-28 the day of the start: not counted",
        "2020-09-29 to 2020-10-08: 10 days",
    ]


def test_hours_go_on_day_and_night(city: City) -> None:
    assert counted(city, started(city, "24 hours"), "en") == [
        "2020-09-28 09:00 to 2020-09-29 09:00, day and night"
    ]


@pytest.mark.parametrize("length", ["1 workday", "5 workdays", "20 workdays", "10 days", "30 days"])
@pytest.mark.parametrize(
    "held", [None, ("2020-09-30 10:00", "2020-10-13 10:00"), ("2020-09-28 12:00", "2020-09-28 15:00")]
)
def test_what_counts_comes_to_the_time_that_was_given(
    city: City, length: str, held: tuple[str, str] | None
) -> None:
    """Also where time stood still in between: the days of the pause are named and not counted."""
    calendar, state = city.office.book.calendar, started(city, length)
    if held is not None and at(held[0]) < state.due:
        state = life.pause(state, at(held[0]), "approved")
        state = life.resume(state, at(held[1]), calendar, "approved")
    spec = city.office.book.clocks["waiting"]
    rows = Count(book=city.office.book, spec=spec, state=state, language="zh").rows()
    assert sum(row["count"] for row in rows) == Duration.parse(length).amount
    if held is not None and held[0] < "2020-09-29" < held[1]:
        return
    if held is not None and at(held[0]) < started(city, length).due and held[1] > "2020-10":
        assert "补正" in {row["why"] for row in rows}


def test_the_opening_hours_of_each_day_are_told(tmp_path: Path) -> None:
    from duban.shelf import shipped
    from engine.book.book import read_book

    book = read_book(shipped()["device-maintenance"])
    zone = ZoneInfo("Europe/Dublin")
    state = life.start(
        datetime(2026, 3, 13, 16, tzinfo=zone), Duration.parse("4 business hours"), book.calendar
    )
    rows = Count(book=book, spec=book.clocks["triage"], state=state, language="en").rows()
    assert [row["said"] for row in rows] == ["2026-03-13 16:00–17:00: 1 h", "2026-03-16 09:00–12:00: 3 h"]


# ---------------------------------------------------------------- as it stood then


def test_a_clock_is_wound_back_through_a_pause_and_its_end(city: City) -> None:
    """Opened on 28 September, held from the 30th, resumed on 13 October by the interview, then over."""
    interview = city.opens("督查室", "interview")
    due = city.clock(interview, "waiting").due_at
    city.wait("2020-09-30 10:00").does("秘书长", "approve", interview, planned_on="2020-10-13")
    city.wait("2020-10-13 10:00")
    city.does("督查室", "hold", interview, held_on="2020-10-13")
    with city.office.store.read() as reader:
        book = city.office.book
        then = {
            day: Past(reader, book, at(day)).clocks_of([interview])[interview]
            for day in ("2020-09-29 10:00", "2020-10-05 10:00", "2020-10-14 10:00")
        }
        states = {day: Past(reader, book, at(day)).items_by_id([interview])[interview].state for day in then}
    outcomes = [next(row.outcome for row in rows if row.clock == "waiting") for rows in then.values()]
    assert outcomes == ["running", "paused", "met"]
    assert list(states.values()) == ["proposed", "approved", "held"]
    assert next(row for row in then["2020-09-29 10:00"] if row.clock == "waiting").due_at == due
    held = Running.of(next(row for row in then["2020-10-05 10:00"] if row.clock == "waiting"))
    assert [wall(hold.since) for hold in held.state().holds] == ["2020-09-30 10:00"]


def test_an_extended_date_and_written_fields_are_taken_back(city: City) -> None:
    task = city.task("2020-10-12")
    before = city.clock(task).due_at
    city.wait("2020-09-29 10:00")
    city.does("张三", "report", task, progress="40")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-10-20", reason="材料未到")
    city.does("督查室", "approve", asked)
    assert city.clock(task).due_at != before
    with city.office.store.read() as reader:
        past = Past(reader, city.office.book, at("2020-09-28 12:00"))
        row = past.items_by_id([task])[task]
        assert past.clocks_of([task])[task][0].due_at == before
        assert '"due":"2020-10-12"' in row.fields
        assert '"progress":"0"' in row.fields, "its default: nobody had given another"
        assert past.assumed == {} or all("progress" in text.en for text in past.assumed)
        assert asked not in past.items_by_id([asked])


def test_why_at_an_earlier_moment(town: Duban) -> None:
    town("run", "--once", "--now", "2020-09-14 10:00")
    board = town("item", "list", "--workflow", "board", "--unit", "water", "--all", "-o", "json").data[0][
        "id"
    ]
    then = town("why", board, "--at", "2020-09-10 12:00", "-o", "json").data
    assert [each["at"] for each in then["spoken"]] == ["2020-09-10T09:00:00+08:00"]
    assert then["clocks"][0]["outcome"] == "running"
    assert [each["at"][:10] for each in then["next"]] == ["2020-09-11", "2020-09-11", "2020-09-14"]
    now = town("why", board, "-o", "json").data
    assert now["clocks"][0]["outcome"] == "missed"


def test_moments_that_cannot_be_seen_are_refused(town: Duban) -> None:
    board = town("item", "list", "--workflow", "board", "-o", "json").data[0]["id"]
    ahead = town("why", board, "--at", "2021-01-01")
    assert (ahead.code, "duban forecast" in ahead.err) == (2, True)
    early = town("why", board, "--at", "2020-09-01")
    assert (early.code, "no KB-2020-0001 yet" in early.err) == (2, True)


# ---------------------------------------------------------------- units


def test_why_of_a_unit(town: Duban) -> None:
    """张三's bureau missed four boards in September, so an interview was proposed in October."""
    town("run", "--once", "--now", "2020-10-12 10:00")
    data = town("why", "水务局", "-o", "json").data
    assert [each["rule"] for each in data["saw"]] == ["monthly"]
    assert data["saw"][0]["spoke"][0]["at"] == "2020-10-09T09:00:00+08:00"
    missed = next(each for each in data["measures"] if each["measure"] == "boards_missed")
    assert (missed["value"], missed["counted"]) == ("1", ["KB-2020-0010"])
    assert data["owes"][0]["item"] == "KB-2020-0002"
    said = town("why", "water", "--lang", "zh").out
    assert "缺报次数 = 1（2020年10月至今）：KB-2020-0010" in said


def test_why_not_of_a_unit_and_of_an_item(town: Duban) -> None:
    town("run", "--once", "--now", "2020-10-12 10:00")
    unit = town("why-not", "water", "monthly", "-o", "json").data["rules"][0]
    assert (unit["grounds"], unit["next"][:16]) == ([], "2020-11-02T09:00")
    then = town("why-not", "water", "--at", "2020-10-05", "-o", "json").data["rules"][0]
    assert [ground["code"] for ground in then["grounds"]] == ["wrong_occasion"]
    item = town("why-not", "KB-2020-0011", "--lang", "zh")
    assert "“到期前1个工作日09:00”这一级还没到：2020年10月15日 09:00" in item.out
    assert "下一次：2020-10-15 09:00" in item.out


def test_why_not_asks_only_what_there_is(town: Duban) -> None:
    board = town("item", "list", "--workflow", "board", "-o", "json").data[0]["id"]
    assert town("why-not", board, "monthly").code == 2
    assert "did you mean reminder" in town("why-not", board, "remindre").err
    assert town("why-not", "KB-2020-9999").code == 2


def test_what_is_sealed_stays_so(town: Duban) -> None:
    said = town("item", "open", "clue", "text=某事", "--unit", "water", "--as", "supervisor", "-o", "json")
    clue = said.data["id"]
    asked, absent = town("why-not", clue, "--as", "mayor"), town("why-not", "XS-2020-0009", "--as", "mayor")
    assert (asked.code, asked.out) == (absent.code, absent.out) == (2, "")
    assert clue not in town("why", "water").out + town("why-not", "water").out


def test_a_state_is_there_because_of_what_changed_it(city: City) -> None:
    """张三 reports after the task was sent back: it is open because it was sent back."""
    task = city.task("2020-10-12")
    assert state_of(city, task) == "“in progress”: it has stood there since it was opened"
    city.does("张三", "report", task, progress="40")
    assert state_of(city, task) == "“in progress”: it has stood there since it was opened"
    city.does("张三", "complete", task, result="已办")
    city.wait("2020-09-29 10:00")
    city.does("督查室", "send_back", task, reason="不实")
    city.does("张三", "report", task, progress="60")
    assert state_of(city, task).endswith("督查室, send back: to be accepted → in progress")


def state_of(city: City, item: str) -> str:
    with city.office.store.read() as reader:
        view = View(book=city.office.book, reader=reader, language="en", now=city.now)
        return why_state(view, reader.items_by_id([item])[item])


def test_what_a_person_had_not_given_is_known_not_to_be_there(city: City) -> None:
    interview = city.opens("督查室", "interview")
    city.wait("2020-09-30 10:00").does("秘书长", "approve", interview, planned_on="2020-10-13")
    with city.office.store.read() as reader:
        past = Past(reader, city.office.book, at("2020-09-29 12:00"))
        assert "planned_on" not in past.items_by_id([interview])[interview].fields
        assert past.assumed == {}
