"""What the stories of a book reach, as people and programs read it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from duban.output import Listing
from duban.texts import Language, Text
from engine.coverage import Coverage, Kind, Point, percent_of

if TYPE_CHECKING:
    from engine.book.finding import Place

Data = dict[str, Any]

KIND_LABELS: Mapping[Kind, Text] = {
    "rule": Text("规则", "rules"),
    "rung": Text("阶梯", "rungs"),
    "guard": Text("事前把关", "guards"),
    "transition": Text("流转", "transitions"),
    "duty": Text("周期性责任", "duties"),
    "clock": Text("时限", "clocks"),
    "case": Text("时限的情形", "cases of a budget"),
    "pause": Text("中止", "pauses"),
    "level": Text("等级", "levels of classes"),
    "term": Text("条件的真假", "sides of conditions"),
}
NEVER: Mapping[Kind, Text] = {
    "rule": Text("规则从未作出决定", "the rule never decides"),
    "rung": Text("这一级从未轮到", "this rung never speaks"),
    "guard": Text("从未拒绝", "never refuses"),
    "transition": Text("{text} 从未发生", "{text} never happens"),
    "duty": Text("责任从未到期", "the duty is never owed"),
    "clock": Text("从未起算", "the clock never starts"),
    "case": Text("这一情形从未适用", "this case never applies"),
    "pause": Text("从未中止", "time never stands still for it"),
    "level": Text("从未达到这一等级", "this level is never reached"),
}
SIDES = {
    True: Text("{text} 从未成立", "{text} is never true"),
    False: Text("{text} 从未不成立", "{text} is never false"),
}


def coverage_data(found: Coverage, place: Callable[[Point], "Place"], language: Language) -> Data:
    counts = found.counts()
    return {
        "percent": number(found.percent),
        "reached": len(found.points) - len(found.missing),
        "whole": len(found.points),
        "kinds": [
            {
                "kind": kind,
                "kind_label": KIND_LABELS[kind].in_(language),
                "reached": reached,
                "whole": whole,
                "percent": number(percent_of(reached, whole)),
            }
            for kind, (reached, whole) in counts.items()
        ],
        "missing": sorted(
            (point_row(point, place(point), language) for point in found.missing),
            key=lambda row: (row["file"], row["line"], row["column"], row["message"]),
        ),
    }


def point_row(point: Point, place: "Place", language: Language) -> Data:
    return {
        "where": f"{place.file}:{place.line}",
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "kind": point.kind,
        "path": ".".join(map(str, point.path)),
        "of": ".".join(map(str, point.path[:2])),
        "text": point.text or None,
        "side": point.verdict if point.kind == "term" else None,
        "message": never(point).in_(language).replace("{text}", point.text),
    }


def never(point: Point) -> Text:
    return SIDES[point.verdict] if point.kind == "term" else NEVER[point.kind]


def number(percent: Decimal) -> int | float:
    """100, or with one place."""
    return int(percent) if percent == int(percent) else float(percent)


def coverage_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    yield Listing(columns=("kind_label", "reached", "whole", "percent"), rows=data["kinds"])
    yield missing_listing(data, language)
    zh = f"走到 {data['reached']}/{data['whole']}，{data['percent']} %"
    yield Text(zh, f"{data['reached']} of {data['whole']} reached, {data['percent']} %").in_(language)


def missing_listing(data: Data, language: Language) -> Listing:
    title = Text("没有走到的", "Not reached").in_(language)
    return Listing(title=title, columns=("where", "of", "message"), rows=data["missing"])
