"""Why a text is not YAML, told to somebody who never heard of scalars and block mappings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from engine.book.finding import Finding, Place

# Where the reader stumbles is often a line or two after the slip.
LINES_BACK = 3
LONGEST_LINE = 300  # signs that are looked at for a slip: the patterns try again at each of them
WORD = r"[\w\u3400-\u9fff.]+"


class Slip(NamedTuple):
    """A usual mistake: how to spot it in a line, and what to say."""

    code: str
    pattern: re.Pattern[str]
    zh: str
    en: str


SLIPS = (
    Slip(
        "full_width",
        re.compile(rf"^[\s\-{{]*(?:[^'\"#]*[,{{]\s*)?{WORD}(：)"),
        "用了全角冒号“：”，请改为半角“: ”(冒号后空一格)",
        "a full-width colon ： was typed: write ': ' (colon, space)",
    ),
    Slip(
        "tab",
        re.compile(r"^ *(\t)"),
        "缩进用了制表符(Tab)，请改用空格",
        "the line is indented with a tab: use spaces",
    ),
    Slip(
        "full_width",
        re.compile(r"^[^'\"#]*([，｛｝［］【】“”‘’])"),
        '用了全角标点，请改为半角(, { } [ ] ")；若是文字，请整段加引号',
        'full-width punctuation was typed: write , { } [ ] " instead, or quote the whole text',
    ),
    Slip(
        "colon_space",
        re.compile(rf"^[\s\-{{]*{WORD}(:)[^\s:/]"),
        "冒号后面要空一格",
        "a colon needs a space after it",
    ),
)

PROBLEMS = {
    "could not find expected ':'": ("这里缺少冒号“: ”", "a colon is missing here"),
    "mapping values are not allowed": (
        "这里不应出现冒号：上一行缩进不对，或文字中有冒号而没有加引号",
        "a colon is not expected here: check the indentation above, or quote text that contains ': '",
    ),
    "did not find expected key": (
        "缩进与上文不一致，或漏了键名",
        "the indentation does not match the lines above, or a key is missing",
    ),
    "did not find expected '-' indicator": (
        "列表的缩进不一致",
        "the entries of the list are not indented alike",
    ),
    "did not find expected ',' or ']'": ("方括号没有配对，或漏了逗号", "a ] or a comma is missing"),
    "did not find expected ',' or '}'": ("花括号没有配对，或漏了逗号", "a } or a comma is missing"),
    "found unexpected end of stream": ("引号没有配对", "a closing quotation mark is missing"),
    "cannot start any token": (
        "这个字符不能放在开头，请给文字加引号",
        "a value cannot begin with this character: put the text into quotation marks",
    ),
    "unknown escape character": (
        "双引号中的反斜杠写法不对，请改用单引号",
        "unknown backslash sequence in double quotes: use single quotes",
    ),
    "undefined alias": ("文字以 * 开头时要加引号", "put text that begins with * into quotation marks"),
}


def explain_yaml(error: yaml.YAMLError, text: str, file: str) -> Finding:
    """The usual slip near the place of the error, else the reader's complaint in plain words."""
    lines = text.splitlines() or [""]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    last = min(line, len(lines) - 1)
    for slip, number, at in _slips(lines, last):
        return Finding.at(Place(file, number + 1, at + 1), slip.code, zh=slip.zh, en=slip.en)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    zh, en = next((said for key, said in PROBLEMS.items() if key in problem), ("不是合法的 YAML", problem))
    begun = getattr(error, "context_mark", None)
    if (
        begun is not None and "end of stream" in problem
    ):  # where the quotation began tells more than where the file ends
        line, column = begun.line, begun.column
    place = Place(file, line + 1, column + 1)
    return Finding.at(place, "not_yaml", zh=f"读不懂：{zh}", en=f"cannot be read: {en}")


def _slips(lines: list[str], last: int) -> Iterator[tuple[Slip, int, int]]:
    for slip in SLIPS:
        for number in range(last, max(-1, last - LINES_BACK - 1), -1):
            if found := slip.pattern.search(lines[number][:LONGEST_LINE]):
                yield slip, number, found.start(1)
