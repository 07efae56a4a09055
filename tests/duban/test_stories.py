"""What people do with duban in a week: file a board, be reminded, ask why."""

import io
import shutil
from pathlib import Path

import pytest

from tests.duban.conftest import BOOK, Duban

FRIDAY = "2020-09-11 17:00"


def test_an_office_begins_with_the_boards_of_its_first_week(town: Duban) -> None:
    rows = town("item", "list", "--workflow", "board", "-o", "json").data
    week = [(row["unit"], row["due"]) for row in rows if row["period"] == "2020-W37"]
    assert week == [("finance", "2020-09-11T17:00:00+08:00"), ("water", "2020-09-11T17:00:00+08:00")]


def test_li_files_his_board_and_zhang_does_not(town: Duban) -> None:
    """李主任 files, 张三 does not; on Monday only 张三 is overdue."""
    board = board_of(town, "finance")
    done = town("item", "do", board, "file", "pages=3", "--note", "一切正常", "--as", "finance.head")
    assert done.code == 0, done.err
    shown = town("item", "show", board, "-o", "json").data
    assert shown["state"] == "filed"
    assert {field["field"]: field["value"] for field in shown["fields"]}["summary"] == "一切正常"
    assert shown["history"][-1]["actor"] == "Head of Finance bureau 李主任"

    town("run", "--once", "--now", "2020-09-14 10:00")
    overdue = town("item", "list", "--overdue", "--workflow", "board", "-o", "json").data
    assert board_of(town, "water") in {row["id"] for row in overdue}
    assert board not in {row["id"] for row in overdue}
    lines = {row["unit"]: row for row in town("board", "-o", "json").data}
    assert lines["water"]["red"] >= 1


def test_why_tells_the_reasons_and_what_comes_next(town: Duban) -> None:
    board = board_of(town, "water")
    said = town("why", board, "--lang", "zh")
    assert said.code == 0, said.err
    assert "自动立项：周看板(第一条)" in said.out.replace("（", "(").replace("）", ")")
    assert "2020-09-10 09:00" in said.out  # the reminder to come
    assert "2020-09-14 09:00" in said.out  # the notice on the workday after
    town("run", "--once", "--now", "2020-09-14 10:00")
    after = town("why", board, "-o", "json").data
    assert [each["rule"] for each in after["spoken"]] == ["reminder"] * 3
    assert after["light"] is not None
    assert after["light"].startswith("red: 2020-09-11 17:00")
    assert after["next"] == []


def test_reminders_leave_by_the_file_channel(town: Duban, tmp_path: Path) -> None:
    said = town("run", "--once", "--now", "2020-09-10 09:00", "-o", "json").data
    assert said["sent"] >= 2
    letters = list((tmp_path / "outbox").glob("*.eml"))
    assert len(letters) == said["sent"]
    notices = town("notice", "list", "--to", "finance.head", "-o", "json").data
    assert {each["state"] for each in notices} == {"sent"}
    shown = town("notice", "show", str(notices[0]["id"]))
    assert "看板应于" in shown.out


def test_a_unit_sees_its_own_page(town: Duban) -> None:
    town("run", "--once", "--now", "2020-10-12 10:00")
    interview = town("item", "list", "--workflow", "interview", "--unit", "水务局", "-o", "json").data[0][
        "id"
    ]
    held = town("item", "do", interview, "hold", "held_on=2020-10-12", "--as", "supervisor")
    assert held.code == 0, held.err
    page = town("unit", "show", "water", "-o", "json").data
    assert page["interviews"][0]["chair_label"] == "Vice mayor"
    assert page["burden"]["month"] == "2020-10"
    assert page["burden"]["items"] > 0
    assert page["fates"][0]["missed"] > 0
    assert town("unit", "show", "Water bureau", "--lang", "zh").code == 0


def test_the_supervisor_opens_a_task(town: Duban) -> None:
    said = town(
        "item", "open", "task", "due=2020-09-30", "--title", "修桥", "--unit", "water", "--as", "supervisor"
    )
    assert said.code == 0, said.err
    task = town("item", "list", "--workflow", "task", "-o", "json").data[0]
    assert (task["title"], task["unit"], task["due"]) == ("修桥", "water", "2020-10-01T00:00:00+08:00")
    assert "2020-09-30 24:00" in town("item", "list", "--workflow", "task").out


def test_ids_and_long_texts_come_through_stdin(town: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    boards = [board_of(town, unit) for unit in ("finance", "water")]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(boards) + "\n"))
    said = town("item", "do", "-", "excuse", "reason=停电", "--as", "mayor", "-o", "json")
    assert [each["to"] for each in said.data["done"]] == ["excused", "excused"]
    town("run", "--once", "--now", "2020-09-15 10:00")
    other = town("item", "list", "--workflow", "board", "--unit", "water", "-o", "json").data[-1]["id"]
    monkeypatch.setattr("sys.stdin", io.StringIO("第一段\n第二段\n"))
    assert town("item", "do", other, "file", "summary=-", "--as", "water.head").code == 0
    fields = town("item", "show", other, "-o", "json").data["fields"]
    assert "第一段\n第二段" in {field["value"] for field in fields}


def test_people_come_and_go(town: Duban) -> None:
    assert town("people", "set", "water.liaison", "李四", "li4@town.example").code == 0
    rows = town("people", "list", "--unit", "water", "-o", "json").data
    assert {row["post"]: row["name"] for row in rows} == {"water.head": "张三", "water.liaison": "李四"}
    assert "finance.liaison" in {row["post"] for row in town("people", "list", "--empty", "-o", "json").data}


def test_the_log_is_listed_shown_and_verified(town: Duban) -> None:
    newest = town("audit", "list", "--limit", "1", "-o", "json").data[0]
    shown = town("audit", "show", str(newest["seq"]), "-o", "json").data
    assert shown["record"]["seq"] == newest["seq"]
    verdict = town("audit", "verify", "-o", "json")
    assert (verdict.code, verdict.data["ok"], verdict.data["entries"]) == (0, True, newest["seq"] + 1)


def test_time_is_told_and_never_goes_back(town: Duban) -> None:
    town("run", "--once", "--now", "2020-09-14 10:00")
    board = board_of(town, "water")
    said = town("item", "do", board, "file", "--as", "water.head", "--now", "2020-09-01")
    assert said.code == 2
    assert "before the last entry" in said.err
    assert town("item", "do", board, "file", "--as", "water.head").code == 0
    assert town("audit", "list", "--limit", "1", "-o", "json").data[0]["ts"].startswith("2020-09-14T10:00")


def test_a_book_is_checked_tested_shown_and_explained(duban: Duban) -> None:
    assert duban("check", str(BOOK)).code == 0
    tested = duban("test", str(BOOK), "-o", "json")
    assert (tested.code, tested.data[0]["passed"]) == (0, True)
    assert duban("book", "show", str(BOOK), "-o", "json").data["workflows"]["board"] == "Board"
    sentence = duban("explain", "monthly", "--book", str(BOOK), "--lang", "zh").out
    assert "缺报次数不少于 2" in sentence
    assert "计次" in sentence
    drawn = duban("explain", "board", "--form", "mermaid", "--book", str(BOOK))
    assert drawn.out.startswith("stateDiagram-v2")
    assert "rules" in duban("schema").data["properties"]
    assert duban("book", "list").code == 0


def board_of(duban: Duban, unit: str) -> str:
    rows = duban("item", "list", "--workflow", "board", "--unit", unit, "--all", "-o", "json").data
    return str(next(row["id"] for row in rows if row["period"] == "2020-W37"))


EXTENSION = """
workflows:
  extension:
    label: {zh: 延期申请, en: Request for more time}
    prefix: YQ
    opened_by: unit_head
    initial: asked
    needs: [new_due]
    fields:
      new_due: {type: date, label: {zh: 申请延至, en: asked until}}
    states:
      asked: {zh: 待批, en: asked}
      granted: {zh: 同意, en: granted, final: true}
    transitions:
      - {event: grant, label: {zh: 同意, en: grant}, from: asked, to: granted, by: supervisor}
rules:
  more_time:
    label: {zh: 同意延期, en: More time}
    basis: 第九条
    for: extension
    when: {event: grant}
    then:
      extend: {clock: due, item: parent, to: "=has(item.new_due) ? item.new_due : now"}
"""


def test_who_grants_in_vain_is_told_at_once(duban: Duban, tmp_path: Path) -> None:
    """The supervisor grants more time on the day after the task was due."""
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    (folder / "extension.yaml").write_text(EXTENSION, "utf-8")
    people = str(Path(__file__).parent / "people.yaml")
    assert duban("init", str(folder), "--people", people, "--now", "2020-09-07 08:00").code == 0
    opened = ("item", "open", "task", "due=2020-09-10", "--unit", "water", "--as", "supervisor")
    task = duban(*opened, "--now", "2020-09-07 09:00", "-o", "json").data["id"]
    ask = ("item", "open", "extension", "new_due=2020-09-20", "--parent", task, "--unit", "water")
    asked = duban(*ask, "--as", "water.head", "--now", "2020-09-09 09:00", "-o", "json").data
    assert asked["not_done"] == []
    granted = duban(
        "item", "do", asked["id"], "grant", "--as", "supervisor", "--now", "2020-09-11 09:00", "--lang", "zh"
    )
    assert granted.code == 0, granted.err
    first, second = granted.out.splitlines()
    assert first == f"{asked['id']}：已登记，现为“同意”"
    assert second == f"  注意：{task} 延期未生效：批准时原期限已过；仍为2020年9月10日 24:00"
