"""Files that no author means to write: shipped books damaged at random, and files made to do harm (L9).

From one seed the same files always. `damaged` changes what is good by a byte, a line, a piece;
`hostile` follows a grammar of known tricks with sizes chosen at random.
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

# ---------------------------------------------------------------- harm


def hostile(seed: int, count: int) -> Iterator[bytes]:
    chance = Random(seed)
    for _ in range(count):
        made = chance.choice(HARMS)(chance)
        yield made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def alias_bomb(chance: Random) -> str:
    """The billion laughs."""
    depth, width = chance.randint(2, 30), chance.randint(2, 12)
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join(lines)


def merge_bomb(chance: Random) -> str:
    count = chance.randint(2, 40)
    lines = ["units:", "  u0: &u0 {zh: 甲, en: A}"]
    lines += [f"  u{n}: &u{n} {{<<: [*u{n - 1}, *u0], zh: 甲}}" for n in range(1, count)]
    return "\n".join(lines)


def self_alias(_chance: Random) -> str:
    return "units: &a {a: *a}\nroles: &b [*b]\n"


def deep_flow(chance: Random) -> str:
    opening, closing = chance.choice((("[", "]"), ("{a: ", "}"), ("[{a: ", "}]")))
    depth = chance.choice((30, 39, 40, 41, 100, 1000, 20_000, 100_000))
    return "units: " + opening * depth + (closing * depth if chance.random() < 0.5 else "")


def deep_block(chance: Random) -> str:
    depth = chance.choice((30, 41, 100, 400))
    if chance.random() < 0.3:
        return "- " * chance.choice((50, 1000, 30_000)) + "a"
    return "".join(f"{' ' * n}a{n}:\n" for n in range(depth))


def many_keys(chance: Random) -> str:
    count = chance.choice((10, 1000, 20_000))
    same = chance.random() < 0.5
    return "units:\n" + "".join(f"  u{0 if same else n}: {{zh: 甲, en: A}}\n" for n in range(count))


def tags(chance: Random) -> str:
    tag = chance.choice(
        ("!!python/object/apply:os.system [id]", "!!python/name:os.system", "!!binary aGk=", "!!set {a, b}")
    )
    return f"units:\n  roads: {{zh: {tag}, en: Roads}}\n%TAG ! tag:x,2000:\n"


def norway(chance: Random) -> str:
    word = chance.choice(
        ("no", "NO", "off", "y", "17:30", "1_0", "0b1", "0x10", "1e3", ".5", "+1", "2020-10-01")
    )
    unit = f"{{zh: {word}, en: {word}, kind: {word}}}"
    return f"units:\n  roads: {unit}\nparams:\n  p: {{value: {word}, zh: 数, en: p}}\n"


def sizes(chance: Random) -> str:
    number = chance.choice(
        ("1e9", "1000000000", "9" * 15, "9" * 16, "9" * 5000, "-1", "1." + "9" * 500, "0" * 100)
    )
    unit = chance.choice(
        ("workdays", "days", "months", "years", "hours", "business hours", "minutes", "weeks", "")
    )
    return (
        "clocks:\n  odd: {label: {zh: 怪, en: Odd}, of: board, starts: {opened: true}, "
        f"budget: {number} {unit}, stops: filed}}\n"
        "measures:\n  m: {label: {zh: 数, en: m}, for: unit, items: board, "
        f"within: rolling {number} {chance.choice(('months', 'days'))}}}\n"
    )


def times(chance: Random) -> str:
    number = chance.choice(("0", "1", "99999", "9" * 30, "-3", "1.5"))
    at = chance.choice(
        (
            *(
                f"{number} workdays before at 09:00",
                f"{number} days after",
                f"{number} %",
                f"day {number} at 09:00",
            ),
            *(
                f"{number} hours before",
                "at due" * 50,
                "%" * 300,
                "9" * 3000,
                "最后一个工作日",
                "\\" * 40,
                "( " * 99,
            ),
        )
    )
    return (
        "rules:\n  r:\n    label: {zh: 规, en: R}\n    basis: 一\n    for: board\n    when: {clock: due}\n"
        f"    ladder:\n      - {{at: '{at}', light: red}}\n"
        "duties:\n  d: {label: {zh: 责, en: D}, title: {zh: 责, en: D}, basis: 一, opens: board, for: leads, "
        f"every: '{at}', due: '{at}'}}\n"
    )


def conditions(chance: Random) -> str:
    depth = chance.choice((5, 29, 31, 200, 999))
    made = chance.choice(
        (
            *("(" * depth + "true" + ")" * depth, "!" * depth + "true", "-" * depth + "1 < 2"),
            *(" || ".join(["item.pages > 1"] * depth), "item.pages + " * depth + "1 > 2", "[" * depth),
            *(
                "9" * depth + " > item.pages",
                "item.pages == " + "1." + "0" * depth,
                "'" + "a" * depth + "' == item.kind",
            ),
            *(
                "item." * depth + "pages",
                "has(" * depth + "item.kind" + ")" * depth,
                "true ? " * depth + "true",
            ),
            *(
                "item.kind == '\\\\x" + "\\\\" * 20,
                "duration('" + "9" * depth + "h') > duration('1s')",
                "\U0001f600" * depth,
            ),
            *(
                "item.pages / 0 > 1",
                "1 / 0 == 1",
                "9223372036854775807 + 1 > item.pages",
                "a.b.c" * 50,
                " " * depth,
            ),
            *(
                "item.kind.matches('(a+)+$')",
                "item.kind in " + "['a'," * depth,
                "单位.缺报次数 >= 1 且 true",
                "\t\n" * 30,
            ),
        )
    )
    quoted = made.replace("'", "''")
    return (
        "rules:\n  r:\n    label: {zh: 规, en: R}\n    basis: 一\n    for: board\n    when: {event: file}\n"
        f"    if: '{quoted}'\n    then: {{light: red}}\n"
    )


def labels(chance: Random) -> str:
    text = chance.choice(
        (
            *(
                "{",
                "}",
                "{{",
                "{item",
                "{item.}",
                "{}",
                "{unit" * 500,
                "{" * 2000,
                "{" + "a" * 5000 + "}",
                "{0}",
                "{unit!r}",
            ),
            *(
                "{unit.__class__}",
                "{item.pages:>999999999}",
                "\u202e倒\u202c",
                "％｛unit｝",
                "{unit}" * 3000,
                "𠮷" * 1000,
            ),
        )
    )
    return (
        f"templates:\n  t: {{subject: {{zh: '{text}', en: '{text}'}}, "
        f"body: {{zh: '{text}', en: '{text}'}}}}\n"
        "rules:\n  r:\n    label: {zh: '"
        + text
        + "', en: R}\n    basis: 一\n    for: board\n    when: {event: file}\n"
        "    then: {remind: unit_head, template: t}\n"
    )


def names(chance: Random) -> str:
    word = chance.choice(
        ("a" * 10_000, "制" * 300, "../../etc/passwd", "a b", "a.b", "-", "__proto__", "1", "𝒶", "é", "NULL")
    )
    group = f"{{zh: 组, en: G, members: [{word}]}}"
    return f"units:\n  {word}: {{zh: 甲, en: A, leader: {word}}}\ngroups: {{g: {group}}}\n"


def long_line(chance: Random) -> str:
    return "units: {a: {zh: '" + chance.choice("甲a：\u200d ") * chance.choice((1000, 200_000)) + "', en: A}}"


def near_misses(chance: Random) -> str:
    """Thousands of unknown names, each of which looks for its nearest neighbour."""
    count = chance.choice((50, 300))
    members = ", ".join(f"finanse_{n}" for n in range(count))
    return f"groups:\n  g: {{zh: 组, en: G, members: [{members}]}}\n"


def binary(chance: Random) -> bytes:
    return chance.randbytes(chance.choice((1, 16, 4096, 60_000)))


def odd_endings(chance: Random) -> str:
    return chance.choice(
        (
            "",
            "\n",
            "\ufeff",
            "---",
            "...",
            "--- |\n",
            "? ",
            "- - -",
            "!",
            "&",
            "*",
            "%",
            "#",
            "a: |",
            "a: >+2\n x",
        )
    )


HARMS: tuple[Callable[[Random], str | bytes], ...] = (
    *(
        alias_bomb,
        merge_bomb,
        self_alias,
        deep_flow,
        deep_block,
        many_keys,
        tags,
        norway,
        sizes,
        times,
        times,
    ),
    *(conditions, conditions, conditions, labels, labels, names, long_line, near_misses, binary, odd_endings),
)
