"""Lists and documents as a table for people, as JSON and CSV for programs."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TextIO

from duban.mistakes import Mistake
from duban.texts import Language, heading

Row = Mapping[str, Any]
LIVE_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins with these
PIPE_WIDTH = 10_000  # columns: a program reading a table wants no line broken


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """`columns` are what people see; programs get everything that the rows hold."""

    columns: Sequence[str]
    rows: Sequence[Row]
    title: str | None = None


def write_listing(listing: Listing, format: Format, language: Language, stream: TextIO | None = None) -> None:
    out = stream or sys.stdout
    if format is Format.json:
        print(as_json(list(listing.rows), indent=2), file=out)
    elif format is Format.jsonl:
        for row in listing.rows:
            print(as_json(row), file=out)
    elif format is Format.csv:
        write_csv(listing, out)
    else:
        write_tables([listing], language, out)


def write_document(data: Row, format: Format, parts: Iterable[str | Listing], language: Language) -> None:
    """One thing with its parts: lines of text and tables for people, one object for programs."""
    if format is Format.json:
        print(as_json(data, indent=2))
    elif format is Format.jsonl:
        print(as_json(data))
    elif format is Format.csv:
        raise Mistake(
            "这里不能输出 csv，csv 只用于列表；请用 -o json",
            "csv is for lists, this is one thing with its parts: use -o json",
        )
    else:
        for part in parts:
            if isinstance(part, str):
                print(part)
            elif part.rows:
                write_tables([part], language, sys.stdout)


def write_tables(listings: Iterable[Listing], language: Language, out: TextIO) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = out.isatty()
    console = Console(file=out, width=None if terminal else PIPE_WIDTH, highlight=False)
    for listing in listings:
        table = Table(box=SIMPLE_HEAD, title=listing.title, title_justify="left", pad_edge=False)
        for key in listing.columns:
            table.add_column(heading(key, language), overflow="fold", min_width=4)
        for row in listing.rows:
            table.add_row(*(Text(as_cell(row.get(key), language)) for key in listing.columns))
        if terminal:
            console.print(table)
        else:
            with console.capture() as captured:
                console.print(table)
            out.write("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")


def write_csv(listing: Listing, out: TextIO) -> None:
    keys = list(dict.fromkeys(key for row in listing.rows for key in row)) or list(listing.columns)
    writer = csv.writer(out)  # lines end as RFC 4180 says
    writer.writerow(keys)
    for row in listing.rows:
        writer.writerow([harmless(as_plain(row.get(key))) for key in keys])


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets a sign before it."""
    if isinstance(value, list | dict):
        value = as_json(value)
    if isinstance(value, str) and value.startswith(LIVE_SIGNS):
        return "'" + value
    return "" if value is None else value


def as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(as_plain(value), ensure_ascii=False, indent=indent)


def as_plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def as_cell(value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return {"zh": "是" if value else "", "en": "yes" if value else ""}[language]
    if isinstance(value, datetime):
        return as_moment(value)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(as_cell(each, language) for each in value)
    return str(value)


def as_moment(value: datetime) -> str:
    """24:00 of the day before rather than midnight: a deadline ends its day. The value is local already."""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return f"{value - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{value:%Y-%m-%d %H:%M}"
