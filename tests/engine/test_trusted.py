"""What is believed of a clock: never back, never ahead of the time that passed, until a person says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trusted import TOLERANCE, Reading, Sign, believe, last_of

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def reading(wall: timedelta, steady: timedelta, boot: str = "first") -> Reading:
    return Reading(wall=START + wall, steady=steady, boot=boot)


BORN = believe(None, reading(timedelta(), timedelta()))


def live(*readings: Reading, last: Sign = BORN) -> Sign:
    for each in readings:
        last = believe(last, each)
    return last


def test_a_clock_that_goes_on_with_time_is_believed() -> None:
    for asleep in (MINUTE, DAY, 90 * DAY):
        sign = live(reading(asleep, asleep))
        assert (sign.believed, sign.doubt) == (START + asleep, None)


@pytest.mark.parametrize("ahead", [TOLERANCE, DAY, 30 * DAY, 400 * DAY])
def test_a_jump_forward_is_not_believed_and_time_goes_on_without_it(ahead: timedelta) -> None:
    sign = live(reading(MINUTE + ahead, MINUTE))
    assert (sign.believed, sign.doubt) == (START + MINUTE, "jump")
    later = live(reading(DAY + ahead, DAY), last=sign)
    assert (later.believed, later.doubt) == (START + DAY, "jump")
    mended = live(reading(DAY + MINUTE, DAY + MINUTE), last=later)
    assert (mended.believed, mended.doubt) == (START + DAY + MINUTE, None)


def test_a_small_step_of_a_time_server_is_believed() -> None:
    step = TOLERANCE - timedelta(seconds=1)
    assert live(reading(MINUTE + step, MINUTE)).doubt is None


def test_a_clock_that_steps_back_waits_where_the_office_was() -> None:
    back = live(reading(DAY, DAY), reading(DAY - timedelta(hours=1), DAY + MINUTE))
    assert (back.believed, back.doubt) == (START + DAY, None)
    again = live(reading(DAY + 2 * MINUTE, DAY + 2 * MINUTE), last=back)
    assert (again.believed, again.doubt) == (START + DAY + 2 * MINUTE, None)


def test_a_machine_that_was_off_is_believed_up_to_a_month() -> None:
    assert live(reading(31 * DAY, MINUTE, "second")).believed == START + 31 * DAY
    away = live(reading(32 * DAY, MINUTE, "second"))
    assert (away.believed, away.doubt) == (START, "sleep")
    later = live(reading(32 * DAY + MINUTE, 2 * MINUTE, "second"), last=away)
    assert (later.believed, later.doubt) == (START + MINUTE, "sleep")


def test_doubt_outlives_a_restart_of_the_machine() -> None:
    jumped = live(reading(10 * DAY, MINUTE))
    started = live(reading(10 * DAY + MINUTE, MINUTE, "second"), last=jumped)
    assert (started.believed, started.doubt) == (START + MINUTE, "jump")


def test_two_machines_measure_by_their_own_time_and_share_the_doubt() -> None:
    mine = live(reading(MINUTE, 50 * DAY, "mine"))
    jumped = believe(mine, reading(2 * MINUTE + DAY, 50 * DAY + MINUTE, "mine"))
    other = believe(BORN, reading(timedelta(), timedelta(), "other"))
    last = last_of(jumped, other)
    assert last is not None
    seen = believe(last, reading(2 * MINUTE + DAY, 2 * MINUTE, "other"))
    assert seen.doubt == "jump"
    confirmed = Sign(believed=START + DAY + 3 * MINUTE, reading=jumped.reading)
    after = last_of(confirmed, seen)
    assert after is not None
    assert believe(after, reading(DAY + 4 * MINUTE, 4 * MINUTE, "other")).doubt is None


steps = st.lists(
    st.tuples(
        st.integers(0, 3 * 86400),  # seconds that pass
        st.integers(-40 * 86400, 40 * 86400) | st.just(0),  # seconds that the clock is set by
    ),
    max_size=30,
)


@given(steps)
def test_it_never_runs_back_and_never_ahead_of_the_time_that_passed(moves: list[tuple[int, int]]) -> None:
    passed = wrong = timedelta()
    last = BORN
    for seconds, error in moves:
        passed += timedelta(seconds=seconds)
        wrong += timedelta(seconds=error)
        sign = believe(last, reading(passed + wrong, passed))
        assert sign.believed >= last.believed
        # Each step may slip by less than the tolerance; a step that is larger never counts.
        assert sign.believed - last.believed < timedelta(seconds=seconds) + TOLERANCE
        last = replace(sign)
