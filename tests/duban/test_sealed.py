"""What is sealed does not exist for whoever may not read it: in no list, count, page, reason or log line."""

import json
from datetime import UTC, datetime

import pytest

from engine.act import NewItem, open_new
from engine.office import Office
from tests.duban.conftest import Duban

SECRET = "某人收受好处"


@pytest.fixture
def clue(town: Duban) -> str:
    """The supervisor has recorded a clue about the water bureau; only the discipline contact may read it."""
    said = town(
        "item", "open", "clue", f"text={SECRET}", "--unit", "water", "--as", "supervisor", "-o", "json"
    )
    assert said.code == 0, said.err
    town("run", "--once")
    return str(said.data["id"])


OPEN_TO_ALL = [
    ["item", "list", "--all"],
    ["item", "list", "--workflow", "clue"],
    ["board"],
    ["board", "--unit", "water"],
    ["unit", "show", "water"],
    ["unit", "list"],
    ["notice", "list"],
    ["bulletin", "list"],
    ["audit", "list", "--limit", "0"],
    ["audit", "list", "--limit", "0", "--act", "item.open"],
    ["audit", "list", "--obj", "XS-2020-0001"],
]


@pytest.mark.parametrize(
    "post",
    [
        None,
        pytest.param("mayor", marks=pytest.mark.slow),
        pytest.param("water.head", marks=pytest.mark.slow),
        "supervisor",
    ],
)
@pytest.mark.parametrize("words", OPEN_TO_ALL, ids=" ".join)
def test_nobody_else_sees_it(town: Duban, clue: str, words: list[str], post: str | None) -> None:
    for form in ("table", "json", "csv"):
        if words[:2] == ["unit", "show"] and form == "csv":
            continue
        said = town(*words, "-o", form, *(["--as", post] if post else []))
        assert said.code == 0, said.err
        assert clue not in said.out
        assert SECRET not in said.out
        assert "一条线索" not in said.out


@pytest.mark.parametrize("command", [["item", "show"], ["why"], ["bulletin", "show"]])
def test_asking_for_it_answers_as_if_there_were_none(town: Duban, clue: str, command: list[str]) -> None:
    asked = town(*command, clue, "--as", "mayor")
    absent = town(*command, "XS-2020-0009", "--as", "mayor")
    assert (asked.code, asked.out) == (absent.code, absent.out) == (2, "")
    assert asked.err == absent.err.replace("XS-2020-0009", clue)


@pytest.mark.parametrize("pairs", [["nonsense=1"], [], ["text=x"]])
def test_acting_on_it_answers_as_if_there_were_none(town: Duban, clue: str, pairs: list[str]) -> None:
    asked = town("item", "do", clue, "receive", *pairs, "--as", "mayor")
    absent = town("item", "do", "XS-2020-0009", "receive", *pairs, "--as", "mayor")
    assert (asked.code, asked.out) == (absent.code, absent.out)
    assert asked.err == absent.err.replace("XS-2020-0009", clue)


def test_its_reader_sees_it_and_that_is_logged(town: Duban, clue: str) -> None:
    assert clue in town("item", "list", "--as", "discipline").out
    shown = town("item", "show", clue, "--as", "discipline")
    assert SECRET in shown.out
    newest = town("audit", "list", "--limit", "1", "--as", "discipline", "-o", "json").data[0]
    assert (newest["act"], newest["obj"], newest["actor_id"]) == ("item.read", clue, "discipline")
    assert town("item", "do", clue, "receive", "--as", "discipline").code == 0


def test_the_log_shows_that_something_is_there_and_verifies(town: Duban, clue: str) -> None:
    rows = town("audit", "list", "--limit", "0", "-o", "json").data
    assert "sealed" in {row["act"] for row in rows}
    sealed = next(row["seq"] for row in rows if row["act"] == "sealed")
    shown = town("audit", "show", str(sealed))
    assert clue not in shown.out
    assert town("audit", "verify").code == 0
    assert json.loads(town("audit", "show", str(sealed), "-o", "json").out)["why"] == "(sealed)"


def test_what_belongs_to_it_does_not_name_it(town: Duban, clue: str) -> None:
    office = Office.open("sqlite:///duban.db")
    now = datetime(2020, 9, 12, 9, tzinfo=UTC)
    wish = NewItem(
        workflow="task",
        title="核实",
        by="supervisor",
        unit="water",
        parent=clue,
        fields={"due": "2020-09-30"},
    )
    task = open_new(office, wish, now)
    office.close()
    assert isinstance(task, str), task
    for words in (["item", "list"], ["item", "show", task], ["unit", "show", "water"]):
        assert clue not in town(*words, "-o", "json").out
    rows = town("item", "list", "--as", "discipline", "-o", "json").data
    assert {row["parent"] for row in rows if row["id"] == task} == {clue}, "its reader knows of it"
