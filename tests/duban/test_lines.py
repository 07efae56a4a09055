"""A sentence on lines that a terminal shows whole, in Chinese and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from duban.lines import wrapped

ENGLISH = "Boards missed is at least 2 (it is 2: KB-2020-0006, KB-2020-0037), time 2 (before: YT-2020-0001)."
CHINESE = (
    "未按时报送看板次数不少于 2（现为2：KB-2020-0071、KB-2020-0048），窗口内第2次（此前：YT-2020-0001）。"
)
WORDS = st.lists(
    st.sampled_from(["看板", "，", "（", "）", "。", " ", "KB-2020-0001", "missed", "、", "2", "“", "”"])
)


def test_english_breaks_between_words() -> None:
    lines = list(wrapped(ENGLISH, first="  ", then="    ", columns=44))
    assert all(cell_len(line) <= 44 for line in lines)
    assert " ".join(line.strip() for line in lines) == ENGLISH
    assert lines[0] == "  Boards missed is at least 2 (it is 2:"
    assert all(line.startswith("    ") for line in lines[1:])


def test_a_chinese_character_takes_two_columns_and_no_line_begins_with_a_comma() -> None:
    lines = list(wrapped(CHINESE, columns=40))
    assert all(cell_len(line) <= 40 for line in lines)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert not any(line[0] in "，。、）" for line in lines)
    assert not any(line[-1] in "（“" for line in lines)
    assert "KB-2020-0071、" in " ".join(lines), "a number is never broken"


def test_where_nobody_says_how_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.__stdout__", None)
    assert len(list(wrapped("x" * 79 + " y"))) == 2
    assert len(list(wrapped("x " * 40))) == 1
    monkeypatch.setenv("COLUMNS", "100")
    assert len(list(wrapped("x" * 79 + " y"))) == 1


@given(WORDS, st.integers(40, 90))
def test_nothing_is_lost(words: list[str], columns: int) -> None:
    text = "".join(words)
    assert "".join(wrapped(text, columns=columns)).replace(" ", "") == text.replace(" ", "")
