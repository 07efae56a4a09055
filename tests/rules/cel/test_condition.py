"""What conditions decide, say and explain."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.cel import ConditionFailed, Fact, FactMissing, FactMistyped, Facts, Kind, compile_condition

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
VALUES: dict[str, Any] = {
    "unit.lagging_items": 2,
    "unit.boards_missed": 0,
    "unit.interviews_this_year": 1,
    "unit.satisfaction": Decimal("0.6"),
    "unit.is_district": True,
    "params.missed_for_interview": 2,
    "item.state": "handling",
    "item.title": "汛期排水",
    "item.tags": ("flood",),
    "item.due": NOON,
    "item.waited": timedelta(hours=30),
    "now": NOON + timedelta(hours=1),
}

GOOD = [
    ("unit.lagging_items >= 1 || unit.boards_missed >= params.missed_for_interview", True),
    ("单位.年内约谈次数 >= 1", True),
    ("unit.satisfaction >= 0.6", True),
    ("unit.satisfaction < 0.60", False),
    ("unit.satisfaction * 100.0 == 60.0", True),
    ("unit.satisfaction - 0.1 == 0.5", True),
    ("-unit.lagging_items + 5 == 3", True),
    ("-7 / 2 == -3 && -7 % 2 == -1 && 7 % -2 == 1", True),
    ("- - 2 == 2", True),
    ("item.state in ['handling', 'closed']", True),
    ("item.state != 'closed' && !(item.state == 'assigned')", True),
    ("item.title.startsWith('汛期') && item.title.endsWith(\"水\") && item.title.contains('期排')", True),
    ("('汛' + '期').contains('期')", True),
    ("size(item.title) == 4 && size(item.tags) == 1 && size([]) == 0", True),
    ("'fire' in item.tags", False),
    ("item.tags + ['fire'] == ['flood', 'fire']", True),
    ("item.tags == []", False),
    ("has(item.due) && now - item.due >= duration('1h')", True),
    ("!has(item.due) || item.due < now", True),
    ("has(item.due) ? item.due < now : false", True),
    ("!(has(item.due) && unit.is_district) || item.due < now", True),
    ("!has(item.grade) ? true : item.grade > 1", True),
    ("has(item.grade) && item.grade > 1", False),
    ("has(item.due) && (item.state == 'closed' || item.due + duration('90m') > now)", True),
    ("now == timestamp('2026-03-02T21:00:00+08:00')", True),
    ("item.waited > duration('24h') && item.waited == duration('29h60m')", True),
    ("unit.is_district == true", True),
    ("item.title == 'a\\'b\\\\' || item.title < '汛期排水沟'", True),
    ("unit.lagging_items\n  > 1", True),
    ("1 < 2 == true", True),
    ("math.least(unit.lagging_items, 1, 7) == 1 && math.greatest(1.5, unit.satisfaction) == 1.5", True),
    ("math.round(2.5) == 3.0 && math.round(-2.5) == -3.0 && math.round(2.49) == 2.0", True),
    ("math.round(unit.satisfaction * 100.0) / 100.0 == unit.satisfaction", True),
    ("math.greatest(1, 2) == 2 && math.least(0.5, 0.25) == 0.25", True),
    ("double(unit.lagging_items) / 4.0 == 0.5 && double(3) == 3.0", True),
    ("int(unit.satisfaction * 10.0) == 6 && int(-1.9) == -1 && int(1.9) == 1", True),
    ("item.waited.getHours() == 30 && (item.waited - duration('40h30m')).getHours() == -10", True),
    ("duration('90m59s').getMinutes() == 90 && duration('-90m59s').getMinutes() == -90", True),
    ("has(item.due) && (now - item.due).getMinutes() == 60", True),
    # one side that fails is absorbed when the other decides
    ("1 / unit.boards_missed > 0 || unit.is_district", True),
    ("unit.is_district || 1 / unit.boards_missed > 0", True),
    ("1 / unit.boards_missed > 0 && !unit.is_district", False),
    ("1 % unit.boards_missed == 0 || 1 / unit.boards_missed > 0 || unit.is_district", True),
]


@pytest.mark.parametrize(("source", "verdict"), GOOD)
def test_a_condition_decides(facts: Facts, source: str, verdict: bool) -> None:
    assert compile_condition(source, facts).evaluate(VALUES) is verdict


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / unit.boards_missed > 0", "division by zero"),
        ("1 % unit.boards_missed > 0", "division by zero"),
        ("1.0 / (unit.satisfaction - 0.6) > 0.0", "division by zero"),
        ("unit.lagging_items * 9223372036854775807 > 0", "too large"),
        ("timestamp('9999-12-31T00:00:00Z') + item.waited > now", "too large"),
        ("int(unit.satisfaction * 10000000000.0 * 10000000000.0) > 1", "too large"),
        ("now - timestamp('0001-01-01T00:00:00Z') > item.waited", "too large"),
        ("1 / unit.boards_missed > 0 || !unit.is_district", "division by zero"),
        ("1 / unit.boards_missed > 0 && unit.is_district", "division by zero"),
        ("(1 / unit.boards_missed > 0 ? true : true)", "division by zero"),
        # the guard itself failed, so nobody knows whether the fact is known
        ("(1 / unit.boards_missed > 0 && has(item.grade) ? true : true)", None),
        ("(1 / unit.boards_missed > 0 ? has(item.grade) : false) && item.grade == 1", "division by zero"),
    ],
)
def test_a_condition_without_a_verdict_says_so(facts: Facts, source: str, sentence: str | None) -> None:
    condition = compile_condition(source, facts)
    if sentence is None:
        assert condition.evaluate(VALUES) is True
        return
    with pytest.raises(ConditionFailed, match=sentence) as caught:
        condition.evaluate(VALUES)
    assert caught.value.zh


def test_a_fact_left_out_is_noticed_however_the_rest_decides(facts: Facts) -> None:
    condition = compile_condition("unit.is_district || unit.lagging_items > 1", facts)
    with pytest.raises(FactMissing, match=r"unit\.lagging_items"):
        condition.evaluate({"unit.is_district": True})


@pytest.mark.parametrize(
    ("source", "name", "value"),
    [
        ("unit.lagging_items > 1", "unit.lagging_items", "2"),
        ("unit.lagging_items > 1", "unit.lagging_items", True),
        ("unit.lagging_items > 1", "unit.lagging_items", 2**63),
        ("unit.satisfaction > 0.5", "unit.satisfaction", 0.6),
        ("unit.satisfaction > 0.5", "unit.satisfaction", Decimal("NaN")),
        ("unit.is_district", "unit.is_district", 1),
        ("item.waited > duration('1h')", "item.waited", timedelta(days=200_000)),
        ("item.title == 'a'", "item.title", 1),
        ("now > now", "now", datetime(2026, 1, 1)),  # noqa: DTZ001 - a naive moment is the point
        ("item.tags == []", "item.tags", "flood"),
        ("item.tags == []", "item.tags", ["flood", 1]),
        ("has(item.due) && item.due > now", "item.due", "2026"),
    ],
)
def test_a_value_of_another_kind_is_refused_not_compared(
    facts: Facts, source: str, name: str, value: object
) -> None:
    with pytest.raises(FactMistyped, match=name):
        compile_condition(source, facts).evaluate({**VALUES, name: value})


def test_moments_are_compared_as_moments_when_the_wall_clock_repeats_an_hour(facts: Facts) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)
    condition = compile_condition("has(item.due) && now - item.due == duration('1h')", facts)
    assert condition.evaluate({"item.due": first, "now": second}) is True


def test_reads_names_exactly_the_facts_in_canonical_form(facts: Facts) -> None:
    condition = compile_condition("单位.年内约谈次数 >= 1 && (has(item.due) || unit.is_district)", facts)
    assert condition.reads == {"unit.interviews_this_year", "item.due", "unit.is_district"}
    assert condition.portable == "unit.interviews_this_year >= 1 && (has(item.due) || unit.is_district)"


@pytest.mark.parametrize(
    ("source", "constant"),
    [
        ("true", True),
        ("1 > 2", False),
        ("!(1 > 2) && 'a' in ['a']", True),
        ("unit.is_district || true", True),
        ("unit.is_district && 1 == 2", False),
        ("true ? false : unit.is_district", False),
        ("unit.is_district && true", None),
        ("unit.is_district ? true : true", None),
        ("unit.lagging_items > 1", None),
    ],
)
def test_a_verdict_that_literals_alone_decide_is_known_at_load(
    facts: Facts, source: str, constant: bool | None
) -> None:
    assert compile_condition(source, facts).constant is constant


SENTENCES = [
    (
        "单位.年内约谈次数 >= 1 && !(item.state == 'closed')",
        "年内约谈次数不少于 1，且状态不是“closed”",
        "interviews in the year is at least 1 and the state is not “closed”",
    ),
    (
        "unit.is_district && unit.satisfaction < 0.6 || !unit.is_district",
        "（属于区级单位，且满意率低于 0.6），或并非属于区级单位",
        "(the unit is a district and the satisfaction rate is less than 0.6) "
        "or it is not true that the unit is a district",
    ),
    (
        "!(unit.is_district || unit.lagging_items > unit.boards_missed + 1)",
        "并非属于区级单位，且滞后事项数不超过未报看板次数 + 1",
        "it is not true that the unit is a district and lagging items is at most boards missed + 1",
    ),
    (
        "has(item.due) ? item.due < timestamp('2026-03-02T09:00:00+08:00') : item.waited < duration('36h5m')",
        "如果到期时间已知，则到期时间早于 2026-03-02 09:00+08:00，否则已等待短于 36 小时 5 分钟",
        "if the due moment is known, then the due moment is before 2026-03-02 09:00+08:00, "
        "otherwise the wait is less than 36 hours 5 minutes",
    ),
    (
        "item.state in ['assigned', 'handling', 'closed'] && 'fire' in item.tags && size(item.tags) != 1",
        "状态是“assigned”、“handling”或“closed”，且标签包含“fire”，且标签的个数不等于 1",
        "the state is “assigned”, “handling” or “closed”, and the tags include “fire”, "
        "and the number of the tags is not 1",
    ),
    (
        "math.least(unit.lagging_items, unit.boards_missed, 3) > 1",
        "滞后事项数、未报看板次数和 3 中的最小值多于 1",
        "the least of lagging items, boards missed and 3 is more than 1",
    ),
    (
        "double(unit.lagging_items) / 4.0 > 0.5 || int(unit.satisfaction) == 1 || item.waited.getHours() > 3",
        "滞后事项数 ÷ 4.0 高于 0.5，或满意率的整数部分等于 1，或已等待的整小时数多于 3",
        "lagging items ÷ 4.0 is more than 0.5, or the whole part of the satisfaction rate is 1, "
        "or the full hours of the wait is more than 3",
    ),
    (
        "!item.title.startsWith('关于') && unit.lagging_items % 2 == 1 && unit.is_district == false",
        "标题开头不是“关于”，且滞后事项数除以 2 的余数等于 1，且并非属于区级单位",
        "the title does not begin with “关于”, and the remainder of lagging items by 2 is 1, "
        "and it is not true that the unit is a district",
    ),
]


@pytest.mark.parametrize(("source", "chinese", "english"), SENTENCES)
def test_a_condition_reads_as_a_sentence(facts: Facts, source: str, chinese: str, english: str) -> None:
    condition = compile_condition(source, facts)
    assert condition.sentence("zh") == chinese
    assert condition.sentence("en") == english


def test_the_trace_tells_each_comparison_with_its_values(facts: Facts) -> None:
    condition = compile_condition(
        "unit.lagging_items >= 1 || has(item.grade) && item.grade > 1 || !unit.is_district", facts
    )
    lines = condition.trace(VALUES, "zh")
    assert [(line.text, line.verdict, dict(line.values)) for line in lines] == [
        ("滞后事项数不少于 1", True, {"unit.lagging_items": 2}),
        ("等级已知", False, {}),
        ("等级多于 1", None, {}),
        ("属于区级单位", True, {"unit.is_district": True}),
    ]


def test_the_trace_survives_what_cannot_be_computed(facts: Facts) -> None:
    lines = compile_condition("1 / unit.boards_missed > 0 || unit.is_district", facts).trace(VALUES, "en")
    assert [line.verdict for line in lines] == [None, True]


def test_the_terms_are_the_parts_that_come_out_true_or_false(facts: Facts) -> None:
    source = "true && (has( item.grade ) && item.grade > 1 || !unit.is_district) && item.title.contains('水')"
    terms = compile_condition(source, facts).terms
    assert [term.text for term in terms] == [
        "has( item.grade )",
        "item.grade > 1",
        "unit.is_district",
        "item.title.contains('水')",
    ]
    assert all(source[term.start : term.end] == term.text for term in terms)


@pytest.mark.parametrize(
    ("source", "verdicts"),
    [
        ("unit.lagging_items >= 1 || has(item.grade)", (True, None)),
        ("unit.lagging_items > 2 || has(item.grade)", (False, False)),
        ("!unit.is_district && item.state == 'closed' || item.state in ['handling']", (True, None, True)),
        ("has(item.grade) ? item.grade > 1 : unit.is_district", (False, None, True)),
        ("1 / unit.boards_missed > 0 || unit.is_district", (None, True)),
        ("1 / unit.boards_missed > 0 && unit.is_district", (None, True)),
    ],
)
def test_each_term_has_a_verdict_if_it_was_reached(
    facts: Facts, source: str, verdicts: tuple[bool | None, ...]
) -> None:
    assert compile_condition(source, facts).verdicts(VALUES) == verdicts


def test_facts_of_three_parts_are_read_asked_and_said() -> None:
    facts = Facts(
        [
            Fact(
                name="clock.response.due",
                kind=Kind.MOMENT,
                optional=True,
                zh="答复的到期时间",
                en="the due moment of the response",
                aliases=("时限.答复.到期",),
            ),
            Fact(name="class.severity.rank", kind=Kind.INT, zh="严重程度", aliases=("等级.严重程度.序号",)),
            Fact(name="now", kind=Kind.MOMENT, zh="现在", aliases=("现在",)),
        ]
    )
    condition = compile_condition(
        "has(时限.答复.到期) && 时限.答复.到期 < 现在 && 等级.严重程度.序号 > 1", facts
    )
    assert condition.portable == (
        "has(clock.response.due) && clock.response.due < now && class.severity.rank > 1"
    )
    assert condition.sentence("zh") == "答复的到期时间已知，且答复的到期时间早于现在，且严重程度多于 1"
    values = {"clock.response.due": NOON, "now": NOON + timedelta(hours=1), "class.severity.rank": 2}
    assert condition.evaluate(values) is True
    assert condition.evaluate({**values, "clock.response.due": None}) is False
    assert condition.verdicts(values) == (True, True, True)
    assert condition.terms[0].text == "has(时限.答复.到期)"


def test_loading_the_package_does_not_load_lark() -> None:
    seen = "import sys, rules.cel; print('lark' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_an_int_condition_has_a_sentence_too(facts: Facts) -> None:
    assert compile_condition("unit.lagging_items * 2", facts, Kind.INT).sentence("zh") == "滞后事项数 × 2"
