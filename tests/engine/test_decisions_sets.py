"""Sets: a rule speaks of the same complaints once, however often it looks and whatever happens in between."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, picture, small_book

BOOK = """
workflows:
  complaint:
    label: {{zh: 投诉, en: Complaint}}
    prefix: TS
    opened_by: [rule, supervisor]
    initial: received
    states:
      received: {{zh: 收到, en: received}}
      settled: {{zh: 了结, en: settled, final: true}}
      unfounded: {{zh: 不实, en: unfounded, final: true, success: false}}
    transitions:
      - {{event: settle, from: received, to: settled, by: unit_liaison}}
      - {{event: dismiss, from: received, to: unfounded, by: supervisor}}
measures:
  complaints:
    label: {{zh: 投诉件, en: Complaints}}
    for: unit
    items: complaint
    not_states: unfounded
    within: rolling 30 days
templates:
  warned:
    subject: {{zh: "{{unit}}投诉集中", en: "Complaints about {{unit}}"}}
    body: {{zh: "{{because}}", en: "{{because}}"}}
rules:
  warning:
    label: {{zh: 投诉集中警示, en: Warning}}
    basis: 五
    mode: {mode}
    for: {whom}
    when: {when}
    if: unit.complaints >= 3
    cases: {{of: unit.complaints, again: {again}}}
    then: {{notify: unit_head, template: warned}}
"""
WEEKLY = ("bureaus", "{every: week, on: friday at 09:00, about: current}")
AT_ONCE = ("complaint", "{event: [open, dismiss]}")
Made = Callable[..., City]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    cities = []

    def make(again: str, whom: tuple[str, str], mode: str = "live", at: str = "city") -> City:
        extra = BOOK.format(again=again, whom=whom[0], when=whom[1], mode=mode)
        cities.append(City(tmp_path / at, "2020-09-01 08:00", small_book(tmp_path / at, extra=extra)))
        return cities[-1]

    yield make
    for city in cities:
        city.close()


def complain(city: City, times: int = 1, unit: str = "works") -> list[str]:
    return [city.opens("督查室", "complaint", unit) for _ in range(times)]


def sets(city: City) -> list[list[str]]:
    """What was spoken about, as the last digits of the numbers."""
    fired = (each for each in city.records("rule.fire") if each["rule"] == "warning")
    return [[id[-1] for id in each["cases"]] for each in fired]


def test_the_same_three_complaints_warn_once(made: Made) -> None:
    city = made("changed", WEEKLY)
    complain(city, 3)
    city.wait("2020-09-26 09:00")
    assert sets(city) == [["1", "2", "3"]]
    complain(city)
    city.wait("2020-09-29 09:00")
    assert sets(city) == [["1", "2", "3"]]
    city.wait("2020-10-10 09:00")
    assert sets(city) == [["1", "2", "3"]], "what is left of a set that has grown old are too few"
    [remembered] = city.records("rule.cases")
    assert (remembered["obj"], remembered["cases"]) == (
        {"type": "unit", "id": "works"},
        ["TS-2020-0001", "TS-2020-0002", "TS-2020-0003"],
    )
    assert city.verdict().ok


@pytest.mark.parametrize(
    ("again", "spoken"),
    [
        ("changed", [["1", "2", "3"], ["1", "2", "3", "4"], ["2", "3", "4"], ["2", "3", "4", "5", "6", "7"]]),
        ("added", [["1", "2", "3"], ["1", "2", "3", "4"], ["2", "3", "4", "5", "6", "7"]]),
        ("apart", [["1", "2", "3"]]),
    ],
)
def test_another_set_a_new_member_or_all_new(made: Made, again: str, spoken: list[list[str]]) -> None:
    city = made(again, WEEKLY)
    first, *_ = complain(city, 3)
    city.wait("2020-09-05 09:00")
    complain(city)
    city.wait("2020-09-12 09:00").does("督查室", "dismiss", first)
    city.wait("2020-09-19 09:00")
    complain(city, 3)
    city.wait("2020-09-26 09:00")
    assert sets(city) == spoken


def test_three_others_are_apart(made: Made) -> None:
    city = made("apart", WEEKLY)
    complain(city, 3)
    city.wait("2020-10-05 09:00")
    complain(city, 3)
    city.wait("2020-10-31 10:00")
    assert sets(city) == [["1", "2", "3"], ["4", "5", "6"]]


def test_each_unit_has_sets_of_its_own(made: Made) -> None:
    city = made("changed", WEEKLY)
    complain(city, 3)
    complain(city, 3, "traffic")
    city.wait("2020-09-26 09:00")
    assert sorted(sets(city)) == [["1", "2", "3"], ["4", "5", "6"]]


def test_after_an_event_too_the_set_is_the_unit_s_and_not_the_item_s(made: Made) -> None:
    """Each complaint is another subject; what was said of the unit's three is remembered with the unit."""
    city = made("apart", AT_ONCE)
    complain(city, 5)
    assert sets(city) == [["1", "2", "3"]]


def test_on_trial_it_would_have_spoken_once_too(made: Made) -> None:
    city = made("changed", WEEKLY, mode="shadow")
    complain(city, 3)
    city.wait("2020-09-26 09:00")
    assert city.fired()["warning"] == 1
    assert city.notices("warning") == []


def test_after_an_outage_it_says_the_same_once(made: Made) -> None:
    """Awake all the time or asleep for a month: the set was said once."""
    awake, asleep = made("changed", WEEKLY, at="awake"), made("changed", WEEKLY, at="asleep")
    for city in (awake, asleep):
        complain(city, 3)
    awake.wait("2020-09-26 09:00")
    asleep.sleep("2020-09-26 09:00").turn()
    asleep.turn()
    assert picture(awake)["notices"] == picture(asleep)["notices"]
    assert sets(awake) == sets(asleep) == [["1", "2", "3"]]
