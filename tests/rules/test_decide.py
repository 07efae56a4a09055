"""Which rung speaks, and when the next one will be reached."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.decide import NOTHING, Ladder, Series, Spoke, coming, reached

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def day(number: int) -> datetime:
    return START + number * DAY


def every(
    days: int, *, first: int, most: int | None = None, since: datetime = EVER, until: datetime = NEVER
) -> Series:
    return Series(at=lambda times: day(first + days * times), most=most, since=since, until=until)


def heard(ladder: Ladder, now: datetime, spoken: Spoke = NOTHING) -> list[Spoke]:
    return [each.last for each in reached(ladder, started=START, spoken=spoken, now=now)]


def next_at(ladder: Ladder, now: datetime, spoken: Spoke = NOTHING) -> datetime | None:
    found = (each.at for each in coming(ladder, started=START, spoken=spoken, now=now))
    return min(found, default=None)


def test_the_highest_first_and_those_that_have_spoken_not() -> None:
    ladder = (day(1), day(3), day(5))
    assert heard(ladder, day(4)) == [Spoke(1), Spoke(0)]
    assert heard(ladder, day(4), Spoke(0)) == [Spoke(1)]
    assert heard(ladder, day(4), Spoke(1)) == []
    assert next_at(ladder, day(4), Spoke(1)) == day(5)


def test_what_lies_before_the_start_was_never_reached() -> None:
    assert heard((day(-1), day(2)), day(1)) == []
    assert heard((every(2, first=-3),), day(0)) == []
    assert heard((every(2, first=-3),), day(1)) == [Spoke(0, 2)]


def test_the_newest_of_a_series() -> None:
    ladder = (every(2, first=1, most=3), day(20))
    assert [heard(ladder, day(number)) for number in (0, 1, 4, 5, 9)] == [
        [], [Spoke(0)], [Spoke(0, 1)], [Spoke(0, 2)], [Spoke(0, 2)]
    ]  # fmt: skip
    assert heard(ladder, day(9), Spoke(0, 2)) == []
    assert next_at(ladder, day(9), Spoke(0, 2)) == day(20)
    assert next_at(ladder, day(1), Spoke(0)) == day(3)


def test_a_series_only_while_its_rule_is_in_force() -> None:
    series = every(2, first=1, since=day(4), until=day(7))
    assert [heard((series,), day(number)) for number in (3, 5, 6, 7, 90)] == [[], *([[Spoke(0, 2)]] * 4)][:5]
    assert next_at((series,), day(1)) == day(5)
    assert next_at((series,), day(5)) is None


@given(
    first=st.integers(-20, 40),
    step=st.integers(1, 9),
    most=st.integers(2, 12) | st.none(),
    until=st.integers(0, 80),
    turns=st.lists(st.integers(0, 90), min_size=1, max_size=30).map(sorted),
)
def test_each_time_speaks_at_most_once_and_never_late_ones_again(
    first: int, step: int, most: int | None, until: int, turns: list[int]
) -> None:
    ladder = (every(step, first=first, most=most, until=day(until)), day(60))
    spoken, said = NOTHING, []
    for turn in turns:
        for now in [day(turn)] * 2:
            found = heard(ladder, now, spoken)
            if found:
                spoken = found[0]
                said.append(spoken)
        upcoming = next_at(ladder, day(turn), spoken)
        assert upcoming is None or upcoming > day(turn), "nothing wakes itself without end"
    assert said == sorted(set(said))
    assert all(0 <= first + step * each.again < until for each in said if each.rung == 0)
    assert most is None or all(each.again < most for each in said)
