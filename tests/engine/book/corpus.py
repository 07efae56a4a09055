"""Files that no author means to write: shipped books damaged at random (L9).

From one seed the same files always; each is changed by a byte, a line, a piece.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[3]
BOOKS = ROOT / "duban/books"
BASE = ROOT / "tests/docs/findings_book"
LONGEST_CUT = 60  # lines of a shipped file that are damaged at once, so that ten thousand take a minute

# What gets into texts by a slip, by another program or on purpose.
SIGNS = (
    *(
        ":",
        ": ",
        "：",
        "，",
        "、",
        "“",
        "”",
        "\t",
        "- ",
        "* ",
        "&a ",
        "*a",
        "!!str ",
        "!x",
        "<<: ",
        "? ",
        "| ",
        "> ",
    ),
    *("{", "}", "[", "]", '"', "'", "#", "%", "@", "`", "\\", "---\n", "...\n", "%YAML 1.1\n", "\r\n", "\r"),
    *("\x00", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u200b", "\u202e", "\u2066", "\ufeff", "\ufffe"),
    *(
        "no",
        "on",
        "yes",
        "~",
        "null",
        "0x1F",
        "0o17",
        "010",
        "1e9",
        "1E400",
        ".inf",
        ".nan",
        "1_000",
        "12:30:45",
    ),
    *(
        "-0",
        "9" * 400,
        "1." + "0" * 300,
        "2020-02-30",
        "=item.pages",
        "{item.",
        "{{{{",
        "params.",
        "params.x.y",
    ),
)
BYTES = (
    b"\xff",
    b"\xfe\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
    b"\xb9\xab",
    b"\x00",
)


def sources() -> list[str]:
    """Pieces of the shipped books and of the smallest good book."""
    files = [*sorted(BOOKS.glob("*/**/*.yaml")), *sorted(BASE.glob("*.yaml"))]
    cuts = []
    for path in files:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        cuts += ["".join(lines[at : at + LONGEST_CUT]) for at in range(0, len(lines), LONGEST_CUT)]
    return cuts


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """`count` files, each damaged in one to five places."""
    chance, pieces = Random(seed), sources()
    for _ in range(count):
        raw = chance.choice(pieces).encode()
        for _ in range(chance.randint(1, 5)):
            raw = chance.choice(DAMAGES)(chance, raw)
        yield raw


# ---------------------------------------------------------------- damage


def flip(chance: Random, raw: bytes) -> bytes:
    """Single bits, about one byte in a hundred."""
    changed = bytearray(raw)
    for _ in range(1 + len(raw) // 100):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut_off(chance: Random, raw: bytes) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def lose(chance: Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[at + chance.randint(1, 30) :]


def insert_sign(chance: Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(SIGNS).encode("utf-8", "surrogatepass") + raw[at:]


def insert_bytes(chance: Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(BYTES) + raw[at:]


def on_lines(change: Callable[[Random, list[bytes]], None]) -> Callable[[Random, bytes], bytes]:
    def damage(chance: Random, raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        change(chance, lines)
        return b"\n".join(lines)

    return damage


def double_line(chance: Random, lines: list[bytes]) -> None:
    lines.insert(chance.randint(0, len(lines)), chance.choice(lines))


def swap_lines(chance: Random, lines: list[bytes]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def shift_line(chance: Random, lines: list[bytes]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = b" " * chance.randint(1, 7) + lines[at] if chance.random() < 0.5 else lines[at].lstrip()


def tab_line(chance: Random, lines: list[bytes]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = b"\t" + lines[at].lstrip()


def replace_value(chance: Random, lines: list[bytes]) -> None:
    at = chance.randrange(len(lines))
    key, colon, _ = lines[at].partition(b": ")
    lines[at] = key + colon + chance.choice(SIGNS).encode("utf-8", "surrogatepass")


def type_full_width(chance: Random, raw: bytes) -> bytes:
    sign, wide = chance.choice(((b": ", "："), (b", ", "，"), (b'"', "“"), (b"[", "【"), (b"{", "｛")))
    parts = raw.split(sign)
    at = chance.randrange(len(parts))
    return (
        sign.join(parts[: at + 1])
        + (wide.encode() if at + 1 < len(parts) else b"")
        + sign.join(parts[at + 1 :])
    )


DAMAGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(flip, cut_off, lose, insert_sign, insert_sign, insert_bytes, type_full_width),
    *(on_lines(each) for each in (double_line, swap_lines, shift_line, tab_line, replace_value)),
    lambda _chance, raw: raw.replace(b"\n", b"\r\n"),
    lambda _chance, raw: raw.decode("utf-8", "replace").encode("utf-16"),
    lambda _chance, raw: b"\xef\xbb\xbf" + raw,
    lambda chance, raw: raw + raw[: chance.randint(0, len(raw))],
)
