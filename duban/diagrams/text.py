"""How wide a text is and where it breaks: enough for boxes that hold their words in any usual font."""

from collections.abc import Iterator
from unicodedata import east_asian_width

# In parts of the font's size; Latin letters are taken as wide as a broad font draws them on average.
WIDE, NARROW = 1.0, 0.56
NO_START = "，。；：、）”’》？！,.;:)?!"  # signs that no line begins with


def sign_width(sign: str) -> float:
    return WIDE if east_asian_width(sign) in "WFA" and sign not in "·“”‘’" else NARROW


def width_of(text: str, size: int) -> int:
    return round(sum(sign_width(sign) for sign in text) * size)


def wrap(text: str, most: int, size: int) -> list[str]:
    """Lines no wider than `most`: between words, and between any two Chinese characters."""
    lines, line = [], ""
    for piece in pieces(text):
        if line and width_of((line + piece).rstrip(), size) > most:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def pieces(text: str) -> Iterator[str]:
    """What must stay together: a word with the space after it, a character with the sign after it."""
    piece = ""
    for sign in text:
        wide = sign_width(sign) == WIDE and sign not in NO_START
        ended = piece.endswith(" ") or (piece and sign_width(piece[-1]) == WIDE)
        if piece and (ended or wide) and sign not in NO_START and sign != " ":
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece
