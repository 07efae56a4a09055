"""The lines of a file of events, each as texts by column; nothing is understood yet."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from xml.parsers import expat

from duban.mistakes import Mistake

DEEPEST = 20
LARGEST_FIELD = 1_000_000  # characters


@dataclass(frozen=True, kw_only=True)
class Record:
    """`place`: "line 12", or "event 12" of an XES file."""

    number: int
    place: str
    texts: Mapping[str, str]


def read_csv(path: Path, encoding: str, separator: str) -> Iterator[Record]:
    """Raises Mistake where the file is no table in this encoding."""
    with _table(path, encoding) as stream:
        rows = csv.DictReader(stream, delimiter=separator, strict=True)
        for row in rows:
            texts = {str(key): value or "" for key, value in row.items() if isinstance(value, str | None)}
            yield Record(number=rows.line_num, place=f"line {rows.line_num}", texts=texts)


def columns_of(path: Path, encoding: str, separator: str) -> tuple[str, ...]:
    with _table(path, encoding) as stream:
        return tuple(next(csv.reader(stream, delimiter=separator, strict=True), ()))


@contextmanager
def _table(path: Path, encoding: str) -> Iterator[TextIO]:
    csv.field_size_limit(LARGEST_FIELD)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            yield stream
    except LookupError:
        zh, en = f"没有编码 {encoding}", f"there is no encoding {encoding}"
        raise Mistake(f"{zh}，请写 utf-8 或 gb18030", f"{en}: write utf-8 or gb18030") from None
    except UnicodeDecodeError as error:
        raise Mistake(
            f"{path}：第 {error.start} 字节不是 {encoding}，请在对照文件里写 encoding，例如 gb18030",
            f"{path}: byte {error.start} is not {encoding}: say in the mapping which `encoding` it is",
        ) from None
    except csv.Error as error:
        zh, en = "不是规范的 CSV", "this is no well-formed CSV"
        raise Mistake(f"{path}：{zh}（{error}）", f"{path}: {en}: {error}") from None


# ---------------------------------------------------------------- XES


@dataclass(kw_only=True)
class _Log:
    """Events as they are read; the attributes of a case stand before its events or between them."""

    case: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] | None = None
    inside: list[str] = field(default_factory=list)
    waiting: list[dict[str, str]] = field(default_factory=list)
    done: list[dict[str, str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.inside.append(name)
        if len(self.inside) > DEEPEST:
            raise Mistake("XES 嵌套过深", "this XES file is nested too deeply")
        if name == "trace":
            self.case, self.waiting = {}, []
        elif name == "event":
            self.event = {}
        elif "key" in attributes and "value" in attributes:
            holder = self.inside[-2] if len(self.inside) > 1 else ""
            if holder == "event" and self.event is not None:
                self.event[attributes["key"]] = attributes["value"]
            elif holder == "trace":
                self.case[f"case:{attributes['key']}"] = attributes["value"]

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self.inside.pop()
        if name == "event" and self.event is not None:
            self.waiting.append(self.event)
            self.event = None
        elif name == "trace":
            self.done.extend(self.case | event for event in self.waiting)
            self.waiting = []


def read_xes(path: Path) -> Iterator[Record]:
    """One event at a time, however long the file. A document type is refused: it could grow without end."""
    log, number = _Log(), 0
    parser: Any = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = log.start, log.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with path.open("rb") as stream:
        while True:
            part = stream.read(1 << 16)
            try:
                parser.Parse(part, not part)
            except expat.ExpatError as error:
                raise Mistake(
                    f"{path}:{error.lineno}:{error.offset + 1}：不是规范的 XML（{error}）",
                    f"{path}:{error.lineno}:{error.offset + 1}: this is no well-formed XML: {error}",
                ) from None
            for texts in log.done:
                number += 1
                yield Record(number=number, place=f"event {number}", texts=texts)
            log.done.clear()
            if not part:
                return


def _refuse_doctype(*_: object) -> None:
    raise Mistake("XES 文件不得含有 DOCTYPE", "an XES file may not contain a DOCTYPE")
