"""Our own YAML: a file with `calendars:`, or year files as they lie in the library."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationError

from duban.calendars.imported import Imported, Wish
from duban.mistakes import Mistake
from engine.book.explain import explain
from engine.book.finding import BookError, Place
from engine.book.shape import CalendarSpec
from engine.book.text import Node, read_yaml
from rules.shape import Identifier, Model


class CalendarFile(Model):
    calendars: dict[Identifier, CalendarSpec] = Field(min_length=1)


def read_own(sources: Sequence[tuple[str, bytes]], wish: Wish, id: str) -> Imported:
    """Raises BookError with every mistake at its line: half a calendar is none."""
    trees = [(name, tree(name, raw)) for name, raw in sources]
    years = [root for _, root in trees if isinstance(root.value, dict) and "year" in root.value]
    if years and len(years) == len(trees):
        place = years[0].place
        plain = validated(
            node({"calendars": node({id: node({"years": Node(years, place)}, place)}, place)}, place)
        )[id]
    elif len(trees) == 1:
        plain = chosen(validated(trees[0][1]), id, trees[0][0])
    else:
        raise Mistake(
            "几个文件一起导入时，每个都应是一年的数据（year: …）",
            "several files are read together only when each is of one year (year: …)",
        )
    if wish.years and plain.get("years"):
        plain["years"] = [each for each in plain["years"] if each["year"] in wish.years]
    return Imported(plain=plain)


def tree(name: str, raw: bytes) -> Node:
    root, findings = read_yaml(raw, name)
    errors = [each for each in findings if each.severity == "error"]
    if root is None or errors:
        raise BookError(errors)
    return root


def node(values: Mapping[str, Node], place: Place) -> Node:
    return Node(dict(values), place, dict.fromkeys(values, place))


def validated(root: Node) -> dict[str, dict[str, Any]]:
    try:
        content = CalendarFile.model_validate(root.plain())
    except ValidationError as error:
        raise BookError(explain(error, root, CalendarFile)) from None
    return {
        id: spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
        for id, spec in content.calendars.items()
    }


def chosen(found: dict[str, dict[str, Any]], id: str, name: str) -> dict[str, Any]:
    if id in found:
        return found[id]
    if len(found) == 1:
        return next(iter(found.values()))
    known = "、".join(found)
    raise Mistake(
        f"{name} 中有几份日历（{known}）：请用 --id 指明一份",
        f"{name} holds several calendars ({', '.join(found)}): choose one with --id",
    )
