"""What is refused, in which words, and that a shared machine keeps nothing of an item."""

from collections.abc import Mapping
from datetime import timedelta, timezone

import pytest

from tests.workflows.shelf import SHELF, SPECS
from workflows.language import WorkflowSpec
from workflows.machine import Ask, Moved, Opening, Refused, Workflow, begin, possible, read_args, step
from workflows.values import Plain

ISSUE = SHELF["issue"]
SUPERVISOR = frozenset({"supervisor"})
ASSIGNED: dict[str, Plain] = {"lead_unit": "housing", "focus": "审批", "due": "2020-10-14"}


def ask(event: str, args: Mapping[str, object] | None = None, state: str = "collected") -> Ask:
    return Ask(state=state, event=event, by="陈科长", roles=SUPERVISOR, args=args or {})


REFUSALS = [
    (
        ask("assgin"),
        "unknown_event",
        "问题闭环没有事件 assgin。是不是 交办（assign）？现在可以：交办（assign）——",
        "Closed-loop issue: no event assgin. Did you mean assign? Possible now: assign by the ",
    ),
    (
        ask("销号吧"),
        "unknown_event",
        "问题闭环没有事件 销号吧。是不是 销号（write_off）？",
        "Closed-loop issue: no event",
    ),
    (
        ask("write_off"),
        "not_here",
        "当前状态是收集报送，销号（write_off）只能在结果反馈时提出。现在可以：交办（assign）——督查室",
        "the item is in state collected, write_off is for answered. Possible now: assign by the supervision",
    ),
    (
        ask("accept", state="assigned"),
        "not_you",
        "签收（accept）应由单位主要负责同志或单位联络员提出",
        "accept is for the unit's head or the unit's liaison",
    ),
    (
        ask("assign", {"focus": " "}),
        "missing",
        "交办（assign）还缺：牵头单位（lead_unit）、问题焦点（focus）",
        "assign still needs: lead_unit (lead unit), focus (focus)",
    ),
    (
        ask("assign", {**ASSIGNED, "due_date": "2020-10-14"}),
        "unknown_argument",
        "交办（assign）不收 due_date。",
        "assign takes no due_date. ",
    ),
    (
        ask("assign", {**ASSIGNED, "牵头": "x"}),
        "unknown_argument",
        "交办（assign）不收 牵头。是不是 lead_unit？",
        "assign",
    ),
    (
        ask("assign", {**ASSIGNED, "due": "2021-02-30"}),
        "wrong_value",
        "办结时限（due）写作“2021-02-30”：2021年2月只有1日至28日",
        "due (due date) is “2021-02-30”: it does not exist: 2021-02 has days 1 to 28",
    ),
    (
        ask("assign", {**ASSIGNED, "kind": "共性"}),
        "wrong_value",
        "问题类别（kind）写作“共性”：只能取：common（共性问题）、sector（行业问题）、",
        "kind (kind) is “共性”: it must be one of common (common), sector (of a sector), ",
    ),
    (
        ask("assign", state="closed"),
        "closed",
        "事项已终结（问题销号），不能再交办（assign）；",
        "the item has ended (written off), assign cannot follow; ",
    ),
]


@pytest.mark.parametrize(("asked", "code", "zh", "en"), REFUSALS)
def test_a_refusal_says_what_is_wrong_and_the_way_out(asked: Ask, code: str, zh: str, en: str) -> None:
    refused = step(ISSUE, asked)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.zh.startswith(zh), refused.zh
    assert refused.en.startswith(en), refused.en


def test_a_move_tells_state_fields_and_end() -> None:
    assert step(ISSUE, ask("assign", ASSIGNED)) == Moved(
        before="collected", after="assigned", fields=ASSIGNED, final=False
    )
    moved = step(ISSUE, ask("write_off", state="answered"))
    assert moved == Moved(before="answered", after="closed", fields={}, final=True)


def test_an_event_without_a_target_stays_where_it_is() -> None:
    args: dict[str, Plain] = {"major": True, "needs_leader": True, "reason": "停工"}
    moved = step(ISSUE, ask("flag_major", args, state="handling"))
    assert moved == Moved(before="handling", after="handling", fields=args, final=False)


def test_a_blank_optional_argument_counts_as_not_given() -> None:
    moved = step(ISSUE, ask("assign", {**ASSIGNED, "kind": "", "co_units": []}))
    assert isinstance(moved, Moved)
    assert moved.fields == ASSIGNED


def test_the_move_is_made_by_the_state_machine_library() -> None:
    workflow = Workflow.of("issue", SPECS["issue"])
    workflow.machine.events["do_assign"].transitions.clear()
    with pytest.raises(Exception, match="Can't trigger event do_assign from state collected"):
        step(workflow, ask("assign", ASSIGNED))


def test_events_may_be_called_like_parts_of_the_library() -> None:
    spec = WorkflowSpec.model_validate(
        {
            "label": {"zh": "甲", "en": "A"},
            "prefix": "A",
            "initial": "initial",
            "states": {
                "initial": {"zh": "始", "en": "start"},
                "self": {"zh": "终", "en": "end", "final": True},
            },
            "transitions": [
                {"event": "state", "from": "initial", "by": "supervisor"},
                {"event": "trigger", "from": "initial", "to": "self", "by": "supervisor"},
            ],
        }
    )
    workflow = Workflow.of("a", spec)
    assert step(workflow, ask("state", state="initial")) == Moved(
        before="initial", after="initial", fields={}, final=False
    )
    assert step(workflow, ask("trigger", state="initial")) == Moved(
        before="initial", after="self", fields={}, final=True
    )


def test_a_machine_that_is_not_defined_is_not_built() -> None:
    broken = SPECS["board"].model_copy(update={"initial": "dew"})
    with pytest.raises(ValueError, match="unknown state dew, did you mean due"):
        Workflow.of("board", broken)


def test_an_item_in_a_state_the_workflow_lacks_is_a_fault_of_ours_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="cannot be in state lost"):
        step(ISSUE, ask("assign", state="lost"))


def test_possible_events_are_told_for_all_and_for_some_roles() -> None:
    assert possible(ISSUE, "answered") == ("send_back", "write_off")
    assert possible(ISSUE, "assigned", frozenset({"unit_liaison"})) == ("accept", "hand_back", "flag_major")
    assert possible(ISSUE, "closed") == ()


def test_opening_fills_in_defaults_and_takes_every_field() -> None:
    opening = begin(SHELF["dispatch"], frozenset({"rule"}), {"period": "2020-W41"})
    assert opening == Opening(state="due", fields={"period": "2020-W41", "on_site": False})


def test_arguments_are_read_from_a_command_line() -> None:
    raw = {"major": "是", "needs_leader": "no", "reason": "停工"}
    assert read_args(ISSUE, "flag_major", raw) == {"major": True, "needs_leader": False, "reason": "停工"}
    assert read_args(SHELF["interview"], "order_measures", {"measures": "倒排工期;增派人手；周调度"}) == {
        "measures": ("倒排工期", "增派人手", "周调度")
    }
    assert read_args(SHELF["interview"], "open", {"nth": "2"}) == {"nth": 2}


@pytest.mark.parametrize(
    ("event", "raw", "code"),
    [
        ("assign", {"due": "14/10/2020"}, "wrong_value"),
        ("assign", {"dew": "2020-10-14"}, "unknown_argument"),
        ("assing", {"due": "2020-10-14"}, "unknown_event"),
        ("flag_major", {"major": "maybe"}, "wrong_value"),
    ],
)
def test_arguments_that_cannot_be_read_are_refused(event: str, raw: dict[str, str], code: str) -> None:
    refused = read_args(ISSUE, event, raw)
    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_moment_without_an_offset_is_the_offices_own() -> None:
    spec = SPECS["board"].model_dump(by_alias=True) | {
        "fields": {"filed_at": {"type": "moment", "label": {"zh": "时刻", "en": "moment"}}},
        "transitions": [],
    }
    workflow = Workflow.of("board", WorkflowSpec.model_validate(spec))
    raw = {"filed_at": "2020-10-14T09:00"}
    beijing = timezone(timedelta(hours=8))
    assert read_args(workflow, "open", raw, beijing) == {"filed_at": "2020-10-14T09:00:00+08:00"}
    refused = read_args(workflow, "open", raw)
    assert isinstance(refused, Refused)
    assert "缺少时区" in refused.zh
