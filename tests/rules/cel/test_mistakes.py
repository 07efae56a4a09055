"""Every mistake an author can make: the sentence and the place where it points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cel import ConditionError, Fact, Facts, Kind, compile_condition

BAD = [
    # source, column, length, sentence (its beginning)
    (
        "unit.interviews_this_yaer >= 1",
        1,
        25,
        "unknown fact 'unit.interviews_this_yaer', did you mean 'unit.interviews_this_year'?",
    ),
    (
        "unti.lagging_items >= 1",
        1,
        18,
        "unknown fact 'unti.lagging_items', did you mean 'unit.lagging_items'?",
    ),
    ("单位.年内约谈次 >= 1", 1, 8, "unknown fact '单位.年内约谈次', did you mean '单位.年内约谈次数'?"),
    ("item.xyz == 1", 1, 8, "unknown fact 'item.xyz'; there are item.due, item.grade, item.state, item.tags"),
    ("zebra", 1, 5, "unknown fact 'zebra'"),
    ("now == null", 8, 4, "there is no null, write has(…)"),
    ("item.title > 3", 12, 1, "cannot compare text > int"),
    ("unit.satisfaction >= 60", 19, 2, "cannot compare number >= int, write 60.0"),
    ("60 <= unit.satisfaction", 4, 2, "cannot compare int <= number, write 60.0"),
    ("unit.lagging_items > 1.0", 20, 1, "cannot compare int > number, write 1"),
    (
        "unit.satisfaction > unit.lagging_items",
        19,
        1,
        "cannot compare number > int, write double(unit.lagging_items)",
    ),
    ("now > '2026-01-01'", 5, 1, "cannot compare moment > text, write timestamp("),
    ("item.waited > 24", 13, 1, "cannot compare span > int, write duration("),
    ("unit.is_district == 'yes'", 18, 2, "cannot compare bool == text, write true"),
    ("unit.is_district < true", 18, 1, "cannot compare bool < bool"),
    ("1 < unit.lagging_items < 3", 24, 1, "cannot compare bool < int; write a < b && b < c"),
    ("item.tags < item.tags", 11, 1, "cannot compare list of text < list of text"),
    ("unit.lagging_items", 1, 18, "the condition must be true or false, it is an int"),
    ("unit.satisfaction", 1, 17, "the condition must be true or false, it is a number"),
    ("unit.is_district && unit.lagging_items", 21, 18, "this must be true or false, it is an int"),
    ("!unit.lagging_items", 2, 18, "this must be true or false, it is an int"),
    ("unit.lagging_items ? true : false", 1, 18, "this must be true or false, it is an int"),
    (
        "(unit.is_district ? 1 : 2.0) == 1",
        2,
        26,
        "both outcomes of ? : must be of one kind, they are int and number",
    ),
    ("item.title + 1 == 'a'", 12, 1, "cannot compute text + int"),
    ("item.waited * 2 > item.waited", 13, 1, "cannot compute span * int"),
    ("item.waited * 2 > item.waited", 13, 1, "cannot compute span * int, write item.waited.getHours()"),
    ("now + 5 > now", 5, 1, 'cannot compute moment + int, write duration("24h")'),
    ("unit.satisfaction * 100 > 60.0", 19, 1, "cannot compute number * int, write 100.0"),
    (
        "unit.satisfaction / unit.boards_missed > 0.5",
        19,
        1,
        "cannot compute number / int, write double(unit.b",
    ),
    (
        "unit.lagging_items / unit.boards_missed > 0.5",
        41,
        1,
        "cannot compare int > number; the division of two ints drops the remainder, "
        "write double(unit.lagging_items) / double(unit.boards_missed)",
    ),
    ("-item.title == 'a'", 1, 11, "cannot compute - text"),
    ("unit.lagging_items / 0 > 1", 22, 1, "division by zero"),
    ("1 / 0 > 1", 1, 5, "this can never be computed: division by zero"),
    ("9223372036854775807 + 1 > 0", 1, 23, "this can never be computed: the result is too large"),
    ("9223372036854775808 > 0", 1, 19, "this int has more than 64 bits"),
    ("--9223372036854775808 > 0", 1, 21, "this can never be computed"),
    ("unit.satisfaction > 0.1234567890123456", 21, 18, "this number has more than 15 digits"),
    ("item.state == 'handlign'", 15, 10, "'item.state' is never 'handlign', did you mean 'handling'?"),
    (
        "item.state in ['closed', 'xx']",
        26,
        4,
        "'item.state' is never 'xx', only 'assigned', 'handling', 'closed'",
    ),
    ("'fier' in item.tags", 1, 6, "'item.tags' is never 'fier', did you mean 'fire'?"),
    ("item.title in 'a'", 15, 3, "after 'in' there must be a list, it is a text"),
    ("1 in ['a']", 1, 10, "cannot look for an int in a list of text"),
    ("1 in [1, 'a']", 10, 3, "a list holds elements of one kind, this is text after int"),
    ("[[1]] == [[1]]", 2, 3, "a list cannot contain lists"),
    ("item.due < now", 1, 8, "'item.due' may be unknown, write has(item.due) && …"),
    ("item.due < now && has(item.due)", 1, 8, "'item.due' may be unknown"),
    ("has(item.due) || item.due < now", 18, 8, "'item.due' may be unknown"),
    ("has(item.due) ? true : item.due < now", 24, 8, "'item.due' may be unknown"),
    ("(has(item.due) || unit.is_district) && item.due < now", 40, 8, "'item.due' may be unknown"),
    ("has(unit.satisfaction)", 5, 17, "'unit.satisfaction' is always known, leave out has(…)"),
    ("has(1)", 5, 1, "has(…) asks about one fact"),
    ("size(1) > 1", 6, 1, "size(…) counts a list or a text, it is an int"),
    ("size() > 1", 5, 2, "size(…) takes one argument, it has 0"),
    ("math.least(unit.lagging_items) > 1", 11, 20, "math.least(…) takes two or more values, it has 1"),
    (
        "math.least(unit.satisfaction, 60) > 1.0",
        31,
        2,
        "math.least(…) takes values of one kind, this is int after number, write 60.0",
    ),
    ("math.greatest(now, now) > now", 15, 3, "math.greatest(…) compares ints or numbers, this is a moment"),
    ("math.greatset(1, 2) > 1", 6, 8, "unknown function 'math.greatset', did you mean 'math.greatest'?"),
    ("math.max(1, 2) > 1", 6, 3, "unknown function 'math.max', did you mean 'math.greatest'?"),
    ("round(1.5) > 1.0", 1, 5, "unknown function 'round', did you mean 'math.round'?"),
    ("math.round(1) > 1", 12, 1, "math.round(…) takes a number, it is an int, which is whole already"),
    ("min(1, 2) > 1", 1, 3, "unknown function 'min', did you mean 'math.least'?"),
    ("item.waited > days(3)", 15, 4, "unknown function 'days', write duration('24h')"),
    ("now() == now", 1, 3, "'now' is a fact, leave out the brackets"),
    ("item.title() == 'a'", 6, 5, "'item.title' is a fact, leave out the brackets"),
    ("double(unit.satisfaction) > 1.0", 8, 17, "double(…) takes an int, it is a number already, leave out"),
    ("int(unit.lagging_items) > 1", 5, 18, "int(…) takes a number, it is an int already, leave out int(…)"),
    ("int(item.waited) > 1", 5, 11, "int(…) takes a number, it is a span; count its hours with .getHours()"),
    ("double(item.title) > 1.0", 8, 10, "double(…) takes an int, it is a text"),
    ("int(10000000000.0 * 10000000000.0) > 1", 1, 34, "this can never be computed: the result is too large"),
    ("now.getHours() > 1", 5, 8, "getHours() takes a span, it is a moment; subtract two moments"),
    ("item.waited.getHours(1) > 1", 21, 3, "getHours(…) takes no argument, it has 1"),
    ("item.waited.getDays() > 1", 13, 7, "unknown method 'getDays': write duration('72h') for three days"),
    ("sizes(item.tags) > 1", 1, 5, "unknown function 'sizes', did you mean 'size'?"),
    ("item.title.startswith('a')", 12, 10, "unknown method 'startswith', did you mean 'startsWith'?"),
    (
        "item.title.matches('a')",
        12,
        7,
        "unknown method 'matches', there are only startsWith, endsWith, contains, getHours, getMinutes",
    ),
    ("item.tags.exists(t, t == 'a')", 11, 6, "unknown method 'exists': there are no loops"),
    ("item.tags.contains('fire')", 11, 8, "contains compares two texts, one is a list"),
    ("now > timestamp('2026-01-01')", 17, 12, "timestamp(…) takes one text written like"),
    ("now > timestamp('2026-02-30T00:00:00Z')", 17, 22, "timestamp(…) takes one text written like"),
    ("item.waited > duration('5 days')", 24, 8, "duration(…) takes one text written like"),
    ("item.waited > duration(item.title)", 24, 10, "duration(…) takes one text written like"),
    ("item.waited > 5 days", 17, 4, "write duration('24h') for a length of time, not 5 days"),
    ("unit.lagging_items ＞＝ 1", 20, 2, "'＞＝' is Chinese (full-width) punctuation, write '>='"),
    ("unit.lagging_items ＝ 1", 20, 1, "'＝' is Chinese (full-width) punctuation, write '=='"),
    ("（unit.is_district）", 1, 1, "'（' is Chinese (full-width) punctuation, write '('"),
    ("item.state in ['closed'，'handling']", 24, 1, "'，' is Chinese (full-width) punctuation, write ','"),
    ("item.title == “甲”", 15, 1, "'“' is Chinese (full-width) punctuation, write '\"'"),
    ("！unit.is_district", 1, 1, "'！' is Chinese (full-width) punctuation, write '!'"),
    (
        "unit.is_district ＆＆ unit.is_district",
        18,
        2,
        "'＆＆' is Chinese (full-width) punctuation, write '&&'",
    ),
    ("unit.lagging_items ≥ 1", 20, 1, "'≥' is Chinese (full-width) punctuation, write '>='"),
    ("unit.lagging_items >= １", 23, 1, "'１' is Chinese (full-width) punctuation, write '1'"),
    ("unit.lagging_items\u3000> 1", 19, 1, "'\u3000' is Chinese (full-width) punctuation, write ' '"),
    ("unit.is_district and unit.is_district", 18, 3, "write '&&' instead of 'and'"),
    ("unit.is_district 或 unit.is_district", 18, 1, "write '||' instead of '或'"),
    ("not unit.is_district", 1, 3, "write '!' instead of 'not'"),
    ("unit.lagging_items = 1", 20, 1, "write '==' instead of '='"),
    ("unit.is_district & unit.is_district", 18, 1, "write '&&' instead of '&'"),
    ("item.title == 'abc", 15, 4, "this text has no closing ' on its line"),
    ("item.title == '\\q'", 15, 4, "this text has no closing ' on its line"),
    ("unit.lagging_items >=", 22, 1, "the condition stops too early"),
    ("  ", 3, 1, "the condition is empty"),
    ("unit.is_district)", 17, 1, "unexpected ')' here"),
    ("item.tags[0] == 'fire'", 10, 1, "unexpected '[' here"),
    ("unit.lagging_items > 1u", 23, 1, "unexpected 'u' here"),
    ("unit.satisfaction >= 60% && true", 24, 1, "there is no percent sign: write 0.6 for 60 %"),
    ("unit.satisfaction >= 60 %", 25, 1, "there is no percent sign: write 0.6 for 60 %"),
    ("unit.lagging_items >= 3次", 24, 1, "write 3 without a unit"),
    ("unit.lagging_items >= 3 分", 25, 1, "write 3 without a unit"),
    ("unit.lagging_items > 1,000", 23, 1, "write thousands without a comma: 1000"),
    ("unit.lagging_items => 1", 20, 2, "write '>=' instead of '=>'"),
    ("unit.lagging_items <> 1", 20, 2, "write '!=' instead of '<>'"),
    ("unit.lagging_items === 1", 20, 3, "write '==' instead of '==='"),
    ("unit.lagging_items 不少于 1", 20, 3, "write '>=' instead of '不少于'"),
    ("unit.lagging_items between 1 and 3", 20, 7, "write a >= 60 && a <= 80"),
    ("item.state in ('closed', 'handling')", 24, 1, "a list has square brackets"),
    ("item.state == closed", 15, 6, "write 'closed' in quotes, it is a text"),
    ("unit.is_district == True", 21, 4, "write true, in small letters"),
    ("item.state == None", 15, 4, "there is no null, write has(…)"),
    ("unit.satisfaction > 1.5e3", 24, 2, "unexpected 'e3' here"),
    ("unit.is_district ; true", 18, 1, "unexpected character ';'"),
    ("!" * 40 + "true", 31, 14, "the condition is nested more than 30 levels deep"),
    ("(" * 40 + "true" + ")" * 40, 31, 24, "the condition is nested more than 30 levels deep"),
    (" " * 2_000 + "true", 2_001, 4, "the condition has 2004 characters, the limit is 2000"),
]


@pytest.mark.parametrize(("source", "column", "length", "sentence"), BAD)
def test_a_mistake_is_named_where_it_is(
    facts: Facts, source: str, column: int, length: int, sentence: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(source, facts)
    assert caught.value.message.startswith(sentence)
    assert (caught.value.column, caught.value.length) == (column, length)
    assert caught.value.zh
    assert caught.value.text("zh") != caught.value.text("en")


CLOCKS = Facts(
    [
        Fact(name="clock.response.due", kind=Kind.MOMENT, optional=True, aliases=("时限.答复.到期",)),
        Fact(name="clock.response.paused", kind=Kind.BOOL, optional=True, aliases=("时限.答复.暂停",)),
        Fact(name="class.severity.rank", kind=Kind.INT, aliases=("等级.严重程度.序号",)),
        Fact(name="now", kind=Kind.MOMENT, aliases=("现在",)),
    ]
)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("clock.respnse.due < now", "unknown fact 'clock.respnse.due', did you mean 'clock.response.due'?"),
        ("clock.response.dew < now", "unknown fact 'clock.response.dew', did you mean 'clock.response.due'?"),
        (
            "has(clock.response.puased)",
            "unknown fact 'clock.response.puased', did you mean 'clock.response.paused'?",
        ),
        ("class.severty.rank > 1", "unknown fact 'class.severty.rank', did you mean 'class.severity.rank'?"),
        ("时限.回复.到期 < 现在", "unknown fact '时限.回复.到期', did you mean '时限.答复.到期'?"),
        ("时限.答复.到其 < 现在", "unknown fact '时限.答复.到其', did you mean '时限.答复.到期'?"),
        (
            "clock.response < now",
            "unknown fact 'clock.response'; there are clock.response.due, clock.response.p",
        ),
        ("时限.答复 < 现在", "unknown fact '时限.答复'; there are 时限.答复.到期, 时限.答复.暂停"),
        (
            "clock.response.due < now",
            "'clock.response.due' may be unknown, write has(clock.response.due) && …",
        ),
        ("时限.答复.到期 < 现在", "'时限.答复.到期' may be unknown, write has(时限.答复.到期) && …"),
    ],
)
def test_facts_of_three_parts_are_suggested_part_by_part(source: str, sentence: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(source, CLOCKS)
    assert caught.value.message.startswith(sentence)


def test_the_suggestion_is_there_for_tools(facts: Facts) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition("unit.is_district ＆＆ true", facts)
    assert caught.value.suggestion == "&&"
    assert caught.value.zh == "“＆＆”是中文（全角）字符，请改用英文半角“&&”"


def test_full_width_characters_inside_a_text_are_the_authors_own(facts: Facts) -> None:
    assert (
        compile_condition("item.title == '（甲）“乙”！'", facts).evaluate({"item.title": "（甲）“乙”！"})
        is True
    )


def test_another_kind_can_be_expected(facts: Facts) -> None:
    assert (
        compile_condition("unit.lagging_items + 1", facts, Kind.INT).evaluate({"unit.lagging_items": 2}) == 3
    )
    with pytest.raises(ConditionError, match="the condition must be a span, it is an int"):
        compile_condition("unit.lagging_items + 1", facts, Kind.SPAN)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "单位.数", "kind": Kind.INT}, "must be ASCII words"),
        ({"name": "unit.in", "kind": Kind.INT}, "reserved word 'in'"),
        ({"name": "a.b", "kind": Kind.INT, "aliases": ("a b",)}, "alias 'a b'"),
        ({"name": "a.b", "kind": Kind.LIST}, "only a list, states `of`"),
        ({"name": "a.b", "kind": Kind.INT, "of": Kind.INT}, "only a list, states `of`"),
        ({"name": "a.b", "kind": Kind.INT, "one_of": ("x",)}, "only texts can be limited"),
        ({"name": "a", "kind": Kind.INT, "optional": True}, "needs a dot"),
    ],
)
def test_a_fact_is_declared_soundly(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Fact(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [("a.b", "a.b"), ("a", "a.b"), ("a.b", "a.b.c")])
def test_facts_do_not_hide_each_other(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"two facts|cannot also contain"):
        Facts(Fact(name=name, kind=Kind.INT) for name in names)


FRAGMENTS = (
    "unit.lagging_items item.due has( size( ) ( [ ] , && || ! - 1 0.5 'x' == < in + % ? : . true ＝ \\",
    "timestamp(' duration('1h') item.state item.tags .contains( and 5 days",
)
WORDS = st.sampled_from(" ".join(FRAGMENTS).split())


def attempt(source: str, facts: Facts) -> str | ConditionError:
    try:
        return compile_condition(source, facts).sentence("en")
    except ConditionError as error:
        return error


@given(source=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=20).map(" ".join)))
def test_any_text_compiles_or_is_refused_politely_and_always_alike(facts: Facts, source: str) -> None:
    first, second = attempt(source, facts), attempt(source, facts)
    assert str(first) == str(second)
    if isinstance(first, ConditionError):
        assert 1 <= first.column <= len(source) + 1
        assert first.length >= 1
        assert first.zh


@pytest.mark.parametrize(
    "piece", ["!", "-", "(", "[", "has(", "true ? ", "1 + ", "'a'.contains(", "a.", "x&&", "\x00", "\ud800"]
)
def test_long_nonsense_is_refused_politely(facts: Facts, piece: str) -> None:
    with pytest.raises(ConditionError):
        compile_condition((piece * 2_000)[:2_000], facts)
