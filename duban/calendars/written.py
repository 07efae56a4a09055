"""A calendar as text of our YAML: one short line for each holiday, every text in quotation marks."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LINES = ("years", "overrides")  # lists that are written entry by entry
ORDER = ("year", "provisional", "name", "source", "weekend", "off", "worked", "half")
WIDTH = 110


def calendar_text(id: str, plain: Mapping[str, Any], preface: Iterable[str] = ()) -> str:
    """A file that can be put into a book's folder as it is."""
    head = [f"# {line}" for line in preface]
    return "\n".join([*head, "calendars:", f"  {id}:", *content(plain)]) + "\n"


def content(plain: Mapping[str, Any]) -> Iterator[str]:
    for key, value in plain.items():
        if key in LINES and value:
            yield f"    {key}:"
            for entry in value:
                yield from one_entry(entry)
        elif key not in LINES:
            yield f"    {key}: {flow(value)}"


def one_entry(entry: Mapping[str, Any]) -> Iterator[str]:
    mark = "      - "
    for key, value in sorted(entry.items(), key=lambda each: ORDER.index(each[0])):
        if key in ("off", "half") and value:
            yield f"{mark}{key}:"
            yield from (f"          - {flow(each)}" for each in value)
        elif key == "worked" and value:
            yield from worked(mark, value)
        else:
            yield f"{mark}{key}: {flow(value)}"
        mark = "        "


def worked(mark: str, days: Iterable[str]) -> Iterator[str]:
    line = f"{mark}worked: {flow(list(days))}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield f"{mark}worked:"
        yield from (f"          - {flow(each)}" for each in days)


def flow(value: Any) -> str:
    """In one line. Words of the language stand bare, all other texts in quotation marks."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isalpha()
        and value not in ("true", "false", "null")
    ):
        return value
    return json.dumps(value, ensure_ascii=False)
