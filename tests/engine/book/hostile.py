"""Files made to do harm, by a grammar of known tricks with sizes chosen at random (L9).

From one seed the same files always.
"""

from collections.abc import Callable, Iterator
from random import Random


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
