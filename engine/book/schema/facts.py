"""The facts that conditions may read, as a list to show beside `if` and `require`."""

from collections.abc import Iterator

from engine.book import clock_facts, facts
from engine.book.schema.names import Names
from engine.book.schema.nouns import nouns_of
from rules.cel import Fact

INTRODUCTION = (
    "条件可读的事实，加反引号的是写法；哪些可用取决于规则的对象与时机，由 `duban check` 核对。\n\n"
    "Facts a condition may read; which of them depends on whom the rule is about and when it speaks, "
    "which `duban check` looks after."
)


def fact_list(names: Names | None) -> str:
    lines = [f"- `{fact.name}` {fact.zh} | {fact.en}" for fact in declared()]
    lines += [f"- `{name}` {label}" for name, label in named(names)]
    return "\n".join([INTRODUCTION, "", *lines])


def declared() -> Iterator[Fact]:
    """Those that every book has, wherever `engine/book/facts.py` declares them."""
    found: dict[str, Fact] = {}
    for value in vars(facts).values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Fact):
                found[each.name] = each
    yield from found.values()


def named(names: Names | None) -> Iterator[tuple[str, str]]:
    """Those that the book declares, or how they are written."""
    yield from ((f"clock.<clock>.{name}", f"{zh} | {en}") for name, (_, zh, en) in clock_facts.FACTS.items())
    if names is None:
        yield "item.<field>", "事项的字段 | a field of the item"
        yield "args.<field>", "随事件给出的字段 | a field that is given with the event"
        yield "parent.<field>", "上级事项的字段 | a field of the item that it belongs to"
        yield "unit.<measure>", "指标；也有 owner. 与 office. | a measure; also under owner. and office."
        yield "unit.<fact>", "单位的数值或标志 | a number or flag of the unit"
        yield "params.<param>", "参数 | a parameter"
        return
    nouns, sections = nouns_of(names), names.sections
    yield from ((f"clock.{id}.…", label) for id, label in sections.get("clocks", {}).items())
    yield from ((f"item.{id}", label) for id, label in sections.get("formulas", {}).items())
    yield from ((f"item.{name}", label) for name, label in nouns["fields"].items())
    yield "args.<field>", "随事件给出的字段 | a field that is given with the event"
    yield "parent.<field>", "上级事项的字段 | a field of the item that it belongs to"
    yield from nouns["scoped_measures"].items()
    yield from ((f"params.{id}", label) for id, label in sections.get("params", {}).items())
