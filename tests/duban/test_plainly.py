"""Conditions as `duban explain` reads them aloud: shorter, and never another condition."""

import pytest

from duban.texts import LANGUAGES
from duban.views.plainly import plainly
from rules.cel import Fact, Facts, Kind, compile_condition
from rules.cel.sentence import say

FACTS = Facts(
    [
        Fact(name="item.risk", kind=Kind.TEXT, optional=True, zh="风险", en="risk"),
        Fact(name="item.hours", kind=Kind.INT, optional=True, zh="停机时数", en="hours of downtime"),
        Fact(name="item.urgent", kind=Kind.BOOL, optional=True, zh="急件", en="urgent"),
        Fact(name="item.overdue", kind=Kind.BOOL, zh="已逾期", en="the item is overdue"),
        Fact(name="parent.state", kind=Kind.TEXT, zh="状态", en="state of the parent"),
    ]
)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("has(item.risk) && item.risk == 'high'", "风险是“high”", "risk is “high”"),
        ("has(item.urgent) && item.urgent", "急件", "urgent"),
        (
            "has(item.risk) && item.risk == 'high' && item.overdue",
            "风险是“high”，且已逾期",
            "risk is “high” and the item is overdue",
        ),
        ("!item.overdue", "未逾期", "the item is not overdue"),
        ("parent.state == 'open'", "上级事项的状态是“open”", "state of the parent is “open”"),
        # What is not known matters here, so it is said.
        (
            "!has(item.risk) || item.risk != 'low'",
            "风险未知，或风险不是“low”",
            "risk is not known or risk is not “low”",
        ),
        (
            "!(has(item.hours) && item.hours > 3)",
            "停机时数未知，或停机时数不超过 3",
            "hours of downtime is not known or hours of downtime is at most 3",
        ),
        (
            "has(item.hours) && item.overdue",
            "停机时数已知，且已逾期",
            "hours of downtime is known and the item is overdue",
        ),
        (
            "has(item.hours) && (has(item.risk) ? item.hours > 3 : item.overdue) == item.overdue",
            None,
            None,
        ),
    ],
)
def test_what_is_compared_is_not_said_to_be_known(written: str, zh: str | None, en: str | None) -> None:
    condition = compile_condition(written, FACTS)
    said = [say(plainly(condition.tree), language) for language in LANGUAGES]
    if zh is None:
        assert said[0].startswith("停机时数已知")
    else:
        assert said == [zh, en]
