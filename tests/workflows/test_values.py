"""Values: what suits a field, what does not, and that nothing crashes."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.language import FieldSpec, FieldType, Label
from workflows.values import Unfit, as_number, fit, parse

TYPES: tuple[FieldType, ...] = get_args(FieldType)


def spec(type: FieldType) -> FieldSpec:
    return FieldSpec(type=type, label=Label(zh="字段", en="field"))


@pytest.mark.parametrize(
    ("type", "given", "kept"),
    [
        ("text", "两行\n文字", "两行\n文字"),
        ("date", "2020-02-29", "2020-02-29"),
        ("moment", "2020-10-14T09:00+08:00", "2020-10-14T09:00:00+08:00"),
        ("int", 3, 3),
        ("number", "57.50", "57.50"),
        ("number", Decimal("1E+2"), "100"),
        ("number", 60, "60"),
        ("flag", False, False),
        ("unit", " housing ", "housing"),
        ("texts", ["甲", "乙"], ("甲", "乙")),
        ("units", ["housing", " water ", "housing"], ("housing", "water")),
        ("units", "housing", ("housing",)),
        ("duration", " 20  Workdays", "20 workdays"),
        ("duration", "1 months", "1 month"),
        ("duration", "2 business hours", "2 business hours"),
    ],
)
def test_good_values_are_kept_plain(type: FieldType, given: object, kept: object) -> None:
    assert fit(spec(type), given) == kept


@pytest.mark.parametrize(
    ("type", "given", "en"),
    [
        ("text", 5, "must be text"),
        ("text", "a\x00b", "contains the unprintable character U+0000"),
        ("text", "\ud800", "contains the unprintable character U+D800"),
        ("text", "字" * 10_001, "has 10001 characters, at most 10000"),
        ("date", "2021-02-29", "does not exist: 2021-02 has days 1 to 28"),
        ("date", "2021-13-01", "is not in a month of the calendar"),
        ("date", "0000-01-01", "is not in a month of the calendar"),
        ("date", "20201014", "must be a date written as YYYY-MM-DD"),
        ("date", "２０２０-10-14", "must be a date written as YYYY-MM-DD"),
        ("moment", "2020-10-14T09:00", "has no offset from UTC"),
        ("moment", "2020-10-14", "must be a moment"),
        ("moment", "2020-02-30T09:00+08:00", "does not exist: 2020-02 has days 1 to 29"),
        ("int", True, "must be a whole number"),
        ("int", 10**16, "is too large"),
        ("number", 57.5, "must be a decimal number"),
        ("number", "60%", "must be a decimal number"),
        ("number", "NaN", "must be a decimal number"),
        ("number", Decimal("Infinity"), "must be a decimal number"),
        ("flag", "是", "must be true or false"),
        ("unit", "a\nb", "must be one identifier"),
        ("texts", "甲", "must be a list of texts"),
        ("units", 5, "must be a list of units"),
        ("units", ["housing", 5], "must be text"),
        ("units", [str(n) for n in range(101)], "has 101 units, at most 100"),
        ("texts", ["甲"] * 101, "has 101 entries, at most 100"),
        ("duration", "20", "must be a duration such as 20 workdays"),
        ("duration", "50 %", "must be a duration such as 20 workdays"),
        ("duration", "2 fortnights", "must be a duration such as 20 workdays"),
        ("duration", 20, "must be a duration such as 20 workdays"),
        ("duration", "11 years", "must be 1 to 10 years"),
        ("duration", "0 days", "must be 1 to 3650 days"),
    ],
)
def test_bad_values_are_told(type: FieldType, given: object, en: str) -> None:
    with pytest.raises(Unfit, match=en.replace("+", r"\+")):
        fit(spec(type), given)


@given(st.sampled_from(TYPES), st.text())
def test_any_text_from_a_command_line_is_read_or_told(type: FieldType, raw: str) -> None:
    try:
        kept = fit(spec(type), parse(spec(type), raw))
    except Unfit:
        return
    assert fit(spec(type), kept) == kept


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert fit(spec("date"), str(day)) == str(day)


@pytest.mark.parametrize("written", ["housing、water", "housing, water", "housing;water", " housing  water "])
def test_several_units_are_typed_as_people_type_lists(written: str) -> None:
    assert parse(spec("units"), written) == ("housing", "water")


@pytest.mark.parametrize(
    ("kind", "bad", "good"), [("int", (1, 8), (2, 7)), ("number", ("1.99", "7.01"), ("2", "7.00"))]
)
def test_bounds_are_allowed_and_named(
    kind: FieldType, bad: tuple[object, object], good: tuple[object, object]
) -> None:
    field = FieldSpec(type=kind, label=Label(zh="分数", en="Points"), at_least=2, at_most=Decimal(7))
    for value in good:
        assert fit(field, value) is not None
    with pytest.raises(Unfit, match="must be at least 2") as low:
        fit(field, bad[0])
    with pytest.raises(Unfit, match="must be at most 7") as high:
        fit(field, bad[1])
    assert (low.value.zh, high.value.zh) == ("不能小于 2", "不能大于 7")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("60 days", None),
        ("1 month", None),
        ("1440 hours", None),
        ("8 weeks", None),
        ("61 days", "must be at most 60 days"),
        ("9 weeks", "must be at most 60 days"),
        ("3 months", "must be at most 60 days"),
        ("23 hours", "must be at least 1 day"),
        ("2 months", "cannot be compared with 60 days"),
        ("5 workdays", "cannot be compared with 1 day"),
    ],
)
def test_durations_have_bounds_too(written: str, words: str | None) -> None:
    label = Label(zh="付款期", en="Time to pay")
    field = FieldSpec(type="duration", label=label, at_least="1 day", at_most="60 days")
    if words is None:
        assert fit(field, written) == written
        return
    with pytest.raises(Unfit, match=words):
        fit(field, written)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "text", "at_least": 1}, "int, number and duration"),
        ({"type": "duration", "at_most": 60}, "they are durations"),
        ({"type": "duration", "at_most": "60 dayz"}, "they are durations"),
        ({"type": "int", "at_most": "60 days"}, "they are durations"),
        ({"type": "duration", "at_least": "9 weeks", "at_most": "60 days"}, "no value would be allowed"),
        ({"type": "int", "at_least": 3, "at_most": 2}, "no value would be allowed"),
        ({"type": "int", "past": True}, "date and moment"),
    ],
)
def test_bounds_of_what_has_none_are_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        FieldSpec.model_validate({"label": {"zh": "字段", "en": "Field"}, **given})


@pytest.mark.parametrize(
    ("calculated", "kept"),
    [
        ("2E+1", "20"),
        ("57.50", "57.50"),
        ("33.33333333333333333333333333", "33.333333"),
        ("0.0000005", "0.000001"),
        ("-0.0000005", "-0.000001"),
        ("-0.0000001", "0"),
        ("1.9999999", "2"),
    ],
)
def test_a_calculated_number_is_rounded_half_up_to_what_a_field_keeps(calculated: str, kept: str) -> None:
    assert as_number(Decimal(calculated)) == kept
    assert fit(FieldSpec(type="number", label=Label(zh="数", en="number")), kept) == kept
