"""What others recorded becomes an office: made-up tables and logs, whole or not at all."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.duban.conftest import BOOK, Duban, Said

MAPPING = """
events_file:
  zone: Asia/Shanghai
  workflow: task
  item: no
  at: when
  at_format: "%d.%m.%Y %H:%M"
  event: what
  events: {received: open, done: finish}
  ignore: [viewed]
  by: who
  posts: {"Wang, supervision": supervisor, "Li, water": water.head}
  unit: department
  units: {Waterworks: water}
  title: subject
  fields: {due: wanted_by, result: outcome}
"""
LINES = """no,when,what,who,department,subject,wanted_by,outcome
7,02.09.2020 09:00,received,"Wang, supervision",Waterworks,Burst pipe,2020-09-10,
7,03.09.2020 09:00,viewed,"Li, water",Waterworks,,,
8,03.09.2020 11:00,received,"Wang, supervision",Waterworks,Old pump,2020-09-08,
7,04.09.2020 16:30,done,"Li, water",Waterworks,,,mended
8,10.09.2020 10:00,done,"Li, water",Waterworks,,,replaced
"""


def imports(duban: Duban, tmp_path: Path, lines: str = LINES, mapping: str = MAPPING, *more: str) -> Said:
    (tmp_path / "events.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(mapping, encoding="utf-8")
    command = ("import", "events", "events.csv", "--map", "map.yaml", "--book", str(BOOK))
    return duban(*command, "--store", "sqlite:///office.db", "-o", "json", *more)


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir() if ".db" in path.name)


def test_lines_become_items_with_their_own_dates(duban: Duban, tmp_path: Path) -> None:
    said = imports(duban, tmp_path)
    assert (said.code, said.err) == (0, "")
    assert said.data["items"] == 2
    assert said.data["done"] == 4
    assert said.data["ignored"] == 1
    tasks = [
        row
        for row in duban("item", "list", "--all", "--store", "sqlite:///office.db", "-o", "json").data
        if row["workflow"] == "task"
    ]
    assert [(row["title"], row["opened_at"][:16]) for row in tasks] == [
        ("Burst pipe", "2020-09-02T09:00"),
        ("Old pump", "2020-09-03T11:00"),
    ]
    why = duban("why", tasks[1]["id"], "--store", "sqlite:///office.db", "-o", "json").data
    clock = why["clocks"][0]
    assert clock["outcome"] == "missed", "done on the tenth, wanted by the eighth"


def test_refused_lines_are_told_by_number_and_nothing_is_imported(duban: Duban, tmp_path: Path) -> None:
    broken = (
        LINES
        + "9,31.02.2020 10:00,received,,,,,\n7,05.09.2020 10:00,burnt,,,,,\n,05.09.2020 10:00,done,,,,,\n"
    )
    said = imports(duban, tmp_path, broken)
    assert said.code == 1
    assert "line 7: cannot read the moment '31.02.2020 10:00'" in said.err
    assert "line 8: the activity 'burnt' is not mapped" in said.err
    assert "line 9: no is empty" in said.err
    assert left_behind(tmp_path) == []


def test_with_consent_the_rest_is_imported(duban: Duban, tmp_path: Path) -> None:
    said = imports(duban, tmp_path, LINES + "9,31.02.2020 10:00,received,,,,,\n", MAPPING, "--skip-refused")
    assert said.code == 0
    assert said.data["refused"] == 1
    assert left_behind(tmp_path) == ["office.db"]


def test_what_the_book_refuses_leaves_nothing(duban: Duban, tmp_path: Path) -> None:
    twice = LINES + '7,11.09.2020 10:00,done,"Li, water",Waterworks,,,again\n'
    said = imports(duban, tmp_path, twice)
    assert said.code == 1
    assert "line 7" in said.err
    assert left_behind(tmp_path) == []


def test_lines_may_come_in_any_order(duban: Duban, tmp_path: Path) -> None:
    head, *rest = LINES.splitlines(keepends=True)
    said = imports(duban, tmp_path, head + "".join(reversed(rest)))
    assert (said.code, said.data["done"]) == (0, 4)


def test_an_event_before_the_opening_of_its_item_is_refused(duban: Duban, tmp_path: Path) -> None:
    early = LINES + "9,01.09.2020 10:00,done,,,,,x\n"
    said = imports(duban, tmp_path, early)
    assert "line 7: the item 9 has not been opened before this line" in said.err


def test_the_mapping_is_checked_against_book_and_file(duban: Duban, tmp_path: Path) -> None:
    wrong = MAPPING.replace("done: finish", "done: finsh").replace("item: no", "item: number")
    said = imports(duban, tmp_path, LINES, wrong)
    assert said.code == 1
    assert "map.yaml:9:34: events_file.events.done: unknown event finsh, did you mean finish?" in said.err
    assert "unknown column number" in said.err


def test_another_encoding_is_told_with_the_way_out(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_bytes("no,when,what\n七,x,y\n".encode("gb18030"))
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    said = duban("import", "events", "events.csv", "--map", "map.yaml", "--book", str(BOOK))
    assert said.code == 2
    assert "encoding" in said.err


def test_a_plan_makes_no_office(duban: Duban, tmp_path: Path) -> None:
    said = imports(duban, tmp_path, LINES, MAPPING, "--plan")
    assert said.data["events"] == 4
    assert left_behind(tmp_path) == []


def test_an_office_that_is_there_is_left_alone(duban: Duban, tmp_path: Path) -> None:
    assert imports(duban, tmp_path).code == 0
    before = (tmp_path / "office.db").read_bytes()
    said = imports(duban, tmp_path)
    assert said.code == 3
    assert "exists already" in said.err
    assert (tmp_path / "office.db").read_bytes() == before


# ---------------------------------------------------------------- XES


def xes(*events: tuple[str, str, str, str]) -> str:
    """(case, moment, activity, more attributes)"""
    traces = []
    for case, moment, activity, more in events:
        traces.append(
            f'<trace><string key="concept:name" value={quoteattr(case)}/><event>'
            f'<string key="concept:name" value={quoteattr(activity)}/>'
            f'<date key="time:timestamp" value={quoteattr(moment)}/>{more}</event></trace>'
        )
    return f'<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">{"".join(traces)}</log>'


XES_MAPPING = """
events_file:
  form: xes
  workflow: task
  item: "case:concept:name"
  at: "time:timestamp"
  event: "concept:name"
  events: {A_CREATE: open, A_DONE: finish}
  by: "org:resource"
  posts: {W: supervisor, L: water.head}
  unit: "org:group"
  units: {WW: water}
  fields: {due: due, result: note}
"""
WHO = '<string key="org:resource" value="{0}"/><string key="org:group" value="WW"/>'


def imports_xes(duban: Duban, tmp_path: Path, content: str) -> Said:
    (tmp_path / "log.xes").write_text(content, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(XES_MAPPING, encoding="utf-8")
    command = ("import", "events", "log.xes", "--map", "map.yaml", "--book", str(BOOK))
    return duban(*command, "--store", "sqlite:///office.db", "-o", "json")


def test_an_event_log_becomes_an_office(duban: Duban, tmp_path: Path) -> None:
    due = WHO.format("W") + '<date key="due" value="2020-09-08"/>'
    done = WHO.format("L") + '<string key="note" value="mended"/>'
    log = xes(
        ("1", "2020-09-02T09:00:00+08:00", "A_CREATE", due),
        ("1", "2020-09-04T09:00:00.000+08:00", "A_DONE", done),
    )
    said = imports_xes(duban, tmp_path, log)
    assert (said.code, said.err) == (0, "")
    assert said.data["done"] == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<log><trace></log>", "log.xes:1:"),
        ('<!DOCTYPE log [<!ENTITY a "b">]><log>&a;</log>', "may not contain a DOCTYPE"),
        ("<log>" * 50 + "</log>" * 50, "nested too deeply"),
    ],
)
def test_a_hostile_log_is_refused_in_a_sentence(
    duban: Duban, tmp_path: Path, content: str, told: str
) -> None:
    said = imports_xes(duban, tmp_path, content)
    assert said.code == 2
    assert told in said.err
    assert left_behind(tmp_path) == []
