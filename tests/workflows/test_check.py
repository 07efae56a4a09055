"""Workflows that cannot work, each with the expected sentence; and the library, which must be sound."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.workflows.shelf import FILES, ROLES, SPECS, read
from workflows.check import Path as Place
from workflows.check import check, roles_used
from workflows.diagram import draw
from workflows.language import WorkflowSpec


def sound() -> dict[str, Any]:
    return {
        "label": {"zh": "任务", "en": "task"},
        "prefix": "T",
        "initial": "open",
        "fields": {"result": {"type": "text", "label": {"zh": "结果", "en": "result"}}},
        "states": {
            "open": {"zh": "推进", "en": "open"},
            "done": {"zh": "办结", "en": "done"},
            "closed": {"zh": "销号", "en": "closed", "final": True},
        },
        "transitions": [
            {"event": "finish", "from": "open", "to": "done", "by": "owner", "needs": "result"},
            {"event": "close", "from": "done", "to": "closed", "by": "supervisor", "not_by": "finish"},
        ],
    }


def with_transition(**transition: object) -> dict[str, Any]:
    raw = sound()
    raw["transitions"].append({"event": "more", "from": "open", "by": "owner"} | transition)
    return raw


def with_state(name: str, **state: object) -> dict[str, Any]:
    raw = sound()
    raw["states"][name] = {"zh": "另", "en": "other"} | state
    return raw


def with_field(**field: object) -> dict[str, Any]:
    raw = sound()
    raw["fields"]["extra"] = {"label": {"zh": "另", "en": "other"}} | field
    return raw


def without_end() -> dict[str, Any]:
    raw = sound()
    raw["states"]["closed"]["final"] = False
    return raw


BAD: list[tuple[dict[str, Any], Place, str, str, str | None]] = [
    (sound() | {"initial": "opne"}, ("initial",), "unknown_state", "没有状态 opne，是不是 open？", "open"),
    (
        with_transition(to="clsoed"),
        ("transitions", 2, "to"),
        "unknown_state",
        "unknown state clsoed, did you mean closed?",
        "closed",
    ),
    (
        with_transition(**{"from": ["open", "xyz"]}),
        ("transitions", 2, "from", 1),
        "unknown_state",
        "unknown state xyz, known: open, done, closed",
        None,
    ),
    (
        with_transition(needs="resutl"),
        ("transitions", 2, "needs", 0),
        "unknown_field",
        "did you mean result",
        "result",
    ),
    (
        with_transition(takes=["resutl"]),
        ("transitions", 2, "takes", 0),
        "unknown_field",
        "没有字段",
        "result",
    ),
    (sound() | {"needs": ["reslt"]}, ("needs", 0), "unknown_field", "did you mean result", "result"),
    (
        with_transition(not_by="fnish"),
        ("transitions", 2, "not_by", 0),
        "unknown_event",
        "did you mean finish",
        "finish",
    ),
    (
        with_transition(**{"from": "closed", "to": "open"}),
        ("transitions", 2, "from", 0),
        "after_final",
        "or add `reopens: true`",
        None,
    ),
    (
        with_transition(reopens=True, to="done"),
        ("transitions", 2, "reopens"),
        "reopens_nothing",
        "没有从终态出发",
        None,
    ),
    (
        with_transition(reopens=True, **{"from": "closed"}),
        ("transitions", 2, "reopens"),
        "reopens_nothing",
        "more does not say where it leads",
        None,
    ),
    (
        with_transition(approvers=["owner", "legal"], by="owner"),
        ("transitions", 2, "approvers"),
        "too_few_approvers",
        "legal of more is not in `by`",
        None,
    ),
    (
        with_transition(approvers=["owner", "legal"], by=["owner", "legal", "budget"]),
        ("transitions", 2, "approvers"),
        "too_few_approvers",
        "budget of more is not in `approvers`",
        None,
    ),
    (
        with_transition(approvers=2, by=["owner", "rule"]),
        ("transitions", 2, "approvers"),
        "rule_approves",
        "more takes 2 persons, and a rule is none",
        None,
    ),
    (
        with_transition(event="finish", to="closed"),
        ("transitions", 2, "from", 0),
        "ambiguous",
        "状态 open 下的事件 finish 写了两次（第 1 条与第 3 条流转）",
        None,
    ),
    (
        with_transition(**{"from": ["open", "open"]}),
        ("transitions", 2, "from", 1),
        "ambiguous",
        "written twice",
        None,
    ),
    (
        with_transition(**{"from": "closed", "to": "open"}),
        ("transitions", 2, "from", 0),
        "after_final",
        "closed is final, more cannot follow it",
        None,
    ),
    (
        with_state("island", final=True),
        ("states", "island"),
        "unreachable",
        "cannot be reached from open",
        None,
    ),
    (without_end(), ("states",), "no_final", "no final state", None),
    (with_transition(event="open"), ("transitions", 2, "event"), "reserved_event", "事件不能叫 open", None),
    (
        with_transition(needs="result", takes="result"),
        ("transitions", 2, "takes", 0),
        "needed_and_taken",
        "result is both needed and taken by more",
        None,
    ),
    (
        with_field(type="int", default="three"),
        ("fields", "extra", "default"),
        "wrong_default",
        "whole number",
        None,
    ),
    (
        with_field(type="int", one_of={"a": {"zh": "甲", "en": "A"}}),
        ("fields", "extra", "one_of"),
        "choices_of_no_text",
        "只有 text 可以写 one_of",
        None,
    ),
    (
        with_field(type="text", one_of={"a": {"zh": "甲", "en": "A"}}, default="b"),
        ("fields", "extra", "default"),
        "wrong_default",
        "must be one of a (A)",
        None,
    ),
]


@pytest.mark.parametrize(("raw", "path", "code", "sentence", "suggestion"), BAD)
def test_a_mistake_is_told_with_its_place(
    raw: dict[str, Any], path: Place, code: str, sentence: str, suggestion: str | None
) -> None:
    problems = check("task", WorkflowSpec.model_validate(raw))
    assert [(each.path, each.code, each.suggestion) for each in problems] == [(path, code, suggestion)]
    assert sentence in problems[0].zh + problems[0].en


def test_a_state_that_only_leads_to_itself_has_no_way_out() -> None:
    raw = with_state("trap")
    raw["transitions"] += [
        {"event": "fall", "from": "open", "to": "trap", "by": "owner"},
        {"event": "struggle", "from": "trap", "by": "owner"},
    ]
    problems = check("task", WorkflowSpec.model_validate(raw))
    assert [(each.path, each.code) for each in problems] == [(("states", "trap"), "no_way_out")]


def test_success_is_for_final_states_only() -> None:
    raw = sound()
    raw["states"]["open"]["success"] = False
    assert [each.code for each in check("task", WorkflowSpec.model_validate(raw))] == [
        "success_of_open_state"
    ]


def test_all_mistakes_come_at_once() -> None:
    raw = with_transition(to="clsoed", needs="resutl", not_by="fnish")
    assert len(check("task", WorkflowSpec.model_validate(raw))) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": True},
        {"readers": ["approver"]},
        {"prefix": "w1"},
        {"opened_by": []},
        {"states": {}},
        {"timer": 5},
    ],
)
def test_a_wrong_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WorkflowSpec.model_validate(sound() | change)


def test_roles_are_told_with_their_places() -> None:
    assert roles_used(WorkflowSpec.model_validate(sound())) == {
        "rule": (("opened_by", 0),),
        "owner": (("transitions", 0, "by", 0),),
        "supervisor": (("transitions", 1, "by", 0),),
    }


def test_the_schema_accepts_one_name_where_a_list_may_stand() -> None:
    schema = WorkflowSpec.model_json_schema()
    kinds = {each["type"] for each in schema["$defs"]["Transition"]["properties"]["by"]["anyOf"]}
    assert kinds == {"string", "array"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_library_is_sound(path: Path) -> None:
    for id, spec in read(path).items():
        assert check(id, spec) == ()


@pytest.mark.parametrize("id", SPECS)
def test_the_library_speaks_to_everybody(id: str) -> None:
    spec = SPECS[id]
    assert set(roles_used(spec)) <= set(ROLES)
    for each in spec.transitions:
        assert spec.label_of(each.event).zh != each.event, f"{each.event} has no label"


def test_the_library_numbers_its_items_apart() -> None:
    prefixes = [spec.prefix for spec in SPECS.values()]
    assert len(set(prefixes)) == len(prefixes) == 19


@pytest.mark.parametrize("id", SPECS)
def test_who_could_verify_himself_is_kept_apart(id: str) -> None:
    """Where one role may do two steps of which the second judges the first, `not_by` says so."""
    spec = SPECS[id]
    for each in spec.transitions:
        if (
            each.event in {"approve", "refuse", "accept", "write_off", "verify", "issue", "confirm", "decide"}
            and each.to
        ):
            handed_over = each.from_ in {("assigned",), ("fed_back",)}  # 签收: taking work on
            assert each.not_by or handed_over, f"{id}: {each.event}"


def test_a_diagram_names_states_and_events_in_both_languages() -> None:
    assert draw(WorkflowSpec.model_validate(sound())) == (
        "stateDiagram-v2\n"
        '    state "推进" as s_open\n'
        '    state "办结" as s_done\n'
        '    state "销号" as s_closed\n'
        "    [*] --> s_open\n"
        "    s_open --> s_done: finish\n"
        "    s_done --> s_closed: close\n"
        "    s_closed --> [*]\n"
    )
    assert "s_answered --> s_closed: 销号" in draw(SPECS["issue"])
    assert "s_answered --> s_closed: write off" in draw(SPECS["issue"], "en")


def test_a_label_cannot_break_a_diagram() -> None:
    raw = sound()
    raw["states"]["open"]["zh"] = '推"进;甲:乙#1'
    assert 'state "推”进；甲：乙＃1" as s_open' in draw(WorkflowSpec.model_validate(raw))
