"""What waits for a person is seen on the board and in the daemon's log, and each has a way out that works."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duban.daemon import Daemon
from engine.deliver import Channel, Outcome, Outgoing
from engine.office import Office
from store.sqlite import driver
from tests.duban.conftest import BOOK, PEOPLE, Duban
from tests.duban.readings import on_time

MONDAY = "2020-09-14 10:00"  # boards of two bureaus are overdue, and their reminders due since 09:00
BOARD = "KB-2020-0001"
SEALED = "a clue of which nobody but its readers knows"


def corrupt(statement: str, *values: object) -> None:
    """Past the triggers, as a bad tool or a bad disk would."""
    raw = driver().connect("duban.db")
    for table in ("items", "clocks"):
        raw.execute(f"DROP TRIGGER IF EXISTS {table}_later_entry")
    raw.execute(statement, values)
    raw.commit()
    raw.close()


def set_aside(town: Duban) -> None:
    """On Thursday at 09:00 it would be reminded of; by noon it has failed five times."""
    corrupt("UPDATE items SET fields = '{' || fields WHERE id = ?", BOARD)
    assert town("run", "--once", "--now", MONDAY).code == 1


class TestSetAside:
    def test_a_person_lets_go_what_was_set_aside_for_good(self, town: Duban) -> None:
        set_aside(town)
        for language in ("zh", "en"):
            board = town("board", "--lang", language).out
            assert f"duban item retry {BOARD}" in board
            assert "JSONDecodeError" in board
        corrupt("UPDATE items SET fields = substr(fields, 2) WHERE id = ?", BOARD)
        said = town("item", "retry", BOARD, "--as", "supervisor")
        assert said.code == 0, said.err
        assert "the next turn takes it up" in said.out
        entry = town("audit", "list", "--act", "unpark", "-o", "json").data[0]
        assert (entry["obj"], entry["actor"]) == (BOARD, "Supervision officer 督查员")
        assert "JSONDecodeError" in entry["why"]
        assert town("run", "--once", "--now", "2020-09-14 10:01").code == 0
        told = town("notice", "list", "--item", BOARD, "-o", "json").data
        assert {notice["to"] for notice in told} == {"finance.head", "vice_mayor"}
        assert "alarm" not in town("board").out
        assert town("audit", "verify").code == 0

    def test_the_log_says_what_happens_next(self, town: Duban) -> None:
        set_aside(town)
        last, *_, first = town("audit", "list", "--act", "park", "-o", "json").data
        assert "tried again at 2020-09-10 09:01" in first["why"]
        assert f"`duban item retry {BOARD}`" in last["why"]
        assert f"`duban item retry {BOARD}`" in town("audit", "list", "--act", "park", "--lang", "zh").out

    def test_a_schedule_is_let_go_as_well(self, town: Duban) -> None:
        corrupt("UPDATE schedules SET period = '2020-99' WHERE id = 'duty:weekly_board'")
        assert town("run", "--once", "--now", "2020-09-14 00:01").code == 1
        assert "1 more set aside" in town("board").out, "still tried by itself"
        said = town("item", "retry", "duty:weekly_board", "--as", "supervisor", "-o", "json")
        assert (said.code, said.data["id"]) == (0, "duty:weekly_board")
        (entry,) = town("audit", "list", "--act", "unpark", "-o", "json").data
        assert entry["obj_type"] == "schedule"
        assert "alarm" not in town("board").out

    @pytest.mark.parametrize("subject", [BOARD, "KB-2020-9999", "duty:weekly_board"])
    def test_what_is_not_set_aside_is_left_alone(self, town: Duban, subject: str) -> None:
        said = town("item", "retry", subject, "--as", "supervisor")
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert subject in said.err
        assert town("audit", "list", "--act", "unpark", "-o", "json").data == []

    def test_of_a_sealed_one_nobody_hears_who_may_not_know_of_it(self, town: Duban) -> None:
        opened = town("item", "open", "clue", f"text={SEALED}", "--as", "supervisor", "-o", "json").data["id"]
        corrupt(
            "INSERT INTO parked VALUES (?, 'ValueError: x', 5, '2020-09-10T01:00:00.000000Z', NULL)", opened
        )
        assert opened not in town("board").out
        stranger = town("item", "retry", opened, "--as", "mayor")
        nothing = town("item", "retry", "XS-2020-9999", "--as", "mayor")
        assert stranger.err.replace(opened, "XS-2020-9999") == nothing.err
        assert opened in town("board", "--as", "discipline").out
        assert town("item", "retry", opened, "--as", "discipline").code == 0
        assert opened not in town("audit", "list").out


class Refusing:
    """A channel on which a message is refused, or of which nobody knows."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def send(self, message: Outgoing) -> Outcome:
        return self.outcome

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def office(town: Duban) -> Iterator[Office]:
    found = Office.open("sqlite:///duban.db")
    yield found
    found.close()


def live(office: Office, kind: Outcome) -> None:
    channel: Channel = Refusing(kind)
    daemon = Daemon(office, {"mail": channel}, 1, on_time(lambda: datetime(2020, 9, 14, 2, tzinfo=UTC)))
    daemon.turn()
    daemon.deliver()


def told(err: str, event: str) -> list[dict[str, object]]:
    return [line for line in map(json.loads, err.splitlines()) if line["event"] == event]


class TestNotDelivered:
    def test_what_was_refused_for_good_is_an_alarm(
        self, town: Duban, office: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        live(office, Outcome(kind="refused", detail="550 no such user"))
        (line,) = told(capsys.readouterr().err, "dead")
        assert line["level"] == "error"
        assert "--state dead" in str(line["next"])
        board = town("board").out
        assert "could not be sent" in board
        assert "Vice mayor" in board, "who was to be told"
        assert "未能发出" in town("board", "--lang", "zh").out
        assert "could not be sent" not in town("board", "--now", "2020-12-01").out, "no alarm for ever"

    def test_what_may_have_left_is_an_alarm_until_a_person_decides(
        self, town: Duban, office: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        live(office, Outcome(kind="unknown", detail="the line broke"))
        (line,) = told(capsys.readouterr().err, "unknown")
        assert line["level"] == "error"
        waiting = town("notice", "list", "--state", "unknown", "-o", "json").data
        assert waiting
        assert "may have left" in town("board").out
        for notice in waiting:
            said = town("outbox", "resolve", str(notice["id"]), "--leave", "--as", "supervisor")
            assert said.code == 0, said.err
            assert "no longer needed" in said.out
        assert "may have left" not in town("board").out
        kept = town("notice", "show", str(waiting[0]["id"]), "-o", "json").data
        assert (kept["state"], kept["outcome"]) == (
            "dropped",
            "经人工确认，不再发送 | not to be sent again on a person's word",
        )
        (again,) = {
            town("outbox", "resolve", str(each["id"]), "--resend", "--as", "supervisor").code
            for each in waiting
        }
        assert again == 1, "decided once"
        assert town("audit", "verify").code == 0

    def test_one_that_is_sent_again_is_pending(self, town: Duban, office: Office) -> None:
        live(office, Outcome(kind="unknown", detail="the line broke"))
        (first, *_) = town("notice", "list", "--state", "unknown", "-o", "json").data
        said = town("outbox", "resolve", str(first["id"]), "--resend", "--as", "supervisor", "-o", "json")
        assert (said.code, said.data["state"]) == (0, "pending")


class TestNobody:
    @pytest.fixture
    def empty(self, duban: Duban, tmp_path: Path) -> Duban:
        """An office whose vice mayor has no address."""
        people = PEOPLE.read_text("utf-8").replace(", email: wang@town.example", "")
        (tmp_path / "people.yaml").write_text(people, "utf-8")
        made = duban("init", str(BOOK), "--people", "people.yaml", "--now", "2020-09-07 08:00")
        assert made.code == 0, made.err
        return duban

    def test_it_is_an_alarm_until_somebody_can_be_told(
        self, empty: Duban, capsys: pytest.CaptureFixture[str]
    ) -> None:
        office = Office.open("sqlite:///duban.db")
        live(office, Outcome(kind="sent", detail="kept"))
        (line,) = told(capsys.readouterr().err, "nobody")
        assert line["level"] == "error"
        assert "duban people set" in str(line["next"])
        live(office, Outcome(kind="sent", detail="kept"))
        assert told(capsys.readouterr().err, "nobody") == [], "told once"
        office.close()
        assert "nobody could be told" in empty("board").out
        assert "Vice mayor" in empty("board").out
        rows = empty("board", "-o", "json")
        assert "alarm: nobody could be told" in rows.err
        assert rows.data, "programs read rows and nothing else"
        assert empty("people", "set", "vice_mayor", "王副市长", "wang@town.example").code == 0
        assert "alarm" not in empty("board").out
