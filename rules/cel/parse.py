"""From the text of a condition to a syntax tree; mistakes of spelling end here."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from rules.cel.faults import ConditionError

Syntax: TypeAlias = Tree[Token]

LONGEST_SOURCE = 2_000  # characters
DEEPEST_NESTING = 30  # levels; CEL's own limit is higher

# What a Chinese input method types, and what CEL wants there.
FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[", "】": "]"}
    | {"\u3000": " ", "\xa0": " "}
    | {"≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "−": "-", "–": "-", "—": "-"}
)
WORDS = {
    **dict.fromkeys(("and", "且", "并且", "同时"), "&&"),
    **dict.fromkeys(("or", "或", "或者"), "||"),
    **dict.fromkeys(("not", "非"), "!"),
    **dict.fromkeys(("is", "equals", "是", "等于"), "=="),
    **dict.fromkeys(("不是", "不等于"), "!="),
    **dict.fromkeys(("大于", "多于", "高于", "晚于", "超过"), ">"),
    **dict.fromkeys(("小于", "少于", "低于", "早于", "不足"), "<"),
    **dict.fromkeys(("不少于", "不低于", "不小于", "至少", "达到"), ">="),
    **dict.fromkeys(("不多于", "不高于", "不大于", "不超过", "至多"), "<="),
    "属于": "in",
}
COUNTERS = (
    "个",
    "次",
    "件",
    "项",
    "分",
    "家",
    "人",
    "元",
    "万",
    "万元",
    "户",
    "批",
    "percent",
    "points",
    "times",
)
PERCENT = (
    "there is no percent sign: write 0.6 for 60 %, or 60.0 where the fact is a percentage",
    "没有百分号：60 % 请写成 0.6；如果事实本身是百分数，请写成 60.0",
)
BRACKETED = re.compile(r"\bin\s*\([^()]*$")
WRITTEN_NUMBER = re.compile(r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)\s*$")
SIGNS = re.compile(r"[=<>!&]{2,3}")
TURNED = {"=>": ">=", "=<": "<=", "<>": "!=", "><": "!=", "===": "==", "!==": "!=", "&&&": "&&"}
UNITS = (
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "workday",
    "秒",
    "分",
    "小时",
    "天",
    "日",
    "周",
    "工作日",
)
DOUBLED = {"=": "==", "&": "&&", "|": "||"}


@cache
def grammar() -> Lark:
    text = files("rules.cel").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", propagate_positions=True)


@lru_cache(maxsize=1024)  # the same few questions are asked all over a book
def parse(source: str) -> Syntax:
    if len(source) > LONGEST_SOURCE:
        raise ConditionError(
            f"the condition has {len(source)} characters, the limit is {LONGEST_SOURCE}; split the rule",
            zh=f"条件有 {len(source)} 个字符，最多 {LONGEST_SOURCE} 个，请拆成几条规则",
            column=LONGEST_SOURCE + 1,
            length=len(source) - LONGEST_SOURCE,
        )
    try:
        tree = grammar().parse(source)
    except UnexpectedCharacters as error:
        raise explain_sign(source, error.pos_in_stream) or explain_character(source, error) from None
    except UnexpectedToken as error:
        raise explain_sign(source, error.pos_in_stream) or explain_token(source, error) from None
    measure_nesting(tree)
    return tree


def measure_nesting(tree: Syntax) -> None:
    """Without recursion, because the depth is what is in doubt."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST_NESTING:
            raise ConditionError(
                f"the condition is nested more than {DEEPEST_NESTING} levels deep; split the rule",
                zh=f"条件嵌套超过 {DEEPEST_NESTING} 层，请拆成几条规则",
                column=node.meta.start_pos + 1,
                length=node.meta.end_pos - node.meta.start_pos,
            )
        waiting.extend((child, depth + 1) for child in node.children if not isinstance(child, str))


def explain_sign(source: str, position: int | None) -> ConditionError | None:
    """Two or three signs that other languages, or hurried fingers, put together."""
    for sign in SIGNS.finditer(source):
        wanted = TURNED.get(sign[0])
        if wanted and sign.start() <= (position or 0) < sign.end():
            return instead(sign.start(), sign[0], wanted)
    return None


def explain_character(source: str, error: UnexpectedCharacters) -> ConditionError:
    start: int = error.pos_in_stream  # type: ignore[assignment]  # lark declares None, sets an int
    character = source[start]
    if ord(character) in FULL_WIDTH:
        return explain_full_width(source, start)
    column = start + 1
    if character in DOUBLED:
        return instead(start, character, DOUBLED[character])
    if character in "'\"":
        return ConditionError(
            f"this text has no closing {character} on its line, or a backslash before a wrong letter",
            zh=f"这段文本没有在同一行用 {character} 结束，或者反斜杠后面不是 n、r、t 或引号",
            column=column,
            length=max(1, len(source[start:].split("\n", 1)[0])),
        )
    return ConditionError(
        f"unexpected character {character!r}",
        zh=f"这里不应出现字符 {character!r}",
        column=column,
    )


def explain_full_width(source: str, start: int) -> ConditionError:
    end = start
    while end < len(source) and ord(source[end]) in FULL_WIDTH:
        end += 1
    typed = source[start:end]
    wanted = typed.translate(FULL_WIDTH)
    wanted = DOUBLED.get(wanted, wanted)
    return ConditionError(
        f"'{typed}' is Chinese (full-width) punctuation, write '{wanted}'",
        zh=f"“{typed}”是中文（全角）字符，请改用英文半角“{wanted}”",
        column=start + 1,
        length=end - start,
        suggestion=wanted,
    )


def explain_token(source: str, error: UnexpectedToken) -> ConditionError:
    token = error.token
    before = source[: token.start_pos] if token.type != "$END" else source
    if before.rstrip().endswith("%") and token.type != "NAME":
        place = len(before.rstrip())
        return ConditionError(PERCENT[0], zh=PERCENT[1], column=place)
    if token.type == "$END":
        return ConditionError(
            "the condition stops too early" if source.strip() else "the condition is empty",
            zh="条件没有写完" if source.strip() else "条件是空的",
            column=len(source) + 1,
        )
    previous = error.token_history[-1] if error.token_history else None
    for word in (token, previous):
        if word is not None and (wanted := WORDS.get(word.lower())):
            return instead(word.start_pos or 0, word, wanted)
    number = WRITTEN_NUMBER.search(before)
    return explain_after_number(number[1], token) if number else explain_word(before, token)


def explain_word(before: str, token: Token) -> ConditionError:
    if token == "between":
        return at_token(token, "write a >= 60 && a <= 80 for between", "“介于”请写成 a >= 60 && a <= 80")
    if token == "," and BRACKETED.search(before):
        en, zh = "a list has square brackets, write in ['a', 'b']", "列表用方括号，请写成 in ['甲', '乙']"
        return at_token(token, en, zh)
    return unexpected(token)


def explain_after_number(number: str, token: Token) -> ConditionError:
    if token.lower().startswith(COUNTERS) and not token.startswith("分钟"):
        return at_token(token, f"write {number} without a unit", f"请只写 {number}，不写单位")
    if token.lower().startswith(UNITS):
        return at_token(
            token,
            f"write duration('24h') for a length of time, not {number} {token}; workdays belong to clocks",
            f"时长要写成 duration('24h')，不能写 {number} {token}；工作日请用时限表达",
        )
    if token == ",":
        return at_token(token, "write thousands without a comma: 1000", "千位不用逗号，请写成 1000")
    return unexpected(token)


def unexpected(token: Token) -> ConditionError:
    return at_token(token, f"unexpected '{token}' here", f"这里不应出现“{token}”")


def at_token(token: Token, en: str, zh: str) -> ConditionError:
    return ConditionError(en, zh=zh, column=(token.start_pos or 0) + 1, length=len(token))


def instead(start: int, written: str, wanted: str) -> ConditionError:
    return ConditionError(
        f"write '{wanted}' instead of '{written}'",
        zh=f"请把“{written}”写成“{wanted}”",
        column=start + 1,
        length=len(written),
        suggestion=wanted,
    )
