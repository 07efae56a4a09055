"""From the text of a condition to a syntax tree; mistakes of spelling end here."""

from functools import cache
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
WORDS = {"and": "&&", "or": "||", "not": "!", "且": "&&", "并且": "&&", "或": "||", "或者": "||", "非": "!"}
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
        raise explain_character(source, error) from None
    except UnexpectedToken as error:
        raise explain_token(source, error) from None
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


def explain_character(source: str, error: UnexpectedCharacters) -> ConditionError:
    start: int = error.pos_in_stream  # type: ignore[assignment]  # lark declares None, sets an int
    character = source[start]
    if ord(character) in FULL_WIDTH:
        return explain_full_width(source, start)
    column = start + 1
    if character in DOUBLED:
        doubled = DOUBLED[character]
        return ConditionError(
            f"write '{doubled}' instead of '{character}'",
            zh=f"请把“{character}”写成“{doubled}”",
            column=column,
            suggestion=doubled,
        )
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
    if token.type == "$END":
        return ConditionError(
            "the condition stops too early" if source.strip() else "the condition is empty",
            zh="条件没有写完" if source.strip() else "条件是空的",
            column=len(source) + 1,
        )
    previous = error.token_history[-1] if error.token_history else None
    for word in (token, previous):
        if word is not None and (wanted := WORDS.get(word.lower())):
            return misspelt_word(word, wanted)
    column, length = (token.start_pos or 0) + 1, len(token)
    if previous is not None and previous.type in ("WHOLE", "NUMBER") and token.lower().startswith(UNITS):
        return ConditionError(
            f"write duration('24h') for a length of time, not {previous} {token}; workdays belong to clocks",
            zh=f"时长要写成 duration('24h')，不能写 {previous} {token}；工作日请用时限表达",
            column=column,
            length=length,
        )
    return ConditionError(
        f"unexpected '{token}' here", zh=f"这里不应出现“{token}”", column=column, length=length
    )


def misspelt_word(word: Token, wanted: str) -> ConditionError:
    return ConditionError(
        f"write '{wanted}' instead of '{word}'",
        zh=f"请把“{word}”写成“{wanted}”",
        column=(word.start_pos or 0) + 1,
        length=len(word),
        suggestion=wanted,
    )
