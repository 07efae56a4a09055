"""A clock that jumps summons nobody: time goes on at its pace until a person confirms."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from duban.daemon import Daemon
from duban.session import VIRTUAL
from engine.office import Office
from engine.trusted import Reading, last_sign
from tests.duban.conftest import Duban

WORKDAY = datetime(2020, 9, 14, 2, tzinfo=UTC)
MONTH = timedelta(days=30)


class Machine:
    """Its clock may be set; the time that passes may not."""

    def __init__(self) -> None:
        self.passed, self.wrong = timedelta(), timedelta()

    def __call__(self, _store: object = None) -> Reading:
        return Reading(wall=WORKDAY + self.passed + self.wrong, steady=self.passed, boot="test")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr("duban.machine.read_machine", made)
    return made


@pytest.fixture
def daemon(town: Duban, machine: Machine) -> Iterator[Daemon]:
    office = Office.open("sqlite:///duban.db")
    with office.store.write(WORKDAY) as tx:
        tx.set_meta(VIRTUAL[0], "real")
    yield Daemon(office, {}, 1, machine)
    office.close()


def acts(daemon: Daemon) -> list[str]:
    with daemon.office.store.read() as reader:
        return [row.act for row in reader.list_audit(limit=1000) if row.act.startswith("time.")]


def test_nothing_falls_due_by_a_jump_until_it_is_confirmed(
    town: Duban, daemon: Daemon, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.turn()
    machine.passed += timedelta(minutes=1)
    machine.wrong = MONTH
    jumped = daemon.turn()
    assert jumped is not None
    assert jumped.work == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["next"] for line in lines if line["event"] == "clock"] == [
        "set the clock right, or `duban clock confirm` where it is right"
    ]
    assert acts(daemon) == ["time.doubt"]
    daemon.turn()
    assert acts(daemon) == ["time.doubt"], "told once"

    shown = town("clock", "show").out
    assert "2020-10-14 10:01" in shown
    assert "2020-09-14 10:01" in shown
    assert "clock is in doubt" in town("board").err

    assert town("clock", "confirm", "--as", "supervisor").code == 0
    confirmed = daemon.turn()
    assert confirmed is not None
    assert confirmed.work > 0
    assert sorted(acts(daemon)) == ["time.believe", "time.doubt"]
    assert town("audit", "verify").code == 0


def test_a_clock_that_is_set_right_again_is_believed(daemon: Daemon, machine: Machine) -> None:
    daemon.turn()
    machine.wrong = MONTH
    daemon.turn()
    machine.wrong = timedelta()
    daemon.turn()
    with daemon.office.store.read() as reader:
        sign = last_sign(reader)
    assert sign is not None
    assert sign.doubt is None
    assert sorted(acts(daemon)) == ["time.believe", "time.doubt"]


def test_a_clock_that_steps_back_stands_still(daemon: Daemon, machine: Machine) -> None:
    daemon.turn()
    machine.passed = timedelta(hours=3)
    daemon.turn()
    machine.wrong = -timedelta(hours=2)
    assert daemon.now() == WORKDAY + timedelta(hours=3)
    daemon.turn()
    machine.passed += timedelta(hours=2, minutes=1)
    assert daemon.now() == WORKDAY + timedelta(hours=3, minutes=1)


def test_an_outage_is_entered_once(daemon: Daemon, machine: Machine) -> None:
    daemon.turn()
    for minutes in (14, 1, 16, 1):
        machine.passed += timedelta(minutes=minutes)
        daemon.turn()
    with daemon.office.store.read() as reader:
        told = [row.rec for row in reader.list_audit(act="office.outage")]
    assert len(told) == 1
    assert '"since":"2020-09-14T02:15:00+00:00"' in told[0]
    assert '"until":"2020-09-14T02:31:00+00:00"' in told[0]
