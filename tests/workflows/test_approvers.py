"""Several approvers and final states that are left again: the machine alone, without an office."""

from dataclasses import replace

import pytest

from workflows.language import WorkflowSpec
from workflows.machine import Agreement, Ask, Moved, Refused, Workflow, possible, step

SPEC = WorkflowSpec.model_validate(
    {
        "label": {"zh": "拨付", "en": "payment"},
        "prefix": "P",
        "initial": "asked",
        "fields": {
            "amount": {"type": "number", "label": {"zh": "金额", "en": "amount"}},
            "note": {"type": "text", "label": {"zh": "说明", "en": "note"}},
        },
        "states": {
            "asked": {"zh": "待批", "en": "asked"},
            "paid": {"zh": "已付", "en": "paid", "final": True},
            "void": {"zh": "作废", "en": "void", "final": True},
        },
        "transitions": [
            {
                "event": "approve",
                "from": "asked",
                "to": "paid",
                "by": "leader",
                "approvers": 3,
                "needs": "amount",
                "takes": "note",
            },
            {"event": "cancel", "from": "asked", "to": "void", "by": "leader"},
            {"event": "reclaim", "from": "paid", "to": "asked", "by": "leader", "reopens": True},
        ],
    }
)
PAYMENT = Workflow.of("payment", SPEC)
FIRST = Agreement(posts=frozenset({"deputy", "acting_mayor"}), args={"amount": "100"})
SECOND = Agreement(posts=frozenset({"secretary"}), args={"note": "同意"})


def asking(by: str, *agreed: Agreement, **args: object) -> Ask:
    leader = frozenset({"leader"})
    return Ask(state="asked", event="approve", by=by, roles=leader, args=args, agreed=agreed)


def test_each_who_agrees_leaves_one_less_to_go() -> None:
    first = step(PAYMENT, asking("deputy", amount="100"))
    assert first == Moved(before="asked", after="asked", fields={"amount": "100"}, final=False, missing=2)
    second = step(PAYMENT, asking("secretary", FIRST))
    assert isinstance(second, Moved)
    assert second.missing == 1
    last = step(PAYMENT, asking("mayor", FIRST, SECOND))
    assert last == Moved(before="asked", after="paid", fields={"amount": "100", "note": "同意"}, final=True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (asking("acting_mayor", FIRST), "agreed_already"),
        (asking("mayor", FIRST, amount="120"), "not_the_same"),
        (asking("mayor", FIRST, amount="much"), "not_the_same"),
        (asking("mayor"), "missing"),
        (replace(asking("mayor", FIRST), roles=frozenset({"clerk"})), "not_you"),
    ],
)
def test_who_does_not_agree(asked: Ask, code: str) -> None:
    refused = step(PAYMENT, asked)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.zh
    assert refused.en


def test_the_same_amount_written_otherwise_is_the_same() -> None:
    moved = step(PAYMENT, asking("mayor", FIRST, amount=100, note=" "))
    assert isinstance(moved, Moved)
    assert moved.fields == {"amount": "100"}


def test_a_final_state_is_left_only_by_what_reopens() -> None:
    leader = frozenset({"leader"})
    assert possible(PAYMENT, "paid") == ("reclaim",)
    back = step(PAYMENT, Ask(state="paid", event="reclaim", by="mayor", roles=leader))
    assert back == Moved(before="paid", after="asked", fields={}, final=False)
    for state, code in (("paid", "not_here"), ("void", "closed")):
        refused = step(PAYMENT, Ask(state=state, event="cancel", by="mayor", roles=leader))
        assert isinstance(refused, Refused)
        assert refused.code == code


SIDES = ("legal", "budget", "leader")


def of_sides(by: str, roles: str, *agreed: str) -> Moved | Refused:
    """`roles` and each of the agreed: the roles of one person, apart by blanks."""
    approve = {
        **SPEC.model_dump(by_alias=True)["transitions"][0],
        "by": SIDES,
        "approvers": SIDES,
        "needs": [],
    }
    spec = SPEC.model_dump(by_alias=True) | {"transitions": [approve]}
    spec["states"] = {
        "asked": {"zh": "待批", "en": "asked"},
        "paid": {"zh": "已付", "en": "paid", "final": True},
    }
    workflow = Workflow.of("payment", WorkflowSpec.model_validate(spec))
    before = tuple(
        Agreement(posts=frozenset({f"post{at}"}), roles=frozenset(each.split()))
        for at, each in enumerate(agreed)
    )
    return step(
        workflow, Ask(state="asked", event="approve", by=by, roles=frozenset(roles.split()), agreed=before)
    )


@pytest.mark.parametrize(
    ("roles", "agreed", "missing"),
    [
        ("legal", (), 2),
        ("legal", ("budget",), 1),
        ("legal", ("budget", "leader"), 0),
        ("legal budget", ("budget",), 1),
        ("budget", ("legal budget",), 1),  # who has both speaks for the one that nobody else does
        ("leader", ("legal budget", "budget"), 0),
        ("legal", ("legal budget", "budget leader"), 0),
    ],
)
def test_one_person_of_each_side(roles: str, agreed: tuple[str, ...], missing: int) -> None:
    outcome = of_sides("somebody", roles, *agreed)
    assert isinstance(outcome, Moved)
    assert (outcome.missing, outcome.after) == (missing, "asked" if missing else "paid")


def test_a_side_that_has_agreed_is_not_asked_again() -> None:
    refused = of_sides("somebody", "budget", "budget")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.en) == (
        "agreed_already",
        "somebody has agreed to approve for your side already; it still takes legal and leader, please wait",
    )


def test_one_person_is_one_even_with_two_roles() -> None:
    refused = of_sides("post0", "legal budget", "legal budget")
    assert isinstance(refused, Refused)
    assert refused.code == "agreed_already"
